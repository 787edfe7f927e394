using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnGen.Insight;

/// <summary>
/// Multiply-adds between registers, in so many sums that none waits for another: more than two units with a latency of four or five need. What they come to is of no
/// use but that it has to be computed.
/// </summary>
internal static class MultiplyLoops
{
    /// <summary>Multiply-adds of a turn of <see cref="Vectors512"/>.</summary>
    public const int Lanes512 = 16 * 16;

    /// <summary>Multiply-adds of a turn of <see cref="Vectors256"/>.</summary>
    public const int Lanes256 = 14 * 8;

    /// <summary>Multiply-adds of a turn of <see cref="Scalars"/>.</summary>
    public const int LanesScalar = 12;

    /// <summary>Sixteen sums of 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Vectors512(int turns)
    {
        var x = Vector512.Create(0.999f);
        var y = Vector512.Create(0.001f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = y, j = y, k = y, l = y, m = y, n = y, o = y, p = y;
        for (var turn = 0; turn < turns; turn++)
        {
            a = Avx512F.FusedMultiplyAdd(a, x, y);
            b = Avx512F.FusedMultiplyAdd(b, x, y);
            c = Avx512F.FusedMultiplyAdd(c, x, y);
            d = Avx512F.FusedMultiplyAdd(d, x, y);
            e = Avx512F.FusedMultiplyAdd(e, x, y);
            f = Avx512F.FusedMultiplyAdd(f, x, y);
            g = Avx512F.FusedMultiplyAdd(g, x, y);
            h = Avx512F.FusedMultiplyAdd(h, x, y);
            i = Avx512F.FusedMultiplyAdd(i, x, y);
            j = Avx512F.FusedMultiplyAdd(j, x, y);
            k = Avx512F.FusedMultiplyAdd(k, x, y);
            l = Avx512F.FusedMultiplyAdd(l, x, y);
            m = Avx512F.FusedMultiplyAdd(m, x, y);
            n = Avx512F.FusedMultiplyAdd(n, x, y);
            o = Avx512F.FusedMultiplyAdd(o, x, y);
            p = Avx512F.FusedMultiplyAdd(p, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p);
    }

    /// <summary>Fourteen sums of 8 lanes: they and the two factors fill the sixteen registers of AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Vectors256(int turns)
    {
        var x = Vector256.Create(0.999f);
        var y = Vector256.Create(0.001f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = y, i = y, j = y, k = y, l = y, m = y, n = y;
        for (var turn = 0; turn < turns; turn++)
        {
            a = Fma.MultiplyAdd(a, x, y);
            b = Fma.MultiplyAdd(b, x, y);
            c = Fma.MultiplyAdd(c, x, y);
            d = Fma.MultiplyAdd(d, x, y);
            e = Fma.MultiplyAdd(e, x, y);
            f = Fma.MultiplyAdd(f, x, y);
            g = Fma.MultiplyAdd(g, x, y);
            h = Fma.MultiplyAdd(h, x, y);
            i = Fma.MultiplyAdd(i, x, y);
            j = Fma.MultiplyAdd(j, x, y);
            k = Fma.MultiplyAdd(k, x, y);
            l = Fma.MultiplyAdd(l, x, y);
            m = Fma.MultiplyAdd(m, x, y);
            n = Fma.MultiplyAdd(n, x, y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l + m + n);
    }

    /// <summary>Twelve sums of single floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Scalars(int turns)
    {
        var (a, b, c, d, e, f, g, h, i, j, k, l) = (1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f);
        for (var turn = 0; turn < turns; turn++)
        {
            a = (a * 0.5f) + 0.25f;
            b = (b * 0.5f) + 0.25f;
            c = (c * 0.5f) + 0.25f;
            d = (d * 0.5f) + 0.25f;
            e = (e * 0.5f) + 0.25f;
            f = (f * 0.5f) + 0.25f;
            g = (g * 0.5f) + 0.25f;
            h = (h * 0.5f) + 0.25f;
            i = (i * 0.5f) + 0.25f;
            j = (j * 0.5f) + 0.25f;
            k = (k * 0.5f) + 0.25f;
            l = (l * 0.5f) + 0.25f;
        }

        return a + b + c + d + e + f + g + h + i + j + k + l;
    }
}
