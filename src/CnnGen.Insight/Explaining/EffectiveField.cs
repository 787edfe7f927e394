using System.Globalization;

namespace CnnGen.Insight;

/// <summary>
/// The effective part of a receptive field: how much each pixel moves an element of a layer, by gradients (Luo, Li, Urtasun, Zemel 2016, "Understanding the Effective Receptive Field in Deep Convolutional Neural Networks",
/// section 2). It is smaller than the field that the windows have: the middle is reached by many ways, the border by few.
/// </summary>
public sealed class EffectiveField
{
    /// <summary>What a pixel has at two standard deviations from the middle of a Gaussian, less than which the paper leaves out: 1 - 0.9545.</summary>
    public const double UsualThreshold = 0.0455;

    private EffectiveField(ImageShape shape, float[] values) => (Shape, Values) = (shape, values);

    /// <summary>The image's shape.</summary>
    public ImageShape Shape { get; }

    /// <summary>H x W floats: the mean over the images of the sizes of the element's gradient by the pixel, over its channels; 0 or more.</summary>
    public IReadOnlyList<float> Values { get; }

    /// <summary>Measures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">The layer's place, from 1.</param>
    /// <param name="y">The element's row.</param>
    /// <param name="x">The element's column.</param>
    /// <param name="images">Images, 1 or more; some dozens are enough.</param>
    /// <param name="normalization">The model's.</param>
    /// <remarks>The element is the sum over the layer's maps, each with a sign of its own that depends on its number alone, so that maps don't cancel out.</remarks>
    /// <exception cref="ArgumentException">The images have another shape, or there are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or element.</exception>
    public static EffectiveField Of(IExplainable network, int layer, int y, int x, ImageDataset images, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(normalization);
        var shape = network.ShapeOf(0);
        network.Check(images);
        var maps = network.ShapeOf(layer);
        var seed = new float[maps.Length];
        for (var channel = 0; channel < maps.Channels; channel++)
            seed[Unit.Of(network, layer, channel, y, x).Index] = (Runtime.CounterRandom.At(0, (ulong)channel) & 1) == 0 ? 1 : -1;
        var (image, gradient, sums) = (new float[shape.Length], new float[shape.Length], new double[shape.Height * shape.Width]);
        for (var i = 0; i < images.Count; i++)
        {
            images.CopyImage(i, image, normalization);
            network.Forward(image, 1);
            network.Backward(layer, seed);
            network.CopyGradients(0, gradient);
            for (var at = 0; at < gradient.Length; at++)
                sums[at % sums.Length] += Math.Abs(gradient[at]);
        }

        return new EffectiveField(shape, [.. sums.Select(sum => (float)(sum / images.Count))]);
    }

    /// <summary>The side of a square of as many pixels as move the element noticeably.</summary>
    /// <param name="threshold">The part of the strongest pixel's value from which on a pixel counts, above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is out of its range.</exception>
    public double Side(double threshold = UsualThreshold)
    {
        if (!(threshold is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold lies above 0 and is at most 1.");
        var most = Values.Max();
        return most > 0 ? Math.Sqrt(Values.Count(value => value >= threshold * most)) : 0;
    }

    /// <summary>The pixels' values as a picture, a pixel each; by the logarithm where <paramref name="isLogarithmic"/>, so that the weak border is seen.</summary>
    /// <param name="isLogarithmic">Whether colours go by log(1 + 1000 value / largest).</param>
    public Picture Draw(bool isLogarithmic = false)
    {
        var most = Values.Max();
        return Picture.OfMap([.. Values.Select(value => isLogarithmic && most > 0 ? MathF.Log(1 + (1000 * value / most)) : value)], Shape.Height, Shape.Width, ColorMap.Sequential);
    }
}
