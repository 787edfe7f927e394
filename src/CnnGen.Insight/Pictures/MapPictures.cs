using System.Globalization;

namespace CnnGen.Insight;

/// <summary>How the maps of a grid are spread over the colours.</summary>
public enum MapScaling
{
    /// <summary>Each map over its own range: its pattern is seen, maps can't be compared in strength.</summary>
    Each,

    /// <summary>All over the range of all: strong maps and weak ones look it.</summary>
    Joint,
}

/// <summary>Filters and feature maps as grids.</summary>
public static class MapPictures
{
    /// <summary>
    /// The filters of a convolution: those over three channels in colour, with grey for zero, all others a map for each pair of filter and channel, a row a filter, in the diverging map. What the scaling is, and the range, is said
    /// in the title.
    /// </summary>
    /// <param name="weights">filters x channels x height x width floats, in this order: as <see cref="Parameter.CopyTo(Span{float})"/> gives them.</param>
    /// <param name="filters">The number of filters, 1 or more.</param>
    /// <param name="channels">The channels that each reads, 1 or more.</param>
    /// <param name="height">Rows of the kernel, 1 or more.</param>
    /// <param name="width">Columns of the kernel, 1 or more.</param>
    /// <param name="name">The layer's name, for the title.</param>
    /// <param name="scaling">Over the range of each filter, or of all.</param>
    /// <param name="style">Paper and scale; null for <see cref="PictureStyle.Light"/>.</param>
    /// <param name="mostChannels">Of filters over other numbers of channels than three, the first so many are shown; 1 or more.</param>
    /// <exception cref="ArgumentException">There are not as many weights as the numbers say.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mostChannels"/> is below 1, or the grid would have more pixels than a <see cref="Picture"/> may.</exception>
    public static Picture Filters(
        ReadOnlySpan<float> weights, int filters, int channels, int height, int width, string name = "", MapScaling scaling = MapScaling.Each, PictureStyle? style = null, int mostChannels = 16)
    {
        CheckMaps(weights.Length, [filters, channels, height, width], "The filters");
        ArgumentOutOfRangeException.ThrowIfLessThan(mostChannels, 1);
        style ??= PictureStyle.Light;
        var size = channels * height * width;
        var all = ValueRange.Of(weights, ColorMap.Diverging);
        var isColor = channels == 3;
        var shown = isColor ? 1 : Math.Min(channels, mostChannels);
        var cells = new List<Picture>();
        var labels = new List<string>();
        var scale = style.ScaleFor(width);
        for (var filter = 0; filter < filters; filter++)
        {
            var own = weights.Slice(filter * size, size);
            var range = scaling == MapScaling.Joint ? all : ValueRange.Of(own, ColorMap.Diverging);
            for (var channel = 0; channel < shown; channel++)
            {
                cells.Add((isColor ? InColor(own, height, width, range) : Picture.OfMap(own.Slice(channel * height * width, height * width), height, width, ColorMap.Diverging, range)).Scaled(scale));
                labels.Add(shown == 1 ? Number(filter) : $"{Number(filter)}.{Number(channel)}");
            }
        }

        var title = $"{(name.Length > 0 ? name + ": " : "")}{Number(filters)} filters {Number(channels)}x{Number(height)}x{Number(width)}"
            + (shown < channels && !isColor ? $", channels 0-{Number(shown - 1)}" : "")
            + (scaling == MapScaling.Joint ? $"\none scale for all: {all}" : "\neach filter on its own scale, 0 in the middle");
        return PictureGrid.Of(cells, title, labels, shown > 1 && style.Columns == 0 ? style with { Columns = shown } : style);
    }

