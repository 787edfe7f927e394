namespace CnnGen;

/// <summary>
/// Zeros each element with a probability while training and scales the others by 1 / (1 - rate); does nothing when predicting
/// (Srivastava et al. 2014, in its inverted form). The shape stays.
/// </summary>
/// <param name="rate">The probability: at least 0 and below 1.</param>
public sealed class DropoutAttribute(double rate = 0.5) : LayerAttribute
{
    /// <summary>The probability that an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="rate">The probability: at least 0 and below 1.</param>
    public DropoutAttribute(string rate)
        : this() => Rate = rate;

    /// <summary>The probability of zeroing an element.</summary>
    public object Rate { get; } = rate;
}

/// <summary>
/// Batch normalisation (Ioffe, Szegedy 2015, algorithm 1) of each channel of a map or each feature of a vector: with the batch's mean and variance in
/// training, with the running ones when predicting. The shape stays.
/// </summary>
public sealed class BatchNormAttribute : LayerAttribute
{
    /// <summary>What is added to the variance before its root is taken: finite, above 0; a number, or an expression.</summary>
    public object Epsilon { get; set; } = 1e-5;

    /// <summary>The weight of a batch's statistics in the running ones, 0 to 1: running = (1 - momentum) * running + momentum * batch. A number, or an expression.</summary>
    public object Momentum { get; set; } = 0.1;
}

/// <summary>
/// Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3) of a map:
/// y[c] = x[c] / (K + Alpha / size * (sum of x[j]^2 for the size channels around c))^Beta. Alpha is divided by the size, as in PyTorch. The shape stays.
/// </summary>
/// <param name="size">The number of channels summed, 1 or more: c in their middle, or of an even number one more before c than after it.</param>
public sealed class LocalResponseNormAttribute(int size) : LayerAttribute
{
    /// <summary>So many channels as an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="size">The number of channels summed, 1 or more.</param>
    public LocalResponseNormAttribute(string size)
        : this(0) => Size = size;

    /// <summary>The number of channels summed.</summary>
    public object Size { get; } = size;

    /// <summary>The weight of the sum: finite, 0 or more; a number, or an expression.</summary>
    public object Alpha { get; set; } = 1e-4;

    /// <summary>The exponent: finite, 0 or more; a number, or an expression.</summary>
    public object Beta { get; set; } = 0.75;

    /// <summary>The constant beside the sum: finite, above 0; a number, or an expression.</summary>
    public object K { get; set; } = 2;
}
