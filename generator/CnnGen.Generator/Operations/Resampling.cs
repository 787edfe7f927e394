using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Operations;

/// <summary>
/// What each element along one axis takes from another axis, as a sparse matrix: padding, cropping, interpolation, means of parts and filters of frequencies are all such maps, known when
/// the network is compiled, and so are their gradients.
/// </summary>
/// <param name="Length">The elements of the axis that is read.</param>
/// <param name="Starts">The place of each element's first tap, and the number of all taps at the end.</param>
/// <param name="Positions">Where the taps read.</param>
/// <param name="Factors">What they multiply with.</param>
internal sealed record AxisMap(int Length, EquatableArray<int> Starts, EquatableArray<int> Positions, EquatableArray<float> Factors)
{
    /// <summary>The elements that it gives.</summary>
    public int Count => Starts.Count - 1;

    public bool IsIdentity => Count == Length && Positions.Count == Count
        && Enumerable.Range(0, Count).All(i => Starts[i] == i && Positions[i] == i && Factors[i] == 1);

    /// <summary>An axis of some elements, of which each takes what a function says; factors of 0 are left out.</summary>
    public static AxisMap Of(int length, int count, Func<int, IEnumerable<(int Position, double Factor)>> taps)
    {
        var starts = new List<int> { 0 };
        var (positions, factors) = (new List<int>(), new List<float>());
        for (var i = 0; i < count; i++)
        {
            foreach (var (position, factor) in taps(i).Where(tap => (float)tap.Factor != 0))
            {
                positions.Add(position);
                factors.Add((float)factor);
            }

            starts.Add(positions.Count);
        }

        return new AxisMap(length, starts.ToEquatableArray(), positions.ToEquatableArray(), factors.ToEquatableArray());
    }

    public static AxisMap Identity(int length) => Of(length, length, i => [(i, 1)]);

    /// <summary>The map of the gradient: what took from an element gives to it.</summary>
    public AxisMap Transposed()
    {
        var taps = new List<(int Position, double Factor)>[Length];
        for (var i = 0; i < Length; i++)
            taps[i] = [];
        for (var i = 0; i < Count; i++)
        {
            for (var tap = Starts[i]; tap < Starts[i + 1]; tap++)
                taps[Positions[tap]].Add((i, Factors[tap]));
        }

        return Of(Count, Length, i => taps[i]);
    }
}

/// <summary>A map resampled along both axes, each channel by itself.</summary>
internal sealed class Resampling(string label, AxisMap rows, AxisMap columns, Tensor input, Tensor result) : Mapping(label, input, result)
{
    public AxisMap Rows { get; } = rows;

    public AxisMap Columns { get; } = columns;

    protected override Operation GradientBy(Tensor gradient, Tensor result) =>
        new Resampling(Label, Rows.Transposed(), Columns.Transposed(), gradient, result);
}
