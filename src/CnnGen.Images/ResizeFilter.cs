namespace CnnGen.Images;

/// <summary>How the pixels of a resized image are made of those before, along each axis by itself.</summary>
public enum ResizeFilter
{
    /// <summary>
    /// Along an axis that shrinks, the mean of the stretch that a pixel covers (its ends by the part covered); along one that grows, between the two nearest pixels. Sums are in
    /// single precision, rounded once.
    /// </summary>
    Area,

    /// <summary>A triangle, as wide as an output pixel where the axis shrinks: Pillow's <c>BILINEAR</c>, to the bit.</summary>
    Bilinear,

    /// <summary>The cubic convolution with a = -0.5, widened where the axis shrinks: Pillow's <c>BICUBIC</c>, to the bit.</summary>
    Bicubic,
}
