using ILGPU;

namespace CnnGen.Ilgpu;

/// <summary>The kernels of Muon's iteration, for matrices of any size.</summary>
internal static class GpuMatrixKernels
{
    /// <summary>Rows and columns of a group's tile of a product.</summary>
    public const int Tile = 16;

    /// <summary>Threads of a group, each with 2 x 2 elements of the tile.</summary>
    public const int TileThreads = 64;

    private const int Threads = GpuUpdateKernels.Threads;
    private const int Half = Tile / 2;

    /// <summary>part * momenta + (1 - part) * gradients, turned where the matrix has more rows than columns; a thread for each element.</summary>
    public static void Load(ArrayView<float> momenta, ArrayView<float> gradients, ArrayView<float> matrix, float part, int rows, int columns)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i >= rows * columns)
            return;
        float value = part * momenta[i] + (1f - part) * gradients[i];
        if (rows > columns)
            matrix[i % columns * rows + i / columns] = value;
        else
            matrix[i] = value;
    }

    /// <summary>The sums of squares of every so manieth element, a thread each.</summary>
    public static void Squares(ArrayView<float> matrix, ArrayView<float> strands, int length)
    {
        int strand = Grid.IdxX * Threads + Group.IdxX;
        if (strand >= GpuVectorKernels.Strands)
            return;
        float sum = 0f;
        for (int i = strand; i < length; i += GpuVectorKernels.Strands)
            sum += matrix[i] * matrix[i];
        strands[strand] = sum;
    }

    /// <summary>Divides a matrix by its length, a thread for each element.</summary>
    public static void Normalize(ArrayView<float> matrix, ArrayView<float> strands, int length)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i >= length)
            return;
        float sum = 0f;
        for (int strand = 0; strand < GpuVectorKernels.Strands; strand++)
            sum += strands[strand];
        float size = MathF.Sqrt(sum);
        matrix[i] = matrix[i] / GpuMath.Larger(size, 1e-7f);
    }

    /// <summary>result = alpha * a b + beta * added, in tiles; b may be given turned.</summary>
    /// <param name="a">rows x depth.</param>
    /// <param name="b">depth x columns, or, turned, columns x depth.</param>
    /// <param name="added">rows x columns; read only where beta isn't 0.</param>
    /// <param name="result">rows x columns.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="depth">What is summed over.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="isTurned">Whether b is, 1 or 0.</param>
    /// <param name="alpha">What the product is multiplied by.</param>
    /// <param name="beta">What is added is multiplied by.</param>
    public static void Product(
        ArrayView<float> a, ArrayView<float> b, ArrayView<float> added, ArrayView<float> result, int rows, int depth, int columns, int isTurned, float alpha, float beta)
    {
        ArrayView<float> left = SharedMemory.Allocate<float>(Tile * Tile);
        ArrayView<float> right = SharedMemory.Allocate<float>(Tile * Tile);
        int thread = Group.IdxX;
        int x = thread % Half;
        int y = thread / Half;
        int firstRow = Grid.IdxY * Tile;
        int firstColumn = Grid.IdxX * Tile;
        float s00 = 0f, s01 = 0f, s10 = 0f, s11 = 0f;
        for (int start = 0; start < depth; start += Tile)
        {
            for (int i = thread; i < Tile * Tile; i += TileThreads)
            {
                int down = i / Tile;
                int along = i % Tile;
                left[i] = firstRow + down < rows && start + along < depth ? a[(firstRow + down) * depth + start + along] : 0f;
                if (isTurned != 0)
                    right[along * Tile + down] = firstColumn + down < columns && start + along < depth ? b[(firstColumn + down) * depth + start + along] : 0f;
                else
                    right[i] = start + down < depth && firstColumn + along < columns ? b[(start + down) * columns + firstColumn + along] : 0f;
            }

            Group.Barrier();
            for (int k = 0; k < Tile; k++)
            {
                float a0 = left[y * Tile + k];
                float a1 = left[(y + Half) * Tile + k];
                float b0 = right[k * Tile + x];
                float b1 = right[k * Tile + x + Half];
                s00 += a0 * b0;
                s01 += a0 * b1;
                s10 += a1 * b0;
                s11 += a1 * b1;
            }

            Group.Barrier();
        }

        int row = firstRow + y;
        int column = firstColumn + x;
        Store(added, result, rows, columns, row, column, alpha * s00, beta);
        Store(added, result, rows, columns, row, column + Half, alpha * s01, beta);
        Store(added, result, rows, columns, row + Half, column, alpha * s10, beta);
        Store(added, result, rows, columns, row + Half, column + Half, alpha * s11, beta);
    }

    /// <summary>The same of small matrices, a thread for each element: tiles would be few.</summary>
    public static void SmallProduct(
        ArrayView<float> a, ArrayView<float> b, ArrayView<float> added, ArrayView<float> result, int rows, int depth, int columns, int isTurned, float alpha, float beta)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i >= rows * columns)
            return;
        int row = i / columns;
        int column = i % columns;
        float sum = 0f;
        for (int k = 0; k < depth; k++)
            sum += a[row * depth + k] * (isTurned != 0 ? b[column * depth + k] : b[k * columns + column]);
        Store(added, result, rows, columns, row, column, alpha * sum, beta);
    }

    /// <summary>weights = shrinking * weights - rate * matrix, which is turned where there are more rows than columns; a thread for each element.</summary>
    public static void Apply(ArrayView<float> weights, ArrayView<float> matrix, float shrinking, float rate, int rows, int columns)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i >= rows * columns)
            return;
        float direction = rows > columns ? matrix[i % columns * rows + i / columns] : matrix[i];
        weights[i] = shrinking * weights[i] - rate * direction;
    }

    private static void Store(ArrayView<float> added, ArrayView<float> result, int rows, int columns, int row, int column, float value, float beta)
    {
        if (row >= rows || column >= columns)
            return;
        int at = row * columns + column;
        result[at] = beta != 0f ? value + beta * added[at] : value;
    }
}
