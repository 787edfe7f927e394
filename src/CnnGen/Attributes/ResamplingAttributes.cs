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

    /// <summary>Rows above.</summary>
    public int Top { get; }

    /// <summary>Columns to the left.</summary>
    public int Left { get; }

    /// <summary>Rows below.</summary>
    public int Bottom { get; }

    /// <summary>Columns to the right.</summary>
    public int Right { get; }

    /// <summary>What stands there. A reflection reaches at most to the last row and column: fewer than the map has on each side.</summary>
    public PadMode Mode { get; set; }
}

/// <summary>A part of a map: C x H x W -> C x height x width.</summary>
/// <param name="height">Rows that are kept, 1 to the map's.</param>
/// <param name="width">Columns that are kept, 1 to the map's.</param>
public sealed class CropAttribute(int height, int width) : LayerAttribute
{
    /// <summary>Rows that are kept.</summary>
    public int Height { get; } = height;

    /// <summary>Columns that are kept.</summary>
    public int Width { get; } = width;

    /// <summary>The first row that is kept, from 0 on; -1, which is the default, for the map's middle.</summary>
    public int Top { get; set; } = -1;

    /// <summary>The first column that is kept, from 0 on; -1, which is the default, for the map's middle.</summary>
    public int Left { get; set; } = -1;
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

    /// <summary>Rows of the result.</summary>
    public int Height { get; }

    /// <summary>Columns of the result.</summary>
    public int Width { get; }
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

    /// <summary>Rows of the result.</summary>
    public int Height { get; }

    /// <summary>Columns of the result.</summary>
    public int Width { get; }
}

/// <summary>A map at a multiple of its size: C x H x W -> C x (factor * H) x (factor * W).</summary>
/// <param name="factor">Rows and columns that become of one, 1 or more.</param>
public sealed class UpsampleAttribute(int factor) : LayerAttribute
{
    /// <summary>Rows and columns that become of one.</summary>
    public int Factor { get; } = factor;

    /// <summary>How the new elements are found.</summary>
    public UpsampleMode Mode { get; set; }

    /// <summary>
    /// Of <see cref="UpsampleMode.Bilinear"/>: whether the corner elements of both maps lie on one another. Where not, their outer edges do, as in PyTorch's default.
    /// </summary>
    public bool AlignCorners { get; set; }
}
