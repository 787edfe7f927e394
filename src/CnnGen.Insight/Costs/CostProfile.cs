using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CnnGen.Insight;

/// <summary>What a layer costs for one image.</summary>
/// <param name="Name">Its name: <c>Conv1</c>.</param>
/// <param name="Kind">What it is: <c>Conv2D 6, 5x5, padding 2x2</c>.</param>
/// <param name="MultiplyAdds">Of its forward pass, as the model's table counts them.</param>
/// <param name="Parameters">Its learned numbers, frozen ones among them.</param>
/// <param name="Bytes">The least that has to be moved: what it reads and writes and its parameters, each once, as floats.</param>
/// <param name="Nanoseconds">What it took, 0 or more (<see cref="CostProfile"/> says how it is measured).</param>
/// <param name="PeakShare">Its multiply-adds a second over those that the machine can do; 0 where it has none or its time is too short to be told from 0.</param>
public sealed record LayerCost(string Name, string Kind, long MultiplyAdds, long Parameters, long Bytes, double Nanoseconds, double PeakShare);

/// <summary>
/// What each layer of a model costs for one image: multiply-adds, parameters and bytes from the model's table, and measured time. Measured is the explanation's pass, which keeps every layer's output and joins no layers: run up to
/// a layer, less run up to the one before it, the median over the rounds. The first layer's time has that of the call in it. A prediction joins layers and takes less than the sum.
/// </summary>
public sealed class CostProfile
{
    private const int MostRounds = 10_000;

    private CostProfile(string model, IReadOnlyList<LayerCost> layers, double peak, int rounds, int threads) =>
        (ModelName, Layers, PeakMultiplyAdds, Rounds, ThreadCount) = (model, layers, peak, rounds, threads);

    /// <summary>The model's class.</summary>
    public string ModelName { get; }

    /// <summary>The layers in their order.</summary>
    public IReadOnlyList<LayerCost> Layers { get; }

    /// <summary>The multiply-adds a second that the machine did in registers alone, on as many threads: what is meant by its peak.</summary>
    public double PeakMultiplyAdds { get; }

    /// <summary>How often each layer was measured.</summary>
    public int Rounds { get; }

    /// <summary>The threads that it was measured on.</summary>
    public int ThreadCount { get; }

    /// <summary>The table as text, a line a layer.</summary>
    public override string ToString()
    {
        var rows = new List<string[]> { (string[])["Layer", "Kind", "Multiply-adds", "Parameters", "Bytes", "Time", "Of the peak"] };
        rows.AddRange(Layers.Append(Total).Select(layer => (string[])
        [
            layer.Name, layer.Kind, Number(layer.MultiplyAdds), Number(layer.Parameters), Number(layer.Bytes), TimeText(layer.Nanoseconds),
            layer.PeakShare > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100 * layer.PeakShare:F1} %") : "",
        ]));
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
        return text.ToString();
    }

    /// <summary>All layers together.</summary>
    public LayerCost Total
    {
        get
        {
            var (work, time) = (Layers.Sum(layer => layer.MultiplyAdds), Layers.Sum(layer => layer.Nanoseconds));
            return new LayerCost("Total", "", work, Layers.Sum(layer => layer.Parameters), Layers.Sum(layer => layer.Bytes), time, ShareOf(work, time, PeakMultiplyAdds));
        }
    }

    /// <summary>Notes for <see cref="ArchitectureDrawing.Svg"/>: each layer's time, by its name.</summary>
    public IReadOnlyDictionary<string, string> Notes => Layers.ToDictionary(layer => layer.Name, layer => TimeText(layer.Nanoseconds));

    /// <summary>Measures.</summary>
    /// <param name="summary">The model's table.</param>
    /// <param name="runThrough">Computes one image up to a layer, by its place from 1.</param>
    /// <param name="seconds">How long to measure, above 0.</param>
    /// <param name="now">The time in ticks of <see cref="Stopwatch"/>.</param>
    internal static CostProfile Of(ModelSummary summary, Action<int> runThrough, double seconds, Func<long> now)
    {
        if (!(seconds > 0 && seconds <= 3600))
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "Measuring takes more than 0 and at most 3600 seconds.");
        var count = summary.Layers.Count;

        // What the first calls compile and allocate belongs to no layer.
        for (var warm = 0; warm < 30; warm++)
            runThrough(count);
        var rounds = new List<double[]>();
        var end = now() + (long)(seconds * Stopwatch.Frequency);
        do
        {
            var times = new double[count];
            for (var layer = 1; layer <= count; layer++)
            {
                var start = now();
                runThrough(layer);
                times[layer - 1] = (now() - start) * (1e9 / Stopwatch.Frequency);
            }

            rounds.Add(times);
        }
        while (rounds.Count < MostRounds && (rounds.Count < 3 || now() < end));

        var peak = MachinePeak.Measure(Threads.Count);
        var nanoseconds = Steps(rounds);
        return new CostProfile(
            summary.ModelName,
            [.. summary.Layers.Select((layer, i) => new LayerCost(
                layer.Name, layer.Kind, layer.MultiplyAdds, layer.Parameters, BytesOf(summary, i + 1), nanoseconds[i], ShareOf(layer.MultiplyAdds, nanoseconds[i], peak)))],
            peak, rounds.Count, Threads.Count);
    }

    /// <summary>Of each layer the median of how much longer a run up to it took than one up to the layer before, in the same round; 0 where noise makes it less.</summary>
    internal static double[] Steps(IReadOnlyList<double[]> rounds)
    {
        var steps = new double[rounds[0].Length];
        for (var layer = 0; layer < steps.Length; layer++)
        {
            var own = rounds.Select(times => times[layer] - (layer > 0 ? times[layer - 1] : 0)).Order().ToArray();
            steps[layer] = Math.Max(0, own.Length % 2 == 1 ? own[own.Length / 2] : (own[(own.Length / 2) - 1] + own[own.Length / 2]) / 2);
        }

        return steps;
    }

    private static long BytesOf(ModelSummary summary, int layer)
    {
        var own = summary.Layers[layer - 1];
        var read = summary.InputsOf(layer).Sum(input => input == 0 ? sizeof(float) * (long)summary.InputShape.Length : summary.Layers[input - 1].ActivationBytes);
        return read + own.ActivationBytes + (sizeof(float) * own.Parameters);
    }

    private static double ShareOf(long multiplyAdds, double nanoseconds, double peak) => nanoseconds > 0 && peak > 0 ? multiplyAdds / (nanoseconds * 1e-9) / peak : 0;

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string TimeText(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:F0} ns"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:F1} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:F2} ms"),
    };
}
