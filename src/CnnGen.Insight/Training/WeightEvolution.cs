using System.Globalization;

namespace CnnGen.Insight;

/// <summary>A callback that counts, after each epoch, how a network's weights and their gradients are spread: <c>trainer.Callbacks = [evolution]</c>.</summary>
/// <remarks>The gradients are those of the epoch's last batch.</remarks>
public sealed class WeightEvolution : ITrainingCallback
{
    private readonly int _bins;
    private readonly Dictionary<string, (List<Spread> Values, List<Spread> Gradients)> _kept = [];

    /// <summary>Prepares.</summary>
    /// <param name="bins">The bins of a histogram, 1 to 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is out of its range.</exception>
    public WeightEvolution(int bins = 64)
    {
        Histogram.CheckBins(bins);
        _bins = bins;
    }

    /// <summary>What a chart over the epochs shows of numbers that are spread.</summary>
    internal static IReadOnlyList<(string Name, double Share)> Shares { get; } = [("least", 0), ("5 %", 0.05), ("median", 0.5), ("95 %", 0.95), ("largest", 1)];

    /// <summary>The parameters' names, in the model's order; empty before the first epoch.</summary>
    public IReadOnlyCollection<string> Names => _kept.Keys;

    /// <summary>The values of a parameter, a histogram an epoch, each over its own range.</summary>
    /// <param name="name">As <c>conv1.weight</c>.</param>
    /// <exception cref="ArgumentException">There is no trained parameter of the name, or no epoch yet.</exception>
    public IReadOnlyList<Histogram> ValuesOf(string name) => [.. Of(name).Values.Select(one => one.Histogram)];

    /// <summary>The gradients of a parameter after each epoch's last batch.</summary>
    /// <param name="name">As <c>conv1.weight</c>.</param>
    /// <exception cref="ArgumentException">There is no trained parameter of the name, or no epoch yet.</exception>
    public IReadOnlyList<Histogram> GradientsOf(string name) => [.. Of(name).Gradients.Select(one => one.Histogram)];

    /// <inheritdoc/>
    public void OnEpoch(ITraining training, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(result);
        foreach (var parameter in training.Parameters.All.Where(one => one.IsTrained))
        {
            if (!_kept.TryGetValue(parameter.Name, out var kept))
                _kept[parameter.Name] = kept = ([], []);
            kept.Values.Add(SpreadOf(parameter.ToArray(), result.Epoch));
            kept.Gradients.Add(SpreadOf(parameter.GradientToArray(), result.Epoch));
        }
    }

    /// <summary>The quantiles of a parameter's values, or of its gradients, over the epochs, as an SVG document: the least, 5 %, the median, 95 % and the largest.</summary>
    /// <param name="name">As <c>conv1.weight</c>.</param>
    /// <param name="ofGradients">The gradients' instead of the values'.</param>
    /// <exception cref="ArgumentException">There is no trained parameter of the name, or no epoch yet.</exception>
    public string ToSvg(string name, bool ofGradients = false)
    {
        var epochs = ofGradients ? Of(name).Gradients : Of(name).Values;
        return Chart.Lines(
            ofGradients ? name + ", gradient" : name, "epoch", [.. Shares.Select((one, i) => new ChartLine(one.Name, [.. epochs.Select(spread => ((double)spread.Epoch, (double)spread.Quantiles[i]))]))]);
    }

    private Spread SpreadOf(float[] values, int epoch)
    {
        var sorted = values.Where(float.IsFinite).Order().ToArray();
        float[] quantiles = sorted.Length == 0
            ? [.. Shares.Select(_ => float.NaN)]
            : [.. Shares.Select(one => sorted[(int)Math.Round(one.Share * (sorted.Length - 1))])];
        return new Spread(epoch, Histogram.Of(values, _bins), quantiles);
    }

    private (List<Spread> Values, List<Spread> Gradients) Of(string name) => _kept.TryGetValue(name, out var kept)
        ? kept
        : throw new ArgumentException(_kept.Count == 0 ? "No epoch is finished yet." : string.Create(CultureInfo.InvariantCulture, $"There is no trained parameter '{name}'. There are {string.Join(", ", _kept.Keys)}."), nameof(name));

    /// <summary>How the numbers of a parameter are spread after an epoch.</summary>
    private sealed record Spread(int Epoch, Histogram Histogram, float[] Quantiles);
}
