namespace CnnGen;

/// <summary>A rectangle in pixels of an image: the first pixel's left edge is 0, its right edge 1.</summary>
/// <param name="X1">The left edge.</param>
/// <param name="Y1">The upper edge.</param>
/// <param name="X2">The right edge.</param>
/// <param name="Y2">The lower edge.</param>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    /// <summary>Whether there is nothing in it: a right edge that is not right of the left one, a lower one not below the upper, or a number that is not finite.</summary>
    public bool IsEmpty => new Runtime.RegionBox(X1, Y1, X2, Y2).IsEmpty;

    /// <summary>The part of the area of both together that both have (intersection over union): 0 to 1; 0 where one is empty.</summary>
    /// <param name="other">The other box.</param>
    public float Overlap(Box other)
    {
        if (IsEmpty || other.IsEmpty)
            return 0;
        var (width, height) = (Math.Min(X2, other.X2) - Math.Max(X1, other.X1), Math.Min(Y2, other.Y2) - Math.Max(Y1, other.Y1));
        if (width <= 0 || height <= 0)
            return 0;
        var both = (double)width * height;
        return (float)(both / (Area(this) + Area(other) - both));

        static double Area(Box box) => ((double)box.X2 - box.X1) * ((double)box.Y2 - box.Y1);
    }

    /// <summary>
    /// What leads from this box to another one, as detectors learn it (Girshick et al. 2014, appendix C): how far apart the centres are, in widths and heights of this box, and the logarithms of how
    /// much wider and higher the other is.
    /// </summary>
    /// <param name="truth">The other box.</param>
    /// <exception cref="InvalidOperationException">One of them is empty.</exception>
    public (float X, float Y, float Width, float Height) OffsetsTo(Box truth)
    {
        if (IsEmpty || truth.IsEmpty)
            throw new InvalidOperationException($"From {this} nothing leads to {truth}: one of them is empty.");
        var (width, height) = (X2 - X1, Y2 - Y1);
        return (
            (truth.X1 + truth.X2 - X1 - X2) / 2 / width,
            (truth.Y1 + truth.Y2 - Y1 - Y2) / 2 / height,
            MathF.Log((truth.X2 - truth.X1) / width),
            MathF.Log((truth.Y2 - truth.Y1) / height));
    }

    /// <summary>The box that some offsets lead to: the inverse of <see cref="OffsetsTo"/>.</summary>
    /// <param name="offsets">The offsets, as a network gives them.</param>
    public Box Moved((float X, float Y, float Width, float Height) offsets)
    {
        var (width, height) = (X2 - X1, Y2 - Y1);
        var (x, y) = (((X1 + X2) / 2) + (offsets.X * width), ((Y1 + Y2) / 2) + (offsets.Y * height));
        var (w, h) = (width * MathF.Exp(offsets.Width) / 2, height * MathF.Exp(offsets.Height) / 2);
        return new Box(x - w, y - h, x + w, y + h);
    }
}

/// <summary>A region of an image and what is in it.</summary>
/// <param name="Region">Where a detector looks.</param>
/// <param name="Label">The class; 0 for the background.</param>
/// <param name="Truth">The box of what is there; of no account for the background.</param>
public readonly record struct LabelledRegion(Box Region, int Label, Box Truth = default);
