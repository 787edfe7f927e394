namespace CnnGen.Insight;

/// <summary>Makes maps, of a number a pixel, of what the methods return.</summary>
public static class Heatmap
{
    /// <summary>The largest size over the channels at each pixel: the saliency map of Simonyan et al. 2014, section 3.1.</summary>
    /// <param name="attribution">C x H x W floats.</param>
    /// <param name="shape">Their shape.</param>
    /// <returns>H x W floats, 0 or more.</returns>
    /// <exception cref="ArgumentException">There are not as many floats as the shape says.</exception>
    public static float[] Largest(ReadOnlySpan<float> attribution, ImageShape shape)
    {
        var map = NewMap(attribution, shape);
        for (var i = 0; i < attribution.Length; i++)
            map[i % map.Length] = Math.Max(map[i % map.Length], Math.Abs(attribution[i]));
        return map;
    }

    /// <summary>The sum over the channels at each pixel: what is for the unit is above zero, what is against it below.</summary>
    /// <param name="attribution">C x H x W floats.</param>
    /// <param name="shape">Their shape.</param>
    /// <returns>H x W floats.</returns>
    /// <exception cref="ArgumentException">There are not as many floats as the shape says.</exception>
    public static float[] Sum(ReadOnlySpan<float> attribution, ImageShape shape)
    {
        var map = NewMap(attribution, shape);
        for (var i = 0; i < attribution.Length; i++)
            map[i % map.Length] += attribution[i];
        return map;
    }

    /// <summary>A map brought to another size, between the centres of its elements linearly, beyond the outer ones constant.</summary>
    /// <param name="map">height x width floats.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="newHeight">Rows of the result, 1 or more.</param>
    /// <param name="newWidth">Columns of the result, 1 or more.</param>
    /// <exception cref="ArgumentException">There are not height x width floats.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side of the result is below 1.</exception>
    public static float[] Resize(ReadOnlySpan<float> map, int height, int width, int newHeight, int newWidth)
    {
        Check(map, new ImageShape(1, height, width));
        ArgumentOutOfRangeException.ThrowIfLessThan(newHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(newWidth, 1);
        var result = new float[checked(newHeight * newWidth)];
        for (var y = 0; y < newHeight; y++)
        {
            var (top, bottom, down) = Between(y, height, newHeight);
            for (var x = 0; x < newWidth; x++)
            {
                var (left, right, across) = Between(x, width, newWidth);
                var upper = map[(top * width) + left] + (across * (map[(top * width) + right] - map[(top * width) + left]));
                var lower = map[(bottom * width) + left] + (across * (map[(bottom * width) + right] - map[(bottom * width) + left]));
                result[(y * newWidth) + x] = upper + (down * (lower - upper));
            }
        }

        return result;
    }

    private static (int First, int Second, float Share) Between(int at, int length, int newLength)
    {
        var place = Math.Clamp(((at + 0.5) * length / newLength) - 0.5, 0, length - 1);
        var first = (int)place;
        return (first, Math.Min(first + 1, length - 1), (float)(place - first));
    }

    private static float[] NewMap(ReadOnlySpan<float> values, ImageShape shape)
    {
        Check(values, shape);
        return new float[shape.Height * shape.Width];
    }

    private static void Check(ReadOnlySpan<float> values, ImageShape shape)
    {
        if (shape.Channels < 1 || shape.Height < 1 || shape.Width < 1 || values.Length != (long)shape.Channels * shape.Height * shape.Width)
            throw new ArgumentException(FormattableString.Invariant($"{shape} are {(long)shape.Channels * shape.Height * shape.Width} floats, but {values.Length} were given."), nameof(values));
    }
}
