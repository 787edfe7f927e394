using System.Diagnostics;
using CnnGen.Benchmarks.Measuring;
using CnnGen.Benchmarks.Processes;

namespace CnnGen.Benchmarks.StartUp;

/// <summary>Measures cold processes, in turns, and prints a table of medians.</summary>
internal static class StartUpCommand
{
    public static int Run(int rounds)
    {
        Console.WriteLine("| first call of a process | before it | Warmup, ms | first call, ms | second call, ms | JIT, ms of all threads | methods |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|");
        foreach (var purpose in Enum.GetValues<WarmupFor>())
        {
            var ways = Enum.GetValues<StartUpWay>();
            var times = ways.ToDictionary(way => way, _ => new List<StartUpTimes>());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var way in ways)
                    times[way].Add(Measure(way, purpose));
            }

            foreach (var way in ways)
            {
                double Median(Func<StartUpTimes, double> number) => Statistics.Median(times[way].Select(number));
                var before = way switch
                {
                    StartUpWay.Nothing => "nothing",
                    StartUpWay.OneThread => "Warmup, 1 thread",
                    _ => FormattableString.Invariant($"Warmup, {Threads.Count} threads"),
                };
                Console.WriteLine(FormattableString.Invariant(
                    $"| {purpose} | {before} | {Median(t => t.WarmUp):F0} | {Median(t => t.First):F1} | {Median(t => t.Second):F1} | {Median(t => t.Compilation):F0} | {Median(t => t.Methods):F0} |"));
            }
        }

        return 0;
    }

    private static StartUpTimes Measure(StartUpWay way, WarmupFor purpose)
    {
        using var process = Process.Start(Peer.SelfStart(["startup-process", way.ToString(), purpose.ToString()]))
            ?? throw new IOException("The process did not start.");
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? StartUpTimes.Parse(line.Trim())
            : throw new InvalidOperationException($"The process ended with {process.ExitCode}.");
    }
}
