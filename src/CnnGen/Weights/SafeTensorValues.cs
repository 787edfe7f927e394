using static System.FormattableString;

namespace CnnGen;

/// <summary>One tensor to be written as F32.</summary>
public sealed class SafeTensorValues
{
    private readonly Action<int, Span<float>> _copy;
    private readonly int[] _shape;

    /// <summary>Makes a tensor over memory that it keeps and does not copy.</summary>
    /// <param name="name">The tensor's name: <c>conv1.weight</c>.</param>
    /// <param name="shape">The dimensions, outermost first; none for a single number.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or the number of values is not the product of the dimensions.</exception>
    public SafeTensorValues(string name, ReadOnlySpan<int> shape, ReadOnlyMemory<float> values)
        : this(name, shape, values.Length, (start, destination) => values.Span.Slice(start, destination.Length).CopyTo(destination))
    {
        Int128 product = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 0)
                throw new ArgumentException($"{Describe.Name(name)} {Describe.Shape(shape)} has a negative dimension.", nameof(shape));
            product = product > int.MaxValue && dimension != 0 ? product : product * dimension;
        }

        if (product != values.Length)
            throw new ArgumentException(Invariant($"{Describe.Name(name)} {Describe.Shape(shape)} was given {values.Length} values."), nameof(values));
    }

    /// <summary>Makes a tensor that hands its elements out part by part.</summary>
    internal SafeTensorValues(string name, ReadOnlySpan<int> shape, int length, Action<int, Span<float>> copy)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Length = length;
        _shape = shape.ToArray();
        _copy = copy;
    }

    /// <summary>The tensor's name.</summary>
    public string Name { get; }

    /// <summary>The dimensions, outermost first.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    internal void CopyTo(int start, Span<float> destination) => _copy(start, destination);
}
