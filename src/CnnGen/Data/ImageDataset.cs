using System.Globalization;

namespace CnnGen;

/// <summary>
/// Labelled images to train on or to measure with. Reading changes nothing, so several threads may read one data set at once.
/// </summary>
/// <remarks>
/// To train on something else than the classes built in here (a data base, images decoded on the way, regression), derive from this class.
/// </remarks>
public abstract class ImageDataset
{
    private readonly IReadOnlyList<string>? _classNames;

    /// <summary>Makes a data set.</summary>
    /// <param name="shape">The shape of every image; each dimension is 1 or more.</param>
    /// <param name="classCount">The number of classes, or 0 where the images have no labels.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">A dimension is below 1, or the product of the dimensions exceeds 2^31 - 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> or <paramref name="count"/> is negative.</exception>
    protected ImageDataset(ImageShape shape, int classCount, int count)
    {
        if (shape.Channels < 1 || shape.Height < 1 || shape.Width < 1)
            throw new ArgumentException($"The image shape {shape} has a dimension below 1.", nameof(shape));
        if (Math.BigMul(shape.Channels, shape.Height) > int.MaxValue / shape.Width)
            throw new ArgumentException($"The image shape {shape} has more than 2^31 - 1 elements.", nameof(shape));
        ArgumentOutOfRangeException.ThrowIfNegative(classCount);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Shape = shape;
        ClassCount = classCount;
        Count = count;
    }

    /// <summary>The shape of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>The number of classes: labels lie in [0, ClassCount). 0 where the images have no labels.</summary>
    public int ClassCount { get; }

    /// <summary>The number of images.</summary>
    public int Count { get; }

    /// <summary>
    /// The classes' names in the order of the labels, or null where nobody has said them. A model that is trained on the images keeps them with its weights (<see cref="Runtime.ParameterStore.ClassNames"/>).
    /// </summary>
    /// <exception cref="ArgumentException">There are not as many as classes, one is empty, or two are equal.</exception>
    public IReadOnlyList<string>? ClassNames
    {
        get => _classNames;
        init
        {
            if (value != null && value.Count != ClassCount)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"There are {value.Count} names of classes, but {ClassCount} classes. Give one for each label, in their order."), nameof(ClassNames));
            }

            _classNames = Runtime.ClassNames.Checked(value, nameof(ClassNames));
        }
    }

    /// <summary>
    /// Whether an image is a copy of what lies in memory. Where it has to be read or decoded first, a derived class says false, and batches are loaded ahead of the training
    /// (<see cref="Trainer{TModel}.LoadAhead"/>).
    /// </summary>
    public virtual bool IsInMemory => true;

    /// <summary>
    /// Copies one image out as augmentations and models read it: floats, channels outermost (C x H x W). For a model of <see cref="Layout.ChannelsLast"/> a batch is turned around right before the
    /// model sees it.
    /// </summary>
    /// <param name="index">The image, in [0, <see cref="Count"/>).</param>
    /// <param name="destination">Receives exactly <c>Shape.Length</c> floats.</param>
    /// <param name="normalization">
    /// The model's. A data set of bytes turns them into floats with it (<see cref="Normalization.Apply"/>); one that has floats gives them as they are.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public abstract void CopyImage(int index, Span<float> destination, Normalization normalization);

    /// <summary>The class of one image, in [0, <see cref="ClassCount"/>).</summary>
    /// <param name="index">The image, in [0, <see cref="Count"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    /// <exception cref="InvalidOperationException">The images have no labels.</exception>
    public abstract int GetLabel(int index);

    /// <summary>Copies out what the model should answer for one image: 1 at the label, 0 elsewhere, unless a derived class says otherwise.</summary>
    /// <param name="index">The image, in [0, <see cref="Count"/>).</param>
    /// <param name="destination">Receives one float per output of the model.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    /// <exception cref="ArgumentException">The label lies past the end of <paramref name="destination"/>.</exception>
    /// <exception cref="InvalidOperationException">The images have no labels.</exception>
    public virtual void CopyTarget(int index, Span<float> destination)
    {
        var label = GetLabel(index);
        if ((uint)label >= (uint)destination.Length)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Image {index} has label {label}, but the model has {destination.Length} outputs. Give the last layer {ClassCount} outputs."));
        }

        destination.Clear();
        destination[label] = 1;
    }

    /// <summary>The regions that come with each image: as many as the model's <see cref="ModelAttribute.Regions"/>. 0 where images come alone.</summary>
    public virtual int RegionCount => 0;

    /// <summary>Copies out the regions of one image.</summary>
    /// <param name="index">The image, in [0, <see cref="Count"/>).</param>
    /// <param name="destination">Receives <see cref="RegionCount"/> x 4 floats: x1, y1, x2, y2 in pixels of the image, and zeros for those that it has not.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    /// <exception cref="InvalidOperationException">The images have no regions.</exception>
    public virtual void CopyRegions(int index, Span<float> destination) =>
        throw new InvalidOperationException("These images have no regions. Take a RegionDataset.");

    /// <summary>The images [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>), over the same memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the data set.</exception>
    public virtual ImageDataset Subset(int start, int count)
    {
        CheckRange(start, count);
        return new DatasetRange(this, start, count);
    }

    /// <summary>The first <paramref name="count"/> images, over the same memory; all of them where there are fewer.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public ImageDataset Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Subset(0, Math.Min(count, Count));
    }

    /// <summary>The first <paramref name="count"/> images and all others, over the same memory: for training and validation.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative or more than <see cref="Count"/>.</exception>
    public (ImageDataset First, ImageDataset Second) Split(int count)
    {
        CheckRange(0, count);
        return (Subset(0, count), Subset(count, Count - count));
    }

    /// <summary>Throws unless <paramref name="index"/> is an image.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    protected void CheckIndex(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index),
                string.Create(CultureInfo.InvariantCulture, $"There is no image {index}: the data set has {Count}."));
        }
    }

    /// <summary>Throws unless <paramref name="length"/> is that of one image.</summary>
    /// <exception cref="ArgumentException"><paramref name="length"/> is not <c>Shape.Length</c>.</exception>
    protected void CheckImageLength(int length)
    {
        if (length != Shape.Length)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"An image of shape {Shape} has {Shape.Length} floats, but the destination has {length}."));
        }
    }

    /// <summary>Throws unless the images [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>) are all there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the data set.</exception>
    protected void CheckRange(int start, int count)
    {
        if (start < 0 || count < 0 || start > Count - count)
        {
            throw new ArgumentOutOfRangeException(
                start < 0 || start > Count ? nameof(start) : nameof(count),
                string.Create(CultureInfo.InvariantCulture, $"There are no {count} images from image {start} on: the data set has {Count}."));
        }
    }

    private protected void CheckLabels(ReadOnlySpan<int> labels)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)ClassCount)
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Image {i} has label {labels[i]}, but with {ClassCount} classes labels lie in 0 to {ClassCount - 1}."));
            }
        }
    }

    private protected void CheckLength(int imagesLength)
    {
        var expected = (long)Count * Shape.Length;
        if (imagesLength != expected)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Count} images of shape {Shape}, one a label, have {expected} elements, but {imagesLength} were given."));
        }
    }
}
