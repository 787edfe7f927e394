using CnnGen;

/// <summary>Digits as a calculator shows them, each somewhere else, slanted, thick or thin, bright or dim, on a noisy ground.</summary>
internal static class DrawnDigits
{
    private const int Side = 28;

    // Which of the seven strokes a digit has, from the top clockwise, the middle one last.
    private static readonly string[] s_strokes = ["012345", "12", "01346", "01236", "1256", "02356", "023456", "012", "0123456", "012356"];

    // Each stroke from one corner to another, in a box of width 1 and height 2.
    private static readonly (float X0, float Y0, float X1, float Y1)[] s_lines =
    [
        (0, 0, 1, 0), (1, 0, 1, 1), (1, 1, 1, 2), (0, 2, 1, 2), (0, 1, 0, 2), (0, 0, 0, 1), (0, 1, 1, 1),
    ];

    /// <summary>Draws <paramref name="count"/> digits; the same seed gives the same ones.</summary>
    public static ByteImageDataset Draw(int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * Side * Side];
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.Next(10);
            Draw(labels[i], random, pixels.AsSpan(i * Side * Side, Side * Side));
        }

        return new ByteImageDataset(new ImageShape(1, Side, Side), pixels, labels, classCount: 10);
    }

    private static void Draw(int digit, Random random, Span<byte> image)
    {
        float Between(float low, float high) => low + (random.NextSingle() * (high - low));

        var (width, height, slant) = (Between(6, 11), Between(7, 10), Between(-0.25f, 0.25f));
        var (left, top) = (Between(4, 24 - width), Between(3, 25 - (2 * height)));
        var (thickness, light) = (Between(0.8f, 2), Between(120, 255));
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                // The pixel in the digit's own upright coordinates, and its distance to the nearest stroke in pixels.
                var v = (y - top) / height;
                var u = (x - left + (slant * (y - top - height))) / width;
                var distance = float.MaxValue;
                foreach (var stroke in s_strokes[digit])
                {
                    var line = s_lines[stroke - '0'];
                    var dx = (u - Math.Clamp(u, line.X0, line.X1)) * width;
                    var dy = (v - Math.Clamp(v, line.Y0, line.Y1)) * height;
                    distance = Math.Min(distance, MathF.Sqrt((dx * dx) + (dy * dy)));
                }

                var ink = light * Math.Clamp(thickness + 0.5f - distance, 0, 1);
                image[(y * Side) + x] = (byte)Math.Clamp(ink + Between(0, 50), 0, 255);
            }
        }
    }
}
