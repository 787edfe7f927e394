namespace CnnGen;

/// <summary>
/// A convolution (cross-correlation, as the whole field has it): C x H x W -> filters x H' x W', where
/// H' = (H - (Dilation * (kernel - 1) + 1) + 2 * Padding) / Stride + 1, and W' likewise.
/// </summary>
/// <remarks>Each number may be an expression (<see cref="BlockAttribute"/>).</remarks>
public sealed class Conv2DAttribute : LayerAttribute
{
    /// <summary>A square kernel.</summary>
    /// <param name="filters">Output channels, 1 or more.</param>
    /// <param name="kernel">Rows and columns of the kernel, 1 or more.</param>
    public Conv2DAttribute(int filters, int kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <inheritdoc cref="Conv2DAttribute(int, int)"/>
    public Conv2DAttribute(string filters, int kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <inheritdoc cref="Conv2DAttribute(int, int)"/>
    public Conv2DAttribute(int filters, string kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <inheritdoc cref="Conv2DAttribute(int, int)"/>
    public Conv2DAttribute(string filters, string kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <summary>A kernel of any height and width.</summary>
    /// <param name="filters">Output channels, 1 or more.</param>
    /// <param name="kernelHeight">Rows of the kernel, 1 or more.</param>
    /// <param name="kernelWidth">Columns of the kernel, 1 or more.</param>
    public Conv2DAttribute(int filters, int kernelHeight, int kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="Conv2DAttribute(int, int, int)"/>
    public Conv2DAttribute(string filters, int kernelHeight, int kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="Conv2DAttribute(int, int, int)"/>
    public Conv2DAttribute(int filters, string kernelHeight, string kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="Conv2DAttribute(int, int, int)"/>
    public Conv2DAttribute(string filters, string kernelHeight, string kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    private Conv2DAttribute(object filters, object kernelHeight, object kernelWidth)
    {
        Filters = filters;
        KernelHeight = kernelHeight;
        KernelWidth = kernelWidth;
    }

    /// <summary>Output channels.</summary>
    public object Filters { get; }

    /// <summary>Rows of the kernel.</summary>
    public object KernelHeight { get; }

    /// <summary>Columns of the kernel.</summary>
    public object KernelWidth { get; }

    /// <summary>The step between windows in pixels, 1 or more: an <see cref="int"/>, or <c>new[] { height, width }</c>. 1 where it isn't set.</summary>
    public object? Stride { get; set; }

    /// <summary>
    /// Rows and columns of zeros on each side, 0 or more: an <see cref="int"/>, <c>new[] { height, width }</c>, or <c>new[] { top, left, bottom, right }</c>. 0 where it isn't set.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>The step between neighbouring taps in pixels, 1 or more: an <see cref="int"/>, or <c>new[] { height, width }</c>. 1 where it isn't set.</summary>
    public object? Dilation { get; set; }

    /// <summary>
    /// The parts into which the channels fall, 1 or more; each filter reads one part. It divides both the input's channels and the filters;
    /// as many groups as channels make the convolution depthwise. An <see cref="int"/>, or an expression.
    /// </summary>
    public object Groups { get; set; } = 1;

    /// <summary>Whether each filter adds a trained number: a <see cref="bool"/>, or an expression.</summary>
    public object Bias { get; set; } = true;

    /// <summary>What happens where the window doesn't fit; where it isn't set, the model's <see cref="ModelAttribute.Rounding"/>. A <see cref="CnnGen.Rounding"/>, or an expression.</summary>
    public object? Rounding { get; set; }

    /// <summary>How it is computed: a <see cref="ConvAlgorithm"/>, or an expression.</summary>
    public object Algorithm { get; set; } = ConvAlgorithm.Auto;
}
