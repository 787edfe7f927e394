namespace CnnGen.Runtime;

/// <summary>What each element along one axis of a resampled map takes from the other map's: positions and factors, one after the other.</summary>
/// <param name="starts">The place of each element's first tap, and the number of all taps at the end.</param>
/// <param name="positions">Rows or columns of the map that is read.</param>
/// <param name="factors">What they are multiplied with.</param>
public readonly ref struct AxisTable(ReadOnlySpan<int> starts, ReadOnlySpan<int> positions, ReadOnlySpan<float> factors)
{
    /// <summary>The place of each element's first tap, and the number of all taps at the end.</summary>
    public ReadOnlySpan<int> Starts { get; } = starts;

    /// <summary>Rows or columns of the map that is read.</summary>
    public ReadOnlySpan<int> Positions { get; } = positions;

    /// <summary>What they are multiplied with.</summary>
    public ReadOnlySpan<float> Factors { get; } = factors;

    /// <summary>The elements along the axis.</summary>
    public int Count => Starts.Length - 1;
}