    /// <summary>The feature maps of a layer for one image, in the sequential map, or in the diverging one where a number is below zero.</summary>
    /// <param name="activations">C x H x W floats.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="name">The layer's name, for the title.</param>
    /// <param name="scaling">Over the range of each map, or of all.</param>
    /// <param name="style">Paper and scale; null for <see cref="PictureStyle.Light"/>.</param>
    /// <param name="most">The first so many maps are shown; 1 or more.</param>
    /// <exception cref="ArgumentException">There are not as many floats as the shape says.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1, or the grid would have more pixels than a <see cref="Picture"/> may.</exception>
    public static Picture FeatureMaps(
        ReadOnlySpan<float> activations, ImageShape shape, string name = "", MapScaling scaling = MapScaling.Each, PictureStyle? style = null, int most = 256)
    {
        CheckMaps(activations.Length, [shape.Channels, shape.Height, shape.Width], "The feature maps");
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        style ??= PictureStyle.Light;
        var plane = shape.Height * shape.Width;
        var shown = activations[..(Math.Min(shape.Channels, most) * plane)];
        var map = ColorMap.For(shown);
        var all = ValueRange.Of(shown, map);
        var cells = new List<Picture>();
        var labels = new List<string>();
        var scale = style.ScaleFor(shape.Width);
        for (var channel = 0; channel * plane < shown.Length; channel++)
        {
            cells.Add(Picture.OfMap(shown.Slice(channel * plane, plane), shape.Height, shape.Width, map, scaling == MapScaling.Joint ? all : null).Scaled(scale));
            labels.Add(Number(channel));
        }

        var title = $"{(name.Length > 0 ? name + ": " : "")}{Number(shape.Channels)} maps {Number(shape.Height)}x{Number(shape.Width)}"
            + (cells.Count < shape.Channels ? $", the first {Number(cells.Count)}" : "")
            + (scaling == MapScaling.Joint ? $"\none scale for all: {all}" : "\neach map on its own scale");
        return PictureGrid.Of(cells, title, labels, style);
    }

    /// <summary>A map of the image's importance laid over the image: where it is high, the image shows the map's colour.</summary>
    /// <param name="image">The image.</param>
    /// <param name="importance">height x width numbers, of the image's size (<see cref="Heatmap"/> gives them).</param>
    /// <param name="map">The colours; null for the diverging map where a number is below zero, else the sequential one.</param>
    /// <param name="opacity">How much of the map's colour there is where it is strongest, 0 to 1.</param>
    /// <exception cref="ArgumentException">There are not as many numbers as the image has pixels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is out of its range.</exception>
    public static Picture Overlay(Picture image, ReadOnlySpan<float> importance, ColorMap? map = null, double opacity = 0.75)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!(opacity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "The opacity lies between 0 and 1.");
        map ??= ColorMap.For(importance);
        var range = ValueRange.Of(importance, map);
        var overlay = Picture.OfMap(importance, image.Height, image.Width, map, range);
        var most = Math.Max(Math.Abs(range.Low), Math.Abs(range.High));
        for (var i = 0; i < importance.Length; i++)
        {
            var share = most > 0 && float.IsFinite(importance[i]) ? opacity * Math.Abs(importance[i]) / most : 0;
            for (var at = 3 * i; at < (3 * i) + 3; at++)
                overlay.Pixels[at] = (byte)Math.Round((image.Pixels[at] * (1 - share)) + (overlay.Pixels[at] * share));
        }

        return overlay;
    }

    private static Picture InColor(ReadOnlySpan<float> filter, int height, int width, ValueRange range)
    {
        var picture = new Picture(width, height, Rgb.Grey(128));
        var plane = height * width;
        for (var channel = 0; channel < 3; channel++)
        {
            for (var i = 0; i < plane && range.High > 0; i++)
                picture.Pixels[(3 * i) + channel] = (byte)Math.Clamp(Math.Round(127.5 + (127.5 * filter[(channel * plane) + i] / range.High)), 0, 255);
        }

        return picture;
    }

    private static void CheckMaps(int length, ReadOnlySpan<int> dimensions, string what)
    {
        var expected = 1L;
        foreach (var dimension in dimensions)
        {
            if (dimension < 1)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{what}: {Text(dimensions)} has a dimension below 1."));
            expected *= dimension;
        }

        if (length != expected)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{what}: {Text(dimensions)} are {expected} numbers, but {length} were given."));
    }

    private static string Text(ReadOnlySpan<int> dimensions) => string.Join('x', dimensions.ToArray().Select(Number));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
