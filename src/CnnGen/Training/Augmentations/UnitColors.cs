using System.Numerics;

namespace CnnGen.Runtime;

/// <summary>From normalised numbers to those of a picture, 0 for black and 1 for full, and back.</summary>
/// <param name="shape">The images' shape.</param>
/// <param name="normalization">The model's.</param>
internal sealed class UnitColors(ImageShape shape, Normalization normalization)
{
    private readonly float[] _mean = normalization.Mean.ToArray();
    private readonly float[] _deviation = normalization.Deviation.ToArray();

    public void ToUnit(Span<float> image)
    {
        var plane = shape.Height * shape.Width;
        for (var channel = 0; channel < shape.Channels; channel++)
            ColorOperations.Scale(image.Slice(channel * plane, plane), _deviation[channel], _mean[channel]);
    }

    public void FromUnit(Span<float> image)
    {
        var plane = shape.Height * shape.Width;
        for (var channel = 0; channel < shape.Channels; channel++)
            ColorOperations.Scale(image.Slice(channel * plane, plane), 1 / _deviation[channel], -_mean[channel] / _deviation[channel]);
    }
}

/// <summary>
/// Changes of pictures whose numbers lie in [0, 1], channels one after the other, with PIL's and torchvision's meaning; results are bounded to [0, 1]. Grey is
/// 0.2989 red + 0.587 green + 0.114 blue, or the one channel.
/// </summary>
internal static class ColorOperations
{
    private const int Levels = 256;

