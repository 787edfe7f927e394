namespace CnnGen;

/// <summary>
/// The maximum and the mean of each window, mixed: mix * maximum + (1 - mix) * mean, with a share that is given, or one that is learned for each channel from 0.5 on (Lee, Gallagher, Tu 2016,
/// "Generalizing Pooling Functions in Convolutional Neural Networks"). Padding counts in neither. C x H x W -> C x H' x W', sized as by <see cref="MaxPoolAttribute"/>.
/// </summary>
public sealed class MixedPoolAttribute : LayerAttribute
{
    /// <summary>A square window, and a learned share of the maximum.</summary>
    /// <param name="kernel">Rows and columns of the window, 1 or more.</param>
    public MixedPoolAttribute(int kernel)
        : this((object)kernel, kernel, null)
    {
    }

    /// <inheritdoc cref="MixedPoolAttribute(int)"/>
    public MixedPoolAttribute(string kernel)
        : this((object)kernel, kernel, null)
    {
    }

    /// <summary>A square window, and a given share of the maximum.</summary>
    /// <param name="kernel">Rows and columns of the window, 1 or more.</param>
    /// <param name="mix">The maximum's share, 0 (the mean) to 1.</param>
    public MixedPoolAttribute(int kernel, double mix)
        : this((object)kernel, kernel, mix)
    {
    }

    /// <inheritdoc cref="MixedPoolAttribute(int, double)"/>
    public MixedPoolAttribute(string kernel, double mix)
        : this((object)kernel, kernel, mix)
    {
    }

    /// <summary>A window of any height and width, and a learned share of the maximum.</summary>
    /// <param name="kernelHeight">Rows of the window, 1 or more.</param>
    /// <param name="kernelWidth">Columns of the window, 1 or more.</param>
    public MixedPoolAttribute(int kernelHeight, int kernelWidth)
        : this((object)kernelHeight, kernelWidth, null)
    {
    }

    /// <inheritdoc cref="MixedPoolAttribute(int, int)"/>
    public MixedPoolAttribute(string kernelHeight, string kernelWidth)
        : this((object)kernelHeight, kernelWidth, null)
    {
    }

    /// <summary>A window of any height and width, and a given share of the maximum.</summary>
    /// <param name="kernelHeight">Rows of the window, 1 or more.</param>
    /// <param name="kernelWidth">Columns of the window, 1 or more.</param>
    /// <param name="mix">The maximum's share, 0 (the mean) to 1.</param>
    public MixedPoolAttribute(int kernelHeight, int kernelWidth, double mix)
        : this((object)kernelHeight, kernelWidth, mix)
    {
    }

    /// <inheritdoc cref="MixedPoolAttribute(int, int, double)"/>
    public MixedPoolAttribute(string kernelHeight, string kernelWidth, double mix)
        : this((object)kernelHeight, kernelWidth, mix)
    {
    }

    private MixedPoolAttribute(object kernelHeight, object kernelWidth, double? mix)
    {
        KernelHeight = kernelHeight;
        KernelWidth = kernelWidth;
        Mix = mix;
    }

    /// <summary>Rows of the window.</summary>
    public object KernelHeight { get; }

    /// <summary>Columns of the window.</summary>
    public object KernelWidth { get; }

    /// <summary>The maximum's share; null where it is learned.</summary>
    public double? Mix { get; }

    /// <summary>The step between windows in pixels, 1 or more: an <see cref="int"/>, or <c>new[] { height, width }</c>. The kernel's size where it isn't set.</summary>
    public object? Stride { get; set; }

    /// <summary>
    /// Rows and columns around the input that count in neither, 0 to half the window: an <see cref="int"/>, <c>new[] { height, width }</c>, or
    /// <c>new[] { top, left, bottom, right }</c>. 0 where it isn't set.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>What happens where the window doesn't fit; where it isn't set, the model's <see cref="ModelAttribute.Rounding"/>. A <see cref="CnnGen.Rounding"/>, or an expression.</summary>
    public object? Rounding { get; set; }
}

/// <summary>
/// One element of each window, drawn in training with a probability that is its share of the window's sum, which is what a dropout among them would leave; in prediction the mean by
/// these probabilities, sum x^2 / sum x (Zeiler, Fergus 2013, "Stochastic Pooling for Regularization of Deep Convolutional Neural Networks"). It belongs behind a <see cref="ReLUAttribute"/>:
/// elements below 0 count as 0. C x H x W -> C x H' x W', sized as by <see cref="MaxPoolAttribute"/>.
/// </summary>
public sealed class StochasticPoolAttribute : LayerAttribute
{
    /// <summary>A square window.</summary>
    /// <param name="kernel">Rows and columns of the window, 1 or more.</param>
    public StochasticPoolAttribute(int kernel)
        : this((object)kernel, kernel)
    {
    }

    /// <inheritdoc cref="StochasticPoolAttribute(int)"/>
    public StochasticPoolAttribute(string kernel)
        : this((object)kernel, kernel)
    {
    }

    /// <summary>A window of any height and width.</summary>
    /// <param name="kernelHeight">Rows of the window, 1 or more.</param>
    /// <param name="kernelWidth">Columns of the window, 1 or more.</param>
    public StochasticPoolAttribute(int kernelHeight, int kernelWidth)
        : this((object)kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="StochasticPoolAttribute(int, int)"/>
    public StochasticPoolAttribute(string kernelHeight, string kernelWidth)
        : this((object)kernelHeight, kernelWidth)
    {
    }

    private StochasticPoolAttribute(object kernelHeight, object kernelWidth)
    {
        KernelHeight = kernelHeight;
        KernelWidth = kernelWidth;
    }

    /// <summary>Rows of the window.</summary>
    public object KernelHeight { get; }

    /// <summary>Columns of the window.</summary>
    public object KernelWidth { get; }

    /// <summary>The step between windows in pixels, 1 or more: an <see cref="int"/>, or <c>new[] { height, width }</c>. The kernel's size where it isn't set.</summary>
    public object? Stride { get; set; }

    /// <summary>
    /// Rows and columns around the input of which none is drawn, 0 to half the window: an <see cref="int"/>, <c>new[] { height, width }</c>, or
    /// <c>new[] { top, left, bottom, right }</c>. 0 where it isn't set.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>What happens where the window doesn't fit; where it isn't set, the model's <see cref="ModelAttribute.Rounding"/>. A <see cref="CnnGen.Rounding"/>, or an expression.</summary>
    public object? Rounding { get; set; }
}
