namespace CnnGen;

/// <summary>
/// The largest elements of height x width parts of each region of a map, whatever the region's size (Girshick 2015, "Fast R-CNN", section 2.1). The regions come with each image, as many as
/// <see cref="ModelAttribute.Regions"/> says: x1, y1, x2, y2 in pixels of the image. C x H x W -> C * height * width features of each region, which what follows takes one by one: a
/// <see cref="DenseAttribute"/> acts on each region alone, by the same weights.
/// </summary>
/// <remarks>
/// With x1 = round(x1 * SpatialScale) and likewise the others (halves away from 0) and h = max(y2 - y1 + 1, 1), part i has the rows from y1 + floor(i h / height) to
/// y1 + ceil((i + 1) h / height), as far as they are in the map; a part without rows or columns is 0. A region with x2 &lt;= x1 or y2 &lt;= y1, or with a number that is not finite, is empty:
/// all its features are 0. The features lie in C x height x width order. The gradient goes to the first of each part's largest elements; the regions have none.
/// </remarks>
public sealed class RoIPoolAttribute : LayerAttribute
{
    /// <summary>As many rows as columns.</summary>
    /// <param name="size">Rows and columns of parts, 1 or more.</param>
    public RoIPoolAttribute(int size)
        : this(size, size)
    {
    }

    /// <summary>Any number of rows and columns.</summary>
    /// <param name="height">Rows of parts, 1 or more.</param>
    /// <param name="width">Columns of parts, 1 or more.</param>
    public RoIPoolAttribute(int height, int width)
    {
        (Height, Width) = (height, width);
    }

    /// <inheritdoc cref="RoIPoolAttribute(int)"/>
    public RoIPoolAttribute(string size)
        : this(size, size)
    {
    }

    /// <summary>As expressions say (<see cref="BlockAttribute"/>).</summary>
    /// <param name="height">Rows of parts, 1 or more.</param>
    /// <param name="width">Columns of parts, 1 or more.</param>
    public RoIPoolAttribute(string height, string width)
    {
        (Height, Width) = (height, width);
    }

    /// <summary>Rows of parts.</summary>
    public object Height { get; }

    /// <summary>Columns of parts.</summary>
    public object Width { get; }

    /// <summary>What a region's numbers are multiplied with to be the map's: 1.0 / 16 behind strides of 16 in all; finite, above 0. A number, or an expression.</summary>
    public object SpatialScale { get; set; } = 1;
}

/// <summary>
/// Means of samples of height x width parts of each region of a map, between whose elements they are interpolated (He et al. 2017, "Mask R-CNN", section 3). Regions and result are those of
/// <see cref="RoIPoolAttribute"/>, but nothing is rounded.
/// </summary>
/// <remarks>
/// A region begins at x1 * SpatialScale (less 1/2 where <see cref="Aligned"/>), and its parts are of equal size. Samples are the middles of a grid of SamplingRatio x SamplingRatio cells in each
/// part, bilinear between the four elements around; one beyond -1 or the map's height or width counts as 0, one between the map's border and there has the border's value. A region with
/// x2 &lt;= x1 or y2 &lt;= y1, or with a number that is not finite, is empty: all its features are 0. PyTorch's defaults are a sampling ratio of -1 (here 0) and not aligned.
/// </remarks>
public sealed class RoIAlignAttribute : LayerAttribute
{
    /// <summary>As many rows as columns.</summary>
    /// <param name="size">Rows and columns of parts, 1 or more.</param>
    public RoIAlignAttribute(int size)
        : this(size, size)
    {
    }

    /// <summary>Any number of rows and columns.</summary>
    /// <param name="height">Rows of parts, 1 or more.</param>
    /// <param name="width">Columns of parts, 1 or more.</param>
    public RoIAlignAttribute(int height, int width)
    {
        (Height, Width) = (height, width);
    }

    /// <inheritdoc cref="RoIAlignAttribute(int)"/>
    public RoIAlignAttribute(string size)
        : this(size, size)
    {
    }

    /// <summary>As expressions say (<see cref="BlockAttribute"/>).</summary>
    /// <param name="height">Rows of parts, 1 or more.</param>
    /// <param name="width">Columns of parts, 1 or more.</param>
    public RoIAlignAttribute(string height, string width)
    {
        (Height, Width) = (height, width);
    }

    /// <summary>Rows of parts.</summary>
    public object Height { get; }

    /// <summary>Columns of parts.</summary>
    public object Width { get; }

    /// <summary>What a region's numbers are multiplied with to be the map's: 1.0 / 16 behind strides of 16 in all; finite, above 0. A number, or an expression.</summary>
    public object SpatialScale { get; set; } = 1;

    /// <summary>Samples along each axis of a part, 1 to 64; 0 for as many as a part has elements, rounded up, and 1 or more. An <see cref="int"/>, or an expression.</summary>
    public object SamplingRatio { get; set; } = 2;

    /// <summary>
    /// Whether the middles of pixels have the coordinates 1/2, 3/2 and so on, as those of the map's elements have; where not, a coordinate is taken for an element's index, and a region is 1 high
    /// and wide at least, as in He et al.'s first code. A <see cref="bool"/>, or an expression.
    /// </summary>
    public object Aligned { get; set; } = true;
}
