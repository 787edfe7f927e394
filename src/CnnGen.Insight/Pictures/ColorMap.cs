namespace CnnGen.Insight;

/// <summary>
/// Colours for numbers. All maps are perceptual: their lightness (CIE L*) runs in equal steps, so that equal differences of numbers look equal, also without colour and to those who see few of them.
/// </summary>
public sealed class ColorMap
{
    private const int Length = 256;
    private readonly Rgb[] _colors = new Rgb[Length];

    private ColorMap(string name, bool isDiverging, Func<double, Rgb> color)
    {
        (Name, IsDiverging) = (name, isDiverging);
        for (var i = 0; i < Length; i++)
            _colors[i] = color(i / (Length - 1.0));
    }

    /// <summary>For numbers from little to much: dark violet over blue and green to light yellow.</summary>
    public static ColorMap Sequential { get; } = new("sequential", false, t => CieLab.ToRgb(14 + (78 * t), 46 + (22 * t), 308 - (206 * t)));

    /// <summary>For numbers on both sides of zero: blue below, red above, a light neutral grey at zero; what is as far from zero is as light.</summary>
    public static ColorMap Diverging { get; } = new("diverging", true, t => Math.Abs((2 * t) - 1) is var far && t < 0.5
        ? CieLab.ToRgb(95 - (60 * far), 64 * far, 272)
        : CieLab.ToRgb(95 - (60 * far), 76 * far, 32));

    /// <summary>Black to white.</summary>
    public static ColorMap Grey { get; } = new("grey", false, t => CieLab.ToRgb(100 * t, 0, 0));

    /// <summary>The map for some numbers: <see cref="Diverging"/> where one is below zero, else <see cref="Sequential"/>.</summary>
    /// <param name="values">The numbers.</param>
    public static ColorMap For(ReadOnlySpan<float> values) => values.ContainsAnyInRange(float.NegativeInfinity, -float.Epsilon) ? Diverging : Sequential;

    /// <summary>What is no number (NaN) is drawn in this colour, which no map has.</summary>
    public static Rgb NotANumber => new(255, 0, 255);

    /// <summary><c>sequential</c>, <c>diverging</c> or <c>grey</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the middle stands for zero, so that a range is taken as far below it as above.</summary>
    public bool IsDiverging { get; }

    /// <summary>The 256 colours, from that of 0 to that of 1.</summary>
    public ReadOnlySpan<Rgb> Colors => _colors;

    /// <summary>The colour of a number.</summary>
    /// <param name="value">0 to 1; what is below or above has the first or the last colour, NaN that of <see cref="NotANumber"/>.</param>
    public Rgb this[double value] => double.IsNaN(value) ? NotANumber : _colors[(int)Math.Round(Math.Clamp(value, 0, 1) * (Length - 1))];

    /// <summary>The map's name.</summary>
    public override string ToString() => Name;
}
