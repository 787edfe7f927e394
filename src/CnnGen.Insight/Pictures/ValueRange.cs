using System.Globalization;

namespace CnnGen.Insight;

/// <summary>The numbers that the first and the last colour of a map stand for.</summary>
/// <param name="Low">That of the first colour.</param>
/// <param name="High">That of the last one; not below <paramref name="Low"/>.</param>
public readonly record struct ValueRange(float Low, float High)
{
    /// <summary>From the least to the largest finite number; for a diverging map as far below zero as above. 0 to 0 where there is none.</summary>
    /// <param name="values">Any numbers.</param>
    /// <param name="map">The map that they are to be drawn with.</param>
    public static ValueRange Of(ReadOnlySpan<float> values, ColorMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low > high)
            return default;
        if (!map.IsDiverging)
            return new ValueRange(low, high);
        var most = Math.Max(Math.Abs(low), Math.Abs(high));
        return new ValueRange(-most, most);
    }

    /// <summary>As <c>-0.25 to 0.25</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low:G3} to {High:G3}");

    /// <summary>Where a number stands between both, in 255ths of the way; equal numbers all stand in the middle of a diverging map and at the start of others.</summary>
    internal void Colors(ReadOnlySpan<float> values, ColorMap map, Span<byte> rgb)
    {
        var colors = map.Colors;
        var scale = High > Low ? (colors.Length - 1) / ((double)High - Low) : 0;
        var offset = High > Low ? 0.5 : map.IsDiverging ? colors.Length / 2 : 0;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            var color = float.IsNaN(value)
                ? ColorMap.NotANumber
                : colors[(int)Math.Clamp((Math.Clamp(value, Low, High) - (double)Low) * scale + offset, 0, colors.Length - 1)];
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = (color.R, color.G, color.B);
        }
    }
}
