using CnnGen;

namespace ZooSample;

/// <summary>Regions to call networks with that read some: a grid over the image, of several sizes.</summary>
internal static class SampleRegions
{
    /// <summary>The regions of some images, all alike: x1, y1, x2, y2 each.</summary>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="regions">The regions of an image.</param>
    /// <param name="count">The number of images.</param>
    public static float[] Of(ImageShape shape, int regions, int count)
    {
        var numbers = new float[count * regions * 4];
        for (var i = 0; i < count * regions; i++)
        {
            // A quarter of the image's height and width, a half or the whole of them, from one of four places on.
            var region = i % regions;
            var part = 1f / (1 << (2 - (region / 4 % 3)));
            var (left, top) = ((1 - part) * (region % 2) * shape.Width, (1 - part) * (region / 2 % 2) * shape.Height);
            (numbers[4 * i], numbers[(4 * i) + 1]) = (left, top);
            (numbers[(4 * i) + 2], numbers[(4 * i) + 3]) = (left + (part * shape.Width), top + (part * shape.Height));
        }

        return numbers;
    }
}
