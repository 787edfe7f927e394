using System.Diagnostics;
using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>The multiply-adds a second that the processor does where nothing waits for memory: measured, since no table knows its clock and its units.</summary>
internal static class MachinePeak
{
    private const int Turns = 1 << 20;
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
        return (double)threads * Turns * Lanes / seconds.Max();
    }

    private static int Lanes => InstructionSets.Best switch
    {
        InstructionSet.Avx512 => MultiplyLoops.Lanes512,
        InstructionSet.Avx2 => MultiplyLoops.Lanes256,
        _ => MultiplyLoops.LanesScalar,
    };

    /// <summary>What was computed, so that it has to be.</summary>
    private static float Sink { get; set; }

    private static float Loop() => InstructionSets.Best switch
    {
        InstructionSet.Avx512 => MultiplyLoops.Vectors512(Turns),
        InstructionSet.Avx2 => MultiplyLoops.Vectors256(Turns),
        _ => MultiplyLoops.Scalars(Turns),
    };
}
