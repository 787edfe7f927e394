namespace CnnGen;

/// <summary>
/// The root of the sum of powers of each window's elements, (sum |x|^power)^(1/power): C x H x W -> C x H' x W', where H' = (H - kernel + 2 * Padding) / Stride + 1, and W'
/// likewise. With a <see cref="Sigma"/> the elements have weights that fall off from the window's middle as a Gaussian curve does, and add up to 1: with a power of 2 the L2 pooling of
/// Sermanet, Chintala, LeCun 2012, "Convolutional Neural Networks Applied to House Numbers Digit Classification".
/// </summary>
public sealed class LpPoolAttribute : LayerAttribute
{
    /// <summary>A square window.</summary>
    /// <param name="power">The power, 1 to 10: 1 sums, and the larger it is, the nearer the result is to the maximum.</param>
    /// <param name="kernel">Rows and columns of the window, 1 or more.</param>
    public LpPoolAttribute(double power, int kernel)
        : this((object)power, kernel, kernel)
    {
    }

    /// <inheritdoc cref="LpPoolAttribute(double, int)"/>
    public LpPoolAttribute(double power, string kernel)
        : this((object)power, kernel, kernel)
    {
    }

    /// <inheritdoc cref="LpPoolAttribute(double, int)"/>
    public LpPoolAttribute(string power, int kernel)
        : this((object)power, kernel, kernel)
    {
    }

    /// <inheritdoc cref="LpPoolAttribute(double, int)"/>
    public LpPoolAttribute(string power, string kernel)
        : this((object)power, kernel, kernel)
    {
    }

    /// <summary>A window of any height and width.</summary>
    /// <param name="power">The power, 1 to 10: 1 sums, and the larger it is, the nearer the result is to the maximum.</param>
    /// <param name="kernelHeight">Rows of the window, 1 or more.</param>
    /// <param name="kernelWidth">Columns of the window, 1 or more.</param>
    public LpPoolAttribute(double power, int kernelHeight, int kernelWidth)
        : this((object)power, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="LpPoolAttribute(double, int, int)"/>
    public LpPoolAttribute(double power, string kernelHeight, string kernelWidth)
        : this((object)power, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="LpPoolAttribute(double, int, int)"/>
    public LpPoolAttribute(string power, int kernelHeight, int kernelWidth)
        : this((object)power, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="LpPoolAttribute(double, int, int)"/>
    public LpPoolAttribute(string power, string kernelHeight, string kernelWidth)
        : this((object)power, kernelHeight, kernelWidth)
    {
    }

    private LpPoolAttribute(object power, object kernelHeight, object kernelWidth)
    {
        Power = power;
        KernelHeight = kernelHeight;
        KernelWidth = kernelWidth;
    }

    /// <summary>The power.</summary>
    public object Power { get; }

    /// <summary>Rows of the window.</summary>
    public object KernelHeight { get; }

    /// <summary>Columns of the window.</summary>
    public object KernelWidth { get; }

    /// <summary>The deviation of the Gaussian curve, in pixels; 0 lets all elements count alike: a number, or an expression.</summary>
    public object Sigma { get; set; } = 0;

    /// <summary>The step between windows in pixels, 1 or more: an <see cref="int"/>, or <c>new[] { height, width }</c>. The kernel's size where it isn't set.</summary>
    public object? Stride { get; set; }

    /// <summary>
    /// Rows and columns around the input that count as zeros, 0 to half the window: an <see cref="int"/>, <c>new[] { height, width }</c>, or
    /// <c>new[] { top, left, bottom, right }</c>. 0 where it isn't set.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>What happens where the window doesn't fit; where it isn't set, the model's <see cref="ModelAttribute.Rounding"/>. A <see cref="CnnGen.Rounding"/>, or an expression.</summary>
    public object? Rounding { get; set; }
}
