using System.Globalization;

namespace CnnGen.Runtime;

/// <summary>Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
internal static class AxisTicks
{
    /// <summary>The longest label that has room beside an axis.</summary>
    private const int MostSigns = 9;

    private const double MostMultiples = 1e14;

    /// <summary>A quotient that is a whole number but for its rounding is one.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>The multiples of a round step from the last one at or below <paramref name="low"/> to the first at or above <paramref name="high"/>.</summary>
    /// <param name="low">The least number.</param>
    /// <param name="high">The largest, above <paramref name="low"/>.</param>
    /// <param name="most">The most steps between the two, 1 or more.</param>
    /// <param name="least">The least step: 1 where there is nothing between whole numbers.</param>
    public static double[] Around(double low, double high, int most, double least = 0)
    {
        var step = Step((high / most) - (low / most), least);
        var (first, last) = (Math.Floor((low / step) + Tolerance), Math.Ceiling((high / step) - Tolerance));

        // Where a double tells the multiples hardly apart, or doesn't hold them: the ends alone.
        if (!(Math.Max(Math.Abs(first), Math.Abs(last)) < MostMultiples) || !double.IsFinite(first * step) || !double.IsFinite(last * step))
            return [low, high];
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Multiple(first + i, step))];
    }

    /// <summary>Labels that differ where the numbers do: with as many digits behind the point as their step needs.</summary>
    public static IEnumerable<string> Labels(IReadOnlyList<double> ticks)
    {
        var step = ticks.Count > 1 ? ticks[1] - ticks[0] : 0;
        var digits = step > 0 ? Math.Clamp(-(int)Math.Floor(Math.Log10(step) + Tolerance), 0, 15) : 0;
        foreach (var tick in ticks)
        {
            var plain = tick.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            yield return plain.Length <= MostSigns ? plain : tick.ToString("G4", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The smallest round number that is no less than another one.</summary>
    private static double Step(double wanted, double least)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        var step = new[] { 1, 2, 5, 10 }.Select(times => times * unit).First(one => one >= wanted * (1 - Tolerance) || one >= 10 * unit);
        return Math.Max(step, least);
    }

    /// <summary>A multiple of a step without the rounding of 3 * 0.1.</summary>
    private static double Multiple(double times, double step) => step < 1 ? times / Math.Round(1 / step) : times * step;
}
