using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

/// <summary>Computes the features of a number of images: of count x C x H x W floats, into count x the features of one.</summary>
/// <param name="images">count x C x H x W floats.</param>
/// <param name="features">Receives count x the length of <see cref="ImageDataset.Shape"/> floats.</param>
/// <param name="count">The number of images, 1 or more.</param>
public delegate void FeatureFunction(ReadOnlySpan<float> images, Span<float> features, int count);

/// <summary>
/// What a network makes of each image of a data set, computed once and held in memory as floats (channels x height x width), with the labels, targets and regions of the images: to train another model on, or a linear classifier.
/// </summary>
/// <example><code>
/// FeatureDataset features = trunk.Features(photographs);
/// new Trainer&lt;Classifier&gt;(classifier, new AdamW()).Fit(features, epochs: 20, batchSize: 64);
/// </code></example>
public sealed class FeatureDataset : ImageDataset
{
    private readonly ImageDataset _images;
    private readonly float[] _features;

    private FeatureDataset(ImageDataset images, ImageShape shape, float[] features)
        : base(shape, images.ClassCount, images.Count)
    {
        (_images, _features) = (images, features);
        ClassNames = images.ClassNames;
    }

    /// <summary>Computes the features of all images, a batch at a time. <see cref="FeatureExtraction"/> does so with a model.</summary>
    /// <param name="images">The images, which are kept for their labels.</param>
    /// <param name="shape">The shape of an image's features.</param>
    /// <param name="normalization">What becomes of images of bytes before <paramref name="function"/> sees them; images of floats are taken as they are.</param>
    /// <param name="function">Computes the features; called with batch after batch on this thread.</param>
    /// <param name="batchSize">The images of a batch, 1 or more; the last one has those that are left.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">A dimension of <paramref name="shape"/> is below 1, or all features together are more than an array can hold.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static FeatureDataset Of(
        ImageDataset images, ImageShape shape, Normalization normalization, FeatureFunction function, int batchSize = 256, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(normalization);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (shape.Channels < 1 || shape.Height < 1 || shape.Width < 1)
            throw new ArgumentException(Invariant($"The shape of the features, {shape}, has a dimension below 1."), nameof(shape));
        if (images.Count * (long)shape.Length > Array.MaxLength)
        {
            throw new ArgumentException(
                Invariant($"{images.Count} images with {shape.Length} features each make {images.Count * (long)shape.Length} floats, more than the {Array.MaxLength} of an array. Take fewer images at a time (Subset), or a layer with fewer features."),
                nameof(images));
        }

        var features = new float[images.Count * shape.Length];
        if (images.Count == 0)
            return new FeatureDataset(images, shape, features);
        var batch = new Batch(images.Shape, 0, 1, Math.Min(batchSize, images.Count));
        var source = new BatchSource(images, normalization);
        for (var first = 0; first < images.Count; first += batch.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Prepare(source, first, Math.Min(batch.Capacity, images.Count - first));
            batch.Load();
            function(batch.Images, features.AsSpan(first * shape.Length, batch.Count * shape.Length), batch.Count);
        }

        return new FeatureDataset(images, shape, features);
    }

    /// <summary>The features of one image, channels x height x width.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is no image.</exception>
    public ReadOnlySpan<float> GetFeatures(int index)
    {
        CheckIndex(index);
        return _features.AsSpan(index * Shape.Length, Shape.Length);
    }

    /// <inheritdoc/>
    public override void CopyImage(int index, Span<float> destination, Normalization normalization)
    {
        CheckIndex(index);
        CheckImageLength(destination.Length);
        GetFeatures(index).CopyTo(destination);
    }

    /// <inheritdoc/>
    public override int GetLabel(int index) => _images.GetLabel(index);

    /// <inheritdoc/>
    public override void CopyTarget(int index, Span<float> destination) => _images.CopyTarget(index, destination);

    /// <inheritdoc/>
    public override int RegionCount => _images.RegionCount;

    /// <inheritdoc/>
    public override void CopyRegions(int index, Span<float> destination) => _images.CopyRegions(index, destination);
}
