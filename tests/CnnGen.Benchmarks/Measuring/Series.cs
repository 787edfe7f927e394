using CnnGen.Benchmarks.Processes;

namespace CnnGen.Benchmarks.Measuring;

/// <summary>What one way to compute took, over all rounds.</summary>
/// <param name="Peer">Who, with the version.</param>
/// <param name="Session">Which of its ways.</param>
internal sealed record Series(string Peer, string Session)
{
    private readonly List<double> _medians = [];

    /// <summary>Seconds: the median of the rounds' medians.</summary>
    public double Median => Statistics.Median(_medians);

    /// <summary>Seconds of the fastest call of all rounds.</summary>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    public void Add(Reply reply)
    {
        _medians.Add(reply.Median);
        Minimum = Math.Min(Minimum, reply.Minimum);
    }
}
