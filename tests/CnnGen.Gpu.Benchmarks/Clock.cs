using System.Diagnostics;

namespace CnnGen.Gpu.Benchmarks;

/// <summary>How long something takes, after it was done once: what is compiled and allocated then is not counted.</summary>
internal static class Clock
{
    /// <summary>The middle of all times, in seconds.</summary>
    public static double Median(double seconds, Action work)
    {
        var times = Times(seconds, work);
        return times.Order().ElementAt(times.Count / 2);
    }

    /// <summary>The least of them.</summary>
    public static double Least(double seconds, Action work) => Times(seconds, work).Min();

    private static List<double> Times(double seconds, Action work)
    {
        work();
        var times = new List<double>();
        var all = Stopwatch.StartNew();
        do
        {
            var one = Stopwatch.StartNew();
            work();
            times.Add(one.Elapsed.TotalSeconds);
        }
        while (all.Elapsed.TotalSeconds < seconds);
        return times;
    }
}
