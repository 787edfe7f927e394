using System.Globalization;

namespace CnnGen.Insight;

/// <summary>A colour of a screen: sRGB, 8 bits a channel.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>Black.</summary>
    public static Rgb Black => new(0, 0, 0);

    /// <summary>White.</summary>
    public static Rgb White => new(255, 255, 255);

    /// <summary>Equal channels.</summary>
    /// <param name="level">0, black, to 255, white.</param>
    public static Rgb Grey(byte level) => new(level, level, level);

    /// <summary>How light it looks: L* of CIE 1976 under D65, from 0 (black) to 100 (white).</summary>
    public double Lightness => CieLab.LightnessOf(this);

    /// <summary>A colour as style sheets write it: <c>#1f77b4</c>.</summary>
    internal static Rgb Parse(string text) => Convert.FromHexString(text.AsSpan(1)) is [var r, var g, var b]
        ? new Rgb(r, g, b)
        : throw new FormatException($"'{text}' is no colour: #1f77b4 was expected.");

    /// <summary>As style sheets write it: <c>#1f77b4</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{R:x2}{G:x2}{B:x2}");
}
