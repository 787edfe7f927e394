using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>How the numbers of a layer are spread over some images.</summary>
/// <param name="Activations">What it computes.</param>
/// <param name="Gradients">The gradients of the predicted classes' scores by what it computes; null for the layers behind the scores.</param>
/// <param name="SilentMaps">Its maps (of a layer without maps its numbers) that are above zero for none of the images: a ReLU's are dead.</param>
public sealed record LayerSpread(Histogram Activations, Histogram? Gradients, int SilentMaps)
{
    /// <summary>Counts.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">The layer's place, from 1.</param>
    /// <param name="images">Images, 1 or more; all numbers of them are held at once, so that a few dozen are enough.</param>
    /// <param name="normalization">The model's.</param>
    /// <param name="bins">The bins, 1 to 10,000.</param>
    /// <exception cref="ArgumentException">The images have another shape, there are none, or the layer has too many numbers for them.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer, or <paramref name="bins"/> is out of its range.</exception>
    public static LayerSpread Of(IExplainable network, int layer, ImageDataset images, Normalization normalization, int bins = 64)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(normalization);
        new Unit(layer, 0).Check(network);
        var (shape, maps) = (network.ShapeOf(0), network.ShapeOf(layer));
        network.Check(images);
        if (Math.BigMul(maps.Length, images.Count) > Array.MaxLength)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{images.Count} images of a layer of {maps} are more numbers than an array holds. Take fewer images."), nameof(images));
        var hasGradients = layer < network.ScoreLayer;
        var (activations, gradients) = (new float[images.Count * maps.Length], hasGradients ? new float[images.Count * maps.Length] : []);
        var (floats, scores) = (new float[shape.Length], new float[network.ShapeOf(network.ScoreLayer).Length]);
        for (var i = 0; i < images.Count; i++)
        {
            images.CopyImage(i, floats, normalization);
            network.Forward(floats, 1);
            network.CopyActivations(layer, activations.AsSpan(i * maps.Length, maps.Length));
            if (!hasGradients)
                continue;
            network.CopyActivations(network.ScoreLayer, scores);
            network.Backward(network.ScoreLayer, new Unit(network.ScoreLayer, Scores.Highest(scores)).Seed(network, 1));
            network.CopyGradients(layer, gradients.AsSpan(i * maps.Length, maps.Length));
        }

        var plane = maps.Height * maps.Width;
        bool IsSilent(int image, int channel) => !activations.AsSpan((image * maps.Length) + (channel * plane), plane).ContainsAnyInRange(float.Epsilon, float.PositiveInfinity);
        var silent = Enumerable.Range(0, maps.Channels).Count(channel => Enumerable.Range(0, images.Count).All(image => IsSilent(image, channel)));
        return new LayerSpread(Histogram.Of(activations, bins), hasGradients ? Histogram.Of(gradients, bins) : null, silent);
    }
}
