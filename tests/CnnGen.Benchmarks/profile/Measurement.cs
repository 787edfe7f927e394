using System.Diagnostics;

namespace CnnGen.Profiling;

/// <summary>What is measured, and how long.</summary>
internal sealed record Work(int Batch, int Threads, bool IsTraining, double Seconds);

/// <summary>Milliseconds of whole calls.</summary>
internal sealed record Total(string Build, int Lines, double Least, double Median);

/// <summary>Milliseconds that a call of the program took at least, on all threads together.</summary>
internal sealed record CallTime(Site Site, double Least);

/// <summary>Times builds.</summary>
internal static class Measurement
{
    private const int Turns = 10;

    /// <summary>Whole calls, the builds in turns.</summary>
    public static IReadOnlyList<Total> Totals(IReadOnlyList<Build> builds, Work work)
    {
        var actions = builds.Select(build => build.Load(work)).ToList();
        var times = builds.Select(_ => new List<double>()).ToList();
        for (var turn = -1; turn < Turns; turn++)
        {
            for (var i = 0; i < builds.Count; i++)
            {
                // The first turn warms up; later ones begin with a call that fills the caches.
                actions[i]();
                var seconds = turn < 0 ? Math.Max(1, work.Seconds / Turns) : work.Seconds / Turns;
                for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < seconds;)
                {
                    var before = Stopwatch.GetTimestamp();
                    actions[i]();
                    if (turn >= 0)
                        times[i].Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
                }
            }
        }

        return [.. builds.Select((build, i) => new Total(build.Name, build.Lines, times[i].Min(), times[i].Order().ElementAt(times[i].Count / 2)))];
    }

    /// <summary>Every call by itself, in the program's order; the builds in turns.</summary>
    public static IReadOnlyList<IReadOnlyList<CallTime>> Calls(IReadOnlyList<Build> builds, Work work)
    {
        var probed = builds.Select(build => build.LoadProbed(work)).ToList();
        var least = probed.Select(one => one.Sites.Select(_ => long.MaxValue).ToArray()).ToList();
        for (var turn = -1; turn < Turns; turn++)
        {
            for (var i = 0; i < builds.Count; i++)
            {
                var (run, sites, take) = probed[i];
                run();
                take();
                var seconds = turn < 0 ? Math.Max(1, work.Seconds / Turns) : work.Seconds / Turns;
                for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < seconds;)
                {
                    run();
                    var ticks = take();
                    for (var site = 0; turn >= 0 && site < sites.Count; site++)
                        least[i][site] = Math.Min(least[i][site], ticks[site]);
                }
            }
        }

        return [.. probed.Select((one, i) => (IReadOnlyList<CallTime>)[.. one.Sites
            .Select((site, j) => new CallTime(site, least[i][j] * 1000.0 / Stopwatch.Frequency))
            .Where(time => time.Least > 0)])];
    }
}
