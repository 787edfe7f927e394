namespace CnnGen;

/// <summary>
/// Labelled images held as bytes, as image decoders give them: height x width x channels, the channels of a pixel one after the other. They stay bytes until a model
/// asks for them, and the model's <c>[Normalize]</c> says what becomes of a byte: in training, when measuring and when predicting alike.
/// </summary>
public sealed class ByteImageDataset : ImageDataset
{
    private readonly ReadOnlyMemory<byte> _images;
    private readonly ReadOnlyMemory<int> _labels;

    /// <summary>Makes a data set over memory that it keeps and does not copy.</summary>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="images">The images one after another, each H x W x C; <see cref="FromPlanes"/> takes them channel by channel.</param>
    /// <param name="labels">One label per image, each in [0, <paramref name="classCount"/>).</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="ArgumentException">The shape is empty, the lengths disagree, or a label is no class.</exception>
    public ByteImageDataset(ImageShape shape, ReadOnlyMemory<byte> images, ReadOnlyMemory<int> labels, int classCount)
        : base(shape, classCount, labels.Length)
    {
        CheckLength(images.Length);
        CheckLabels(labels.Span);
        _images = images;
        _labels = labels;
    }

    private ByteImageDataset(ByteImageDataset source, int start, int count)
        : base(source.Shape, source.ClassCount, count)
    {
        _images = source._images.Slice(start * Shape.Length, count * Shape.Length);
        _labels = source._labels.Slice(start, count);
        ClassNames = source.ClassNames;
    }

    /// <summary>Makes a data set of images that lie channel by channel, each C x H x W, as some files have them: a copy in the order of pixels.</summary>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="images">The images one after another, each C x H x W.</param>
    /// <param name="labels">One label per image, each in [0, <paramref name="classCount"/>).</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="ArgumentException">The shape is empty, the lengths disagree, or a label is no class.</exception>
    public static ByteImageDataset FromPlanes(ImageShape shape, ReadOnlySpan<byte> images, ReadOnlyMemory<int> labels, int classCount)
    {
        var pixels = new byte[images.Length];
        var dataset = new ByteImageDataset(shape, pixels, labels, classCount);
        for (var i = 0; i < dataset.Count; i++)
            PixelOrder.FromPlanes(images.Slice(i * shape.Length, shape.Length), pixels.AsSpan(i * shape.Length, shape.Length), shape.Channels);
        return dataset;
    }

    /// <summary>The bytes of one image, H x W x C: what a model's <c>Predict</c> and <c>Classify</c> take.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    public ReadOnlySpan<byte> GetBytes(int index)
    {
        CheckIndex(index);
        return _images.Span.Slice(index * Shape.Length, Shape.Length);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="normalization"/> is for another number of channels.</exception>
    public override void CopyImage(int index, Span<float> destination, Normalization normalization)
    {
        CheckIndex(index);
        CheckImageLength(destination.Length);
        ArgumentNullException.ThrowIfNull(normalization);
        normalization.CheckChannels(Shape);
        normalization.Apply(GetBytes(index), destination);
    }

    /// <inheritdoc/>
    public override int GetLabel(int index)
    {
        CheckIndex(index);
        return _labels.Span[index];
    }

    /// <summary>The images [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>), over the same memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the data set.</exception>
    public override ByteImageDataset Subset(int start, int count)
    {
        CheckRange(start, count);
        return new ByteImageDataset(this, start, count);
    }
}
