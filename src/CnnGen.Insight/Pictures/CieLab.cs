namespace CnnGen.Insight;

/// <summary>
/// CIE 1976 L*a*b* in its polar form (lightness, chroma, hue) and sRGB (IEC 61966-2-1), both under D65: colour maps are drawn as paths through it, because equal steps of lightness look equal.
/// </summary>
internal static class CieLab
{
    // The white of D65 for the 2 degree observer.
    private const double WhiteX = 0.95047;
    private const double WhiteZ = 1.08883;
    private const double Bound = 6.0 / 29;

    /// <summary>The colour of this lightness and hue with the chroma, or, where a screen can't show that, the largest chroma below it that it can.</summary>
    /// <param name="lightness">L*, 0 to 100.</param>
    /// <param name="chroma">0, neutral, or more.</param>
    /// <param name="hue">In degrees: 0 is towards red, 90 yellow, 180 green, 270 blue.</param>
    public static Rgb ToRgb(double lightness, double chroma, double hue)
    {
        if (TryLinear(lightness, chroma, hue, out var color))
            return Encode(color);
        var (inside, outside) = (0.0, chroma);
        for (var i = 0; i < 24; i++)
        {
            var middle = (inside + outside) / 2;
            if (TryLinear(lightness, middle, hue, out _))
                inside = middle;
            else
                outside = middle;
        }

        TryLinear(lightness, inside, hue, out color);
        return Encode(color);
    }

    public static double LightnessOf(Rgb color)
    {
        var y = (0.2126729 * Decode(color.R)) + (0.7151522 * Decode(color.G)) + (0.0721750 * Decode(color.B));
        return (116 * (y > Bound * Bound * Bound ? Math.Cbrt(y) : (y / (3 * Bound * Bound)) + (4.0 / 29))) - 16;
    }

    private static bool TryLinear(double lightness, double chroma, double hue, out (double R, double G, double B) color)
    {
        var (sin, cos) = Math.SinCos(hue * Math.PI / 180);
        var y = (lightness + 16) / 116;
        var (x, z) = (y + (chroma * cos / 500), y - (chroma * sin / 200));
        var (cx, cy, cz) = (WhiteX * Inverse(x), Inverse(y), WhiteZ * Inverse(z));
        color = (
            (3.2404542 * cx) - (1.5371385 * cy) - (0.4985314 * cz),
            (-0.9692660 * cx) + (1.8760108 * cy) + (0.0415560 * cz),
            (0.0556434 * cx) - (0.2040259 * cy) + (1.0572252 * cz));
        const double Slack = 1e-4;
        return Math.Min(color.R, Math.Min(color.G, color.B)) >= -Slack && Math.Max(color.R, Math.Max(color.G, color.B)) <= 1 + Slack;
    }

    private static double Inverse(double t) => t > Bound ? t * t * t : 3 * Bound * Bound * (t - (4.0 / 29));

    private static Rgb Encode((double R, double G, double B) color) => new(Encode(color.R), Encode(color.G), Encode(color.B));

    private static byte Encode(double linear)
    {
        linear = Math.Clamp(linear, 0, 1);
        return (byte)Math.Round(255 * (linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055));
    }

    private static double Decode(byte level)
    {
        var value = level / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
