namespace CnnGen.Runtime;

/// <summary>
/// The memory of a model's parameters: one block, in the layout that the kernels read, the trained ones first, then the running statistics.
/// Objects made by <c>Share()</c> have the same store.
/// </summary>
public sealed unsafe class ParameterStore
{
    private readonly AlignedBuffer _values;
    private readonly Lazy<AlignedBuffer> _gradients;
    private readonly Parameter[] _parameters;
    private PreparedParameters? _prepared;
    private long _version;

    /// <summary>Allocates the memory, zeroed.</summary>
    /// <param name="definitions">Every parameter, in the order in which a weights file lists them.</param>
    /// <param name="trainedLength">The floats that the trained parameters take, unused lanes included.</param>
    /// <param name="totalLength">The floats that all parameters take.</param>
    public ParameterStore(ParameterDefinition[] definitions, int trainedLength, int totalLength)
    {
        _values = new AlignedBuffer(totalLength);
        _gradients = new Lazy<AlignedBuffer>(() => new AlignedBuffer(trainedLength));
        TrainedLength = trainedLength;
        _parameters = Array.ConvertAll(definitions, definition => new Parameter(this, definition));
    }

    /// <summary>Every parameter, in the order in which a weights file lists them.</summary>
    public IReadOnlyList<Parameter> All => _parameters;

    /// <summary>The floats that the trained parameters take, unused lanes (always zero) included.</summary>
    public int TrainedLength { get; }

    /// <summary>All parameters' memory: <see cref="Values"/>, and behind them the running statistics.</summary>
    internal Span<float> ValuesAndStatistics => new(ValuesPointer, (int)_values.Length);

    /// <summary>The trained parameters' memory, in the kernels' layout: what an optimiser changes. Who writes here calls <see cref="MarkChanged"/> afterwards.</summary>
    public Span<float> Values => new(ValuesPointer, TrainedLength);

    /// <summary>The gradients, element for element beside <see cref="Values"/>; allocated when first asked for.</summary>
    public Span<float> Gradients => new(GradientsPointer, TrainedLength);

    /// <summary>The first parameter's memory. Who writes here calls <see cref="MarkChanged"/> afterwards.</summary>
    public float* ValuesPointer => _values.Pointer;

    /// <summary>The first parameter's gradient.</summary>
    public float* GradientsPointer => _gradients.Value.Pointer;

    /// <summary>The parameter of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Parameter this[string name] => Array.Find(_parameters, parameter => parameter.Name == name)
        ?? throw new KeyNotFoundException($"The model has no parameter '{name}'; it has {string.Join(", ", _parameters.Select(p => p.Name))}.");

    /// <summary>
    /// How often the parameters were said to have changed. What predictions keep beside the parameters (transformed weights) is made anew when this has moved on.
    /// </summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>
    /// Says that parameters have changed. <see cref="Parameter"/>, <see cref="Sgd"/>, loading and initialising do so themselves; code that writes through
    /// <see cref="Values"/> or <see cref="ValuesPointer"/> must, or predictions may go on with older values.
    /// </summary>
    public void MarkChanged() => Interlocked.Increment(ref _version);

    /// <summary>The memory of what a model's predictions compute from the parameters alone; the first call allocates it.</summary>
    /// <param name="length">Floats, the same in every call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not what the first call asked for.</exception>
    public PreparedParameters Prepared(int length)
    {
        var prepared = Volatile.Read(ref _prepared) ?? AllocatePrepared(length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, prepared.Length);
        return prepared;
    }

    private PreparedParameters AllocatePrepared(int length)
    {
        lock (_parameters)
            return _prepared ??= new PreparedParameters(this, length);
    }

    /// <summary>Sets every parameter to its start; the same seed gives the same bits again.</summary>
    public void Initialize(int seed) => Initializers.Fill(_parameters, seed);
}
