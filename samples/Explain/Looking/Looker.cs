using System.Globalization;
using CnnGen;
using CnnGen.Insight;

namespace ExplainSample.Looking;

/// <summary>Looks at a network with one image at a time. An object is for one thread at a time; what it answers hangs on what it is given and on nothing that was before.</summary>
/// <param name="subject">What is looked at.</param>
/// <param name="network">A network of its own.</param>
internal sealed class Looker(Subject subject, IExplainable network) : IDisposable
{
    private const int MostMaps = 64;
    private const int MostSide = 64;
    private const int MostFilterChannels = 32;

    /// <summary>The network.</summary>
    public IExplainable Network => network;

    /// <summary>The image's shape.</summary>
    public ImageShape Shape => subject.InputShape;

    /// <summary>The outputs of one image.</summary>
    public int OutputLength => network.ShapeOf(network.OutputLayer).Length;

    /// <summary>The last layer with maps before the scores; null where there is none.</summary>
    public int? LastMaps { get; } = Enumerable.Range(1, network.ScoreLayer - 1).Where(layer => network.ShapeOf(layer) is { Height: > 1, Width: > 1 }).Select(layer => (int?)layer).LastOrDefault();

    /// <summary>An image of black pixels.</summary>
    public float[] EmptyImage { get; } = Normalized(subject, new byte[subject.InputShape.Length]);

    /// <summary>A black pixel: a number for each channel.</summary>
    public float[] EmptyPixel => [.. Enumerable.Range(0, Shape.Channels).Select(channel => EmptyImage[channel * Shape.Height * Shape.Width])];

    /// <summary>The image that bytes are.</summary>
    public float[] ImageOf(ReadOnlySpan<byte> pixels) => Normalized(subject, pixels);

    /// <summary>Computes outputs.</summary>
    public void Predict(ReadOnlySpan<float> images, Span<float> scores, int count)
    {
        network.Forward(images, count);
        network.CopyActivations(network.OutputLayer, scores);
    }

    /// <summary>What the network makes of an image.</summary>
    /// <param name="pixels">H x W x C bytes.</param>
    /// <param name="hasLayers">Whether the layers are wanted too.</param>
    public ImageReply Look(ReadOnlySpan<byte> pixels, bool hasLayers)
    {
        var outputs = new float[OutputLength];
        Predict(ImageOf(pixels), outputs, 1);
        return new ImageReply(outputs, hasLayers ? [.. Enumerable.Range(1, network.LayerCount).Select(LayerOf)] : []);
    }

    /// <summary>What a class's output hangs on.</summary>
    public OverlayReply Overlay(ReadOnlySpan<byte> pixels, Method method, int index)
    {
        var map = method.Compute(this, ImageOf(pixels), index);
        var colors = ColorMap.For(map);
        return new OverlayReply(Quantized(map, Shape.Height, Shape.Width, colors), colors.IsDiverging, method.Text);
    }

