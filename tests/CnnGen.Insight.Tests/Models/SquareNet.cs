namespace CnnGen.Insight.Tests.Models;

/// <summary>Says in which quadrant of an image a bright square lies. It has a convolution, a pool, two paths that are added, and a softmax.</summary>
[Model(1, 16, 16, Passes = Passes.Predict | Passes.Train | Passes.Explain), Normalize(0.2f, 0.25f)]
[Conv2D(6, 3, Padding = 1), ReLU, MaxPool(2)]
[Branch, Conv2D(8, 3, Padding = 1)]
[Branch, Conv2D(8, 1)]
[Add, ReLU]
[Conv2D(8, 3), ReLU]
[Dense(4), Softmax]
public sealed partial class SquareNet;

/// <summary>Images with a bright square on noise, by class the quadrant from the upper left one on, and a network that has learnt them.</summary>
internal static class Squares
{
    public const int Side = 16;

    private static readonly Lazy<SquareNet> s_trained = new(() =>
    {
        var model = SquareNet.Create(seed: 3);
        new Trainer<SquareNet>(model, new Adam(0.004), seed: 1).Fit(Make(600, seed: 1), epochs: 8, batchSize: 32);
        return model;
    });

    /// <summary>A network of one's own over the parameters that were trained.</summary>
    public static SquareNet Trained => s_trained.Value.Share();

    public static ByteImageDataset Make(int count, int seed)
    {
        var random = new Random(seed);
        var (pixels, labels) = (new byte[count * Side * Side], new int[count]);
        for (var n = 0; n < count; n++)
        {
            var image = pixels.AsSpan(n * Side * Side, Side * Side);
            for (var i = 0; i < image.Length; i++)
                image[i] = (byte)random.Next(0, 80);
            labels[n] = random.Next(4);
            var (top, left) = ((labels[n] / 2 * 8) + random.Next(1, 4), (labels[n] % 2 * 8) + random.Next(1, 4));
            for (var y = top; y < top + 4; y++)
                image.Slice((y * Side) + left, 4).Fill((byte)random.Next(180, 256));
        }

        return new ByteImageDataset(new ImageShape(1, Side, Side), pixels, labels, 4);
    }

    public static float[] Image(ImageDataset images, int index)
    {
        var image = new float[images.Shape.Length];
        images.CopyImage(index, image, SquareNet.Normalization);
        return image;
    }
}
