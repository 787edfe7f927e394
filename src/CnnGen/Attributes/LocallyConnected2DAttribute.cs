namespace CnnGen;

/// <summary>
/// What a convolution computes, with filters (and biases) of its own at each pixel of the result: C x H x W -> filters x H' x W', where H' = (H - kernel) / Stride + 1, and W' likewise. The
/// parameters are laid out as Keras's are: weight is H' * W' x kernelHeight * kernelWidth * C x filters, bias H' x W' x filters.
/// </summary>
/// <remarks>Each number may be an expression (<see cref="BlockAttribute"/>).</remarks>
public sealed class LocallyConnected2DAttribute : LayerAttribute
{
    /// <summary>A square kernel.</summary>
    /// <param name="filters">Output channels, 1 or more.</param>
    /// <param name="kernel">Rows and columns of the kernel, 1 or more.</param>
    public LocallyConnected2DAttribute(int filters, int kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <inheritdoc cref="LocallyConnected2DAttribute(int, int)"/>
    public LocallyConnected2DAttribute(string filters, int kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <inheritdoc cref="LocallyConnected2DAttribute(int, int)"/>
    public LocallyConnected2DAttribute(int filters, string kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <inheritdoc cref="LocallyConnected2DAttribute(int, int)"/>
    public LocallyConnected2DAttribute(string filters, string kernel)
        : this((object)filters, kernel, kernel)
    {
    }

    /// <summary>A kernel of any height and width.</summary>
    /// <param name="filters">Output channels, 1 or more.</param>
    /// <param name="kernelHeight">Rows of the kernel, 1 or more.</param>
    /// <param name="kernelWidth">Columns of the kernel, 1 or more.</param>
    public LocallyConnected2DAttribute(int filters, int kernelHeight, int kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="LocallyConnected2DAttribute(int, int, int)"/>
    public LocallyConnected2DAttribute(string filters, int kernelHeight, int kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="LocallyConnected2DAttribute(int, int, int)"/>
    public LocallyConnected2DAttribute(int filters, string kernelHeight, string kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="LocallyConnected2DAttribute(int, int, int)"/>
    public LocallyConnected2DAttribute(string filters, string kernelHeight, string kernelWidth)
        : this((object)filters, kernelHeight, kernelWidth)
    {
    }

    private LocallyConnected2DAttribute(object filters, object kernelHeight, object kernelWidth)
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

    /// <summary>Whether each element of the result adds a trained number: a <see cref="bool"/>, or an expression.</summary>
    public object Bias { get; set; } = true;

    /// <summary>What happens where the window doesn't fit; where it isn't set, the model's <see cref="ModelAttribute.Rounding"/>. A <see cref="CnnGen.Rounding"/>, or an expression.</summary>
    public object? Rounding { get; set; }
}
