namespace CnnGen;

/// <summary>An image of a stream, with what the model should answer: <see cref="Trainer{TModel}.FitStream"/>.</summary>
public readonly record struct StreamedImage
{
    private StreamedImage(ReadOnlyMemory<float> floats, ReadOnlyMemory<byte> bytes, int label, ReadOnlyMemory<float> targets) =>
        (Floats, Bytes, Label, Targets) = (floats, bytes, label, targets);

    /// <summary>C x H x W floats, taken as they are; empty where the image is of bytes.</summary>
    public ReadOnlyMemory<float> Floats { get; }

    /// <summary>H x W x C bytes, which are normalised as the model's <c>[Normalize]</c> says; empty where the image is of floats.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The class, from 0; -1 where <see cref="Targets"/> say what is wanted.</summary>
    public int Label { get; }

    /// <summary>The wanted outputs; empty where <see cref="Label"/> says what is wanted.</summary>
    public ReadOnlyMemory<float> Targets { get; }

    /// <summary>An image of floats.</summary>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="label">Its class, from 0.</param>
    public static StreamedImage Of(ReadOnlyMemory<float> image, int label) => new(image, default, label, default);

    /// <summary>An image of bytes.</summary>
    /// <param name="pixels">H x W x C bytes.</param>
    /// <param name="label">Its class, from 0.</param>
    public static StreamedImage Of(ReadOnlyMemory<byte> pixels, int label) => new(default, pixels, label, default);

    /// <summary>An image of floats with wanted outputs: for regression, several labels, or soft ones.</summary>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="targets">One number an output.</param>
    public static StreamedImage Of(ReadOnlyMemory<float> image, ReadOnlyMemory<float> targets) => new(image, default, -1, targets);

    /// <summary>An image of bytes with wanted outputs.</summary>
    /// <param name="pixels">H x W x C bytes.</param>
    /// <param name="targets">One number an output.</param>
    public static StreamedImage Of(ReadOnlyMemory<byte> pixels, ReadOnlyMemory<float> targets) => new(default, pixels, -1, targets);
}