    /// <summary>x * factor + offset.</summary>
    public static void Scale(Span<float> values, float factor, float offset)
    {
        var (factors, offsets) = (new Vector<float>(factor), new Vector<float>(offset));
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.FusedMultiplyAdd(new Vector<float>(values[i..]), factors, offsets).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] = MathF.FusedMultiplyAdd(values[i], factor, offset);
    }

    /// <summary>Times a factor.</summary>
    public static void Brightness(Span<float> image, float factor) => Blend(image, factor, 0);

    /// <summary>Away from the mean grey of the image, or towards it.</summary>
    public static void Contrast(ImageShape shape, Span<float> image, float factor)
    {
        var sum = 0.0;
        var plane = shape.Height * shape.Width;
        for (var i = 0; i < plane; i++)
            sum += Grey(shape, image, plane, i);
        Blend(image, factor, (float)((1 - (double)factor) * (sum / plane)));
    }

    /// <summary>Away from each pixel's grey, or towards it; for three channels.</summary>
    public static void Saturation(ImageShape shape, Span<float> image, float factor)
    {
        var plane = shape.Height * shape.Width;
        var red = image[..plane];
        var green = image.Slice(plane, plane);
        var blue = image[(2 * plane)..];
        var (factors, rest) = (new Vector<float>(factor), new Vector<float>(1 - factor));
        var i = 0;
        for (; i <= plane - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (r, g, b) = (new Vector<float>(red[i..]), new Vector<float>(green[i..]), new Vector<float>(blue[i..]));
            var grey = Vector.FusedMultiplyAdd(new Vector<float>(0.114f), b, Vector.FusedMultiplyAdd(new Vector<float>(0.587f), g, new Vector<float>(0.2989f) * r)) * rest;
            Bounded(Vector.FusedMultiplyAdd(r, factors, grey)).CopyTo(red[i..]);
            Bounded(Vector.FusedMultiplyAdd(g, factors, grey)).CopyTo(green[i..]);
            Bounded(Vector.FusedMultiplyAdd(b, factors, grey)).CopyTo(blue[i..]);
        }

        for (; i < plane; i++)
        {
            var grey = Grey(shape, image, plane, i) * (1 - factor);
            red[i] = Math.Clamp(MathF.FusedMultiplyAdd(red[i], factor, grey), 0, 1);
            green[i] = Math.Clamp(MathF.FusedMultiplyAdd(green[i], factor, grey), 0, 1);
            blue[i] = Math.Clamp(MathF.FusedMultiplyAdd(blue[i], factor, grey), 0, 1);
        }
    }

    /// <summary>Away from the image smoothed by [1 1 1; 1 5 1; 1 1 1] / 13, or towards it; the outermost pixels stay.</summary>
    public static void Sharpness(ImageShape shape, Span<float> image, float factor)
    {
        var (height, width) = (shape.Height, shape.Width);
        var above = new float[width];
        var own = new float[width];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = image.Slice(channel * height * width, height * width);
            plane[..width].CopyTo(above);
            for (var y = 1; y < height - 1; y++)
            {
                var row = plane.Slice(y * width, width);
                var below = plane.Slice((y + 1) * width, width);
                row.CopyTo(own);
                for (var x = 1; x < width - 1; x++)
                {
                    var sum = above[x - 1] + above[x] + above[x + 1] + own[x - 1] + (5 * own[x]) + own[x + 1] + below[x - 1] + below[x] + below[x + 1];
                    var smooth = sum * (1 / 13f);
                    row[x] = Math.Clamp(MathF.FusedMultiplyAdd(own[x] - smooth, factor, smooth), 0, 1);
                }

                (above, own) = (own, above);
            }
        }
    }

    /// <summary>Leaves the upper bits of each number as a byte.</summary>
    public static void Posterize(Span<float> image, int bits)
    {
        var mask = Levels - (1 << (8 - bits));
        foreach (ref var value in image)
            value = (Level(value) & mask) / 255f;
    }

    /// <summary>Exchanges light and dark of numbers from a threshold on.</summary>
    public static void Solarize(Span<float> image, float threshold)
    {
        foreach (ref var value in image)
            value = value >= threshold ? 1 - value : value;
    }

    /// <summary>Stretches each channel so that its least number is 0 and its greatest 1; a channel of one number stays.</summary>
    public static void AutoContrast(ImageShape shape, Span<float> image)
    {
        var length = shape.Height * shape.Width;
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = image.Slice(channel * length, length);
            var (least, most) = (float.PositiveInfinity, float.NegativeInfinity);
            foreach (var value in plane)
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
            if (most > least)
                Blend(plane, 1 / (most - least), -least / (most - least));
        }
    }

    /// <summary>Levels of each channel spread so that all are about as frequent, by PIL's rule over the 256 levels of bytes.</summary>
    public static void Equalize(ImageShape shape, Span<float> image)
    {
        var length = shape.Height * shape.Width;
        Span<int> counts = stackalloc int[Levels];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = image.Slice(channel * length, length);
            counts.Clear();
            var highest = 0;
            foreach (var value in plane)
                counts[Level(value)]++;
            for (var level = 0; level < Levels; level++)
                highest = counts[level] > 0 ? level : highest;
            var step = (length - counts[highest]) / 255;
            if (step == 0)
                continue;
            var sum = step / 2;
            for (var level = 0; level < Levels; level++)
                (counts[level], sum) = (Math.Min(sum / step, 255), sum + counts[level]);
            foreach (ref var value in plane)
                value = counts[Level(value)] / 255f;
        }
    }

    private static int Level(float value) => (int)MathF.Round(Math.Clamp(value, 0, 1) * 255);

    private static float Grey(ImageShape shape, ReadOnlySpan<float> image, int plane, int i) => shape.Channels == 1
        ? image[i]
        : MathF.FusedMultiplyAdd(0.114f, image[(2 * plane) + i], MathF.FusedMultiplyAdd(0.587f, image[plane + i], 0.2989f * image[i]));

    private static Vector<float> Bounded(Vector<float> values) => Vector.Min(Vector.Max(values, Vector<float>.Zero), Vector<float>.One);

    private static void Blend(Span<float> values, float factor, float offset)
    {
        var (factors, offsets) = (new Vector<float>(factor), new Vector<float>(offset));
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            Bounded(Vector.FusedMultiplyAdd(new Vector<float>(values[i..]), factors, offsets)).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] = Math.Clamp(MathF.FusedMultiplyAdd(values[i], factor, offset), 0, 1);
    }
}
