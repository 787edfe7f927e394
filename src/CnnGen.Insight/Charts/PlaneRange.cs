using System.Globalization;

namespace CnnGen.Insight;

/// <summary>The range of one coordinate of points.</summary>
internal readonly record struct PlaneRange(double Low, double High)
{
    public static PlaneRange Of(ReadOnlySpan<float> points, int coordinate)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = coordinate; i < points.Length; i += 2)
            (low, high) = (Math.Min(low, points[i]), Math.Max(high, points[i]));
        return low < high ? new PlaneRange(low, high) : low == high ? new PlaneRange(low - 1, high + 1) : new PlaneRange(0, 1);
    }

    /// <summary>Where a number stands, 0 to 1.</summary>
    public double Share(double value) => (value - Low) / (High - Low);

    /// <summary>The number of points.</summary>
    /// <exception cref="ArgumentException">They, or their labels, are not as they have to be.</exception>
    public static int Check(ReadOnlySpan<float> points, ReadOnlySpan<int> labels, IReadOnlyList<string>? classNames)
    {
        if (points.Length % 2 != 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Points have two numbers each, but there are {points.Length} numbers."), nameof(points));
        var count = points.Length / 2;
        for (var i = 0; i < points.Length; i++)
        {
            if (!float.IsFinite(points[i]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Point {i / 2} is at ({points[i / 2 * 2]}, {points[(i / 2 * 2) + 1]}), which is not finite."), nameof(points));
        }

        if (!labels.IsEmpty && labels.Length != count)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"There are {count} points, but {labels.Length} labels."), nameof(labels));
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || labels[i] >= (classNames?.Count ?? int.MaxValue))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Point {i} has label {labels[i]}, but labels lie from 0 to {(classNames?.Count ?? int.MaxValue) - 1}."), nameof(labels));
        }

        return count;
    }
}
