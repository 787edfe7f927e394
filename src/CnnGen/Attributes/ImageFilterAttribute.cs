namespace CnnGen;

/// <summary>The kernels of image processing, 3 x 3 each.</summary>
public enum FilterKind
{
    /// <summary>1 in the middle: the map as it is.</summary>
    Identity,

    /// <summary>8 in the middle, -1 around it.</summary>
    EdgeDetection,

    /// <summary>4 in the middle, -1 at its four neighbours: the negated second derivative.</summary>
    Laplacian,

    /// <summary>-1 0 1, twice as much in the middle row: the derivative along the columns, which finds vertical edges.</summary>
    SobelX,

    /// <summary>-1 0 1 from top to bottom, twice as much in the middle column: the derivative along the rows, which finds horizontal edges.</summary>
    SobelY,

    /// <summary>5 in the middle, -1 at its four neighbours.</summary>
    Sharpen,

    /// <summary>1/9 everywhere.</summary>
    BoxBlur,

    /// <summary>1 2 1, 2 4 2, 1 2 1, divided by 16.</summary>
    GaussianBlur,
}

/// <summary>
/// Each channel of a map filtered with a kernel that is not trained: y[i, j] = sum over u, v of kernel[u, v] * x[i + u - n / 2, j + v - n / 2], with zeros around the
/// map. The shape stays.
/// </summary>
public sealed class ImageFilterAttribute : LayerAttribute
{
    /// <summary>One of the known kernels.</summary>
    /// <param name="kind">Which.</param>
    public ImageFilterAttribute(FilterKind kind)
    {
        Kind = kind;
    }

    /// <summary>The known kernel that an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="kind">Which.</param>
    public ImageFilterAttribute(string kind)
    {
        Kind = kind;
    }

    /// <summary>A kernel of one's own.</summary>
    /// <param name="kernel">n * n finite numbers, row by row, of an odd n: 1, 9, 25, ...</param>
    public ImageFilterAttribute(double[] kernel)
    {
        Kernel = kernel;
    }

    /// <inheritdoc cref="ImageFilterAttribute(double[])"/>
    public ImageFilterAttribute(float[] kernel)
        : this(Array.ConvertAll(kernel, number => (double)number))
    {
    }

    /// <inheritdoc cref="ImageFilterAttribute(double[])"/>
    public ImageFilterAttribute(int[] kernel)
        : this(Array.ConvertAll(kernel, number => (double)number))
    {
    }

    /// <summary>The known kernel, where no other is given.</summary>
    public object Kind { get; } = FilterKind.Identity;

    /// <summary>The kernel of one's own, or null.</summary>
    public double[]? Kernel { get; }
}
