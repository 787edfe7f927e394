using System.Globalization;

namespace CnnGen.Insight;

/// <summary>
/// A callback that shows how features come about (Zeiler, Fergus 2014, figure 4): after chosen epochs, of each of some feature maps the strongest activation over a data set, as the projection of the deconvolutional network
/// or as the patch of the image that it sees.
/// </summary>
public sealed class FeatureEvolution : ITrainingCallback
{
    private readonly IExplainable _network;
    private readonly int _layer;
    private readonly int[] _channels;
    private readonly ReceptiveFields _fields;
    private readonly ImageDataset _images;
    private readonly Normalization _normalization;
    private readonly Func<int, bool> _isShown;
    private readonly List<(int Epoch, Excitement[] Tops, Picture[] Patches, Picture[] Projections)> _epochs = [];

    /// <summary>Prepares.</summary>
    /// <param name="network">Made by <see cref="Explainers.Explain"/> of the model that is trained.</param>
    /// <param name="layer">The layer's place.</param>
    /// <param name="channels">The maps.</param>
    /// <param name="fields">The model's receptive fields.</param>
    /// <param name="images">The data set to look for the strongest activations in; a few hundred images are enough.</param>
    /// <param name="normalization">The model's.</param>
    /// <param name="isShown">Whether an epoch, from 1, is shown; null for all.</param>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or map.</exception>
    public FeatureEvolution(IExplainable network, int layer, IReadOnlyList<int> channels, ReceptiveFields fields, ImageDataset images, Normalization normalization, Func<int, bool>? isShown = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(normalization);
        foreach (var channel in channels)
            Unit.Of(network, layer, channel, 0, 0);
        network.Check(images);
        (_network, _layer, _channels, _fields, _images, _normalization, _isShown) = (network, layer, [.. channels], fields, images, normalization, isShown ?? (_ => true));
    }

    /// <summary>The epochs that are shown.</summary>
    public IReadOnlyList<int> Epochs => [.. _epochs.Select(one => one.Epoch)];

    /// <inheritdoc/>
    public void OnEpoch(ITraining training, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!_isShown(result.Epoch))
            return;
        var top = TopPatches.Find(_network, _layer, _images, _normalization, most: 1);
        var tops = _channels.Select(channel => top.Of(channel)[0]).ToArray();
        var pictures = tops.Select((one, i) => TopPatches.Pictures(_network, _layer, _channels[i], one, _fields, _images, _normalization)).ToArray();
        _epochs.Add((result.Epoch, tops, [.. pictures.Select(one => one.Patch)], [.. pictures.Select(one => one.Projection)]));
    }

    /// <summary>The strongest activation of each map after an epoch that is shown.</summary>
    /// <param name="index">Its place among <see cref="Epochs"/>.</param>
    public IReadOnlyList<Excitement> TopsOf(int index) => _epochs[index].Tops;

    /// <summary>The picture: a row a map, a column an epoch.</summary>
    /// <param name="ofPatches">The patches of the images instead of the projections.</param>
    /// <param name="name">The layer's name, for the title.</param>
    /// <param name="style">Paper and scale; null for <see cref="PictureStyle.Light"/>.</param>
    /// <exception cref="InvalidOperationException">No epoch that is shown is finished yet.</exception>
    public Picture Draw(bool ofPatches = false, string name = "", PictureStyle? style = null)
    {
        if (_epochs.Count == 0)
            throw new InvalidOperationException("No epoch that is shown is finished yet.");
        style ??= PictureStyle.Light;
        var cells = new List<Picture>();
        var labels = new List<string>();
        var all = _epochs.SelectMany(one => ofPatches ? one.Patches : one.Projections).ToList();
        var (width, height) = (all.Max(one => one.Width), all.Max(one => one.Height));
        for (var i = 0; i < _channels.Length; i++)
        {
            foreach (var (epoch, _, patches, projections) in _epochs)
            {
                // At the border of a map the field is smaller.
                var cell = new Picture(width, height, style.Background);
                cell.Draw((ofPatches ? patches : projections)[i], 0, 0);
                cells.Add(cell.Scaled(style.ScaleFor(width)));
                labels.Add(string.Create(CultureInfo.InvariantCulture, $"{_channels[i]} e{epoch}"));
            }
        }

        return PictureGrid.Of(cells, $"{(name.Length > 0 ? name + ": " : "")}a row a map, a column an epoch", labels, style with { Columns = _epochs.Count });
    }
}
