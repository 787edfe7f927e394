using System.Globalization;

namespace CnnGen.Insight;

/// <summary>What excites the feature maps of a layer: the patches of a data set's images for which they are strongest (Zeiler, Fergus 2014, figure 2).</summary>
public static class TopPatches
{
    private const int BatchLength = 32;

    /// <summary>Finds the strongest activations while the images stream by once.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">The layer's place, from 1; a handle has it as <see cref="LayerHandle.Index"/>.</param>
    /// <param name="images">The data set, in the network's shape.</param>
    /// <param name="normalization">The model's: <c>Net.Normalization</c>.</param>
    /// <param name="most">How many for each map, 1 to 1024.</param>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer, or <paramref name="most"/> is out of its range.</exception>
    public static TopActivations Find(IExplainable network, int layer, ImageDataset images, Normalization normalization, int most = 9) => Find(network, [layer], images, normalization, most)[0];

    /// <summary>Finds the strongest activations of several layers while the images stream by once.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">The layers' places.</param>
    /// <param name="images">The data set, in the network's shape.</param>
    /// <param name="normalization">The model's.</param>
    /// <param name="most">How many for each map, 1 to 1024.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Those of each layer, in the order of <paramref name="layers"/>.</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer, or <paramref name="most"/> is out of its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static IReadOnlyList<TopActivations> Find(
        IExplainable network, IReadOnlyList<int> layers, ImageDataset images, Normalization normalization, int most = 9, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(images);
        foreach (var layer in layers)
            new Unit(layer, 0).Check(network);
        if (images.Shape != network.ShapeOf(0))
            throw new ArgumentException($"The images are {images.Shape}, but the network reads {network.ShapeOf(0)}.", nameof(images));
        var tops = layers.Select(layer => new TopActivations(network.ShapeOf(layer), most)).ToArray();
        var length = images.Shape.Length;
        var batch = Math.Clamp(images.Count, 1, BatchLength);
        var (floats, activations) = (new float[batch * length], new float[batch * tops.Select(top => top.Shape.Length).DefaultIfEmpty().Max()]);
        for (var first = 0; first < images.Count; first += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(batch, images.Count - first);
            for (var i = 0; i < count; i++)
                images.CopyImage(first + i, floats.AsSpan(i * length, length), normalization);
            network.Forward(floats.AsSpan(0, count * length), count);
            for (var k = 0; k < tops.Length; k++)
            {
                var maps = activations.AsSpan(0, count * tops[k].Shape.Length);
                network.CopyActivations(layers[k], maps);
                tops[k].Add(maps, count);
            }
        }

