namespace CnnGen.Tests.Training;

/// <summary>Images made here: each class has its own bright spots, and noise on top.</summary>
public static class Images
{
    public static ImageDataset Easy(int count, int seed = 1, float noise = 0.5f)
    {
        var random = new Random(seed);
        var pixels = new float[count * 6];
        var labels = new int[count];
        for (var n = 0; n < count; n++)
        {
            labels[n] = random.Next(3);
            for (var i = 0; i < 6; i++)
                pixels[(n * 6) + i] = (i % 3 == labels[n] ? 1 : 0) + (noise * (random.NextSingle() - 0.5f));
        }

        return new FloatImageDataset(SoftmaxRegression.InputShape, pixels, labels, 3);
    }
}

/// <summary>Images from functions, for what no file holds.</summary>
public sealed class MadeUpImages(ImageShape shape, int classCount, int count, Func<int, int> label, Func<int, float> pixel) : ImageDataset(shape, classCount, count)
{
    public Action<int>? Copied { get; set; }

    public override void CopyImage(int index, Span<float> destination, Normalization normalization)
    {
        Copied?.Invoke(index);
        destination.Fill(pixel(index));
    }

    public override int GetLabel(int index) => label(index);
}
