namespace CnnGen.Runtime;

/// <summary>
/// The memory of a model's parameters: one block, in the layout that the kernels read, the trained ones first, then the running statistics.
/// Objects made by <c>Share()</c> have the same store.
/// </summary>
/// <remarks>
/// Spans of the memory stay good for as long as somebody has them, whatever becomes of the store and the model: it is the garbage collector's, never moves, and begins at
/// a multiple of 64 bytes. Code that wants a pointer says <c>fixed (float* first = parameters.Values)</c>.
/// </remarks>
public sealed class ParameterStore
{
    private readonly PinnedBuffer _values;
    private readonly Lazy<PinnedBuffer> _gradients;
    private readonly Lock _lock = new();
    private readonly Parameter[] _parameters;
    private PreparedParameters? _prepared;
    private Dictionary<int, PreparedParameters>? _preparedForFeatures;
    private IReadOnlyList<string>? _classNames;
    private long _version;
    private bool _isComputing;

    /// <summary>Allocates the memory, zeroed.</summary>
    /// <param name="definitions">Every parameter, in the order in which a weights file lists them.</param>
    /// <param name="trainedLength">The floats that the trained parameters take, unused lanes included.</param>
    /// <param name="totalLength">The floats that all parameters take.</param>
    /// <param name="hasGradients">False for a model that only predicts: asking for gradients is then an error.</param>
    public ParameterStore(ParameterDefinition[] definitions, int trainedLength, int totalLength, bool hasGradients = true)
    {
        _values = new PinnedBuffer(totalLength);
        _gradients = new Lazy<PinnedBuffer>(() => hasGradients ? new PinnedBuffer(trainedLength) : throw ModelChecks.NotTrainable());
        TrainedLength = trainedLength;
        _parameters = Array.ConvertAll(definitions, definition => new Parameter(this, definition));
    }

    /// <summary>Every parameter, in the order in which a weights file lists them.</summary>
    public IReadOnlyList<Parameter> All => _parameters;

    /// <summary>
    /// The names of the classes that the model's outputs stand for, in their order; null where nobody has said them. Saved with the weights, as the metadata <c>cnngen.classes</c> (a JSON array), and taken up
    /// from a file that has them. Training sets them to those of its images.
    /// </summary>
    /// <exception cref="ArgumentException">A name is empty, or two are equal.</exception>
    public IReadOnlyList<string>? ClassNames
    {
        get => Volatile.Read(ref _classNames);
        set => Volatile.Write(ref _classNames, Runtime.ClassNames.Checked(value, nameof(value)));
    }

    /// <summary>The floats that the trained parameters take, unused lanes (always zero) included.</summary>
    public int TrainedLength { get; }

    /// <summary>The trained parameters' memory, in the kernels' layout: what an optimiser changes. Who writes here calls <see cref="MarkChanged"/> afterwards.</summary>
    public Span<float> Values => _values.Span[..TrainedLength];

    /// <summary>The gradients, element for element beside <see cref="Values"/>; allocated when first asked for.</summary>
    /// <exception cref="InvalidOperationException">The model only predicts.</exception>
    public Span<float> Gradients => _gradients.Value.Span;

    /// <summary>All parameters' memory: <see cref="Values"/>, and behind them the running statistics. Who writes here calls <see cref="MarkChanged"/> afterwards.</summary>
    public Span<float> ValuesAndStatistics => _values.Span;

    /// <summary>The parameter of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Parameter this[string name] => Array.Find(_parameters, parameter => parameter.Name == name)
        ?? throw new KeyNotFoundException($"The model has no parameter '{name}'; it has {string.Join(", ", _parameters.Select(p => p.Name))}.");

    /// <summary>
    /// How often the parameters were said to have changed. What predictions keep beside the parameters (transformed weights) is made anew when this has moved on.
    /// </summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>
    /// Says that parameters have changed. <see cref="Parameter"/>, the library's optimisers, loading and initialising do so themselves; code that writes through
    /// <see cref="Values"/> must, or predictions may go on with older values.
    /// </summary>
    public void MarkChanged() => Interlocked.Increment(ref _version);

    /// <summary>
    /// Leaves changing the parameters and gradients to this thread until the scope ends: training steps, saving and loading on other threads wait until then. Predictions
    /// don't. <see cref="Trainer{TModel}"/> does so for each step, so that what is saved meanwhile are the numbers of one step; a training loop of one's own says
    /// <c>using (model.Parameters.Hold())</c> around <c>ComputeGradients</c> and the optimiser's step.
    /// </summary>
    /// <returns>The scope, to be disposed on the thread that began it. A thread may hold more than one.</returns>
    public Lock.Scope Hold() => _lock.EnterScope();

    /// <summary><see cref="Hold"/>, for a generated model's <c>ComputeGradients</c>.</summary>
    /// <param name="model">The model class's name.</param>
    /// <exception cref="InvalidOperationException">Another object over these parameters is computing gradients, for which there is one memory.</exception>
    public GradientScope HoldForGradients(string model)
    {
        // Within a scope of this thread's own another thread can't be computing. Else it may be saving or in a step of the trainer's, which are waited for.
        var isOwn = !_lock.IsHeldByCurrentThread;
        if (!_lock.TryEnter())
        {
            if (Volatile.Read(ref _isComputing))
            {
                throw new InvalidOperationException(
                    $"Another {model} over the same parameters is computing gradients, which all objects made by Share() have in common. Train one of them at a time, or take "
                        + "Parameters.Hold() around ComputeGradients and all that reads its gradients.");
            }

            _lock.Enter();
        }

        if (isOwn)
            Volatile.Write(ref _isComputing, true);
        return new GradientScope(this, isOwn);
    }

    /// <summary>The memory of what a model's predictions compute from the parameters alone; the first call allocates it.</summary>
    /// <param name="length">Floats, the same in every call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not what the first call asked for.</exception>
    public PreparedParameters Prepared(int length)
    {
        var prepared = Volatile.Read(ref _prepared) ?? AllocatePrepared(length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, prepared.Length);
        return prepared;
    }

    /// <summary>The memory of what the features of a layer need that is computed from the parameters alone; the first call for the layer allocates it.</summary>
    /// <param name="length">Floats, the same in every call.</param>
    /// <param name="layer">The layer's index.</param>
    public PreparedParameters Prepared(int length, int layer)
    {
        lock (_parameters)
        {
            _preparedForFeatures ??= [];
            if (!_preparedForFeatures.TryGetValue(layer, out var prepared))
                _preparedForFeatures.Add(layer, prepared = new PreparedParameters(this, length));
            return prepared;
        }
    }

    private PreparedParameters AllocatePrepared(int length)
    {
        lock (_parameters)
            return _prepared ??= new PreparedParameters(this, length);
    }

    /// <summary>Sets every parameter to its start; the same seed gives the same bits again.</summary>
    public void Initialize(int seed)
    {
        using (Hold())
            Initializers.Fill(_parameters, seed);
    }

    /// <summary>One computation of gradients.</summary>
    public readonly ref struct GradientScope
    {
        private readonly ParameterStore _store;
        private readonly bool _isOwn;

        internal GradientScope(ParameterStore store, bool isOwn)
        {
            _store = store;
            _isOwn = isOwn;
        }

        /// <summary>Lets other threads go on.</summary>
        public void Dispose()
        {
            if (_isOwn)
                Volatile.Write(ref _store._isComputing, false);
            _store._lock.Exit();
        }
    }
}
