using System.Globalization;

namespace CnnGen.Insight;

/// <summary>
/// A callback that counts, after each epoch, how what some layers compute is spread over a few images, and the gradients by it: <c>trainer.Callbacks = [evolution]</c>. Shows activations that die out, saturate or
/// grow, and gradients that vanish on their way down (Glorot, Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", section 4).
/// </summary>
public sealed class ActivationEvolution : ITrainingCallback
{
    private readonly IExplainable _network;
    private readonly (int Layer, string Name)[] _layers;
    private readonly ImageDataset _images;
    private readonly Normalization _normalization;
    private readonly int _bins;
    private readonly List<int> _epochs = [];
    private readonly List<LayerSpread[]> _spreads = [];

    /// <summary>Prepares.</summary>
    /// <param name="network">Made by <see cref="Explainers.Explain"/> of the model that is trained.</param>
    /// <param name="layers">The layers' places, from 1, and what they shall be called.</param>
    /// <param name="images">Images, 1 or more; all of a layer's numbers over them are held at once, so that a few dozen are enough.</param>
    /// <param name="normalization">The model's.</param>
    /// <param name="bins">The bins of a histogram, 1 to 10,000.</param>
    /// <exception cref="ArgumentException">The images have another shape or there are none, or there are no layers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer, or <paramref name="bins"/> is out of its range.</exception>
    public ActivationEvolution(IExplainable network, IReadOnlyList<(int Layer, string Name)> layers, ImageDataset images, Normalization normalization, int bins = 64)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(normalization);
        if (layers.Count == 0)
            throw new ArgumentException("There are no layers to look at. Give one at least, as (model.ReLU1.Index, \"ReLU1\").", nameof(layers));
        foreach (var (layer, _) in layers)
            new Unit(layer, 0).Check(network);
        network.Check(images);
        Histogram.CheckBins(bins);
        (_network, _layers, _images, _normalization, _bins) = (network, [.. layers], images, normalization, bins);
    }

    /// <summary>The epochs that were looked at.</summary>
    public IReadOnlyList<int> Epochs => _epochs;

    /// <summary>How a layer's numbers were spread, an entry an epoch of <see cref="Epochs"/>.</summary>
    /// <param name="name">What the layer was called.</param>
    /// <exception cref="ArgumentException">No layer was called so.</exception>
    public IReadOnlyList<LayerSpread> Of(string name)
    {
        var place = Array.FindIndex(_layers, one => one.Name == name);
        return place >= 0
            ? [.. _spreads.Select(one => one[place])]
            : throw new ArgumentException($"There is no layer '{name}'. There are {string.Join(", ", _layers.Select(one => one.Name))}.", nameof(name));
    }

    /// <inheritdoc/>
    public void OnEpoch(ITraining training, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _spreads.Add([.. _layers.Select(one => LayerSpread.Of(_network, one.Layer, _images, _normalization, _bins))]);
        _epochs.Add(result.Epoch);
    }

    /// <summary>The quantiles of what a layer computes, or of the gradients by it, over the epochs, as an SVG document: 0, 5, 50, 95 and 100 %, each to a bin's width.</summary>
    /// <param name="name">What the layer was called.</param>
    /// <param name="ofGradients">The gradients' instead of the activations'.</param>
    /// <exception cref="ArgumentException">No layer was called so, or it stands behind the scores, which have no gradient by it.</exception>
    /// <exception cref="InvalidOperationException">No epoch is finished yet.</exception>
    public string ToSvg(string name, bool ofGradients = false)
    {
        var spreads = Of(name);
        if (spreads.Count == 0)
            throw new InvalidOperationException("No epoch is finished yet.");
        if (ofGradients && spreads[0].Gradients is null)
            throw new ArgumentException($"{name} stands behind the scores, which have no gradient by what it computes.", nameof(name));
        return Chart.Lines(
            ofGradients ? name + ", gradient" : name,
            "epoch",
            [.. WeightEvolution.Shares.Select(share => new ChartLine(share.Name, [.. spreads.Select((spread, i) => ((double)_epochs[i], (ofGradients ? spread.Gradients! : spread.Activations).Quantile(share.Share)))]))]);
    }

    /// <summary>The part of a layer's maps that were above zero for none of the images, over the epochs, a line a layer, as an SVG document.</summary>
    /// <exception cref="InvalidOperationException">No epoch is finished yet.</exception>
    public string SilentToSvg()
    {
        if (_epochs.Count == 0)
            throw new InvalidOperationException("No epoch is finished yet.");
        return Chart.Lines(
            "maps that are silent",
            "epoch",
            [.. _layers.Select((layer, place) => new ChartLine(layer.Name, [.. _spreads.Select((one, i) => ((double)_epochs[i], (double)one[place].SilentMaps / _network.ShapeOf(layer.Layer).Channels))]))]);
    }
}
