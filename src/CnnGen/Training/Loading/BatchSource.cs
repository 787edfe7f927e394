namespace CnnGen.Runtime;

/// <summary>Where the batches of one epoch, or of one measurement, get their images, and what becomes of these: all that an image depends on but its place.</summary>
/// <param name="Dataset">The images.</param>
/// <param name="Normalization">What becomes of bytes: the model's.</param>
internal sealed record BatchSource(ImageDataset Dataset, Normalization Normalization)
{
    /// <summary>The images' numbers in the order of training; null for all in their own.</summary>
    public int[]? Order { get; init; }

    /// <summary>Changes each image, or null.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    /// <summary>Changes each target by the same seed, or null.</summary>
    public ImageAugmentation? TargetAugmentation { get; init; }

    /// <summary>Decides, with an image's number, that image's seed for the change.</summary>
    public ulong Seed { get; init; }

    /// <summary>The part of each target that all outputs share.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>What the targets of each class's images are multiplied by, or null.</summary>
    public float[]? ClassWeights { get; init; }

    /// <summary>What each image's targets are multiplied by, or null.</summary>
    public float[]? SampleWeights { get; init; }

    /// <summary>Whether an image is little work: it lies in memory, and is left as it is.</summary>
    public bool IsCopyOnly => Dataset.IsInMemory && Augmentation == null;
}
