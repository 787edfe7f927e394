using CnnGen;

namespace MnistSample.Digits;

/// <summary>Draws digits that look like MNIST's, so that the sample runs with nothing downloaded.</summary>
internal static class DigitArtist
{
    /// <summary>The height and width of an image in pixels.</summary>
    public const int Size = 28;

    private const int ImagesPerPart = 256;

    /// <summary>Draws images, the digits 0 to 9 in turn. The same seed draws the same images whatever the number of threads.</summary>
    /// <param name="first">The number of the first image: two ranges that don't overlap have no image in common.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="seed">Decides everything.</param>
    /// <param name="threads">The threads that may draw, 1 or more.</param>
    /// <returns>The images, 0 for paper and 255 for ink, labelled with their digits.</returns>
    public static ByteImageDataset Draw(int first, int count, int seed, int threads)
    {
        var images = new byte[count * Size * Size];
        var labels = new int[count];
        var parts = (count + ImagesPerPart - 1) / ImagesPerPart;
        Parallel.For(
            0,
            parts,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => (Path: new PenPath(), Rasterizer: new Rasterizer(Size)),
            (part, _, tools) =>
            {
                var end = Math.Min((part + 1) * ImagesPerPart, count);
                for (var i = part * ImagesPerPart; i < end; i++)
                {
                    labels[i] = (first + i) % 10;
                    var random = new DigitRandom(seed, first + i);
                    DrawOne(labels[i], tools.Path, tools.Rasterizer, images.AsSpan(i * Size * Size, Size * Size), ref random);
                }

                return tools;
            },
            _ => { });
        return new ByteImageDataset(new ImageShape(1, Size, Size), images, labels, classCount: 10);
    }

    private static void DrawOne(int digit, PenPath path, Rasterizer rasterizer, Span<byte> image, ref DigitRandom random)
    {
        var forms = StrokeFont.Forms[digit];
        var pen = Pen.Choose(ref random);
        var haste = random.NextSingle();
        haste *= haste;
        path.Clear();
        foreach (var stroke in forms[random.Below(forms.Length)])
            stroke.AddTo(path, .01f + (.07f * haste), ref random);
        Distortion.Apply(path, haste, pen.Radius, Size, ref random);
        rasterizer.Draw(path, pen, image, ref random);
    }
}
