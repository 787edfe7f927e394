using CnnGen.Benchmarks.Cases;

namespace CnnGen.Benchmarks.Measuring;

/// <summary>What came of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Threads">The threads that it ran on.</param>
/// <param name="Operations">The floating-point operations of one call; a training step counts as three predictions.</param>
/// <param name="WeightBytes">The bytes of the network's parameters, which a prediction reads at least once.</param>
/// <param name="Own">This project's times.</param>
/// <param name="Peers">The peers' times, each way apart.</param>
/// <param name="Peak">Floating-point operations a second that the machine reached at best, with the vectors that this project used.</param>
/// <param name="Bandwidth">Bytes a second that the machine read at best.</param>
/// <param name="LargestDifference">Between this project's outputs and any peer's, relative to the largest; NaN without peers.</param>
/// <param name="Load">Processors that others kept busy meanwhile, on average.</param>
internal sealed record CaseResult(
    BenchmarkCase Case,
    int Threads,
    double Operations,
    double WeightBytes,
    Series Own,
    IReadOnlyList<Series> Peers,
    double Peak,
    double Bandwidth,
    double LargestDifference,
    double Load)
{
    /// <summary>The peers' fastest way by its median, or null without peers.</summary>
    public Series? Best => Peers.MinBy(series => series.Median);

    /// <summary>How many times as fast as the fastest peer, by medians.</summary>
    public double TimesPeer => Best is null ? double.NaN : Best.Median / Own.Median;

    /// <summary>The same by minima, each side's fastest call: what other processes disturb least.</summary>
    public double TimesPeerByMinima => Best is null ? double.NaN : Peers.Min(series => series.Minimum) / Own.Minimum;

    /// <summary>Operations of the median call as a share of the peak. Winograd's form needs fewer multiplications than are counted, so it may be above 1.</summary>
    public double ShareOfPeak => Operations / Own.Median / Peak;

    /// <summary>The same of the fastest call.</summary>
    public double ShareOfPeakAtBest => Operations / Own.Minimum / Peak;

    /// <summary>The weights' bytes of the median call as a share of the machine's bandwidth.</summary>
    public double ShareOfBandwidth => WeightBytes / Own.Median / Bandwidth;

    /// <summary>The same of the fastest call.</summary>
    public double ShareOfBandwidthAtBest => WeightBytes / Own.Minimum / Bandwidth;

    /// <summary>What the bar is compared with.</summary>
    public double Reached => Case.BarKind switch
    {
        BarKind.TimesPeer => TimesPeer,
        BarKind.ShareOfPeak => ShareOfPeak,
        BarKind.ShareOfBandwidth => ShareOfBandwidth,
        _ => double.NaN,
    };
}
