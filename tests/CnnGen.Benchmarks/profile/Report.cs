using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnGen.Profiling;

/// <summary>Prints what was measured as markdown tables.</summary>
internal static partial class Report
{
    public static void Totals(IReadOnlyList<Total> totals, Work work)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(work.IsTraining ? "Training step" : "Prediction")}, batch {work.Batch}, threads {work.Threads}:"));
        Console.WriteLine();
        Console.WriteLine("| build | lines | least, ms | median, ms | times the first |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        foreach (var total in totals)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {total.Build} | {total.Lines:N0} | {total.Least:F3} | {total.Median:F3} | {totals[0].Least / total.Least:F2} |"));
    }

    /// <summary>Calls in the program's order. GFLOP/s are those of the direct form.</summary>
    public static void Calls(Build build, IReadOnlyList<CallTime> times, Work work)
    {
        var sum = times.Where(time => !IsTeam(time.Site)).Sum(time => time.Least);
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{build.Name}: {sum:F3} ms in kernels on all threads. \"Run\" is a region's wall time."));
        Console.WriteLine();
        Console.WriteLine("| layers | call | where | us | share | GFLOP/s |");
        Console.WriteLine("|---|---|---|--:|--:|--:|");
        foreach (var (site, least) in times)
        {
            var operations = 2.0 * MultiplyAdds(site.Callee) * work.Batch / (least * 1e6);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {site.Layers} | {site.Callee} | {site.Method} | {1000 * least:F1} | {(IsTeam(site) ? "" : $"{100 * least / sum:F1} %")} | {(operations > 0 ? $"{operations:F1}" : "")} |"));
        }
    }

    private static bool IsTeam(Site site) => site.Callee.StartsWith("Run ", StringComparison.Ordinal);

    /// <summary>As the method's name says, for one image.</summary>
    private static double MultiplyAdds(string name)
    {
        var sizes = Sizes().Match(name);
        if (!sizes.Success)
            return 0;
        double Number(string group) => double.Parse(sizes.Groups[group].Value, CultureInfo.InvariantCulture);
        var channels = name.Contains("Depthwise", StringComparison.Ordinal) ? 1 : Number("c");
        return Number("kh") * Number("kw") * channels * Number("k") * Number("h") * Number("w");
    }

    [GeneratedRegex(@"(?<kh>\d+)x(?<kw>\d+)_(?<c>\d+)x\d+x\d+_To_(?<k>\d+)x(?<h>\d+)x(?<w>\d+)")]
    private static partial Regex Sizes();
}
