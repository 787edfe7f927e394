using System.Globalization;

namespace CnnGen;

/// <summary>Turns maps of floats from one <see cref="Layout"/> into the other.</summary>
public static class ChannelOrder
{
    /// <summary>Makes pixels of planes: of images one after the other, each C x H x W, images of H x W x C.</summary>
    /// <param name="planes">Any number of images.</param>
    /// <param name="pixels">Receives as many floats; memory of its own.</param>
    /// <param name="shape">The shape of one image.</param>
    /// <exception cref="ArgumentException">The spans differ in length or overlap, or the length is no multiple of an image's.</exception>
    public static void ToChannelsLast(ReadOnlySpan<float> planes, Span<float> pixels, ImageShape shape)
    {
        Check(planes, pixels, shape, nameof(pixels));
        for (var first = 0; first < planes.Length; first += shape.Length)
            Transpose(planes.Slice(first, shape.Length), pixels.Slice(first, shape.Length), shape.Channels);
    }

    /// <summary>Makes planes of pixels: of images one after the other, each H x W x C, images of C x H x W.</summary>
    /// <param name="pixels">Any number of images.</param>
    /// <param name="planes">Receives as many floats; memory of its own.</param>
    /// <param name="shape">The shape of one image.</param>
    /// <exception cref="ArgumentException">The spans differ in length or overlap, or the length is no multiple of an image's.</exception>
    public static void ToChannelsFirst(ReadOnlySpan<float> pixels, Span<float> planes, ImageShape shape)
    {
        Check(pixels, planes, shape, nameof(planes));
        for (var first = 0; first < pixels.Length; first += shape.Length)
            Transpose(pixels.Slice(first, shape.Length), planes.Slice(first, shape.Length), shape.Height * shape.Width);
    }

    private static void Check(ReadOnlySpan<float> source, ReadOnlySpan<float> target, ImageShape shape, string name)
    {
        if (shape.Channels < 1 || shape.Height < 1 || shape.Width < 1 || source.Length != target.Length || source.Length % shape.Length != 0)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{source.Length} floats do not become {target.Length} floats of maps of {shape}: the numbers have to be equal, and a multiple of {(long)shape.Channels * shape.Height * shape.Width}."),
                name);
        }

        if (source.Overlaps(target))
            throw new ArgumentException($"{name} overlaps what it is made of: give it memory of its own.", name);
    }

    /// <summary>Columns of a matrix with so many rows become rows, a few at a time: what is read and written then stays in the cache.</summary>
    private static void Transpose(ReadOnlySpan<float> source, Span<float> target, int rows)
    {
        const int Block = 16;
        var columns = source.Length / rows;
        for (var firstColumn = 0; firstColumn < columns; firstColumn += Block)
        {
            var endColumn = Math.Min(columns, firstColumn + Block);
            for (var row = 0; row < rows; row++)
            {
                var position = (firstColumn * rows) + row;
                foreach (var value in source.Slice((row * columns) + firstColumn, endColumn - firstColumn))
                {
                    target[position] = value;
                    position += rows;
                }
            }
        }
    }
}
