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
/// The numbers of a well-known data set have a name:
/// <code>
/// [Model(3, 32, 32)]
/// [Normalize(ImageStatistics.Cifar10)]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class NormalizeAttribute : Attribute
{
    /// <summary>The same numbers for all channels.</summary>
    /// <param name="mean">The mean of values in [0, 1]; finite.</param>
    /// <param name="deviation">The standard deviation of values in [0, 1]; finite, above 0, and so large that the values of all bytes are finite.</param>
    public NormalizeAttribute(double mean, double deviation)
        : this([mean], [deviation])
    {
    }

    /// <summary>Numbers for each channel.</summary>
    /// <param name="mean">The means of values in [0, 1], one a channel or one for all; finite.</param>
    /// <param name="deviation">
    /// The standard deviations of values in [0, 1], one a channel or one for all; finite, above 0, and so large that the values of all bytes are finite.
    /// </param>
    public NormalizeAttribute(float[] mean, float[] deviation)
    {
        Mean = mean;
        Deviation = deviation;
    }

    /// <inheritdoc cref="NormalizeAttribute(float[], float[])"/>
    public NormalizeAttribute(double[] mean, double[] deviation)
        : this(Array.ConvertAll(mean, value => (float)value), Array.ConvertAll(deviation, value => (float)value))
    {
    }

    /// <summary>The numbers of a well-known data set.</summary>
    /// <param name="statistics">The data set with which the model is or was trained.</param>
    public NormalizeAttribute(ImageStatistics statistics)
    {
        Statistics = statistics;
        (Mean, Deviation) = statistics switch
        {
            ImageStatistics.Mnist => ([Mnist.Mean], [Mnist.Deviation]),
            ImageStatistics.Cifar10 => (Cifar10.Mean.ToArray(), Cifar10.Deviation.ToArray()),
            ImageStatistics.ImageNet => ([0.485f, 0.456f, 0.406f], new[] { 0.229f, 0.224f, 0.225f }),
            _ => (Array.Empty<float>(), Array.Empty<float>()),
        };
    }

    /// <summary>The data set whose numbers these are, where one was named.</summary>
    public ImageStatistics? Statistics { get; }

    /// <summary>One mean a channel, or one for all.</summary>
    public float[] Mean { get; }

    /// <summary>One standard deviation a channel, or one for all.</summary>
    public float[] Deviation { get; }
}
