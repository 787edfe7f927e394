/// <summary>The convolution 5x5 padding 2x2, 1x28x28 -&gt; 6x28x28 + bias, in tiles of 16x64.</summary>
public static void Conv5x5_1x28x28(Floats input, Floats weights, Floats bias, Floats result, int count)
{
    Floats rowStrip = SharedMemory.Allocate<float>(128);
    Floats columnStrip = SharedMemory.Allocate<float>(512);
    Quads rowQuads = rowStrip.Cast<Float4>();
    Quads columnQuads = columnStrip.Cast<Float4>();
    int thread = Group.IdxX;
    int firstRow = 0;
    int firstColumn = Grid.IdxX * 64;
    int columns = count * 784;
    int threadRow = thread / 16 * 4;
    int threadColumn = thread % 16 * 4;
    int rowQuad = threadRow / 4;
    int columnQuad = threadColumn / 4;

    // What this thread fetches of each strip.
    int rowDepth = thread % 8;
    int rowPlace = thread % 8 * 16 + thread / 8;
    int row0 = firstRow + thread / 8;
    int weightRow0 = row0 * 25;
    int row1 = firstRow + thread / 8 + 8;
    int weightRow1 = row1 * 25;
    int column = firstColumn + thread;
    int image = column / 784;
    int pixel = column % 784;
    int top = pixel / 28 - 2;
    int left = pixel % 28 - 2;
    int corner = image * 784 + top * 28 + left;

    float s00 = 0f, s01 = 0f, s02 = 0f, s03 = 0f;
    float s10 = 0f, s11 = 0f, s12 = 0f, s13 = 0f;
    float s20 = 0f, s21 = 0f, s22 = 0f, s23 = 0f;
    float s30 = 0f, s31 = 0f, s32 = 0f, s33 = 0f;
    for (int start = 0; start < 25; start += 8)
    {
        int rowAt = start + rowDepth;
        rowStrip[rowPlace] = row0 < 6 && rowAt < 25 ? weights[weightRow0 + rowAt] : 0f;
        rowStrip[rowPlace + 8] = row1 < 6 && rowAt < 25 ? weights[weightRow1 + rowAt] : 0f;
        int columnAt0 = start;
        int tap0 = columnAt0 % 25;
        int down0 = tap0 / 5;
        int right0 = tap0 % 5;
        int toTap0 = columnAt0 / 25 * 784 + down0 * 28 + right0;
        columnStrip[thread] = column < columns && columnAt0 < 25 && (uint)(top + down0) < 28u && (uint)(left + right0) < 28u ? input[corner + toTap0] : 0f;
        int columnAt1 = start + 1;
        int tap1 = columnAt1 % 25;
        int down1 = tap1 / 5;
        int right1 = tap1 % 5;
        int toTap1 = columnAt1 / 25 * 784 + down1 * 28 + right1;
        columnStrip[thread + 64] = column < columns && columnAt1 < 25 && (uint)(top + down1) < 28u && (uint)(left + right1) < 28u ? input[corner + toTap1] : 0f;
        int columnAt2 = start + 2;
        int tap2 = columnAt2 % 25;
        int down2 = tap2 / 5;
        int right2 = tap2 % 5;
        int toTap2 = columnAt2 / 25 * 784 + down2 * 28 + right2;
        columnStrip[thread + 128] = column < columns && columnAt2 < 25 && (uint)(top + down2) < 28u && (uint)(left + right2) < 28u ? input[corner + toTap2] : 0f;
        int columnAt3 = start + 3;
        int tap3 = columnAt3 % 25;
        int down3 = tap3 / 5;
        int right3 = tap3 % 5;
        int toTap3 = columnAt3 / 25 * 784 + down3 * 28 + right3;
        columnStrip[thread + 192] = column < columns && columnAt3 < 25 && (uint)(top + down3) < 28u && (uint)(left + right3) < 28u ? input[corner + toTap3] : 0f;
        int columnAt4 = start + 4;
        int tap4 = columnAt4 % 25;
        int down4 = tap4 / 5;
        int right4 = tap4 % 5;
        int toTap4 = columnAt4 / 25 * 784 + down4 * 28 + right4;
        columnStrip[thread + 256] = column < columns && columnAt4 < 25 && (uint)(top + down4) < 28u && (uint)(left + right4) < 28u ? input[corner + toTap4] : 0f;
        int columnAt5 = start + 5;
        int tap5 = columnAt5 % 25;
        int down5 = tap5 / 5;
        int right5 = tap5 % 5;
        int toTap5 = columnAt5 / 25 * 784 + down5 * 28 + right5;
        columnStrip[thread + 320] = column < columns && columnAt5 < 25 && (uint)(top + down5) < 28u && (uint)(left + right5) < 28u ? input[corner + toTap5] : 0f;
        int columnAt6 = start + 6;
        int tap6 = columnAt6 % 25;
        int down6 = tap6 / 5;
        int right6 = tap6 % 5;
        int toTap6 = columnAt6 / 25 * 784 + down6 * 28 + right6;
        columnStrip[thread + 384] = column < columns && columnAt6 < 25 && (uint)(top + down6) < 28u && (uint)(left + right6) < 28u ? input[corner + toTap6] : 0f;
        int columnAt7 = start + 7;
        int tap7 = columnAt7 % 25;
        int down7 = tap7 / 5;
        int right7 = tap7 % 5;
        int toTap7 = columnAt7 / 25 * 784 + down7 * 28 + right7;
        columnStrip[thread + 448] = column < columns && columnAt7 < 25 && (uint)(top + down7) < 28u && (uint)(left + right7) < 28u ? input[corner + toTap7] : 0f;
        Group.Barrier();
        {
            Float4 a0 = rowQuads[rowQuad];
            Float4 b0 = columnQuads[columnQuad];
            s00 += a0.X * b0.X; s01 += a0.X * b0.Y; s02 += a0.X * b0.Z; s03 += a0.X * b0.W;
            s10 += a0.Y * b0.X; s11 += a0.Y * b0.Y; s12 += a0.Y * b0.Z; s13 += a0.Y * b0.W;
            s20 += a0.Z * b0.X; s21 += a0.Z * b0.Y; s22 += a0.Z * b0.Z; s23 += a0.Z * b0.W;
            s30 += a0.W * b0.X; s31 += a0.W * b0.Y; s32 += a0.W * b0.Z; s33 += a0.W * b0.W;
        }
        {
            Float4 a0 = rowQuads[rowQuad + 4];
            Float4 b0 = columnQuads[columnQuad + 16];
            s00 += a0.X * b0.X; s01 += a0.X * b0.Y; s02 += a0.X * b0.Z; s03 += a0.X * b0.W;
            s10 += a0.Y * b0.X; s11 += a0.Y * b0.Y; s12 += a0.Y * b0.Z; s13 += a0.Y * b0.W;
            s20 += a0.Z * b0.X; s21 += a0.Z * b0.Y; s22 += a0.Z * b0.Z; s23 += a0.Z * b0.W;
            s30 += a0.W * b0.X; s31 += a0.W * b0.Y; s32 += a0.W * b0.Z; s33 += a0.W * b0.W;
        }
        {
            Float4 a0 = rowQuads[rowQuad + 8];
            Float4 b0 = columnQuads[columnQuad + 32];
            s00 += a0.X * b0.X; s01 += a0.X * b0.Y; s02 += a0.X * b0.Z; s03 += a0.X * b0.W;
            s10 += a0.Y * b0.X; s11 += a0.Y * b0.Y; s12 += a0.Y * b0.Z; s13 += a0.Y * b0.W;
            s20 += a0.Z * b0.X; s21 += a0.Z * b0.Y; s22 += a0.Z * b0.Z; s23 += a0.Z * b0.W;
            s30 += a0.W * b0.X; s31 += a0.W * b0.Y; s32 += a0.W * b0.Z; s33 += a0.W * b0.W;
        }
        {
            Float4 a0 = rowQuads[rowQuad + 12];
            Float4 b0 = columnQuads[columnQuad + 48];
            s00 += a0.X * b0.X; s01 += a0.X * b0.Y; s02 += a0.X * b0.Z; s03 += a0.X * b0.W;
            s10 += a0.Y * b0.X; s11 += a0.Y * b0.Y; s12 += a0.Y * b0.Z; s13 += a0.Y * b0.W;
            s20 += a0.Z * b0.X; s21 += a0.Z * b0.Y; s22 += a0.Z * b0.Z; s23 += a0.Z * b0.W;
            s30 += a0.W * b0.X; s31 += a0.W * b0.Y; s32 += a0.W * b0.Z; s33 += a0.W * b0.W;
        }
        {
            Float4 a0 = rowQuads[rowQuad + 16];
            Float4 b0 = columnQuads[columnQuad + 64];
            s00 += a0.X * b0.X; s01 += a0.X * b0.Y; s02 += a0.X * b0.Z; s03 += a0.X * b0.W;
            s10 += a0.Y * b0.X; s11 += a0.Y * b0.Y; s12 += a0.Y * b0.Z; s13 += a0.Y * b0.W;
            s20 += a0.Z * b0.X; s21 += a0.Z * b0.Y; s22 += a0.Z * b0.Z; s23 += a0.Z * b0.W;
            s30 += a0.W * b0.X; s31 += a0.W * b0.Y; s32 += a0.W * b0.Z; s33 += a0.W * b0.W;
        }
        {
            Float4 a0 = rowQuads[rowQuad + 20];
            Float4 b0 = columnQuads[columnQuad + 80];
            s00 += a0.X * b0.X; s01 += a0.X * b0.Y; s02 += a0.X * b0.Z; s03 += a0.X * b0.W;
            s10 += a0.Y * b0.X; s11 += a0.Y * b0.Y; s12 += a0.Y * b0.Z; s13 += a0.Y * b0.W;
            s20 += a0.Z * b0.X; s21 += a0.Z * b0.Y; s22 += a0.Z * b0.Z; s23 += a0.Z * b0.W;
            s30 += a0.W * b0.X; s31 += a0.W * b0.Y; s32 += a0.W * b0.Z; s33 += a0.W * b0.W;
        }
        {
            Float4 a0 = rowQuads[rowQuad + 24];
            Float4 b0 = columnQuads[columnQuad + 96];
            s00 += a0.X * b0.X; s01 += a0.X * b0.Y; s02 += a0.X * b0.Z; s03 += a0.X * b0.W;
            s10 += a0.Y * b0.X; s11 += a0.Y * b0.Y; s12 += a0.Y * b0.Z; s13 += a0.Y * b0.W;
            s20 += a0.Z * b0.X; s21 += a0.Z * b0.Y; s22 += a0.Z * b0.Z; s23 += a0.Z * b0.W;
            s30 += a0.W * b0.X; s31 += a0.W * b0.Y; s32 += a0.W * b0.Z; s33 += a0.W * b0.W;
        }
        {
            Float4 a0 = rowQuads[rowQuad + 28];
            Float4 b0 = columnQuads[columnQuad + 112];
            s00 += a0.X * b0.X; s01 += a0.X * b0.Y; s02 += a0.X * b0.Z; s03 += a0.X * b0.W;
            s10 += a0.Y * b0.X; s11 += a0.Y * b0.Y; s12 += a0.Y * b0.Z; s13 += a0.Y * b0.W;
            s20 += a0.Z * b0.X; s21 += a0.Z * b0.Y; s22 += a0.Z * b0.Z; s23 += a0.Z * b0.W;
            s30 += a0.W * b0.X; s31 += a0.W * b0.Y; s32 += a0.W * b0.Z; s33 += a0.W * b0.W;
        }
        Group.Barrier();
    }

    Conv5x5_1x28x28_Store(bias, result, columns, firstRow + threadRow, firstColumn + threadColumn, s00, s10, s20, s30);
    Conv5x5_1x28x28_Store(bias, result, columns, firstRow + threadRow, firstColumn + threadColumn + 1, s01, s11, s21, s31);
    Conv5x5_1x28x28_Store(bias, result, columns, firstRow + threadRow, firstColumn + threadColumn + 2, s02, s12, s22, s32);
    Conv5x5_1x28x28_Store(bias, result, columns, firstRow + threadRow, firstColumn + threadColumn + 3, s03, s13, s23, s33);
}

/// <summary>Stores one column of a thread's sums.</summary>
private static void Conv5x5_1x28x28_Store(Floats bias, Floats result, int columns, int row, int column, float sum0, float sum1, float sum2, float sum3)
{
    if (column >= columns)
        return;
    int image = column / 784;
    int inImage = row * 784 + column % 784;
    int at = image * 4704 + inImage;
    if (row < 6)
    {
        result[at] = sum0 + bias[row];
    }
    if (row + 1 < 6)
    {
        result[at + 784] = sum1 + bias[row + 1];
    }
    if (row + 2 < 6)
    {
        result[at + 1568] = sum2 + bias[row + 2];
    }
    if (row + 3 < 6)
    {
        result[at + 2352] = sum3 + bias[row + 3];
    }
}
