namespace CnnGen.Insight.Tests.Models;

/// <summary>Says which of four patterns stands somewhere in an image. It has a convolution, a pool, two paths that are added, and a softmax.</summary>
[Model(1, 16, 16, Passes = Passes.Predict | Passes.Train | Passes.Explain), Normalize(0.2f, 0.25f)]
[Conv2D(6, 3, Padding = 1), ReLU, MaxPool(2)]
[Branch, Conv2D(8, 3, Padding = 1)]
[Branch, Conv2D(8, 1)]
[Add, ReLU]
[Conv2D(8, 3), ReLU, GlobalAveragePool]
[Dense(4), Softmax]
public sealed partial class ShapeNet;

/// <summary>Two convolutions and nothing between them: what an element sees is known by counting.</summary>
[Model(1, 11, 11, Passes = Passes.Predict | Passes.Explain)]
[Conv2D(1, 3), Conv2D(1, 3), Dense(2), Softmax]
public sealed partial class BoxNet;

/// <summary>A network whose last layer is a head of the training.</summary>
[Model(1, 16, 16, Loss = Loss.HalfSquaredError, Passes = Passes.Predict | Passes.Train | Passes.Explain), Normalize(0.2f, 0.25f)]
[Conv2D(3, 3), ReLU, MaxPool(2), Dense(4)]
[Branch, ReLU, Dense(4), Head("Second", 0.5f)]
public sealed partial class HeadNet;

/// <summary>Images with a pattern of 5 x 5 pixels on noise (bars that lie, bars that stand, a chessboard, a square), and a network that has learnt them.</summary>
internal static class Shapes
{
    public const int Side = 16;

    private static readonly Lazy<ShapeNet> s_trained = new(() =>
    {
        var model = ShapeNet.Create(seed: 3);
        new Trainer<ShapeNet>(model, new Adam(0.01), seed: 1).Fit(Make(800, seed: 1), epochs: 10, batchSize: 32);
        return model;
    });

    /// <summary>A network of one's own over the parameters that were trained.</summary>
    public static ShapeNet Trained => s_trained.Value.Share();

    public static ByteImageDataset Make(int count, int seed) => Make(count, seed, out _);

    /// <param name="count">The number of images.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="places">The upper left pixel of each pattern.</param>
    public static ByteImageDataset Make(int count, int seed, out (int Y, int X)[] places)
    {
        var random = new Random(seed);
        var (pixels, labels) = (new byte[count * Side * Side], new int[count]);
        places = new (int, int)[count];
        for (var n = 0; n < count; n++)
        {
            var image = pixels.AsSpan(n * Side * Side, Side * Side);
            for (var i = 0; i < image.Length; i++)
                image[i] = (byte)random.Next(0, 60);
            labels[n] = random.Next(4);
            places[n] = (random.Next(0, Side - 4), random.Next(0, Side - 4));
            for (var y = 0; y < 5; y++)
            {
                for (var x = 0; x < 5; x++)
                {
                    if (labels[n] switch { 0 => y % 2 == 0, 1 => x % 2 == 0, 2 => (y + x) % 2 == 0, _ => true })
                        image[((places[n].Y + y) * Side) + places[n].X + x] = (byte)random.Next(200, 256);
                }
            }
        }

        return new ByteImageDataset(new ImageShape(1, Side, Side), pixels, labels, 4);
    }

    public static float[] Image(ImageDataset images, int index)
    {
        var image = new float[images.Shape.Length];
        images.CopyImage(index, image, ShapeNet.Normalization);
        return image;
    }
}
