using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>How often numbers fall into each of equal parts of a range: of weights, activations or gradients.</summary>
public sealed class Histogram
{
    private Histogram(double low, double high, long[] counts, long below, long above, long notFinite) =>
        (Low, High, Counts, Below, Above, NotFinite) = (low, high, counts, below, above, notFinite);

    /// <summary>Where the first bin begins.</summary>
    public double Low { get; }

    /// <summary>Where the last bin ends; a number that is just it counts in the last bin.</summary>
    public double High { get; }

    /// <summary>The numbers in each bin.</summary>
    public IReadOnlyList<long> Counts { get; }

    /// <summary>Finite numbers below the first bin.</summary>
    public long Below { get; }

    /// <summary>Finite numbers above the last bin.</summary>
    public long Above { get; }

    /// <summary>Infinite ones and those that are no number.</summary>
    public long NotFinite { get; }

    /// <summary>All numbers that were counted, wherever.</summary>
    public long Total => Counts.Sum() + Below + Above + NotFinite;

    /// <summary>Counts numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="bins">The number of bins, 1 to 10,000.</param>
    /// <param name="low">Where the first one begins; null for the least finite number.</param>
    /// <param name="high">Where the last one ends; null for the largest finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bins"/> is out of its range, or a bound is not finite.</exception>
    /// <exception cref="ArgumentException">The upper bound is below the lower one.</exception>
    public static Histogram Of(ReadOnlySpan<float> values, int bins = 40, double? low = null, double? high = null)
    {
        CheckBins(bins);
        CheckFinite(low, nameof(low));
        CheckFinite(high, nameof(high));
        var range = ValueRange.Of(values, ColorMap.Grey);
        var (from, to) = (low ?? Math.Min(range.Low, high ?? range.Low), high ?? Math.Max(range.High, low ?? range.High));
        if (from > to)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The bins are to begin at {from} and to end at {to}, which is below it."), nameof(high));
        (from, to) = LineChart.Widened(from, to);

        var counts = new long[bins];
        var (below, above, notFinite) = (0L, 0L, 0L);
        var scale = bins / (to - from);
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                notFinite++;
            else if (value < from)
                below++;
            else if (value > to)
                above++;
            else
                counts[Math.Min(bins - 1, (int)((value - from) * scale))]++;
        }

        return new Histogram(from, to, counts, below, above, notFinite);
    }

    /// <summary>The number below which a part of those in the bins lies, as if a bin's numbers were spread evenly over it: right to a bin's width.</summary>
    /// <param name="share">The part, 0 to 1: 0.5 for the median.</param>
    /// <returns><see cref="double.NaN"/> where no number is in a bin.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part is out of its range.</exception>
    public double Quantile(double share)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A part is 0 to 1: 0.5 for the median.");
        var wanted = share * Counts.Sum();
        var width = (High - Low) / Counts.Count;
        var before = 0L;
        for (var bin = 0; bin < Counts.Count; bin++)
        {
            if (Counts[bin] > 0 && before + Counts[bin] >= wanted)
                return Low + (width * (bin + ((wanted - before) / Counts[bin])));
            before += Counts[bin];
        }

        return double.NaN;
    }

    /// <summary>As <c>1200 numbers from -0.25 to 0.3</c>, with those that are not finite where there are such.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Total} numbers from {Low:G4} to {High:G4}")
        + (Below + Above > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Below + Above} outside") : "")
        + (NotFinite > 0 ? string.Create(CultureInfo.InvariantCulture, $", {NotFinite} not finite") : "");

    internal static void CheckBins(int bins)
    {
        if (bins is < 1 or > 10_000)
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "A histogram has 1 to 10,000 bins.");
    }

    private static void CheckFinite(double? bound, string name)
    {
        if (bound is { } number && !double.IsFinite(number))
            throw new ArgumentOutOfRangeException(name, number, "A bound of the bins has to be finite.");
    }
}