        return tops;
    }

    /// <summary>Draws the patches of one map, the strongest first, and below each, if wanted, what the deconvolutional network projects there from that activation (<see cref="Attribution.Deconvolution"/>).</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">The layer's place.</param>
    /// <param name="channel">The map.</param>
    /// <param name="top">What <c>Find</c> found.</param>
    /// <param name="fields">The model's receptive fields.</param>
    /// <param name="images">The same data set.</param>
    /// <param name="normalization">The model's.</param>
    /// <param name="hasProjections">Whether the projections are drawn too.</param>
    /// <param name="name">The layer's name, for the title.</param>
    /// <param name="style">Paper and scale; null for <see cref="PictureStyle.Light"/>.</param>
    /// <exception cref="ArgumentException">The activations are another layer's, or there are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such map.</exception>
    public static Picture Draw(
        IExplainable network, int layer, int channel, TopActivations top, ReceptiveFields fields, ImageDataset images, Normalization normalization, bool hasProjections = true, string name = "", PictureStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(top);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(images);
        new Unit(layer, 0).Check(network);
        if (network.ShapeOf(layer) != top.Shape)
            throw new ArgumentException($"The strongest activations are those of a layer of {top.Shape}, but layer {layer.ToString(CultureInfo.InvariantCulture)} is {network.ShapeOf(layer)}.", nameof(top));
        style ??= PictureStyle.Light;
        var excitements = top.Of(channel);
        if (excitements.Length == 0)
            throw new ArgumentException("No image was added yet: Find adds those of a data set.", nameof(top));
        var shape = network.ShapeOf(0);

        // All patches are as large as the largest; what lies outside the image has the paper's colour.
        var areas = excitements.Select(one => fields.Of(layer, one.Y, one.X)).ToList();
        var (height, width) = (Math.Min(shape.Height, areas.Max(area => area.Height)), Math.Min(shape.Width, areas.Max(area => area.Width)));
        var (patches, projections) = (new List<Picture>(), new List<Picture>());
        var image = new float[shape.Length];
        var scale = style.ScaleFor(width);
        for (var i = 0; i < excitements.Length; i++)
        {
            var (number, _, y, x) = excitements[i];
            images.CopyImage(number, image, normalization);
            patches.Add(Cut(Picture.OfImage(image, shape, normalization), areas[i], shape, height, width, style).Scaled(scale));
            if (hasProjections)
            {
                var projection = Attribution.Deconvolution(network, image, Unit.Of(network, layer, channel, y, x));
                projections.Add(Cut(OfProjection(projection, shape), areas[i], shape, height, width, style).Scaled(scale));
            }
        }

        var labels = excitements.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Value:G3}")).ToList();
        var title = string.Create(CultureInfo.InvariantCulture, $"{(name.Length > 0 ? name : $"layer {layer}")}, map {channel}: the {excitements.Length} strongest of {top.Count} images")
            + (hasProjections ? "\nbelow each its projection" : "");
        return PictureGrid.Of([.. patches, .. projections], title, [.. labels, .. projections.Select(_ => "")], style with { Columns = hasProjections || style.Columns == 0 ? patches.Count : style.Columns });
    }

    /// <summary>What one element sees, and what is projected there from its activation; both as large as its field within the image.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">The layer's place.</param>
    /// <param name="channel">The map.</param>
    /// <param name="one">The element, and the image's number.</param>
    /// <param name="fields">The model's receptive fields.</param>
    /// <param name="images">The data set.</param>
    /// <param name="normalization">The model's.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image, layer, map or element.</exception>
    public static (Picture Patch, Picture Projection) Pictures(
        IExplainable network, int layer, int channel, Excitement one, ReceptiveFields fields, ImageDataset images, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(images);
        var shape = network.ShapeOf(0);
        var image = new float[shape.Length];
        images.CopyImage(one.Image, image, normalization);
        var area = fields.Of(layer, one.Y, one.X).Within(shape);
        var projection = Attribution.Deconvolution(network, image, Unit.Of(network, layer, channel, one.Y, one.X));
        return (
            Picture.OfImage(image, shape, normalization).Crop(area.Left, area.Top, area.Width, area.Height),
            OfProjection(projection, shape).Crop(area.Left, area.Top, area.Width, area.Height));
    }

    private static Picture Cut(Picture whole, ImageArea area, ImageShape shape, int height, int width, PictureStyle style)
    {
        var inside = area.Within(shape);
        var patch = new Picture(width, height, style.Background);

        // A field that is larger than the image stands where the image does.
        var (top, left) = (area.Height > height ? inside.Top : area.Top, area.Width > width ? inside.Left : area.Left);
        if (inside.Height > 0 && inside.Width > 0)
            patch.Draw(whole.Crop(inside.Left, inside.Top, inside.Width, inside.Height), inside.Left - left, inside.Top - top);
        return patch;
    }

    private static Picture OfProjection(float[] projection, ImageShape shape)
    {
        if (shape.Channels != 3)
            return Picture.OfMap(Heatmap.Sum(projection, shape), shape.Height, shape.Width, ColorMap.Diverging);

        // Grey is zero, in colour.
        var range = ValueRange.Of(projection, ColorMap.Diverging);
        return Picture.OfImage(projection.Select(value => range.High > 0 ? 0.5f + (0.5f * value / range.High) : 0.5f).ToArray(), shape, new Normalization([0, 0, 0], [1, 1, 1]));
    }
}
