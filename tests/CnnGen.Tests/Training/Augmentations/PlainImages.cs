using CnnGen.Runtime;

namespace CnnGen.Tests.Training.Augmentations;

/// <summary>Changes of images pixel by pixel in double precision, as their definitions say.</summary>
internal static class PlainImages
{
    public static double[] Random(ImageShape shape, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, shape.Length).Select(_ => (double)(float)random.NextDouble())];
    }

    public static float[] Floats(double[] image) => Array.ConvertAll(image, value => (float)value);

    /// <summary>Each pixel is looked for among the four nearest of where the inverse of the matrix says it comes from.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="image">The image.</param>
    /// <param name="forward">a b c d: a point (x, y) from the centre, y upwards, goes to (a x + b y, c x + d y).</param>
    /// <param name="right">A move afterwards.</param>
    /// <param name="up">A move afterwards.</param>
    /// <param name="reflects">Mirrored outside, rather than zero.</param>
    public static double[] Affine(ImageShape shape, double[] image, (double A, double B, double C, double D) forward, double right, double up, bool reflects)
    {
        var result = new double[image.Length];
        var determinant = (forward.A * forward.D) - (forward.B * forward.C);
        for (var y = 0; y < shape.Height; y++)
        {
            for (var x = 0; x < shape.Width; x++)
            {
                var (u, v) = (x - ((shape.Width - 1) / 2.0) - right, ((shape.Height - 1) / 2.0) - y - up);
                var fromX = (((forward.D * u) - (forward.B * v)) / determinant) + ((shape.Width - 1) / 2.0);
                var fromY = ((shape.Height - 1) / 2.0) - (((forward.A * v) - (forward.C * u)) / determinant);
                for (var channel = 0; channel < shape.Channels; channel++)
                    result[At(shape, channel, y, x)] = Bilinear(shape, image, channel, fromX, fromY, reflects);
            }
        }

        return result;
    }

    /// <summary>The crop alone, and then enlarged: half-pixel centres, edges repeated.</summary>
    public static double[] Crop(ImageShape shape, double[] image, int left, int top, int width, int height)
    {
        var result = new double[image.Length];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = 0; y < shape.Height; y++)
            {
                for (var x = 0; x < shape.Width; x++)
                {
                    var (sx, sy) = (((x + 0.5) * width / shape.Width) - 0.5, ((y + 0.5) * height / shape.Height) - 0.5);
                    var (x0, y0) = ((int)Math.Floor(sx), (int)Math.Floor(sy));
                    double Pixel(int px, int py) => image[At(shape, channel, top + Math.Clamp(py, 0, height - 1), left + Math.Clamp(px, 0, width - 1))];
                    var (a, b) = (sx - x0, sy - y0);
                    result[At(shape, channel, y, x)] = ((1 - b) * (((1 - a) * Pixel(x0, y0)) + (a * Pixel(x0 + 1, y0)))) + (b * (((1 - a) * Pixel(x0, y0 + 1)) + (a * Pixel(x0 + 1, y0 + 1))));
                }
            }
        }

        return result;
    }

    /// <summary>A blend with black, with the mean grey, or with each pixel's grey.</summary>
    public static double[] Blend(ImageShape shape, double[] image, string with, double factor)
    {
        var plane = shape.Height * shape.Width;
        double Grey(int i) => shape.Channels == 1 ? image[i] : (0.2989 * image[i]) + (0.587 * image[plane + i]) + (0.114 * image[(2 * plane) + i]);
        var mean = Enumerable.Range(0, plane).Average(Grey);
        return [.. image.Select((value, i) => Math.Clamp((factor * value) + ((1 - factor) * (with == "black" ? 0 : with == "mean" ? mean : with == "grey" ? Grey(i % plane) : Smooth(shape, image, i))), 0, 1))];
    }

    public static double[] AutoContrast(ImageShape shape, double[] image) =>
        [.. image.Chunk(shape.Height * shape.Width).SelectMany(plane => plane.Select(value => plane.Max() > plane.Min() ? (value - plane.Min()) / (plane.Max() - plane.Min()) : value))];

    /// <summary>By torchvision's table: the images of lower levels, and half a step, in steps.</summary>
    public static double[] Equalize(ImageShape shape, double[] image) => [.. image.Chunk(shape.Height * shape.Width).SelectMany(plane =>
    {
        var levels = Array.ConvertAll(plane, value => (int)Math.Round(value * 255));
        var step = (plane.Length - levels.Count(level => level == levels.Max())) / 255;
        return step == 0 ? plane : levels.Select(level => Math.Min(255, (levels.Count(other => other < level) + (step / 2)) / step) / 255.0);
    })];

    public static int At(ImageShape shape, int channel, int y, int x) => (((channel * shape.Height) + y) * shape.Width) + x;

    private static double Smooth(ImageShape shape, double[] image, int i)
    {
        var (channel, y, x) = (i / shape.Width / shape.Height, i / shape.Width % shape.Height, i % shape.Width);
        if (y == 0 || x == 0 || y == shape.Height - 1 || x == shape.Width - 1)
            return image[i];
        var sum = 4 * image[i];
        for (var dy = -1; dy <= 1; dy++)
        {
            for (var dx = -1; dx <= 1; dx++)
                sum += image[At(shape, channel, y + dy, x + dx)];
        }

        return sum / 13;
    }

    private static double Bilinear(ImageShape shape, double[] image, int channel, double x, double y, bool reflects)
    {
        var (x0, y0) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (a, b) = (x - x0, y - y0);
        return ((1 - a) * (1 - b) * Pixel(x0, y0)) + (a * (1 - b) * Pixel(x0 + 1, y0)) + ((1 - a) * b * Pixel(x0, y0 + 1)) + (a * b * Pixel(x0 + 1, y0 + 1));

        double Pixel(int px, int py)
        {
            if (reflects)
                return image[At(shape, channel, Mirrored(py, shape.Height), Mirrored(px, shape.Width))];
            return px >= 0 && px < shape.Width && py >= 0 && py < shape.Height ? image[At(shape, channel, py, px)] : 0;
        }
    }

    private static int Mirrored(int place, int length)
    {
        if (length == 1)
            return 0;
        while (place < 0 || place >= length)
            place = place < 0 ? -place : (2 * (length - 1)) - place;
        return place;
    }
}
