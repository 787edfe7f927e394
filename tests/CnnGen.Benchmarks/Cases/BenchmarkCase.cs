using System.Globalization;

namespace CnnGen.Benchmarks.Cases;

/// <summary>What a case measures.</summary>
internal enum Work
{
    /// <summary>A prediction.</summary>
    Inference,

    /// <summary>A training step: forward, loss, backward, update.</summary>
    Training,
}

/// <summary>What a case's bar is about.</summary>
internal enum BarKind
{
    /// <summary>No bar: the case is for information.</summary>
    None,

    /// <summary>At least so many times as fast as the fastest peer.</summary>
    TimesPeer,

    /// <summary>At least this share of the machine's rate of multiply-adds.</summary>
    ShareOfPeak,

    /// <summary>At least this share of the machine's rate of reading memory.</summary>
    ShareOfBandwidth,
}

/// <summary>One line of the table.</summary>
/// <param name="Network">The network's name in the zoo.</param>
/// <param name="Work">What it does.</param>
/// <param name="Batch">The images of one call.</param>
/// <param name="AllThreads">On every processor, or on one.</param>
/// <param name="BarKind">What the bar is about.</param>
/// <param name="Bar">The bar.</param>
internal sealed record BenchmarkCase(string Network, Work Work, int Batch, bool AllThreads, BarKind BarKind = BarKind.None, double Bar = 0)
{
    /// <summary>Whether AVX-512 is switched off for this project.</summary>
    public bool Avx2 { get; init; }

    /// <summary>Whether the peers do the same.</summary>
    public bool HasPeers => BarKind != BarKind.ShareOfPeak;

    /// <summary>Such as <c>LeNet5 train batch 64 threads all avx2</c>: what the user's filter is compared with.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Network}{(Work == Work.Training ? " train" : "")} batch {Batch} threads {(AllThreads ? "all" : "1")}{(Avx2 ? " avx2" : "")}");
}
