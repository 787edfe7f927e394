namespace CnnGen;

/// <summary>Labelled images held as floats, given out as they are: a model's <c>[Normalize]</c> is for bytes, and does nothing to them.</summary>
public sealed class FloatImageDataset : ImageDataset
{
    private readonly ReadOnlyMemory<float> _images;
    private readonly ReadOnlyMemory<int> _labels;

    /// <summary>Makes a data set over memory that it keeps and does not copy.</summary>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="images">The images one after another, each C x H x W.</param>
    /// <param name="labels">One label per image, each in [0, <paramref name="classCount"/>).</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="ArgumentException">The shape is empty, the lengths disagree, or a label is no class.</exception>
    public FloatImageDataset(ImageShape shape, ReadOnlyMemory<float> images, ReadOnlyMemory<int> labels, int classCount)
        : base(shape, classCount, labels.Length)
    {
        CheckLength(images.Length);
        CheckLabels(labels.Span);
        _images = images;
        _labels = labels;
    }

    /// <inheritdoc/>
    public override void CopyImage(int index, Span<float> destination, Normalization normalization)
    {
        CheckIndex(index);
        CheckImageLength(destination.Length);
        _images.Span.Slice(index * Shape.Length, Shape.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    public override int GetLabel(int index)
    {
        CheckIndex(index);
        return _labels.Span[index];
    }

    /// <summary>The images [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>), over the same memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the data set.</exception>
    public override FloatImageDataset Subset(int start, int count)
    {
        CheckRange(start, count);
        return new FloatImageDataset(Shape, _images.Slice(start * Shape.Length, count * Shape.Length), _labels.Slice(start, count), ClassCount) { ClassNames = ClassNames };
    }
}
