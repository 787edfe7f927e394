namespace CnnGen.Generator.Shapes;

/// <summary>What training minimises.</summary>
internal enum LossKind
{
    /// <summary>The negative logarithm of the softmax at the label, mean over the batch.</summary>
    CrossEntropy,

    /// <summary>Half the squared error, summed over the outputs, mean over the batch.</summary>
    HalfSquaredError,
}

/// <summary>How exact the result has to be.</summary>
internal enum PrecisionKind
{
    /// <summary>Algorithms are allowed whose rounding errors are up to three times the direct form's.</summary>
    Fast,

    /// <summary>No algorithm whose errors are larger than the direct form's.</summary>
    Full,
}
