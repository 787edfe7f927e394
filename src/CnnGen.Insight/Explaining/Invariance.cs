using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>How an image is changed to see what a network makes of it.</summary>
public enum ImageChange
{
    /// <summary>Moved to the right, in pixels; below 0 to the left.</summary>
    MoveRight,

    /// <summary>Moved down, in pixels; below 0 up.</summary>
    MoveDown,

    /// <summary>Made larger about its centre by a factor; below 1 smaller.</summary>
    Scale,

    /// <summary>Turned about its centre counter-clockwise, in degrees.</summary>
    Rotate,
}

/// <summary>How features and a class's probability change when an image is moved, scaled or turned (Zeiler, Fergus 2014, figure 5).</summary>
public sealed class Invariance
{
    private readonly float[][] _images;
    private readonly ImageShape _shape;

    private Invariance(ImageChange change, double[] amounts, float[][] images, ImageShape shape, InvarianceCurve[] distances, double[]? probabilities)
    {
        (Change, Amounts, _images, _shape, Distances, Probabilities) = (change, amounts, images, shape, distances, probabilities);
    }

    /// <summary>What was done to the image.</summary>
    public ImageChange Change { get; }

    /// <summary>How much, in the change's unit.</summary>
    public IReadOnlyList<double> Amounts { get; }

    /// <summary>For each layer, and each amount, how far the features went.</summary>
    public IReadOnlyList<InvarianceCurve> Distances { get; }

    /// <summary>The model's output for the class that was asked for, for each amount; null where none was.</summary>
    public IReadOnlyList<double>? Probabilities { get; }

    /// <summary>Changes an image by several amounts.</summary>
    /// <param name="network">The network.</param>
    /// <param name="image">C x H x W floats. What comes in from outside is its edge.</param>
    /// <param name="change">What is done.</param>
    /// <param name="amounts">How much: pixels, factors above 0, or degrees; in the order in which they are to be drawn.</param>
    /// <param name="layers">The layers whose features are compared, by place and name.</param>
    /// <param name="index">The class whose output is read; null for none.</param>
    /// <exception cref="ArgumentException">The image has another length, an amount is not finite, or a factor is not above 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or class.</exception>
    public static Invariance Of(IExplainable network, ReadOnlySpan<float> image, ImageChange change, IReadOnlyList<double> amounts, IReadOnlyList<(int Layer, string Name)> layers, int? index = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(amounts);
        ArgumentNullException.ThrowIfNull(layers);
        Attribution.Check(network, image, new Unit(network.OutputLayer, index ?? 0));
        foreach (var (layer, _) in layers)
            new Unit(layer, 0).Check(network);
        var shape = network.ShapeOf(0);
        var original = FeaturesOf(network, image, layers);
        var (images, distances) = (new float[amounts.Count][], layers.Select(_ => new double[amounts.Count]).ToArray());
        var probabilities = index is null ? null : new double[amounts.Count];
        var outputs = new float[network.ShapeOf(network.OutputLayer).Length];
        for (var i = 0; i < amounts.Count; i++)
        {
            images[i] = Changed(image, shape, change, amounts[i]);
            var features = FeaturesOf(network, images[i], layers);
            for (var layer = 0; layer < layers.Count; layer++)
                distances[layer][i] = RelativeDistance(original[layer], features[layer]);
            if (probabilities is null)
                continue;
            network.CopyActivations(network.OutputLayer, outputs);
            probabilities[i] = outputs[index!.Value];
        }

        return new Invariance(change, [.. amounts], images, shape, [.. layers.Select((layer, i) => new InvarianceCurve(layer.Name, distances[i]))], probabilities);
    }

    /// <summary>The image changed, between the nearest pixels (bilinear); its edge comes in from outside.</summary>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="change">What is done.</param>
    /// <param name="amount">How much.</param>
    /// <exception cref="ArgumentException">The image has another length, the amount is not finite, or is a factor that is not above 0.</exception>
    public static float[] Changed(ReadOnlySpan<float> image, ImageShape shape, ImageChange change, double amount)
    {
        Attribution.CheckImage(image, shape);
        if (!double.IsFinite(amount) || (change == ImageChange.Scale && amount <= 0))
            throw new ArgumentException(FormattableString.Invariant($"{change} by {amount}: an amount has to be finite, and a factor above 0."), nameof(amount));
        var map = change switch
        {
            ImageChange.MoveRight => AffineMap.Back(shape, 0, 1, 0, 0, right: amount),
            ImageChange.MoveDown => AffineMap.Back(shape, 0, 1, 0, 0, down: amount),
            ImageChange.Scale => AffineMap.Back(shape, 0, amount, 0, 0),
            ImageChange.Rotate => AffineMap.Back(shape, amount * Math.PI / 180, 1, 0, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "There is no such change."),
        };
        var changed = image.ToArray();
        AffineSampling.Apply(shape, changed, map, SourceArea.All(shape), Outside.Edge);
        return changed;
    }

    /// <summary>The curves as an SVG document: the distances of the features, and below them the probability where a class was asked for.</summary>
    public string ToSvg()
    {
        var axis = AxisOf(Change);
        List<LineChart.Panel> panels = [new("Distance of the features / length of those of the image", axis, false, [.. Distances.Select(curve => Line(curve.Layer, curve.Distances))])];
        if (Probabilities is not null)
            panels.Add(new LineChart.Panel("Output for the class", axis, false, Line("output", Probabilities)));
        return LineChart.Svg([.. panels]);
    }

    /// <summary>The changed images side by side.</summary>
    /// <param name="normalization">What made the floats of bytes; null to spread them from black to white.</param>
    /// <param name="style">Paper and scale; null for <see cref="PictureStyle.Light"/>.</param>
    public Picture Strip(Normalization? normalization = null, PictureStyle? style = null)
    {
        style ??= PictureStyle.Light;
        return PictureGrid.Of(
            [.. _images.Select(image => Picture.OfImage(image, _shape, normalization).Scaled(style.ScaleFor(_shape.Width)))], "",
            [.. Amounts.Select(amount => amount.ToString("G4", CultureInfo.InvariantCulture))], style.Columns == 0 ? style with { Columns = Math.Max(1, _images.Length) } : style);
    }

    internal static string AxisOf(ImageChange change) => change switch
    {
        ImageChange.MoveRight => "pixels to the right",
        ImageChange.MoveDown => "pixels down",
        ImageChange.Scale => "scale",
        _ => "degrees",
    };

    private LineChart.Line Line(string name, IReadOnlyList<double> values) => new(name, [.. Amounts.Zip(values)]);

    internal static float[][] FeaturesOf(IExplainable network, ReadOnlySpan<float> image, IReadOnlyList<(int Layer, string Name)> layers)
    {
        network.Forward(image, 1);
        var features = new float[layers.Count][];
        for (var i = 0; i < layers.Count; i++)
            network.CopyActivations(layers[i].Layer, features[i] = new float[network.ShapeOf(layers[i].Layer).Length]);
        return features;
    }

    internal static double RelativeDistance(float[] original, float[] features)
    {
        var (difference, length) = (0.0, 0.0);
        for (var i = 0; i < original.Length; i++)
        {
            difference += ((double)features[i] - original[i]) * ((double)features[i] - original[i]);
            length += (double)original[i] * original[i];
        }

        return difference == 0 ? 0 : Math.Sqrt(difference / length);
    }
}

/// <summary>How far a layer's features go as an image changes.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Distances">For each amount, the length of the difference from the image's features over the length of these; 0 for no change, infinite where these are all zero.</param>
public sealed record InvarianceCurve(string Layer, IReadOnlyList<double> Distances);
