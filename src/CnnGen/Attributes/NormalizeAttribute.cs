namespace CnnGen;

/// <summary>
/// What is done to the bytes of an image before the first layer of a model sees them: <c>(value / 255 - mean) / deviation</c>, each channel with its own
/// numbers or all with the same. It holds wherever bytes come in (<see cref="ByteImageDataset"/> in training and measuring, <c>Predict</c> and <c>Classify</c> on bytes), so that
/// training and predictions can't differ; floats are taken as they are. The generated class has the numbers as <c>Normalization</c>.
/// Without this attribute a byte becomes <c>value / 255</c>.
/// </summary>
/// <example>
/// <code>
/// [Model(3, 224, 224)]
/// [Normalize(new[] { 0.485f, 0.456f, 0.406f }, new[] { 0.229f, 0.224f, 0.225f })]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NormalizeAttribute : Attribute
{
    /// <summary>The same numbers for all channels.</summary>
    /// <param name="mean">The mean of values in [0, 1]; finite.</param>
    /// <param name="deviation">The standard deviation of values in [0, 1]; finite and above 0.</param>
    public NormalizeAttribute(float mean, float deviation)
        : this([mean], [deviation])
    {
    }

    /// <summary>Numbers for each channel.</summary>
    /// <param name="mean">The means of values in [0, 1], one a channel or one for all; finite.</param>
    /// <param name="deviation">The standard deviations of values in [0, 1], one a channel or one for all; finite and above 0.</param>
    public NormalizeAttribute(float[] mean, float[] deviation)
    {
        Mean = mean;
        Deviation = deviation;
    }

    /// <summary>One mean a channel, or one for all.</summary>
    public float[] Mean { get; }

    /// <summary>One standard deviation a channel, or one for all.</summary>
    public float[] Deviation { get; }
}
