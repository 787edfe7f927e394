namespace CnnGen.Insight;

/// <summary>A colour for each class, told apart by hue and, of neighbouring hues, by lightness too; all are seen on white and on dark paper.</summary>
public static class ClassColors
{
    private const int Hues = 10;

    // Classes that follow one another lie far apart on the circle.
    private static readonly int[] s_order = [7, 1, 4, 9, 2, 5, 8, 0, 6, 3];
    private static readonly Rgb[] s_colors = [.. Enumerable.Range(0, 2 * Hues).Select(i =>
    {
        var hue = s_order[i % Hues];
        return CieLab.ToRgb((hue % 2 == 0 ? 53 : 64) - (i < Hues ? 0 : 8), i < Hues ? 62 : 30, 30 + (hue * 360.0 / Hues));
    })];

    /// <summary>The number of different colours: the class after the last one has the first one's again.</summary>
    public static int Count => s_colors.Length;

    /// <summary>The colour of a class.</summary>
    /// <param name="index">The class, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static Rgb Of(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return s_colors[index % s_colors.Length];
    }
}
