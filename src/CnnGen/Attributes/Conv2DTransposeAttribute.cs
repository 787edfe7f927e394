namespace CnnGen;

/// <summary>
/// The transpose of a convolution, which makes maps larger: C x H x W -> filters x H' x W', where
/// H' = (H - 1) * Stride - 2 * Padding + Dilation * (kernel - 1) + 1 + OutputPadding, and W' likewise.
/// </summary>
/// <remarks>Each number may be an expression (<see cref="BlockAttribute"/>).</remarks>
public sealed class Conv2DTransposeAttribute : LayerAttribute
{
    /// <summary>A square kernel.</summary>
    /// <param name="filters">Output channels, 1 or more.</param>
    /// <param name="kernel">Rows and columns of the kernel, 1 or more.</param>
    public Conv2DTransposeAttribute(int filters, int kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <inheritdoc cref="Conv2DTransposeAttribute(int, int)"/>
    public Conv2DTransposeAttribute(string filters, int kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <inheritdoc cref="Conv2DTransposeAttribute(int, int)"/>
    public Conv2DTransposeAttribute(int filters, string kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <inheritdoc cref="Conv2DTransposeAttribute(int, int)"/>
    public Conv2DTransposeAttribute(string filters, string kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <summary>A kernel of any height and width.</summary>
    /// <param name="filters">Output channels, 1 or more.</param>
    /// <param name="kernelHeight">Rows of the kernel, 1 or more.</param>
    /// <param name="kernelWidth">Columns of the kernel, 1 or more.</param>
    public Conv2DTransposeAttribute(int filters, int kernelHeight, int kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="Conv2DTransposeAttribute(int, int, int)"/>
    public Conv2DTransposeAttribute(string filters, int kernelHeight, int kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="Conv2DTransposeAttribute(int, int, int)"/>
    public Conv2DTransposeAttribute(int filters, string kernelHeight, string kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="Conv2DTransposeAttribute(int, int, int)"/>
    public Conv2DTransposeAttribute(string filters, string kernelHeight, string kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    private Conv2DTransposeAttribute(object filters, object kernelHeight, object kernelWidth)
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

    /// <summary>Output pixels from where one input pixel is spread to where the next is, 1 or more: an <see cref="int"/>, or <c>new[] { height, width }</c>. 1 where it isn't set.</summary>
    public object? Stride { get; set; }

    /// <summary>Rows and columns that are left out on each side, 0 or more: an <see cref="int"/>, or <c>new[] { height, width }</c>. 0 where it isn't set.</summary>
    public object? Padding { get; set; }

    /// <summary>
    /// Rows and columns more at the bottom and to the right, 0 to less than the stride: an <see cref="int"/>, or <c>new[] { height, width }</c>. 0 where it isn't set. It says which
    /// of the sizes is meant that a convolution of that stride brings to the input's.
    /// </summary>
    public object? OutputPadding { get; set; }

    /// <summary>The step between neighbouring taps in pixels, 1 or more: an <see cref="int"/>, or <c>new[] { height, width }</c>. 1 where it isn't set.</summary>
    public object? Dilation { get; set; }

    /// <summary>The parts into which the channels fall, 1 or more; it divides both the input's channels and the filters. An <see cref="int"/>, or an expression.</summary>
    public object Groups { get; set; } = 1;

    /// <summary>Whether each filter adds a trained number: a <see cref="bool"/>, or an expression.</summary>
    public object Bias { get; set; } = true;
}
