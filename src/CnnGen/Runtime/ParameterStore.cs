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

    /// <summary>The trained parameters' memory, in the kernels' layout: what an optimiser changes.</summary>
    public Span<float> Values => new(ValuesPointer, TrainedLength);

    /// <summary>The gradients, element for element beside <see cref="Values"/>; allocated when first asked for.</summary>
    public Span<float> Gradients => new(GradientsPointer, TrainedLength);

    /// <summary>The first parameter's memory.</summary>
    public float* ValuesPointer => _values.Pointer;

    /// <summary>The first parameter's gradient.</summary>
    public float* GradientsPointer => _gradients.Value.Pointer;

    /// <summary>The parameter of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Parameter this[string name] => Array.Find(_parameters, parameter => parameter.Name == name)
        ?? throw new KeyNotFoundException($"The model has no parameter '{name}'; it has {string.Join(", ", _parameters.Select(p => p.Name))}.");

    /// <summary>Sets every parameter to its start; the same seed gives the same bits again.</summary>
    public void Initialize(int seed) => Initializers.Fill(_parameters, seed);
}
