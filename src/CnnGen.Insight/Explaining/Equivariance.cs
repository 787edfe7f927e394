using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>
/// Whether feature maps go along with the image: how far the maps of a moved, scaled or turned image are from the maps of the image, moved, scaled or turned themselves. A convolution goes along with every move by whole strides
/// (Goodfellow, Bengio, Courville 2016, section 9.2), and with turning only as far as it has learnt to (Lenc, Vedaldi 2015, "Understanding Image Representations by Measuring Their Equivariance and Equivalence").
/// </summary>
public sealed class Equivariance
{
    private Equivariance(ImageChange change, double[] amounts, InvarianceCurve[] distances) => (Change, Amounts, Distances) = (change, amounts, distances);

    /// <summary>What was done to the image.</summary>
    public ImageChange Change { get; }

    /// <summary>How much, in the change's unit.</summary>
    public IReadOnlyList<double> Amounts { get; }

    /// <summary>For each layer, and each amount, how far the maps are from those that go along, over the length of the latter; compared is the middle half of the rows and columns, where the border is felt least.</summary>
    public IReadOnlyList<InvarianceCurve> Distances { get; }

    /// <summary>Changes an image, and the maps of the image by as much.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fields">The model's receptive fields: a map moves by as many elements as its fields do.</param>
    /// <param name="image">C x H x W floats. What comes in from outside is its edge.</param>
    /// <param name="change">What is done.</param>
    /// <param name="amounts">How much: pixels, factors above 0, or degrees; in the order in which they are to be drawn.</param>
    /// <param name="layers">The layers, by place and name; of each the maps have 2 x 2 elements at least.</param>
    /// <exception cref="ArgumentException">The image has another length, an amount is not finite, a factor is not above 0, or a layer has no maps.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public static Equivariance Of(
        IExplainable network, ReceptiveFields fields, ReadOnlySpan<float> image, ImageChange change, IReadOnlyList<double> amounts, IReadOnlyList<(int Layer, string Name)> layers)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(amounts);
        ArgumentNullException.ThrowIfNull(layers);
        Attribution.CheckImage(image, network.ShapeOf(0));
        foreach (var (layer, name) in layers)
        {
            new Unit(layer, 0).Check(network);
            if (!HasPlaces(network, fields, layer))
            {
                throw new ArgumentException(
                    $"{name} makes {network.ShapeOf(layer)} of an image, in which there are no places that could go along with it. Take a layer with maps, and none behind a dense one.", nameof(layers));
            }
        }

        var whole = network.ShapeOf(0);
        var original = Invariance.FeaturesOf(network, image, layers);
        var distances = layers.Select(_ => new double[amounts.Count]).ToArray();
        for (var i = 0; i < amounts.Count; i++)
        {
            var changed = Invariance.FeaturesOf(network, Invariance.Changed(image, whole, change, amounts[i]), layers);
            for (var k = 0; k < layers.Count; k++)
            {
                var shape = network.ShapeOf(layers[k].Layer);
                var along = Invariance.Changed(original[k], shape, change, OfMap(change, amounts[i], StrideOf(fields, layers[k].Layer, shape)));
                distances[k][i] = Invariance.RelativeDistance(Middle(along, shape), Middle(changed[k], shape));
            }
        }

        return new Equivariance(change, [.. amounts], [.. layers.Select((layer, k) => new InvarianceCurve(layer.Name, distances[k]))]);
    }

    /// <summary>Whether the elements of a layer's maps stand for places of the image, which they don't behind a dense layer or one that enlarges.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fields">The model's receptive fields.</param>
    /// <param name="layer">The layer's place.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public static bool HasPlaces(IExplainable network, ReceptiveFields fields, int layer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(fields);
        return network.ShapeOf(layer) is { Height: > 1, Width: > 1 } shape && StrideOf(fields, layer, shape) is (not 0, not 0);
    }

    /// <summary>The curves as an SVG document.</summary>
    public string ToSvg() => LineChart.Svg(new LineChart.Panel(
        "Distance from the maps that go along / length of these", Invariance.AxisOf(Change), false, [.. Distances.Select(curve => new LineChart.Line(curve.Layer, [.. Amounts.Zip(curve.Distances)]))]));

    /// <summary>How far the fields of neighbouring elements are apart, in the middle of the map, where no border cuts them.</summary>
    private static (int Down, int Across) StrideOf(ReceptiveFields fields, int layer, ImageShape shape)
    {
        var (y, x) = (shape.Height / 2, shape.Width / 2);
        var (first, next) = (fields.Of(layer, y - 1, x - 1), fields.Of(layer, y, x));
        return (next.Top - first.Top, next.Left - first.Left);
    }

    private static double OfMap(ImageChange change, double amount, (int Down, int Across) stride) => change switch
    {
        ImageChange.MoveRight => amount / stride.Across,
        ImageChange.MoveDown => amount / stride.Down,
        _ => amount,
    };

    private static float[] Middle(float[] maps, ImageShape shape)
    {
        var (top, left) = (shape.Height / 4, shape.Width / 4);
        var (height, width) = (shape.Height - (2 * top), shape.Width - (2 * left));
        var middle = new float[shape.Channels * height * width];
        for (var row = 0; row < shape.Channels * height; row++)
            maps.AsSpan((((row / height * shape.Height) + top + (row % height)) * shape.Width) + left, width).CopyTo(middle.AsSpan(row * width));
        return middle;
    }
}
