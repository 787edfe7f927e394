using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

/// <summary>Where one parameter lies in the model's parameter memory.</summary>
/// <param name="Node">Whose it is.</param>
/// <param name="Spec">What it is.</param>
/// <param name="Offset">Its first float.</param>
/// <param name="Length">Floats, unused lanes included.</param>
/// <param name="Axes">The logical index's digits, outermost first.</param>
/// <param name="UsesHe">Whether its weights start by He's rule (before ReLU-like activations) or by Glorot's.</param>
/// <param name="Packing">A convolution's or dense layer's weights; null for others.</param>
internal sealed record ParameterPlan(
    Node Node,
    ParameterSpec Spec,
    int Offset,
    int Length,
    IReadOnlyList<Digit> Axes,
    bool UsesHe,
    PackedWeights? Packing)
{
    /// <summary>PyTorch's name: <c>conv1.weight</c>.</summary>
    public string Name => Node.TensorName + "." + Spec.Name;

    /// <summary>The name of the constant that holds its offset: <c>Conv1Weight</c>.</summary>
    public string ConstantName => Node.Name + Spec.PropertyName;
}

/// <summary>All parameters: the trained ones first, which an optimiser takes in one pass, then the running statistics.</summary>
internal sealed class ParameterPlanner
{
    private readonly Dictionary<TensorKey, ParameterPlan> _byName;

    /// <param name="network">Whose parameters they are.</param>
    /// <param name="operations">All operations of the network, before any are joined: what reads a parameter says how it lies.</param>
    /// <param name="layout">Where tensors lie.</param>
    public ParameterPlanner(Network network, IReadOnlyList<Operation> operations, TensorLayout layout)
    {
        var packings = PackingsOf(operations, layout);
        var specs = network.Nodes.SelectMany(node => node.Parameters.Select(spec => (node, spec))).ToList();
        var heNodes = network.NodesBeforeRectifiers;
        var offset = 0;
        var plans = new Dictionary<TensorKey, ParameterPlan>();
        foreach (var isTrained in new[] { true, false })
        {
            foreach (var (node, spec) in specs.Where(entry => entry.spec.IsTrained == isTrained))
            {
                var packing = packings.TryGetValue(new TensorKey(node.Index, spec.Name), out var packed) ? packed : null;
                var length = packing?.Length ?? checked((int)spec.Length);
                var axes = packing is null ? [new Digit(length, 1)] : packing.LogicalAxes.ToList();
                var plan = new ParameterPlan(node, spec, offset, length, axes, spec.Initializer == Initializer.Weights && heNodes.Contains(node.Index), packing);
                plans.Add(new TensorKey(node.Index, spec.Name), plan);
                offset = checked(offset + Storage.RoundUp(plan.Length));
            }

            if (isTrained)
                TrainedLength = offset;
        }

        TotalLength = offset;
        _byName = plans;
        All = [.. specs.Select(entry => plans[new TensorKey(entry.node.Index, entry.spec.Name)])];
    }

    /// <summary>In the order in which a weights file lists them.</summary>
    public IReadOnlyList<ParameterPlan> All { get; }

    public int TrainedLength { get; }

    public int TotalLength { get; }

    public ParameterPlan this[ParameterTensor tensor] => _byName[new TensorKey(tensor.Node, tensor.Spec.Name)];

    private static Dictionary<TensorKey, PackedWeights> PackingsOf(IReadOnlyList<Operation> operations, TensorLayout layout)
    {
        var packings = new Dictionary<TensorKey, PackedWeights>();
        foreach (var operation in operations)
        {
            var (weight, packing) = operation switch
            {
                Convolution { Weight: ParameterTensor w } convolution when layout.FormOf(w) is var (form, input) =>
                    (w, ConvolutionPlanning.WeightsOf(form, convolution.Spec, convolution.Input.Shape.Channels, input)),
                ConvolutionInputGradient { Weight: ParameterTensor w } transposed when layout.FormOf(w) is var (form, input) =>
                    (w, ConvolutionPlanning.WeightsOf(form, transposed.Spec, transposed.Result.Shape.Channels, input)),
                Product { Weight: ParameterTensor w } product => (w, WeightPacking.Dense(product.Units, product.Input.Shape.Channels, layout.FeaturesOf(product.Input))),
                _ => ((ParameterTensor?)null, (PackedWeights?)null),
            };
            if (weight is not null)
                packings[new TensorKey(weight.Node, weight.Spec.Name)] = packing!;
        }

        return packings;
    }
}
