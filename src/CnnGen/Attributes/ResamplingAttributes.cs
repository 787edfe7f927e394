namespace CnnGen;

/// <summary>What stands outside a map.</summary>
public enum PadMode
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The map mirrored at its edge, which is not repeated: ... 2 1 0 1 2 ...</summary>
    Reflect,

    /// <summary>The element at the edge, repeated.</summary>
    Edge,
}

/// <summary>How elements between those of a map are found.</summary>
public enum UpsampleMode
{
    /// <summary>The nearest element: squares of equal pixels.</summary>
    Nearest,

    /// <summary>The four neighbours, weighted by their distance along each axis.</summary>
    Bilinear,
}

/// <summary>Rows and columns around a map: C x H x W -> C x (top + H + bottom) x (left + W + right).</summary>
public sealed class PadAttribute : LayerAttribute
{
    /// <summary>As many on each side.</summary>
    /// <param name="padding">Rows and columns on each side, 0 or more.</param>
    public PadAttribute(int padding)
        : this(padding, padding, padding, padding)
    {
    }

    /// <summary>Each side by itself.</summary>
    /// <param name="top">Rows above, 0 or more.</param>
    /// <param name="left">Columns to the left, 0 or more.</param>
    /// <param name="bottom">Rows below, 0 or more.</param>
    /// <param name="right">Columns to the right, 0 or more.</param>
    public PadAttribute(int top, int left, int bottom, int right)
    {
        (Top, Left, Bottom, Right) = (top, left, bottom, right);
    }

    /// <inheritdoc cref="PadAttribute(int)"/>
    public PadAttribute(string padding)
        : this(padding, padding, padding, padding)
    {
    }

    /// <summary>Each side as an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="top">Rows above, 0 or more.</param>
    /// <param name="left">Columns to the left, 0 or more.</param>
    /// <param name="bottom">Rows below, 0 or more.</param>
    /// <param name="right">Columns to the right, 0 or more.</param>
    public PadAttribute(string top, string left, string bottom, string right)
    {
        (Top, Left, Bottom, Right) = (top, left, bottom, right);
    }

    /// <summary>Rows above.</summary>
    public object Top { get; }

    /// <summary>Columns to the left.</summary>
    public object Left { get; }

    /// <summary>Rows below.</summary>
    public object Bottom { get; }

    /// <summary>Columns to the right.</summary>
    public object Right { get; }

    /// <summary>What stands there: a <see cref="PadMode"/>, or an expression. A reflection reaches at most to the last row and column: fewer than the map has on each side.</summary>
    public object Mode { get; set; } = PadMode.Zero;
}

/// <summary>A part of a map: C x H x W -> C x height x width.</summary>
/// <param name="height">Rows that are kept, 1 to the map's.</param>
/// <param name="width">Columns that are kept, 1 to the map's.</param>
public sealed class CropAttribute(int height, int width) : LayerAttribute
{
    /// <summary>As expressions say (<see cref="BlockAttribute"/>).</summary>
    /// <param name="height">Rows that are kept, 1 to the map's.</param>
    /// <param name="width">Columns that are kept, 1 to the map's.</param>
    public CropAttribute(string height, string width)
        : this(1, 1) => (Height, Width) = (height, width);

    /// <summary>Rows that are kept.</summary>
    public object Height { get; } = height;

    /// <summary>Columns that are kept.</summary>
    public object Width { get; } = width;

    /// <summary>The first row that is kept, from 0 on; -1, which is the default, for the map's middle.</summary>
    public object Top { get; set; } = -1;

    /// <summary>The first column that is kept, from 0 on; -1, which is the default, for the map's middle.</summary>
    public object Left { get; set; } = -1;
}

/// <summary>
/// The mean of each of height x width parts of a map, whatever its size: C x H x W -> C x height x width. Part i has the rows from floor(i * H / height) to
/// ceil((i + 1) * H / height), so that neighbours overlap where the height does not divide H.
/// </summary>
public sealed class AdaptiveAveragePoolAttribute : LayerAttribute
{
    /// <summary>As many rows as columns.</summary>
    /// <param name="size">Rows and columns of the result, 1 or more.</param>
    public AdaptiveAveragePoolAttribute(int size)
        : this(size, size)
    {
    }

    /// <summary>Any number of rows and columns.</summary>
    /// <param name="height">Rows of the result, 1 or more.</param>
    /// <param name="width">Columns of the result, 1 or more.</param>
    public AdaptiveAveragePoolAttribute(int height, int width)
    {
        (Height, Width) = (height, width);
    }

    /// <inheritdoc cref="AdaptiveAveragePoolAttribute(int)"/>
    public AdaptiveAveragePoolAttribute(string size)
        : this(size, size)
    {
    }

    /// <summary>As expressions say (<see cref="BlockAttribute"/>).</summary>
    /// <param name="height">Rows of the result, 1 or more.</param>
    /// <param name="width">Columns of the result, 1 or more.</param>
    public AdaptiveAveragePoolAttribute(string height, string width)
    {
        (Height, Width) = (height, width);
    }

    /// <summary>Rows of the result.</summary>
    public object Height { get; }

    /// <summary>Columns of the result.</summary>
    public object Width { get; }
}

/// <summary>
/// The map's low frequencies, as a smaller map: its discrete Fourier transform cropped to height x width and transformed back (Rippel, Snoek, Adams 2015).
/// C x H x W -> C x height x width. A channel's mean stays.
/// </summary>
public sealed class SpectralPoolAttribute : LayerAttribute
{
    /// <summary>As many rows as columns.</summary>
    /// <param name="size">Rows and columns of the result, 1 to the map's.</param>
    public SpectralPoolAttribute(int size)
        : this(size, size)
    {
    }

    /// <summary>Any number of rows and columns.</summary>
    /// <param name="height">Rows of the result, 1 to the map's.</param>
    /// <param name="width">Columns of the result, 1 to the map's.</param>
    public SpectralPoolAttribute(int height, int width)
    {
        (Height, Width) = (height, width);
    }

    /// <inheritdoc cref="SpectralPoolAttribute(int)"/>
    public SpectralPoolAttribute(string size)
        : this(size, size)
    {
    }

    /// <summary>As expressions say (<see cref="BlockAttribute"/>).</summary>
    /// <param name="height">Rows of the result, 1 to the map's.</param>
    /// <param name="width">Columns of the result, 1 to the map's.</param>
    public SpectralPoolAttribute(string height, string width)
    {
        (Height, Width) = (height, width);
    }

    /// <summary>Rows of the result.</summary>
    public object Height { get; }

    /// <summary>Columns of the result.</summary>
    public object Width { get; }
}

/// <summary>A map at a multiple of its size: C x H x W -> C x (factor * H) x (factor * W).</summary>
/// <param name="factor">Rows and columns that become of one, 1 or more.</param>
public sealed class UpsampleAttribute(int factor) : LayerAttribute
{
    /// <summary>As an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="factor">Rows and columns that become of one, 1 or more.</param>
    public UpsampleAttribute(string factor)
        : this(1) => Factor = factor;

    /// <summary>Rows and columns that become of one.</summary>
    public object Factor { get; } = factor;

    /// <summary>How the new elements are found: an <see cref="UpsampleMode"/>, or an expression.</summary>
    public object Mode { get; set; } = UpsampleMode.Nearest;

    /// <summary>
    /// Of <see cref="UpsampleMode.Bilinear"/>: whether the corner elements of both maps lie on one another. Where not, their outer edges do, as in PyTorch's default. A <see cref="bool"/>, or an expression.
    /// </summary>
    public object AlignCorners { get; set; } = false;
}