    /// <summary>What is known of a map.</summary>
    /// <param name="pixels">H x W x C bytes.</param>
    /// <param name="layer">The layer's place.</param>
    /// <param name="channel">The map.</param>
    /// <param name="strongest">The strongest activations over the data set.</param>
    public MapDetailReply Detail(ReadOnlySpan<byte> pixels, int layer, int channel, Strongest strongest)
    {
        var image = ImageOf(pixels);
        var shape = network.ShapeOf(layer);
        network.Forward(image, 1);
        var activations = new float[shape.Length];
        network.CopyActivations(layer, activations);
        var plane = shape.Height * shape.Width;
        var map = activations.AsSpan(channel * plane, plane);
        var best = 0;
        for (var i = 1; i < plane; i++)
        {
            if (map[i] > map[best])
                best = i;
        }

        var (y, x) = (best / shape.Width, best % shape.Width);
        var field = subject.Fields.Of(layer, y, x);
        var projection = Heatmap.Sum(Attribution.Deconvolution(network, image, Unit.Of(network, layer, channel, y, x)), Shape);
        var (filters, filterText) = FiltersOf(layer, channel);
        var (top, topText) = TopOf(layer, channel, strongest);
        return new MapDetailReply
        {
            Y = y,
            X = x,
            Value = map[best],
            Field = new AreaReply(field.Top, field.Left, field.Height, field.Width),
            Projection = Quantized(projection, Shape.Height, Shape.Width, ColorMap.Diverging),
            Filters = filters,
            FilterText = filterText,
            Top = top,
            TopText = topText,
            IsLooking = !strongest.IsReady,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => (network as IDisposable)?.Dispose();

    private static float[] Normalized(Subject subject, ReadOnlySpan<byte> pixels)
    {
        var image = new float[subject.InputShape.Length];
        subject.Normalization.Apply(pixels, image);
        return image;
    }

    private LayerReply LayerOf(int layer)
    {
        var shape = network.ShapeOf(layer);
        var activations = new float[shape.Length];
        network.CopyActivations(layer, activations);
        var colors = ColorMap.For(activations);
        if (!shape.IsMap)
            return new LayerReply(layer, true, colors.IsDiverging, [Quantized(activations, 1, shape.Channels, colors)]);
        var (height, width) = (Math.Min(shape.Height, MostSide), Math.Min(shape.Width, MostSide));
        var maps = new List<MapReply>();
        for (var channel = 0; channel < Math.Min(shape.Channels, MostMaps); channel++)
        {
            ReadOnlySpan<float> map = activations.AsSpan(channel * shape.Height * shape.Width, shape.Height * shape.Width);
            if ((height, width) != (shape.Height, shape.Width))
                map = Heatmap.Resize(map, shape.Height, shape.Width, height, width);
            maps.Add(Quantized(map, height, width, colors));
        }

        return new LayerReply(layer, false, colors.IsDiverging, maps);
    }

    /// <summary>The filters of the layer, or, where it only works on single maps (an activation, a pool), of the one whose maps it changes.</summary>
    private (IReadOnlyList<PictureReply> Filters, string Text) FiltersOf(int layer, int channel)
    {
        for (var from = layer; from > 0;)
        {
            var name = subject.Summary.Layers[from - 1].Name;
            if (subject.WeightsOf(from, 4) is { } kernel && kernel.Dimensions[0] == network.ShapeOf(from).Channels)
            {
                var (channels, height, width) = (kernel.Dimensions[1], kernel.Dimensions[2], kernel.Dimensions[3]);
                var own = kernel.ToArray().AsSpan(channel * channels * height * width, channels * height * width);
                return (Pictures(own, channels, height, width), string.Create(
                    CultureInfo.InvariantCulture, $"Filter {channel} of {name}, {height} x {width} over {channels} {(channels == 1 ? "channel" : "channels")}: blue is below 0, red above."));
            }

            if (subject.WeightsOf(from, 2) is { } matrix && matrix.Dimensions[0] == network.ShapeOf(from).Length)
            {
                var input = subject.Summary.InputsOf(from)[0];
                if (matrix.Dimensions[1] != network.ShapeOf(input).Length)
                    break;

                // What was flattened is shown as the maps that it was.
                if (input > 0 && subject.Summary.InputsOf(input)[0] is var before && network.ShapeOf(before).Length == network.ShapeOf(input).Length)
                    input = before;
                var read = network.ShapeOf(input);
                var own = matrix.ToArray().AsSpan(channel * read.Length, read.Length);
                return !read.IsMap
                    ? (Pictures(own, 1, 1, read.Length), $"The weights of {name} for this number, one for each number that it reads: blue is below 0, red above.")
                    : (Pictures(own, read.Channels, read.Height, read.Width), $"The weights of {name} for this number, a map for each map that it reads: blue is below 0, red above.");
            }

            var inputs = subject.Summary.InputsOf(from);
            if (inputs.Count != 1 || inputs[0] == 0 || network.ShapeOf(inputs[0]).Channels != network.ShapeOf(from).Channels)
                break;
            from = inputs[0];
        }

        return ([], "This layer has no filters of its own.");
    }

    private static List<PictureReply> Pictures(ReadOnlySpan<float> filter, int channels, int height, int width)
    {
        var range = ValueRange.Of(filter, ColorMap.Diverging);
        var pictures = new List<PictureReply>();
        for (var channel = 0; channel < Math.Min(channels, MostFilterChannels); channel++)
        {
            pictures.Add(new PictureReply(
                Picture.OfMap(filter.Slice(channel * height * width, height * width), height, width, ColorMap.Diverging, range).ToDataUri(),
                string.Create(CultureInfo.InvariantCulture, $"channel {channel}")));
        }

        return pictures;
    }

    private (IReadOnlyList<TopReply> Top, string Text) TopOf(int layer, int channel, Strongest strongest)
    {
        if (subject.Data is not { } data)
            return ([], "No images are at hand: --data DIR gives some.");
        if (!strongest.IsReady)
            return ([], "The images are still being looked at.");
        if (strongest.Fault is { } fault)
            return ([], Unreadable(fault));
        if (strongest.Of(layer)?.Of(channel) is not { Length: > 0 } found)
            return ([], "None was kept for this layer.");
        try
        {
            return ([.. found.Select(one => PatchOf(layer, channel, one, data.Images))], string.Create(
                CultureInfo.InvariantCulture,
                $"What excited this map most among {data.Images.Count} images: what its strongest element sees, and below it what the activation is projected back to (Zeiler, Fergus 2014)."));
        }
        catch (Exception gone) when (DataFaults.Are(gone))
        {
            return ([], Unreadable(gone));
        }

        static string Unreadable(Exception fault) => $"The images could not be looked at: {fault.Message.TrimEnd('.')}.";
    }

    private TopReply PatchOf(int layer, int channel, Excitement one, ImageDataset images)
    {
        var (patch, projection) = TopPatches.Pictures(network, layer, channel, one, subject.Fields, images, subject.Normalization);
        return new TopReply(patch.ToDataUri(), projection.ToDataUri(), one.Value, images.ClassCount > 0 ? subject.ClassNames[images.GetLabel(one.Image)] : null);
    }

    private static MapReply Quantized(ReadOnlySpan<float> map, int height, int width, ColorMap colors)
    {
        var (data, range) = (new byte[map.Length], ValueRange.Of(map, colors));
        range.Places(map, colors, data);
        return new MapReply(height, width, range.Low, range.High, data);
    }
}
