using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Shapes;

/// <summary>What training minimises.</summary>
internal enum LossKind
{
    /// <summary>The negative logarithm of the softmax at the label, mean over the pixels of a map, and over the batch.</summary>
    CrossEntropy,

    /// <summary>Half the squared error, summed over the outputs, mean over the batch.</summary>
    HalfSquaredError,

    /// <summary>The cross-entropy of each output's logistic function, summed over the outputs, mean over the batch.</summary>
    BinaryCrossEntropy,

    /// <summary>By how much each other output comes within 1 of the label's, summed, mean over the pixels of a map, and over the batch.</summary>
    Hinge,

    /// <summary>The absolute error, summed over the outputs, mean over the batch.</summary>
    AbsoluteError,

    /// <summary>Half the squared error where it is small, linear beyond, summed over the outputs, mean over the batch.</summary>
    Huber,

    /// <summary>Cross-entropy of the first part of the output, and the Huber loss of the label's box in the second, mean over the regions or pixels, and over the batch.</summary>
    ClassesAndBoxes,
}

/// <summary>The numbers of a loss.</summary>
/// <param name="LabelSmoothing">The share of cross-entropy's targets that goes to all classes evenly.</param>
/// <param name="HuberDelta">The error at which the Huber loss becomes linear.</param>
internal readonly record struct LossSettings(float LabelSmoothing, float HuberDelta)
{
    /// <summary>What cross-entropy multiplies each class's target with; none where all count alike.</summary>
    public EquatableArray<float> ClassWeights { get; init; } = [];

    public static LossSettings Default { get; } = new(0, 1);
}

/// <summary>How callers of a model have maps in memory.</summary>
internal enum LayoutKind
{
    /// <summary>C x H x W.</summary>
    ChannelsFirst,

    /// <summary>H x W x C.</summary>
    ChannelsLast,
}

/// <summary>How exact the result has to be.</summary>
internal enum PrecisionKind
{
    /// <summary>Algorithms are allowed whose rounding errors are up to three times the direct form's.</summary>
    Fast,

    /// <summary>No algorithm whose errors are larger than the direct form's.</summary>
    Full,
}
