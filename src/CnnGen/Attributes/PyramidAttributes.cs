namespace CnnGen;

/// <summary>
/// The largest element of each of height x width parts of a map, whatever its size: C x H x W -> C x height x width. The parts are those of
/// <see cref="AdaptiveAveragePoolAttribute"/>.
/// </summary>
public sealed class AdaptiveMaxPoolAttribute : LayerAttribute
{
    /// <summary>As many rows as columns.</summary>
    /// <param name="size">Rows and columns of the result, 1 or more.</param>
    public AdaptiveMaxPoolAttribute(int size)
        : this(size, size)
    {
    }

    /// <summary>Any number of rows and columns.</summary>
    /// <param name="height">Rows of the result, 1 or more.</param>
    /// <param name="width">Columns of the result, 1 or more.</param>
    public AdaptiveMaxPoolAttribute(int height, int width)
    {
        (Height, Width) = (height, width);
    }

    /// <inheritdoc cref="AdaptiveMaxPoolAttribute(int)"/>
    public AdaptiveMaxPoolAttribute(string size)
        : this(size, size)
    {
    }

    /// <summary>As expressions say (<see cref="BlockAttribute"/>).</summary>
    /// <param name="height">Rows of the result, 1 or more.</param>
    /// <param name="width">Columns of the result, 1 or more.</param>
    public AdaptiveMaxPoolAttribute(string height, string width)
    {
        (Height, Width) = (height, width);
    }

    /// <summary>Rows of the result.</summary>
    public object Height { get; }

    /// <summary>Columns of the result.</summary>
    public object Width { get; }
}

/// <summary>
/// The largest elements of a map's parts at several sizes, as one vector of the same length whatever the map's size (He et al. 2014, section 2.2):
/// C x H x W -> C * (sum of the sizes' squares). It is <see cref="AdaptiveMaxPoolAttribute"/> of each size, flattened, one after the other.
/// </summary>
/// <param name="sizes">Rows and columns of parts at each level, 1 or more: <c>4, 2, 1</c>.</param>
public sealed class SpatialPyramidPoolAttribute(params int[] sizes) : LayerAttribute
{
    /// <summary>Rows and columns of parts at each level.</summary>
    public int[] Sizes { get; } = sizes;
}
