namespace CnnGen.Runtime;

/// <summary>Where the pixels of a changed image come from: a pixel (x, y) from (<c>Xx x + Xy y + X0</c>, <c>Yx x + Yy y + Y0</c>), in pixels, those of the first row and column at 0.</summary>
internal readonly record struct AffineMap(double Xx, double Xy, double X0, double Yx, double Yy, double Y0)
{
    /// <summary>
    /// The way back of a change about the image's centre: first sheared (x' = x + horizontal y, y' = y + vertical x), then scaled, turned counter-clockwise as it is seen (rows run downwards), and moved.
    /// </summary>
    /// <param name="shape">The image's shape.</param>
    /// <param name="radians">The angle.</param>
    /// <param name="scale">The factor of all lengths, above 0.</param>
    /// <param name="horizontal">The shear along rows; with the other one the product must not be 1.</param>
    /// <param name="vertical">The shear along columns.</param>
    /// <param name="right">The move, in pixels.</param>
    /// <param name="down">The move, in pixels.</param>
    public static AffineMap Back(ImageShape shape, double radians, double scale, double horizontal, double vertical, double right = 0, double down = 0)
    {
        // Forwards: s R H with R = [cos sin; -sin cos], as rows run downwards, and H = [1 h; v 1].
        var (sin, cos) = Math.SinCos(radians);
        var (a, b) = (scale * (cos + (sin * vertical)), scale * ((cos * horizontal) + sin));
        var (c, d) = (scale * (-sin + (cos * vertical)), scale * ((-sin * horizontal) + cos));
        var determinant = (a * d) - (b * c);
        var (xx, xy, yx, yy) = (d / determinant, -b / determinant, -c / determinant, a / determinant);
        var (centreX, centreY) = ((shape.Width - 1) / 2.0, (shape.Height - 1) / 2.0);
        var (x, y) = (centreX + right, centreY + down);
        return new AffineMap(xx, xy, centreX - (xx * x) - (xy * y), yx, yy, centreY - (yx * x) - (yy * y));
    }
}

/// <summary>The part of an image that pixels are taken from.</summary>
internal readonly record struct SourceArea(int Left, int Top, int Width, int Height)
{
    public static SourceArea All(ImageShape shape) => new(0, 0, shape.Width, shape.Height);
}

/// <summary>What is outside the part of an image that pixels are taken from.</summary>
internal enum Outside
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The image mirrored at its edge pixels, again and again.</summary>
    Reflect,

    /// <summary>The edge pixels.</summary>
    Edge,
}
