using System.Globalization;

namespace CnnGen;

/// <summary>
/// Images of which each pixel has a class (segmentation): those of another data set, and for each a map of labels as large as the model's output. What a model should answer is 1 in
/// the plane of a pixel's class and 0 in the others; of a pixel without a class, 0 in all, which cross-entropy passes over.
/// </summary>
/// <remarks>
/// The labels follow <see cref="Trainer{TModel}.AlternatingFlip"/> by themselves, and <see cref="Trainer{TModel}.Augmentation"/> by what <see cref="Trainer{TModel}.TargetAugmentation"/> says.
/// </remarks>
public sealed class PixelLabelDataset : ImageDataset
{
    private readonly ImageDataset _images;
    private readonly ReadOnlyMemory<byte> _labels;
    private readonly int _pixels;

    /// <summary>Makes a data set over images and memory that it keeps and does not copy.</summary>
    /// <param name="images">The images; their own labels, if they have any, count no more.</param>
    /// <param name="labels">For each image the labels of height x width pixels, row by row.</param>
    /// <param name="classes">The number of classes, 1 to 256: labels lie in [0, classes).</param>
    /// <param name="height">Rows of labels: of the model's output.</param>
    /// <param name="width">Columns of labels.</param>
    /// <param name="unlabelled">The label of pixels that have no class (255 in PASCAL VOC's and Cityscapes' files), or null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="images"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">There are not as many labels as the images ask for, or a label is no class.</exception>
    public PixelLabelDataset(ImageDataset images, ReadOnlyMemory<byte> labels, int classes, int height, int width, byte? unlabelled = null)
        : base(ShapeOf(images), classCount: 0, images.Count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (labels.Length != (long)Count * height * width)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{Count} images with {height}x{width} labels each have {(long)Count * height * width} labels, but {labels.Length} were given."),
                nameof(labels));
        }

        (_images, _labels, _pixels) = (images, labels, height * width);
        (Classes, Height, Width, Unlabelled) = (classes, height, width, unlabelled);
        var span = labels.Span;
        for (var i = 0; i < span.Length; i++)
        {
            if (span[i] >= classes && span[i] != unlabelled)
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Image {i / _pixels} has label {span[i]} at row {i % _pixels / width}, column {i % width}, but with {classes} classes labels lie in 0 to {classes - 1}. ")
                        + "Pixels that have no class need a label of their own, unlabelled.",
                    nameof(labels));
            }
        }
    }

    /// <summary>The number of classes of pixels.</summary>
    public int Classes { get; }

    /// <summary>Rows of labels.</summary>
    public int Height { get; }

    /// <summary>Columns of labels.</summary>
    public int Width { get; }

    /// <summary>The label of pixels that have no class; null where all have one.</summary>
    public byte? Unlabelled { get; }

    /// <inheritdoc/>
    public override bool IsInMemory => _images.IsInMemory;

    /// <summary>The labels of one image, row by row.</summary>
    /// <param name="index">The image, in [0, <see cref="ImageDataset.Count"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    public ReadOnlySpan<byte> GetLabels(int index)
    {
        CheckIndex(index);
        return _labels.Span.Slice(index * _pixels, _pixels);
    }

    /// <inheritdoc/>
    public override void CopyImage(int index, Span<float> destination, Normalization normalization)
    {
        CheckIndex(index);
        _images.CopyImage(index, destination, normalization);
    }

    /// <summary>Not for these images: each pixel has a label, and the image none.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override int GetLabel(int index) =>
        throw new InvalidOperationException("Each pixel of these images has a label, and an image none. Take GetLabels.");

    /// <summary>Copies out what the model should answer for one image: a plane of <see cref="Height"/> x <see cref="Width"/> for each class, 1 where pixels are of it.</summary>
    /// <param name="index">The image, in [0, <see cref="ImageDataset.Count"/>).</param>
    /// <param name="destination">Receives <see cref="Classes"/> x <see cref="Height"/> x <see cref="Width"/> floats.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public override void CopyTarget(int index, Span<float> destination)
    {
        var labels = GetLabels(index);
        if (destination.Length != (long)Classes * _pixels)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"The labels are {Classes} classes of {Height}x{Width} pixels, {(long)Classes * _pixels} numbers, but the model has {destination.Length} outputs. Let its last map be {Classes}x{Height}x{Width}."));
        }

        destination.Clear();
        for (var pixel = 0; pixel < labels.Length; pixel++)
        {
            if (labels[pixel] != Unlabelled)
                destination[(labels[pixel] * _pixels) + pixel] = 1;
        }
    }

    /// <summary>The images [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>), over the same memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the data set.</exception>
    public override PixelLabelDataset Subset(int start, int count)
    {
        CheckRange(start, count);
        return new PixelLabelDataset(_images.Subset(start, count), _labels.Slice(start * _pixels, count * _pixels), Classes, Height, Width, Unlabelled);
    }

    private static ImageShape ShapeOf(ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Shape;
    }
}
