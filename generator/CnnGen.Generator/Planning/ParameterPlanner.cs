using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Planning;

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
    public string ConstantName => Node.Name + PropertyName;

    /// <summary>The name of the handle's property: <c>running_mean</c> is RunningMean.</summary>
    public string PropertyName => PropertyNameOf(Spec);

    public static string PropertyNameOf(ParameterSpec spec) =>
        string.Concat(spec.Name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
}

/// <summary>All parameters: the trained ones first, which an optimiser takes in one pass, then the running statistics.</summary>
internal sealed class ParameterPlanner
{
    private readonly Dictionary<(int Node, string Name), ParameterPlan> _byName;

    public ParameterPlanner(Network network, TensorPlanner tensors)
    {
        var specs = network.Nodes.SelectMany(node => node.Parameters.Select(spec => (node, spec))).ToList();
        var offset = 0;
        var plans = new Dictionary<(int, string), ParameterPlan>();
        foreach (var isTrained in new[] { true, false })
        {
            foreach (var (node, spec) in specs.Where(entry => entry.spec.IsTrained == isTrained))
            {
                var plan = Describe(node, spec, offset, network, tensors);
                plans.Add((node.Index, spec.Name), plan);
                offset = checked(offset + Storage.RoundUp(plan.Length));
            }

            if (isTrained)
                TrainedLength = offset;
        }

        TotalLength = offset;
        _byName = plans;
        All = [.. specs.Select(entry => plans[(entry.node.Index, entry.spec.Name)])];
    }

    /// <summary>In the order in which a weights file lists them.</summary>
    public IReadOnlyList<ParameterPlan> All { get; }

    public int TrainedLength { get; }

    public int TotalLength { get; }

    public ParameterPlan this[Node node, string name] => _byName[(node.Index, name)];

    private static ParameterPlan Describe(Node node, ParameterSpec spec, int offset, Network network, TensorPlanner tensors)
    {
        if (spec.Name == "weight" && node.Layer is Conv2DLayer or DenseLayer)
        {
            var packing = node.Layer is Conv2DLayer conv
                ? ConvolutionPlanning.WeightsOf(tensors.Form(node), conv, node.InputShape.Channels, tensors.Kind(node.Inputs[0]))
                : WeightPacking.Dense(node.OutputShape.Channels, node.InputShape.Channels, tensors.FeaturesOf(tensors.InputOf(node)));
            return new ParameterPlan(node, spec, offset, packing.Length, [.. packing.LogicalAxes], IsBeforeReLU(node, network), packing);
        }

        var length = checked((int)spec.Length);
        return new ParameterPlan(node, spec, offset, length, [new Digit(length, 1)], false, null);
    }

    /// <summary>Whether the first function after the node, batch normalisation and dropout aside, is ReLU-like.</summary>
    private static bool IsBeforeReLU(Node node, Network network)
    {
        var next = network.Nodes.FirstOrDefault(candidate => candidate.Inputs.Contains(node.Index));
        return next?.Layer switch
        {
            ActivationLayer { Function: ActivationKind.ReLU or ActivationKind.LeakyReLU or ActivationKind.ELU } => true,
            BatchNormLayer or DropoutLayer or MaxPoolLayer => IsBeforeReLU(next, network),
            _ => false,
        };
    }
}
