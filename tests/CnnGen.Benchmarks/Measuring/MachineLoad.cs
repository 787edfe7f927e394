using System.Diagnostics;
using System.Globalization;

namespace CnnGen.Benchmarks.Measuring;

/// <summary>How many processors are busy for other processes than those that are measured: Linux counts both.</summary>
internal sealed class MachineLoad
{
    private const string Path = "/proc/stat";
    private const double TicksPerSecond = 100;

    private double _others;
    private double _seconds;

    /// <summary>Processors on average over all that was watched; NaN where the system doesn't say.</summary>
    public double Average => _seconds > 0 ? Math.Max(0, _others / _seconds) : double.NaN;

    /// <summary>Watches while <paramref name="action"/> runs.</summary>
    /// <param name="process">The process that does the measured work.</param>
    /// <param name="action">What asks it to.</param>
    public T Watch<T>(Process process, Func<T> action)
    {
        if (!File.Exists(Path))
            return action();
        var (busy, own, start) = (BusySeconds(), OwnSeconds(process), Stopwatch.GetTimestamp());
        var result = action();
        _seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        _others += BusySeconds() - busy - (OwnSeconds(process) - own);
        return result;
    }

    private static double OwnSeconds(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Fields of the first line: user, nice, system, idle, iowait, irq, softirq, steal.</summary>
    private static double BusySeconds()
    {
        var fields = File.ReadLines(Path).First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = fields.Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }
}
