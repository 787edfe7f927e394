using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CnnGen.Runtime;

namespace CnnGen.Benchmarks.Processes;

/// <summary>
/// What the machine can do at best: fused multiply-adds between registers, enough of them independent to fill the pipelines, and reading of memory
/// that no cache holds. On several threads all start at once, and the slowest one ends the time.
/// </summary>
internal static unsafe class Ceiling
{
    private const int Accumulators512 = 16;
    private const int Accumulators256 = 14;
    private const int Turns = 200_000;
    private const long BandwidthFloats = 64L * 1024 * 1024;

    private static AlignedBuffer? _memory;

    public static Reply Measure(int threads, double seconds)
    {
        _memory ??= Fill(new AlignedBuffer(BandwidthFloats));
        var flops512 = Avx512F.IsSupported ? Best(threads, seconds, 2.0 * 16 * Accumulators512 * Turns, (_, _) => Multiply512(Turns)) : 0;
        var flops256 = Fma.IsSupported ? Best(threads, seconds, 2.0 * 8 * Accumulators256 * Turns, (_, _) => Multiply256(Turns)) : 0;
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
    private static float Multiply512(int turns)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Multiply256(int turns)
    {
        // Fourteen and the two factors fill the sixteen registers of AVX2.
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
