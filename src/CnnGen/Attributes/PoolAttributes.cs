namespace CnnGen;

/// <summary>
/// The largest element of each window: C x H x W -> C x H' x W', where
/// H' = (H - (Dilation * (kernel - 1) + 1) + 2 * Padding) / Stride + 1, and W' likewise. Padding never wins.
/// </summary>
public sealed class MaxPoolAttribute : LayerAttribute
{
    /// <summary>A square window.</summary>
    /// <param name="kernel">Rows and columns of the window, 1 or more.</param>
    public MaxPoolAttribute(int kernel)
        : this((object)kernel, kernel)
    {
    }

    /// <inheritdoc cref="MaxPoolAttribute(int)"/>
    public MaxPoolAttribute(string kernel)
        : this((object)kernel, kernel)
    {
    }

    /// <summary>A window of any height and width.</summary>
    /// <param name="kernelHeight">Rows of the window, 1 or more.</param>
    /// <param name="kernelWidth">Columns of the window, 1 or more.</param>
    public MaxPoolAttribute(int kernelHeight, int kernelWidth)
        : this((object)kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="MaxPoolAttribute(int, int)"/>
    public MaxPoolAttribute(string kernelHeight, string kernelWidth)
        : this((object)kernelHeight, kernelWidth)
    {
    }

    private MaxPoolAttribute(object kernelHeight, object kernelWidth)
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
    /// Rows and columns around the input that no window takes its element from, 0 to half the window: an <see cref="int"/>, <c>new[] { height, width }</c>, or
    /// <c>new[] { top, left, bottom, right }</c>. 0 where it isn't set.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>The step between a window's neighbouring elements in pixels, 1 or more: an <see cref="int"/>, or <c>new[] { height, width }</c>. 1 where it isn't set.</summary>
    public object? Dilation { get; set; }

    /// <summary>What happens where the window doesn't fit; where it isn't set, the model's <see cref="ModelAttribute.Rounding"/>. A <see cref="CnnGen.Rounding"/>, or an expression.</summary>
    public object? Rounding { get; set; }
}

/// <summary>
/// The mean of each window: C x H x W -> C x H' x W', where H' = (H - kernel + 2 * Padding) / Stride + 1, and W' likewise.
/// </summary>
public sealed class AveragePoolAttribute : LayerAttribute
{
    /// <summary>A square window.</summary>
    /// <param name="kernel">Rows and columns of the window, 1 or more.</param>
    public AveragePoolAttribute(int kernel)
        : this((object)kernel, kernel)
    {
    }

    /// <inheritdoc cref="AveragePoolAttribute(int)"/>
    public AveragePoolAttribute(string kernel)
        : this((object)kernel, kernel)
    {
    }

    /// <summary>A window of any height and width.</summary>
    /// <param name="kernelHeight">Rows of the window, 1 or more.</param>
    /// <param name="kernelWidth">Columns of the window, 1 or more.</param>
    public AveragePoolAttribute(int kernelHeight, int kernelWidth)
        : this((object)kernelHeight, kernelWidth)
    {
    }

    /// <inheritdoc cref="AveragePoolAttribute(int, int)"/>
    public AveragePoolAttribute(string kernelHeight, string kernelWidth)
        : this((object)kernelHeight, kernelWidth)
    {
    }

    private AveragePoolAttribute(object kernelHeight, object kernelWidth)
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
    /// Rows and columns of zeros on each side, 0 to half the window: an <see cref="int"/>, <c>new[] { height, width }</c>, or <c>new[] { top, left, bottom, right }</c>.
    /// 0 where it isn't set.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>What happens where the window doesn't fit; where it isn't set, the model's <see cref="ModelAttribute.Rounding"/>. A <see cref="CnnGen.Rounding"/>, or an expression.</summary>
    public object? Rounding { get; set; }

    /// <summary>Whether padding counts among what is averaged (as zeros), or only the image's own elements: a <see cref="bool"/>, or an expression.</summary>
    public object CountPadding { get; set; } = true;
}

/// <summary>The mean of each channel: C x H x W -> C x 1 x 1.</summary>
public sealed class GlobalAveragePoolAttribute : LayerAttribute;

/// <summary>The largest element of each channel: C x H x W -> C x 1 x 1.</summary>
public sealed class GlobalMaxPoolAttribute : LayerAttribute;
