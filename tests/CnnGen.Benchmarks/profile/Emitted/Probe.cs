// Compiled beside a network whose calls are timed one by one.
namespace CnnGen.Profiling.Emitted;

public static class Probe
{
    /// <summary>How many places are timed: set before the first is.</summary>
    public static int Sites { get; set; }

    [global::System.ThreadStatic]
    private static long[] t_own;

    private static readonly global::System.Collections.Generic.List<long[]> s_all = new();

    /// <summary>Adds the time since <paramref name="start"/> to a site.</summary>
    public static void Add(int site, long start)
    {
        var now = global::System.Diagnostics.Stopwatch.GetTimestamp();
        (t_own ??= Register())[site] += now - start;
    }

    /// <summary>The ticks of each site on all threads since the last call, which begins anew.</summary>
    public static long[] Take()
    {
        var sums = new long[Sites];
        lock (s_all)
        {
            foreach (var one in s_all)
            {
                for (var site = 0; site < Sites; site++)
                    sums[site] += one[site];
                global::System.Array.Clear(one);
            }
        }

        return sums;
    }

    private static long[] Register()
    {
        var ticks = new long[Sites];
        lock (s_all)
            s_all.Add(ticks);
        return ticks;
    }
}
