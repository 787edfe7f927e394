using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnGen.Images.Jpeg;

/// <summary>
/// The inverse cosine transform of 8 x 8 coefficients in whole numbers: Loeffler, Ligtenberg and Moschytz's with 12 multiplications, columns first, constants of 13 bits and two extra bits
/// between the passes. These are the choices of the IJG's "slow integer" method, the default of every libjpeg, so that results agree to the bit.
/// </summary>
internal static class JpegIdct
{
    private const int ConstantBits = 13;
    private const int ExtraBits = 2;
    private const int FirstShift = ConstantBits - ExtraBits;
    private const int SecondShift = ConstantBits + ExtraBits + 3;

    // The constants times 2^13.
    private const int F0298 = 2446;
    private const int F0390 = 3196;
    private const int F0541 = 4433;
    private const int F0765 = 6270;
    private const int F0899 = 7373;
    private const int F1175 = 9633;
    private const int F1501 = 12299;
    private const int F1847 = 15137;
    private const int F1961 = 16069;
    private const int F2053 = 16819;
    private const int F2562 = 20995;
    private const int F3072 = 25172;

    /// <summary>Transforms a block.</summary>
    /// <param name="block">64 coefficients in rows.</param>
    /// <param name="table">64 factors in rows.</param>
    /// <param name="target">Receives 8 rows of 8 samples.</param>
    /// <param name="stride">From a row of <paramref name="target"/> to the next.</param>
    public static void Transform(ReadOnlySpan<short> block, ReadOnlySpan<short> table, Span<byte> target, int stride)
    {
        if (Avx2.IsSupported)
            TransformAvx2(block, table, target, stride);
        else
            TransformScalar(block, table, target, stride);
    }

    /// <summary>A block that has no coefficient but DC: one value.</summary>
    public static void Fill(short dc, short factor, Span<byte> target, int stride)
    {
        // As the transform does it: two extra bits, rounded once.
        var value = (byte)Math.Clamp((((short)(dc * factor) + 4) >> 3) + 128, 0, 255);
        var eight = value * 0x0101010101010101ul;
        for (var row = 0; row < 8; row++)
            MemoryMarshal.Write(target.Slice(row * stride, 8), in eight);
    }

    internal static void TransformScalar(ReadOnlySpan<short> block, ReadOnlySpan<short> table, Span<byte> target, int stride)
    {
        Span<int> work = stackalloc int[64];
        Span<int> line = stackalloc int[8];
        for (var column = 0; column < 8; column++)
        {
            for (var i = 0; i < 8; i++)
                line[i] = (short)(block[(8 * i) + column] * table[(8 * i) + column]);
            Line(line, FirstShift);
            for (var i = 0; i < 8; i++)
                work[(8 * i) + column] = line[i];
        }

        for (var row = 0; row < 8; row++)
        {
            work.Slice(8 * row, 8).CopyTo(line);
            Line(line, SecondShift);
            for (var i = 0; i < 8; i++)
                target[(row * stride) + i] = (byte)Math.Clamp(line[i] + 128, 0, 255);
        }
    }

    private static void Line(Span<int> x, int shift)
    {
        var even = (x[2] + x[6]) * F0541;
        var (t2, t3) = (even - (x[6] * F1847), even + (x[2] * F0765));
        var (t0, t1) = ((x[0] + x[4]) << ConstantBits, (x[0] - x[4]) << ConstantBits);
        var (e0, e3, e1, e2) = (t0 + t3, t0 - t3, t1 + t2, t1 - t2);

        var (z1, z2, z3, z4) = (x[7] + x[1], x[5] + x[3], x[7] + x[3], x[5] + x[1]);
        var z5 = (z3 + z4) * F1175;
        (z1, z2, z3, z4) = (-z1 * F0899, -z2 * F2562, z5 - (z3 * F1961), z5 - (z4 * F0390));
        var (o0, o1, o2, o3) = ((x[7] * F0298) + z1 + z3, (x[5] * F2053) + z2 + z4, (x[3] * F3072) + z2 + z3, (x[1] * F1501) + z1 + z4);

        var half = 1 << (shift - 1);
        (x[0], x[7]) = ((e0 + o3 + half) >> shift, (e0 - o3 + half) >> shift);
        (x[1], x[6]) = ((e1 + o2 + half) >> shift, (e1 - o2 + half) >> shift);
        (x[2], x[5]) = ((e2 + o1 + half) >> shift, (e2 - o1 + half) >> shift);
        (x[3], x[4]) = ((e3 + o0 + half) >> shift, (e3 - o0 + half) >> shift);
    }

