using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

public static partial class Augment
{
    /// <summary>The most degrees of a shear: at 90 an image has no area.</summary>
    private const double MostShear = 80;

    /// <summary>A random turn about the centre, between the nearest pixels (bilinear).</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="degrees">The greatest angle, from 0 to 180; the angle is uniform between it and its opposite.</param>
    /// <param name="fill">What comes in from outside.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="degrees"/> is out of its range.</exception>
    public static ImageAugmentation Rotate(ImageShape shape, double degrees, CropFill fill = CropFill.Zero) => Affine(shape, degrees, 1, 1, 0, fill);

    /// <summary>A random scale about the centre, the same along both axes, between the nearest pixels (bilinear, without antialiasing).</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="least">The least factor, from 0.1: below 1 the image becomes smaller.</param>
    /// <param name="most">The greatest, up to 10; the factor is uniform between the two.</param>
    /// <param name="fill">What comes in from outside.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is out of its range, or the least is more than the greatest.</exception>
    public static ImageAugmentation Scale(ImageShape shape, double least, double most, CropFill fill = CropFill.Zero) => Affine(shape, 0, least, most, 0, fill);

    /// <summary>A random shear about the centre, along rows or along columns by chance, between the nearest pixels (bilinear).</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="degrees">The greatest angle, from 0 to 80; the angle is uniform between it and its opposite, and its tangent the shear.</param>
    /// <param name="fill">What comes in from outside.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="degrees"/> is out of its range.</exception>
    public static ImageAugmentation Shear(ImageShape shape, double degrees, CropFill fill = CropFill.Zero) => Affine(shape, 0, 1, 1, degrees, fill);

    /// <summary>A random turn, scale and shear about the centre in one: <see cref="Rotate"/>, <see cref="Scale"/> and <see cref="Shear"/> without smoothing three times.</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="degrees">The greatest angle of a turn, from 0 to 180.</param>
    /// <param name="leastScale">The least factor, from 0.1.</param>
    /// <param name="mostScale">The greatest, up to 10.</param>
    /// <param name="shear">The greatest angle of a shear, from 0 to 80 degrees.</param>
    /// <param name="fill">What comes in from outside.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ImageAugmentation Affine(
        ImageShape shape, double degrees = 0, double leastScale = 1, double mostScale = 1, double shear = 0, CropFill fill = CropFill.Zero)
    {
        CheckRange(degrees, 0, 180, nameof(degrees));
        CheckRange(leastScale, 0.1, 10, nameof(leastScale));
        CheckRange(mostScale, leastScale, 10, nameof(mostScale));
        CheckRange(shear, 0, MostShear, nameof(shear));
        var outside = OutsideOf(fill);
        return (image, _, seed) =>
        {
            CheckImage(shape, image);
            var random = new CounterRandom(seed, 0);
            var angle = Between(ref random, -degrees, degrees) * (Math.PI / 180);
            var scale = Between(ref random, leastScale, mostScale);
            var slant = Math.Tan(Between(ref random, -shear, shear) * (Math.PI / 180));
            var isHorizontal = random.NextDouble() < 0.5;
            var map = AffineMap.Back(shape, angle, scale, isHorizontal ? slant : 0, isHorizontal ? 0 : slant);
            AffineSampling.Apply(shape, image, map, SourceArea.All(shape), outside);
        };
    }

    /// <summary>
    /// A random part of the image, enlarged to the whole (Szegedy et al. 2015; torchvision's <c>RandomResizedCrop</c>), between the nearest pixels (bilinear): whole pixels of a part of the area and a ratio of width to height, both drawn;
    /// where ten draws don't fit into the image, its middle within the ratios.
    /// </summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="leastArea">The least part of the area, above 0, up to 1; uniform between this and <paramref name="mostArea"/>.</param>
    /// <param name="mostArea">The greatest, up to 1.</param>
    /// <param name="mostRatio">The greatest ratio of width to height and of height to width, from 1 to 10; its logarithm is uniform.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ImageAugmentation RandomResizedCrop(ImageShape shape, double leastArea = 0.08, double mostArea = 1, double mostRatio = 4 / 3.0)
    {
        CheckRange(leastArea, 1e-6, 1, nameof(leastArea));
        CheckRange(mostArea, leastArea, 1, nameof(mostArea));
        CheckRange(mostRatio, 1, 10, nameof(mostRatio));
        return (image, _, seed) =>
        {
            CheckImage(shape, image);
            var random = new CounterRandom(seed, 0);
            var area = DrawArea(shape, ref random, leastArea, mostArea, mostRatio);
            if (area == SourceArea.All(shape))
                return;

            // Pixels are squares: the middle of the first one is half a pixel from the edge, here and there.
            var (x, y) = (area.Width / (double)shape.Width, area.Height / (double)shape.Height);
            var map = new AffineMap(x, 0, area.Left + (x / 2) - 0.5, 0, y, area.Top + (y / 2) - 0.5);
            AffineSampling.Apply(shape, image, map, area, Outside.Edge);
        };
    }

    /// <summary>The part that a random-resized crop takes.</summary>
    internal static SourceArea DrawArea(ImageShape shape, ref CounterRandom random, double leastArea, double mostArea, double mostRatio)
    {
        var (width, height) = (shape.Width, shape.Height);
        for (var draw = 0; draw < 10; draw++)
        {
            var area = Between(ref random, leastArea, mostArea) * width * height;
            var ratio = Math.Exp(Between(ref random, -Math.Log(mostRatio), Math.Log(mostRatio)));
            var (w, h) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (w >= 1 && h >= 1 && w <= width && h <= height)
                return new SourceArea(random.NextInt(width - w + 1), random.NextInt(height - h + 1), w, h);
        }

        var (wide, high) = (Math.Clamp((int)Math.Round(height * mostRatio), 1, width), Math.Clamp((int)Math.Round(width * mostRatio), 1, height));
        return new SourceArea((width - wide) / 2, (height - high) / 2, wide, high);
    }

    internal static double Between(ref CounterRandom random, double least, double most) => least + ((most - least) * random.NextDouble());

    private static Outside OutsideOf(CropFill fill)
    {
        CheckFill(fill);
        return fill == CropFill.Zero ? Outside.Zero : Outside.Reflect;
    }

    private static void CheckRange(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be from {least} to {most}."));
    }
}
