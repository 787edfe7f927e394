using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace CnnGen.Campaigns;

/// <summary>What bounds one run of a campaign, and what came of it. All members may be used from several threads at once.</summary>
internal sealed class CampaignRun
{
    /// <summary>More than that many are counted only.</summary>
    private const int PrintedFaults = 20;

    private readonly TimeSpan _time;
    private readonly long _mostRounds;
    private readonly TextWriter _output;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private long _rounds;
    private long _faults;

    /// <param name="time">When it has passed, no further round begins.</param>
    /// <param name="mostRounds">No more rounds than these begin; 0 where time alone is the bound.</param>
    /// <param name="seed">Decides all that is left to chance.</param>
    /// <param name="output">Receives faults as they are found.</param>
    public CampaignRun(TimeSpan time, long mostRounds, int seed, TextWriter output)
    {
        _time = time;
        _mostRounds = mostRounds;
        Seed = seed;
        _output = TextWriter.Synchronized(output);
    }

    public int Seed { get; }

    /// <summary>The rounds begun.</summary>
    public long Rounds => Math.Min(Volatile.Read(ref _rounds), _mostRounds == 0 ? long.MaxValue : _mostRounds);

    public long Faults => Volatile.Read(ref _faults);

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Whether another round may begin; if so, it has begun, and is the caller's.</summary>
    /// <param name="random">What decides about the round: a function of the seed and the round's number, whichever thread runs it.</param>
    public bool Next(out Random random)
    {
        var number = Interlocked.Increment(ref _rounds);
        random = new Random(unchecked((Seed * 1_000_003) + (int)number));
        var isWanted = _mostRounds == 0 ? Elapsed < _time : number <= _mostRounds;
        if (!isWanted)
            Interlocked.Decrement(ref _rounds);
        return isWanted;
    }

    /// <summary>Adds to a count that the summary prints: of files tried, of calls refused.</summary>
    public void Count(string what, long number = 1) => _counts.AddOrUpdate(what, number, (_, sum) => sum + number);

    /// <summary>Reports a fault: what was done, what was expected, what came instead.</summary>
    public void Fault(string text)
    {
        if (Interlocked.Increment(ref _faults) <= PrintedFaults)
            _output.WriteLine("fault: " + text);
    }

    /// <summary>One line: rounds, counts, faults, time.</summary>
    public string Summary(string name)
    {
        var counts = string.Concat(_counts.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $", {pair.Value:N0} {pair.Key}")));
        return string.Create(
            CultureInfo.InvariantCulture, $"{name}: {Rounds:N0} rounds{counts}, {Faults:N0} faults, {Elapsed.TotalSeconds:F1} s, seed {Seed}");
    }
}
