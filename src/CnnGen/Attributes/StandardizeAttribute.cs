namespace CnnGen;

/// <summary>
/// Each channel of a map, or feature of a vector, less a mean and over a deviation, (x - mean) / deviation, both of them constants of the network. The shape stays. It is part of the network
/// wherever it stands and whatever comes in: first of the layers it does to floats what <see cref="NormalizeAttribute"/> does to the bytes of an image.
/// </summary>
public sealed class StandardizeAttribute : LayerAttribute
{
    /// <summary>The same numbers for all channels.</summary>
    /// <param name="mean">What is subtracted; finite.</param>
    /// <param name="deviation">What is divided by; finite and 1.1754944E-38 (the smallest normal float) or more.</param>
    public StandardizeAttribute(double mean, double deviation)
        : this([mean], [deviation])
    {
    }

    /// <summary>Numbers for each channel.</summary>
    /// <param name="mean">What is subtracted, one number a channel or one for all; finite.</param>
    /// <param name="deviation">What is divided by, one number a channel or one for all; finite and 1.1754944E-38 (the smallest normal float) or more.</param>
    public StandardizeAttribute(double[] mean, double[] deviation)
    {
        Mean = mean;
        Deviation = deviation;
    }

    /// <inheritdoc cref="StandardizeAttribute(double[], double[])"/>
    public StandardizeAttribute(float[] mean, float[] deviation)
        : this(Array.ConvertAll(mean, number => (double)number), Array.ConvertAll(deviation, number => (double)number))
    {
    }

    /// <summary>What is subtracted, one number a channel or one for all.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>What is divided by, one number a channel or one for all.</summary>
    public IReadOnlyList<double> Deviation { get; }
}
