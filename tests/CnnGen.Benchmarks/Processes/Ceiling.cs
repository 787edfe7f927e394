using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CnnGen.Insight;
using CnnGen.Runtime;

namespace CnnGen.Benchmarks.Processes;

/// <summary>
/// What the machine can do at best: fused multiply-adds between registers, enough of them independent to fill the pipelines, and reading of memory
/// that no cache holds. On several threads all start at once, and the slowest one ends the time.
/// </summary>
internal static unsafe class Ceiling
{
    private const int Turns = 200_000;
    private const long BandwidthFloats = 64L * 1024 * 1024;

    private static AlignedBuffer? _memory;

    public static Reply Measure(int threads, double seconds)
    {
        _memory ??= Fill(new AlignedBuffer(BandwidthFloats));
        var flops512 = Avx512F.IsSupported ? Best(threads, seconds, 2.0 * MultiplyLoops.Lanes512 * Turns, (_, _) => MultiplyLoops.Vectors512(Turns)) : 0;
        var flops256 = Fma.IsSupported ? Best(threads, seconds, 2.0 * MultiplyLoops.Lanes256 * Turns, (_, _) => MultiplyLoops.Vectors256(Turns)) : 0;
        var part = BandwidthFloats / threads / 1024 * 1024;
        var start = _memory.Pointer;
        var bandwidth = Best(threads, seconds, 4.0 * part, (thread, _) => Read(start + (thread * part), part));
        return new Reply { Avx512 = flops512, Avx2 = flops256, Bandwidth = bandwidth };
    }

    private static AlignedBuffer Fill(AlignedBuffer buffer)
    {
        // Pages that were never written to are all the same page of zeros.
        new Span<float>(buffer.Pointer, (int)buffer.Length).Fill(1);
        return buffer;
    }

    /// <summary>The best rate of all tries that fit into the time.</summary>
    /// <param name="threads">How many do the work at once.</param>
    /// <param name="seconds">How long to try.</param>
    /// <param name="amount">What one thread does in one call of <paramref name="work"/>.</param>
    /// <param name="work">Takes the thread's number; its result keeps the work from being optimised away.</param>
    private static double Best(int threads, double seconds, double amount, Func<int, int, float> work)
    {
        var best = 0.0;
        using var barrier = new Barrier(threads);
        var deadline = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var times = new long[threads];
        var sink = new float[threads];
        var goOn = true;
        void Body(int thread)
        {
            for (var tries = 0; ; tries++)
            {
                barrier.SignalAndWait();
                if (!Volatile.Read(ref goOn))
                    return;
                var start = Stopwatch.GetTimestamp();
                sink[thread] += work(thread, tries);
                times[thread] = Stopwatch.GetTimestamp() - start;
                barrier.SignalAndWait();
                if (thread != 0)
                    continue;
                best = Math.Max(best, threads * amount * Stopwatch.Frequency / times.Max());
                Volatile.Write(ref goOn, tries < 2 || Stopwatch.GetTimestamp() < deadline);
            }
        }

        var others = Enumerable.Range(1, threads - 1).Select(number => new Thread(() => Body(number))).ToList();
        others.ForEach(thread => thread.Start());
        Body(0);
        others.ForEach(thread => thread.Join());
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Read(float* memory, long count)
    {
        Vector256<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (var end = memory + count; memory < end; memory += 64)
        {
            a += *(Vector256<float>*)memory;
            b += *(Vector256<float>*)(memory + 8);
            c += *(Vector256<float>*)(memory + 16);
            d += *(Vector256<float>*)(memory + 24);
            e += *(Vector256<float>*)(memory + 32);
            f += *(Vector256<float>*)(memory + 40);
            g += *(Vector256<float>*)(memory + 48);
            h += *(Vector256<float>*)(memory + 56);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h);
    }
}
