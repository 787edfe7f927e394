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

    /// <summary>
    /// Where numbers stand among the colours of a map: at its first one for <see cref="Low"/>, at its last one for <see cref="High"/>. Equal numbers all stand in the middle of a
    /// diverging map and at the start of others; what is no number stands at the start.
    /// </summary>
    /// <param name="values">Any numbers.</param>
    /// <param name="map">The map that they are to be drawn with.</param>
    /// <param name="places">Receives a place for each.</param>
    /// <exception cref="ArgumentException"><paramref name="places"/> is shorter than <paramref name="values"/>.</exception>
    public void Places(ReadOnlySpan<float> values, ColorMap map, Span<byte> places)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (places.Length < values.Length)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{values.Length} numbers have as many places, but there is room for {places.Length}."), nameof(places));
        var last = map.Colors.Length - 1;
        var scale = High > Low ? last / ((double)High - Low) : 0;
        var offset = High > Low ? 0.5 : map.IsDiverging ? map.Colors.Length / 2 : 0;
        for (var i = 0; i < values.Length; i++)
            places[i] = float.IsNaN(values[i]) ? (byte)0 : (byte)Math.Clamp((Math.Clamp(values[i], Low, High) - (double)Low) * scale + offset, 0, last);
    }

    /// <summary>The colours of numbers.</summary>
    internal void Colors(ReadOnlySpan<float> values, ColorMap map, Span<byte> rgb)
    {
        var places = new byte[values.Length];
        Places(values, map, places);
        for (var i = 0; i < values.Length; i++)
        {
            var color = float.IsNaN(values[i]) ? ColorMap.NotANumber : map.Colors[places[i]];
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = (color.R, color.G, color.B);
        }
    }
}
