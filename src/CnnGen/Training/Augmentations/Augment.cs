using System.Buffers;
using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>What stands where a crop reaches past the image.</summary>
public enum CropFill
{
    /// <summary>Zeros, which are the mean of normalised images.</summary>
    Zero,

    /// <summary>The image mirrored at its edge, whose pixels are not repeated.</summary>
    Reflect,
}

/// <summary>Changes of images for <see cref="Trainer{TModel}.Augmentation"/>. All of them are functions of the seed that the trainer gives, and so give the same bits again.</summary>
/// <example><code>
/// var shape = Net.InputShape;
/// var trainer = new Trainer&lt;Net&gt;(model, optimizer)
/// {
///     Augmentation = Augment.All(Augment.Crop(shape, 4), Augment.Flip(shape), Augment.Erase(shape, 8)),
/// };
/// </code></example>
public static partial class Augment
{
    /// <summary>No change: what <see cref="Trainer{TModel}.TargetAugmentation"/> is where an augmentation leaves every pixel in its place (colours, noise).</summary>
    public static ImageAugmentation None { get; } = (_, _, _) => { };

    /// <summary>One after the other, each with a seed of its own.</summary>
    /// <param name="changes">The changes, in their order.</param>
    public static ImageAugmentation All(params ImageAugmentation[] changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var change in changes)
            ArgumentNullException.ThrowIfNull(change, nameof(changes));
        var all = (ImageAugmentation[])changes.Clone();
        return (image, index, seed) =>
        {
            for (var i = 0; i < all.Length; i++)
                all[i](image, index, CounterRandom.At(seed, (ulong)i));
        };
    }

    /// <summary>A random crop of the padded image, as large as the image: a shift by up to <paramref name="padding"/> pixels up or down, and left or right.</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="padding">The pixels, from 0 to the smaller of height and width less one.</param>
    /// <param name="fill">What comes in from outside.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="padding"/> is out of its range: more can't apply to the shape.</exception>
    public static ImageAugmentation Crop(ImageShape shape, int padding, CropFill fill = CropFill.Reflect)
    {
        CheckSize(shape, padding, 0, Math.Min(shape.Height, shape.Width) - 1, nameof(padding));
        CheckFill(fill);
        return (image, _, seed) =>
        {
            CheckImage(shape, image);
            var random = new CounterRandom(seed, 0);
            var (down, right) = (random.NextInt((2 * padding) + 1) - padding, random.NextInt((2 * padding) + 1) - padding);
            Shift(shape, image, down, right, fill);
        };
    }

    /// <summary>Mirrors images left to right, by chance. <see cref="Trainer{TModel}.AlternatingFlip"/> does so without chance.</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="probability">How often, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> is outside [0, 1].</exception>
    public static ImageAugmentation Flip(ImageShape shape, double probability = 0.5)
    {
        CheckProbability(probability);
        return (image, _, seed) =>
        {
            CheckImage(shape, image);
            if (new CounterRandom(seed, 0).NextDouble() < probability)
                Mirror(shape, image);
        };
    }

    /// <summary>Sets a square at a random place to zero in all channels (cutout: DeVries, Taylor 2017); its centre is any pixel, so that part of it may lie outside.</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="size">The square's side, from 1 to the smaller of height and width.</param>
    /// <param name="probability">How often, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range: a larger square can't apply to the shape.</exception>
    public static ImageAugmentation Erase(ImageShape shape, int size, double probability = 1)
    {
        CheckSize(shape, size, 1, Math.Min(shape.Height, shape.Width), nameof(size));
        CheckProbability(probability);
        return (image, _, seed) =>
        {
            CheckImage(shape, image);
            var random = new CounterRandom(seed, 0);
            if (random.NextDouble() >= probability)
                return;
            var (top, left) = (random.NextInt(shape.Height) - (size / 2), random.NextInt(shape.Width) - (size / 2));
            var (firstColumn, endColumn) = (Math.Max(left, 0), Math.Min(left + size, shape.Width));
            for (var channel = 0; channel < shape.Channels; channel++)
            {
                for (var y = Math.Max(top, 0); y < Math.Min(top + size, shape.Height); y++)
                    image.Slice((((channel * shape.Height) + y) * shape.Width) + firstColumn, endColumn - firstColumn).Clear();
            }
        };
    }

    /// <summary>Adds normal noise to each number.</summary>
    /// <param name="deviation">Its standard deviation, in the units of normalised images; finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="deviation"/> is negative or not finite.</exception>
    public static ImageAugmentation Noise(double deviation)
    {
        if (!((float)deviation >= 0 && float.IsFinite((float)deviation)))
            throw new ArgumentOutOfRangeException(nameof(deviation), string.Create(CultureInfo.InvariantCulture, $"deviation is {deviation}, but must be a finite number, 0 or more."));
        return (image, _, seed) =>
        {
            var random = new CounterRandom(seed, 0);
            foreach (ref var value in image)
                value += (float)(deviation * random.NextNormal());
        };
    }

    /// <summary>Mirrors an image left to right.</summary>
    internal static void Mirror(ImageShape shape, Span<float> image)
    {
        for (var row = 0; row < shape.Channels * shape.Height; row++)
            image.Slice(row * shape.Width, shape.Width).Reverse();
    }

    /// <summary>Moves an image by whole pixels.</summary>
    internal static void Shift(ImageShape shape, Span<float> image, int down, int right, CropFill fill)
    {
        if (down == 0 && right == 0)
            return;
        var (height, width) = (shape.Height, shape.Width);
        var rented = ArrayPool<float>.Shared.Rent(height * width);
        var plane = rented.AsSpan(0, height * width);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var target = image.Slice(channel * plane.Length, plane.Length);
            target.CopyTo(plane);
            for (var y = 0; y < height; y++)
            {
                var row = target.Slice(y * width, width);
                if (fill == CropFill.Zero && (y < down || y - down >= height))
                {
                    row.Clear();
                    continue;
                }

                var source = plane.Slice(Reflected(y - down, height) * width, width);
                if (right >= 0)
                    source[..(width - right)].CopyTo(row[right..]);
                else
                    source[-right..].CopyTo(row);
                var (first, end) = right >= 0 ? (0, right) : (width + right, width);
                for (var x = first; x < end; x++)
                    row[x] = fill == CropFill.Zero ? 0 : source[Reflected(x - right, width)];
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such fill.</exception>
    internal static void CheckFill(CropFill fill)
    {
        if (fill is not (CropFill.Zero or CropFill.Reflect))
            throw new ArgumentOutOfRangeException(nameof(fill), fill, "There is no such fill.");
    }

    private static int Reflected(int place, int length) => place < 0 ? -place : place >= length ? (2 * (length - 1)) - place : place;

    private static void CheckSize(ImageShape shape, int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"For images of shape {shape}, {name} must be from {least} to {most}."));
    }

    private static void CheckProbability(double probability)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), string.Create(CultureInfo.InvariantCulture, $"probability is {probability}, but must be from 0 to 1."));
    }

    private static void CheckImage(ImageShape shape, Span<float> image)
    {
        if (image.Length != shape.Length)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The augmentation was made for images of shape {shape}, which have {shape.Length} numbers, but was given one of {image.Length}. Make it for the model's InputShape."));
    }
}
