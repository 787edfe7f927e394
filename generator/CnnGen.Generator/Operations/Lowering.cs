namespace CnnGen.Generator.Operations;

/// <summary>What a tensor of a node is found by.</summary>
internal sealed record TensorKey(int Node, string Name);

/// <summary>The tensors of one network that all its passes share: the nodes' outputs and the parameters.</summary>
internal sealed class TensorTable
{
    private readonly Dictionary<TensorKey, Tensor> _tensors = [];

    public Tensor Get(int node, string part, Func<Tensor> make)
    {
        var key = new TensorKey(node, part);
        if (!_tensors.TryGetValue(key, out var tensor))
            _tensors.Add(key, tensor = make());
        return tensor;
    }
}

/// <summary>By which statistics a pass normalises, and whether it draws at random.</summary>
internal enum Statistics
{
    /// <summary>Those of parameters: nothing is drawn.</summary>
    Running,

    /// <summary>Those of the batch at hand: masks are drawn.</summary>
    Batch,
}

/// <summary>What a layer sees while it lowers itself: the tensors that it reads and computes, and where its operations go.</summary>
/// <param name="tensors">The network's tensors.</param>
/// <param name="node">The layer's node.</param>
/// <param name="name">Its name: <c>Conv1</c>.</param>
/// <param name="inputs">The tensors that it reads.</param>
/// <param name="outputShape">The shape of what it computes.</param>
/// <param name="statistics">By which statistics the pass normalises.</param>
/// <param name="stream">The number of layers before it that draw at random.</param>
/// <param name="isFrozen">Whether training leaves it as it is: it then computes as in a prediction, whatever the pass.</param>
internal sealed class Lowering(
    TensorTable tensors, int node, string name, IReadOnlyList<Tensor> inputs, TensorShape outputShape, Statistics statistics, int stream, bool isFrozen)
{
    private readonly List<Operation> _operations = [];
    private Tensor? _output;

    public string Label { get; } = name;

    public IReadOnlyList<Tensor> Inputs { get; } = inputs;

    public Tensor Input => Inputs[0];

    /// <summary>By which statistics the layer normalises, and whether it draws at random.</summary>
    public Statistics Statistics { get; } = isFrozen ? Statistics.Running : statistics;

    /// <summary>The number of layers before this one that draw at random.</summary>
    public int Stream { get; } = stream;

    /// <summary>What the layer computes, or, where it does nothing in this pass, what it reads.</summary>
    public Tensor Output => _output ??= tensors.Get(node, "", () => new Tensor(VariableName, outputShape));

    public IReadOnlyList<Operation> Operations => _operations;

    private string VariableName => Tensor.NameOf(Label);

    public void Add(Operation operation) => _operations.Add(operation);

    /// <summary>The layer does nothing in this pass.</summary>
    public void PassThrough() => _output = Input;

    public Tensor Parameter(ParameterSpec spec) => tensors.Get(
        node, spec.Name, () => new ParameterTensor(node, VariableName + spec.PropertyName, isFrozen ? spec with { IsTrained = false } : spec));

    /// <summary>A tensor of the layer's own.</summary>
    public Tensor Intermediate(string part, TensorShape shape, TensorRole role = TensorRole.Image) =>
        tensors.Get(node, part, () => new Tensor(VariableName + part, shape, role));

    /// <summary>A tensor of the layer's own that lies as another does: what one pass alone computes has no layout of its own.</summary>
    public Tensor Intermediate(string part, Tensor like) =>
        tensors.Get(node, part, () => new Tensor(VariableName + part, like.Shape, TensorRole.Image, like));

    /// <summary>Adds an expression of the inputs as the layer's output.</summary>
    public void AddPointwise(Expression expression) => Add(Pointwise.Compact(Label, expression, Inputs, Output));
}
