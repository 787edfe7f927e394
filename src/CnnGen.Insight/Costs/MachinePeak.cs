using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>The multiply-adds a second that the processor does where nothing waits for memory: measured, since no table knows its clock and its units.</summary>
internal static class MachinePeak
{
    private const int Turns = 1 << 20;
    private const int Chains = 12;
    private const int Repeats = 5;

    /// <summary>The best of several runs.</summary>
    /// <param name="threads">How many threads compute at once.</param>
    public static double Measure(int threads)
    {
        var best = 0.0;
        Run(1); // Compiled before it counts.
        for (var i = 0; i < Repeats; i++)
            best = Math.Max(best, Run(threads));
        return best;
    }

    private static double Run(int threads)
    {
        using var start = new Barrier(threads);
        var seconds = new double[threads];
        var team = Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            var before = Stopwatch.GetTimestamp();
            Sink = Loop();
            seconds[i] = Stopwatch.GetElapsedTime(before).TotalSeconds;
        })).ToList();
        team.ForEach(thread => thread.Start());
        team.ForEach(thread => thread.Join());
        return (double)threads * Turns * Chains * Lanes / seconds.Max();
    }

    private static int Lanes => InstructionSets.Best switch { InstructionSet.Avx512 => 16, InstructionSet.Avx2 => 8, _ => 1 };

    /// <summary>What was computed, so that it has to be.</summary>
    private static float Sink { get; set; }

    private static float Loop() => InstructionSets.Best switch { InstructionSet.Avx512 => Wide(), InstructionSet.Avx2 => Half(), _ => Scalar() };

    // Twelve sums, none of which waits for another: more than two units with a latency of four or five need.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Wide()
    {
        var (a, b, c, d, e, f) = (Vector512<float>.One, Vector512<float>.One, Vector512<float>.One, Vector512<float>.One, Vector512<float>.One, Vector512<float>.One);
        var (g, h, i, j, k, l) = (a, a, a, a, a, a);
        var (x, y) = (Vector512.Create(0.5f), Vector512.Create(0.25f));
        for (var turn = 0; turn < Turns; turn++)
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
        }

        return (a + b + c + d + e + f + g + h + i + j + k + l).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Half()
    {
        var (a, b, c, d, e, f) = (Vector256<float>.One, Vector256<float>.One, Vector256<float>.One, Vector256<float>.One, Vector256<float>.One, Vector256<float>.One);
        var (g, h, i, j, k, l) = (a, a, a, a, a, a);
        var (x, y) = (Vector256.Create(0.5f), Vector256.Create(0.25f));
        for (var turn = 0; turn < Turns; turn++)
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
        }

        return (a + b + c + d + e + f + g + h + i + j + k + l).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Scalar()
    {
        var (a, b, c, d, e, f, g, h, i, j, k, l) = (1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f);
        for (var turn = 0; turn < Turns; turn++)
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
