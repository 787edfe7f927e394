namespace CnnGen.Insight;

/// <summary>Computes the scores of images: a model's <c>Predict</c>.</summary>
/// <param name="images">count x C x H x W floats.</param>
/// <param name="scores">Receives count x outputs floats.</param>
/// <param name="count">The number of images.</param>
public delegate void ScoreImages(ReadOnlySpan<float> images, Span<float> scores, int count);

/// <summary>A map of how much a score falls where a square covers the image.</summary>
/// <param name="Drops">Rows x Columns floats: the score of the image minus that with the square there. Above zero: the model needs what was covered.</param>
/// <param name="Rows">Places of the square from the top.</param>
/// <param name="Columns">Places from the left.</param>
public sealed record OcclusionMap(float[] Drops, int Rows, int Columns)
{
    /// <summary>The map at the size of the image: each pixel has the mean of the places whose square covers it.</summary>
    public required float[] Pixels { get; init; }
}

/// <summary>Occlusion (Zeiler, Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2): no gradients, only predictions of images of which a part is covered.</summary>
public static class Occlusion
{
    private const int BatchLength = 32;

    /// <summary>Slides a square over the image.</summary>
    /// <param name="predict">Computes scores: <c>model.Predict</c>.</param>
    /// <param name="outputs">The number of scores of an image, 1 or more.</param>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="index">The score that is looked at, from 0.</param>
    /// <param name="size">Pixels of the square's sides, from 1 to the image's shorter one.</param>
    /// <param name="stride">Pixels from one place to the next, 1 or more; the last place is always at the border.</param>
    /// <param name="fill">What covers: a number for each channel, or one for all. Empty for the mean of each channel of the image.</param>
    /// <exception cref="ArgumentException">The image has another length, or there is another number of fillings.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static OcclusionMap Of(ScoreImages predict, int outputs, ReadOnlySpan<float> image, ImageShape shape, int index, int size, int stride = 1, ReadOnlySpan<float> fill = default)
    {
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, outputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Math.Min(shape.Height, shape.Width));
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        Attribution.CheckImage(image, shape);
        var cover = Cover(image, shape, fill);
        var (rows, columns) = (Places(shape.Height, size, stride), Places(shape.Width, size, stride));
        var drops = new float[rows.Length * columns.Length];
        var batch = Math.Min(BatchLength, drops.Length);
        var (images, scores) = (new float[batch * image.Length], new float[batch * outputs]);
        predict(image, scores.AsSpan(0, outputs), 1);
        var whole = scores[index];
        for (var first = 0; first < drops.Length; first += batch)
        {
            var count = Math.Min(batch, drops.Length - first);
            for (var i = 0; i < count; i++)
            {
                var copy = images.AsSpan(i * image.Length, image.Length);
                image.CopyTo(copy);
                var (top, left) = (rows[(first + i) / columns.Length], columns[(first + i) % columns.Length]);
                for (var channel = 0; channel < shape.Channels; channel++)
                {
                    for (var y = top; y < top + size; y++)
                        copy.Slice((((channel * shape.Height) + y) * shape.Width) + left, size).Fill(cover[channel]);
                }
            }

            predict(images.AsSpan(0, count * image.Length), scores.AsSpan(0, count * outputs), count);
            for (var i = 0; i < count; i++)
                drops[first + i] = whole - scores[(i * outputs) + index];
        }

        return new OcclusionMap(drops, rows.Length, columns.Length) { Pixels = Spread(drops, rows, columns, shape, size) };
    }

    private static float[] Cover(ReadOnlySpan<float> image, ImageShape shape, ReadOnlySpan<float> fill)
    {
        if (!fill.IsEmpty && fill.Length != 1 && fill.Length != shape.Channels)
            throw new ArgumentException(FormattableString.Invariant($"What covers has {fill.Length} numbers: give one for each of the {shape.Channels} channels, or one for all, or none for their means."), nameof(fill));
        var cover = new float[shape.Channels];
        var plane = shape.Height * shape.Width;
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var sum = 0.0;
            foreach (var value in image.Slice(channel * plane, plane))
                sum += value;
            cover[channel] = fill.IsEmpty ? (float)(sum / plane) : fill[fill.Length == 1 ? 0 : channel];
        }

        return cover;
    }

    private static int[] Places(int length, int size, int stride)
    {
        var places = new List<int>();
        for (var place = 0; place < length - size; place += stride)
            places.Add(place);
        places.Add(length - size);
        return [.. places];
    }

    private static float[] Spread(float[] drops, int[] rows, int[] columns, ImageShape shape, int size)
    {
        var (sums, counts) = (new double[shape.Height * shape.Width], new int[shape.Height * shape.Width]);
        for (var i = 0; i < drops.Length; i++)
        {
            var (top, left) = (rows[i / columns.Length], columns[i % columns.Length]);
            for (var y = top; y < top + size; y++)
            {
                for (var at = (y * shape.Width) + left; at < (y * shape.Width) + left + size; at++)
                {
                    sums[at] += drops[i];
                    counts[at]++;
                }
            }
        }

        var pixels = new float[sums.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = counts[i] > 0 ? (float)(sums[i] / counts[i]) : 0;
        return pixels;
    }
}