    /// <summary>A row a vector: the columns' pass in lanes, transposed, the rows' pass, packed to bytes and transposed back.</summary>
    private static void TransformAvx2(ReadOnlySpan<short> block, ReadOnlySpan<short> table, Span<byte> target, int stride)
    {
        ref var b = ref MemoryMarshal.GetReference(block[..64]);
        ref var t = ref MemoryMarshal.GetReference(table[..64]);
        var (x0, x1, x2, x3) = (Row(ref b, ref t, 0), Row(ref b, ref t, 1), Row(ref b, ref t, 2), Row(ref b, ref t, 3));
        var (x4, x5, x6, x7) = (Row(ref b, ref t, 4), Row(ref b, ref t, 5), Row(ref b, ref t, 6), Row(ref b, ref t, 7));
        Pass(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, 1 << (FirstShift - 1), FirstShift);
        Transpose(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7);

        // 128 is added where it is rounded.
        Pass(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, (1 << (SecondShift - 1)) + (128 << SecondShift), SecondShift);

        // A column a vector: saturated to bytes, four columns of four rows a lane, which are turned.
        var left = Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(x0, x1), Avx2.PackSignedSaturate(x2, x3));
        var right = Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(x4, x5), Avx2.PackSignedSaturate(x6, x7));
        var turn = Vector256.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        var (l, r) = (Avx2.Shuffle(left, turn).AsInt32(), Avx2.Shuffle(right, turn).AsInt32());
        var (low, high) = (Avx2.UnpackLow(l, r).AsUInt64(), Avx2.UnpackHigh(l, r).AsUInt64());
        Store(target, 0, low.GetElement(0));
        Store(target, stride, low.GetElement(1));
        Store(target, 2 * stride, high.GetElement(0));
        Store(target, 3 * stride, high.GetElement(1));
        Store(target, 4 * stride, low.GetElement(2));
        Store(target, 5 * stride, low.GetElement(3));
        Store(target, 6 * stride, high.GetElement(2));
        Store(target, 7 * stride, high.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<byte> target, int position, ulong row) => MemoryMarshal.Write(target.Slice(position, 8), in row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Row(ref short block, ref short table, int row) =>
        Avx2.ConvertToVector256Int32(Vector128.LoadUnsafe(ref block, (nuint)(8 * row)) * Vector128.LoadUnsafe(ref table, (nuint)(8 * row)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector256<int> x0,
        ref Vector256<int> x1,
        ref Vector256<int> x2,
        ref Vector256<int> x3,
        ref Vector256<int> x4,
        ref Vector256<int> x5,
        ref Vector256<int> x6,
        ref Vector256<int> x7,
        int half,
        int shift)
    {
        var even = (x2 + x6) * F0541;
        var (t2, t3) = (even - (x6 * F1847), even + (x2 * F0765));
        var rounding = Vector256.Create(half);
        var (t0, t1) = (((x0 + x4) << ConstantBits) + rounding, ((x0 - x4) << ConstantBits) + rounding);
        var (e0, e3, e1, e2) = (t0 + t3, t0 - t3, t1 + t2, t1 - t2);

        var (z1, z2, z3, z4) = ((x7 + x1) * F0899, (x5 + x3) * F2562, x7 + x3, x5 + x1);
        var z5 = (z3 + z4) * F1175;
        (z3, z4) = (z5 - (z3 * F1961), z5 - (z4 * F0390));
        var (o0, o1, o2, o3) = ((x7 * F0298) + (z3 - z1), (x5 * F2053) + (z4 - z2), (x3 * F3072) + (z3 - z2), (x1 * F1501) + (z4 - z1));

        (x0, x7) = ((e0 + o3) >> shift, (e0 - o3) >> shift);
        (x1, x6) = ((e1 + o2) >> shift, (e1 - o2) >> shift);
        (x2, x5) = ((e2 + o1) >> shift, (e2 - o1) >> shift);
        (x3, x4) = ((e3 + o0) >> shift, (e3 - o0) >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<int> x0,
        ref Vector256<int> x1,
        ref Vector256<int> x2,
        ref Vector256<int> x3,
        ref Vector256<int> x4,
        ref Vector256<int> x5,
        ref Vector256<int> x6,
        ref Vector256<int> x7)
    {
        var (a0, a1) = (Avx2.UnpackLow(x0, x1).AsInt64(), Avx2.UnpackHigh(x0, x1).AsInt64());
        var (a2, a3) = (Avx2.UnpackLow(x2, x3).AsInt64(), Avx2.UnpackHigh(x2, x3).AsInt64());
        var (a4, a5) = (Avx2.UnpackLow(x4, x5).AsInt64(), Avx2.UnpackHigh(x4, x5).AsInt64());
        var (a6, a7) = (Avx2.UnpackLow(x6, x7).AsInt64(), Avx2.UnpackHigh(x6, x7).AsInt64());
        var (b0, b1, b2, b3) = (Avx2.UnpackLow(a0, a2), Avx2.UnpackHigh(a0, a2), Avx2.UnpackLow(a1, a3), Avx2.UnpackHigh(a1, a3));
        var (b4, b5, b6, b7) = (Avx2.UnpackLow(a4, a6), Avx2.UnpackHigh(a4, a6), Avx2.UnpackLow(a5, a7), Avx2.UnpackHigh(a5, a7));
        x0 = Avx2.Permute2x128(b0, b4, 0x20).AsInt32();
        x1 = Avx2.Permute2x128(b1, b5, 0x20).AsInt32();
        x2 = Avx2.Permute2x128(b2, b6, 0x20).AsInt32();
        x3 = Avx2.Permute2x128(b3, b7, 0x20).AsInt32();
        x4 = Avx2.Permute2x128(b0, b4, 0x31).AsInt32();
        x5 = Avx2.Permute2x128(b1, b5, 0x31).AsInt32();
        x6 = Avx2.Permute2x128(b2, b6, 0x31).AsInt32();
        x7 = Avx2.Permute2x128(b3, b7, 0x31).AsInt32();
    }
}
