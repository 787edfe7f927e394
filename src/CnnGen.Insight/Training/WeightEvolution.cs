using System.Globalization;

namespace CnnGen.Insight;

/// <summary>A callback that counts, after each epoch, how a network's weights and their gradients are spread: <c>trainer.Callbacks = [evolution]</c>.</summary>
/// <remarks>The gradients are those of the epoch's last batch.</remarks>
/// <param name="bins">The bins of a histogram, 1 to 10,000.</param>
public sealed class WeightEvolution(int bins = 64) : ITrainingCallback
{
    private readonly int _bins = bins is >= 1 and <= 10_000 ? bins : throw new ArgumentOutOfRangeException(nameof(bins), bins, "A histogram has 1 to 10,000 bins.");
    private readonly Dictionary<string, (List<float[]> Values, List<float[]> Gradients)> _quantiles = [];
    private readonly Dictionary<string, (List<Histogram> Values, List<Histogram> Gradients)> _histograms = [];

    /// <summary>The parameters' names, in the model's order; empty before the first epoch.</summary>
    public IReadOnlyCollection<string> Names => _histograms.Keys;

    /// <summary>The values of a parameter, a histogram an epoch, each over its own range.</summary>
    /// <param name="name">As <c>conv1.weight</c>.</param>
    /// <exception cref="ArgumentException">There is no trained parameter of the name, or no epoch yet.</exception>
    public IReadOnlyList<Histogram> ValuesOf(string name) => Of(name).Values;

    /// <summary>The gradients of a parameter after each epoch's last batch.</summary>
    /// <param name="name">As <c>conv1.weight</c>.</param>
    /// <exception cref="ArgumentException">There is no trained parameter of the name, or no epoch yet.</exception>
    public IReadOnlyList<Histogram> GradientsOf(string name) => Of(name).Gradients;

    /// <inheritdoc/>
    public void OnEpoch(ITraining training, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(training);
        foreach (var parameter in training.Parameters.All.Where(one => one.IsTrained))
        {
            if (!_histograms.TryGetValue(parameter.Name, out var kept))
            {
                _histograms[parameter.Name] = kept = ([], []);
                _quantiles[parameter.Name] = ([], []);
            }

            var (values, gradients) = (parameter.ToArray(), parameter.GradientToArray());
            kept.Values.Add(Histogram.Of(values, _bins));
            kept.Gradients.Add(Histogram.Of(gradients, _bins));
            _quantiles[parameter.Name].Values.Add(Quantiles(values));
            _quantiles[parameter.Name].Gradients.Add(Quantiles(gradients));
        }
    }

    /// <summary>The quantiles of a parameter's values, or of its gradients, over the epochs, as an SVG document: the least, 5 %, the median, 95 % and the largest.</summary>
    /// <param name="name">As <c>conv1.weight</c>.</param>
    /// <param name="ofGradients">The gradients' instead of the values'.</param>
    /// <exception cref="ArgumentException">There is no trained parameter of the name, or no epoch yet.</exception>
    public string ToSvg(string name, bool ofGradients = false)
    {
        Of(name);
        var epochs = ofGradients ? _quantiles[name].Gradients : _quantiles[name].Values;
        string[] names = ["least", "5 %", "median", "95 %", "largest"];
        return Chart.Lines(
            ofGradients ? name + ", gradient" : name, "epoch",
            [.. names.Select((one, i) => new ChartLine(one, [.. epochs.Select((quantiles, epoch) => (epoch + 1.0, (double)quantiles[i]))]))]);
    }

    private static float[] Quantiles(float[] values)
    {
        var sorted = values.Where(float.IsFinite).Order().ToArray();
        return sorted.Length == 0
            ? [float.NaN, float.NaN, float.NaN, float.NaN, float.NaN]
            : [.. ((double[])[0, 0.05, 0.5, 0.95, 1]).Select(share => sorted[(int)Math.Round(share * (sorted.Length - 1))])];
    }

    private (List<Histogram> Values, List<Histogram> Gradients) Of(string name) => _histograms.TryGetValue(name, out var kept)
        ? kept
        : throw new ArgumentException(_histograms.Count == 0 ? "No epoch is finished yet." : string.Create(CultureInfo.InvariantCulture, $"There is no trained parameter '{name}'. There are {string.Join(", ", _histograms.Keys)}."), nameof(name));
}
