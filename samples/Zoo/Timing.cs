using System.Diagnostics;

namespace ZooSample;

/// <summary>How long one call took.</summary>
/// <param name="Median">Seconds: half of the calls took less.</param>
/// <param name="Minimum">Seconds of the fastest call.</param>
/// <param name="Calls">The calls measured.</param>
public readonly record struct Timing(double Median, double Minimum, int Calls)
{
    private const int MostCalls = 1_000_000;

    /// <summary>Calls <paramref name="action"/> again and again, each call timed by itself.</summary>
    /// <param name="action">What is measured.</param>
    /// <param name="seconds">How long to go on.</param>
    /// <param name="warmUpSeconds">How long to call it before, untimed; it is called once at least.</param>
    /// <param name="leastCalls">The calls to measure at least, however long they take.</param>
    public static Timing Measure(Action action, double seconds, double warmUpSeconds, int leastCalls)
    {
        var warmUpStart = Stopwatch.GetTimestamp();
        do
            action();
        while (Stopwatch.GetElapsedTime(warmUpStart).TotalSeconds < warmUpSeconds);

        var ticks = new List<long>(1024);
        var limit = (long)(seconds * Stopwatch.Frequency);
        var start = Stopwatch.GetTimestamp();
        for (var before = start; ticks.Count < MostCalls && (before - start < limit || ticks.Count < leastCalls);)
        {
            action();
            var after = Stopwatch.GetTimestamp();
            ticks.Add(after - before);
            before = Stopwatch.GetTimestamp();
        }

        ticks.Sort();
        return new Timing(ticks[ticks.Count / 2] / (double)Stopwatch.Frequency, ticks[0] / (double)Stopwatch.Frequency, ticks.Count);
    }
}
