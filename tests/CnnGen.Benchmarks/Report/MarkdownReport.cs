using System.Globalization;
using System.Text;
using CnnGen.Benchmarks.Cases;
using CnnGen.Benchmarks.Measuring;

namespace CnnGen.Benchmarks.Report;

/// <summary>The results as markdown tables.</summary>
internal static class MarkdownReport
{
    /// <summary>All tables.</summary>
    public static string Write(Settings settings, IReadOnlyList<CaseResult> results)
    {
        var text = new StringBuilder();
        WriteHeading(text, settings, results);
        var withPeers = results.Where(result => result.Peers.Count > 0).ToList();
        if (withPeers.Count > 0)
            WriteComparison(text, withPeers);
        var shares = results.Where(result => result.Case.BarKind is BarKind.ShareOfPeak or BarKind.ShareOfBandwidth || result.Peers.Count == 0).ToList();
        if (shares.Count > 0)
            WriteShares(text, shares);
        if (withPeers.Count > 0)
            WritePeers(text, withPeers);
        return text.ToString();
    }

    /// <summary>One case in one line, for who waits.</summary>
    public static string Line(CaseResult result)
    {
        var peer = result.Best is { } best
            ? Format($", {best.Peer} {best.Session} {Milliseconds(best.Median)} ms: {result.TimesPeer:F2} x by medians, {result.TimesPeerByMinima:F2} x by minima, differing by {result.LargestDifference:E1}")
            : "";
        return Format($"{result.Case}: {Milliseconds(result.Own.Median)} ms (least {Milliseconds(result.Own.Minimum)}), {result.ShareOfPeak:P0} of the peak{peer}; {Bar(result)}; others {result.Load:F1}");
    }

    private static void WriteHeading(StringBuilder text, Settings settings, IReadOnlyList<CaseResult> results)
    {
        var measured = results.SelectMany(result => result.Peers.Append(result.Own)).Select(series => series.Peer).Distinct();
        text.AppendLine(Format($"{Processor()}, {Environment.ProcessorCount} processors, .NET {Environment.Version}; {string.Join(", ", measured)}."));
        text.AppendLine(Format($"{settings.Rounds} rounds with turns of {settings.Seconds} s; 'all' threads are {settings.ThreadCount}.{(settings.Priority ? " Those measured had priority over other processes." : "")}"));
        foreach (var group in results.GroupBy(result => (result.Threads, result.Case.Avx2)).OrderBy(group => group.Key))
        {
            text.AppendLine(Format(
                $"Peak{(group.Key.Avx2 ? " without AVX-512" : "")}, threads {group.Key.Threads}: {group.Max(one => one.Peak) / 1e9:F0} GFLOP/s; reading memory: {group.Max(one => one.Bandwidth) / 1e9:F1} GB/s."));
        }

        text.AppendLine();
    }

    private static void WriteComparison(StringBuilder text, List<CaseResult> results)
    {
        text.AppendLine("| case | threads | CnnGen, ms | least | GFLOP/s | of peak | fastest peer | ms | least | times, by medians | by minima | bar | others busy |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|---|--:|");
        foreach (var result in results)
        {
            var best = result.Best!;
            text.AppendLine(Format(
                $"| {Name(result)} | {result.Threads} | {Milliseconds(result.Own.Median)} | {Milliseconds(result.Own.Minimum)} | {result.Operations / result.Own.Median / 1e9:F1} | {result.ShareOfPeak * 100:F0} % | {best.Peer.Split(' ')[0]} {best.Session} | {Milliseconds(best.Median)} | {Milliseconds(best.Minimum)} | {result.TimesPeer:F2} | {result.TimesPeerByMinima:F2} | {Bar(result)} | {result.Load:F1} |"));
        }

        text.AppendLine();
    }

    private static void WriteShares(StringBuilder text, List<CaseResult> results)
    {
        text.AppendLine("| case | threads | CnnGen, ms | least | GFLOP/s | of peak | least's | GB/s of weights | of bandwidth | least's | bar | others busy |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|");
        foreach (var result in results)
        {
            text.AppendLine(Format(
                $"| {Name(result)} | {result.Threads} | {Milliseconds(result.Own.Median)} | {Milliseconds(result.Own.Minimum)} | {result.Operations / result.Own.Median / 1e9:F1} | {result.ShareOfPeak * 100:F0} % | {result.ShareOfPeakAtBest * 100:F0} % | {result.WeightBytes / result.Own.Median / 1e9:F1} | {result.ShareOfBandwidth * 100:F0} % | {result.ShareOfBandwidthAtBest * 100:F0} % | {Bar(result)} | {result.Load:F1} |"));
        }

        text.AppendLine();
    }

    private static void WritePeers(StringBuilder text, List<CaseResult> results)
    {
        text.AppendLine("Every way of the peers, median (least) in ms:");
        text.AppendLine();
        foreach (var group in results.GroupBy(result => string.Join('|', result.Peers.Select(series => series.Session))))
        {
            var columns = group.First().Peers;
            text.AppendLine($"| case | threads | {string.Join(" | ", columns.Select(series => $"{series.Peer.Split(' ')[0]} {series.Session}"))} | largest difference |");
            text.AppendLine($"|---|--:|{string.Concat(columns.Select(_ => "--:|"))}--:|");
            foreach (var result in group)
            {
                var cells = result.Peers.Select(series => $"{Milliseconds(series.Median)} ({Milliseconds(series.Minimum)})");
                text.AppendLine(Format($"| {Name(result)} | {result.Threads} | {string.Join(" | ", cells)} | {result.LargestDifference:E1} |"));
            }

            text.AppendLine();
        }
    }

    private static string Name(CaseResult result) => Format(
        $"{result.Case.Network}, {(result.Case.Work == Work.Training ? "training step, " : "")}batch {result.Case.Batch}{(result.Case.Avx2 ? ", AVX2" : "")}");

    private static string Bar(CaseResult result)
    {
        var bar = result.Case.BarKind switch
        {
            BarKind.TimesPeer => Format($"{result.Case.Bar} x"),
            BarKind.ShareOfPeak => Format($"{result.Case.Bar * 100:F0} % of peak"),
            BarKind.ShareOfBandwidth => Format($"{result.Case.Bar * 100:F0} % of bandwidth"),
            _ => "none",
        };
        return double.IsNaN(result.Reached) ? bar : result.Reached >= result.Case.Bar ? $"{bar}: reached" : $"{bar}: **missed**";
    }

    private static string Milliseconds(double seconds) => Format($"{seconds * 1e3:G4}");

    private static string Processor()
    {
        const string path = "/proc/cpuinfo";
        var line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? "Unknown processor" : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
