using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// One tensor of a model (a convolution's filters, a bias, a running mean). Its numbers lie in memory as the kernels want them; this class reads
/// and writes them in PyTorch's logical order.
/// </summary>
public sealed unsafe class Parameter
{
    private readonly ParameterStore _store;
    private readonly ParameterDefinition _definition;
    private ParameterLayout? _layout;

    internal Parameter(ParameterStore store, ParameterDefinition definition)
    {
        _store = store;
        _definition = definition;
    }

    /// <summary>PyTorch's name: <c>conv1.weight</c>.</summary>
    public string Name => _definition.Name;

    /// <summary>The logical dimensions, outermost first: O x I/groups x H x W, out x in, or C.</summary>
    public ReadOnlySpan<int> Dimensions => _definition.Dimensions;

    /// <summary>The number of elements.</summary>
    public int Length => _definition.Length;

    /// <summary>False for running statistics, which no gradient reaches and no optimiser changes.</summary>
    public bool IsTrained => _definition.IsTrained;

    /// <summary>Whether it has two dimensions or more: it is no bias and no scale.</summary>
    internal bool IsMatrix => _definition.Dimensions.Length > 1;

    internal ParameterDefinition Definition => _definition;

    /// <summary>How many values, from a multiple of them on, <see cref="Set(int, ReadOnlySpan{float})"/> takes best at a time.</summary>
    internal int ChunkLength => Layout.ChunkLength;

    internal ParameterLayout Layout => _layout ??= new ParameterLayout(_definition);

    /// <summary>One element, by its logical index (row-major).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative or at least <see cref="Length"/>.</exception>
    public float this[int index]
    {
        get
        {
            CheckIndex(index);
            return _store.ValuesAndStatistics[PackedIndex(index)];
        }
        set
        {
            CheckIndex(index);
            _store.ValuesAndStatistics[PackedIndex(index)] = value;
            _store.MarkChanged();
        }
    }

    /// <summary>Copies the values out in logical order (row-major over <see cref="Dimensions"/>).</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has not exactly <see cref="Length"/> elements.</exception>
    public void CopyTo(Span<float> destination)
    {
        CheckLength(destination.Length);
        CopyTo(0, destination);
    }

    /// <summary>Copies the gradient of the last batch out in logical order.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has not exactly <see cref="Length"/> elements.</exception>
    /// <exception cref="InvalidOperationException">The parameter is not trained.</exception>
    public void CopyGradientTo(Span<float> destination)
    {
        CheckLength(destination.Length);
        if (!IsTrained)
            throw new InvalidOperationException($"{Name} has no gradient: it is a running statistic, or its layer is frozen.");
        using (_store.Hold())
            Gather(_store.Gradients, destination);
    }

    /// <summary>Sets all values from logical order.</summary>
    /// <exception cref="ArgumentException"><paramref name="values"/> has not exactly <see cref="Length"/> elements.</exception>
    public void Set(ReadOnlySpan<float> values)
    {
        CheckLength(values.Length);
        fixed (float* first = values)
            Set(first);
    }

    /// <summary>Copies a run of values out in logical order, from logical index <paramref name="start"/> on.</summary>
    internal void CopyTo(int start, Span<float> destination)
    {
        using (_store.Hold())
            Gather(_store.ValuesAndStatistics, destination, start);
    }

    /// <summary>Sets a run of values in logical order, from logical index <paramref name="start"/> on.</summary>
    internal void Set(int start, ReadOnlySpan<float> values)
    {
        CheckRun(start, values.Length);
        using (_store.Hold())
        {
            fixed (float* first = values, memory = _store.ValuesAndStatistics)
                Layout.Scatter(first, start, values.Length, memory);
        }

        _store.MarkChanged();
    }

    /// <summary>Sets all values from logical order at any alignment, on all threads where there are many.</summary>
    internal void Set(float* values)
    {
        using (_store.Hold())
        {
            fixed (float* memory = _store.ValuesAndStatistics)
                Layout.ScatterAll(values, memory);
        }

        _store.MarkChanged();
    }

    /// <summary>Sets all values from a function of their logical index, on all threads where there are many.</summary>
    internal void Set<TSource>(TSource source) where TSource : unmanaged, IParameterSource
    {
        using (_store.Hold())
        {
            fixed (float* memory = _store.ValuesAndStatistics)
                Layout.ScatterAll(source, memory);
        }

        _store.MarkChanged();
    }

    /// <summary>Copies a run of numbers out in logical order, from logical index <paramref name="start"/> on, from memory in which they lie as in the store's.</summary>
    internal void Gather(ReadOnlySpan<float> memory, Span<float> logical, int start = 0)
    {
        CheckRun(start, logical.Length);
        fixed (float* first = memory)
            Layout.Gather(first, logical, start);
    }

    /// <summary>Copies numbers in logical order into memory in which they are to lie as in the store's, on all threads where there are many.</summary>
    internal void Scatter(ReadOnlySpan<float> logical, Span<float> memory)
    {
        CheckLength(logical.Length);
        fixed (float* first = logical, target = memory)
            Layout.ScatterAll(first, target);
    }

    /// <summary>The values in logical order, as a new array.</summary>
    public float[] ToArray()
    {
        var values = new float[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>The last batch's gradient in logical order, as a new array.</summary>
    public float[] GradientToArray()
    {
        var values = new float[Length];
        CopyGradientTo(values);
        return values;
    }

    /// <summary>Such as <c>conv1.weight [6, 1, 5, 5]</c>.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", _definition.Dimensions)}]";

    private void CheckIndex(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
    }

    private void CheckLength(int length)
    {
        if (length != Length)
            throw new ArgumentException($"{this} has {Length} elements, but {length} were given.");
    }

    private void CheckRun(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - length);
    }

    private int PackedIndex(int logical) => Layout.PackedIndex(logical);
}
