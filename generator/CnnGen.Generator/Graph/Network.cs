using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>
/// A network whose names and shapes are resolved: nodes in an order in which every node follows its inputs.
/// Node 0 is the input image (its layer is <see cref="InputLayer"/>), the last node is the output.
/// </summary>
internal sealed record Network(string Name, LossKind Loss, EquatableArray<Node> Nodes)
{
    /// <summary>The loss's numbers.</summary>
    public LossSettings LossSettings { get; init; } = LossSettings.Default;

    /// <summary>Which algorithms may be chosen.</summary>
    public PrecisionKind Precision { get; init; }

    /// <summary>How callers have images, and all other maps that go in and out.</summary>
    public LayoutKind Layout { get; init; }

    /// <summary>What becomes of the bytes of an image.</summary>
    public InputNormalization Normalization { get; init; } = InputNormalization.None;

    /// <summary>What it computes, the main output first; the others count in training only.</summary>
    public EquatableArray<Output> Outputs { get; init; } = [new Output(Nodes.Count - 1)];

    /// <summary>The uses of blocks, those inside others first.</summary>
    public EquatableArray<Block> Blocks { get; init; } = [];

    /// <summary>The regions that come with each image; 0 where images come alone.</summary>
    public int Regions { get; init; }

    /// <summary>Whether the output is a row for each region, whose classes the loss compares: nothing can be wanted of an empty region.</summary>
    public bool ComparesRegions => Output.OutputShape.IsRegions && Loss is LossKind.CrossEntropy or LossKind.ClassesAndBoxes;

    /// <summary>The nodes that images' features are wanted of: what each computes has a prediction of its own, which ends there. In their order, each once.</summary>
    public EquatableArray<int> Features { get; init; } = [];

    /// <summary>What is emitted.</summary>
    public PassKinds Passes { get; init; } = PassKinds.Predict | PassKinds.Train;

    /// <summary>What it is emitted for.</summary>
    public TargetKinds Targets { get; init; } = TargetKinds.Cpu;

    /// <summary>Whether there are kernels for GPUs.</summary>
    public bool IsForGpu => (Targets & TargetKinds.Ilgpu) != 0;

    /// <summary>Whether the model can be trained.</summary>
    public bool IsTrainable => (Passes & PassKinds.Train) != 0;

    /// <summary>Whether the model shows what its layers compute.</summary>
    public bool IsExplainable => (Passes & PassKinds.Explain) != 0;

    public Node Input => Nodes[0];

    public Node Output => Nodes[Outputs[0].Node];

    /// <summary>The nodes whose first function behind them, what hands its sign on aside, is ReLU-like: their weights start by He's rule.</summary>
    public IReadOnlyCollection<int> NodesBeforeRectifiers
    {
        get
        {
            // From the last node to the first: what follows a node is known before the node.
            var rectified = new bool?[Nodes.Count];
            for (var i = Nodes.Count - 1; i > 0; i--)
            {
                var answer = Nodes[i].Layer.Rectifies ?? rectified[i] ?? false;
                foreach (var input in Nodes[i].Inputs)
                    rectified[input] = answer;
            }

            return [.. Enumerable.Range(0, Nodes.Count).Where(i => rectified[i] == true)];
        }
    }

    /// <summary>The learned numbers of all layers, those of frozen ones among them.</summary>
    public long ParameterCount => Nodes.Sum(node => node.ParameterCount);
}

/// <summary>An output, with its share in the loss.</summary>
/// <param name="Node">The node that computes it.</param>
/// <param name="Weight">What its loss counts in the sum of all.</param>
internal sealed record Output(int Node, float Weight = 1);

/// <summary>A use of a block, of which the network has the layers.</summary>
/// <param name="Path">Its name, after those of the blocks around it.</param>
/// <param name="Kind">The block's name.</param>
/// <param name="InputShape">What arrives at it.</param>
/// <param name="OutputShape">What it hands on.</param>
/// <param name="Output">The index of the node that computes it.</param>
internal sealed record Block(EquatableArray<string> Path, string Kind, TensorShape InputShape, TensorShape OutputShape, int Output);

/// <summary>One layer at its place in the graph.</summary>
/// <param name="Index">Its place in <see cref="Network.Nodes"/>.</param>
/// <param name="Name">
/// Unique in the network and a C# identifier: <c>Conv1</c>; in a block, <c>Bottleneck2_Conv1</c>. The input's is <c>Input</c>.
/// </param>
/// <param name="TensorName">The prefix of its tensors in a weights file: <c>conv1</c>.</param>
/// <param name="Layer">What it computes.</param>
/// <param name="Inputs">The indices of the nodes whose outputs it reads.</param>
/// <param name="InputShape">The shape of its first input (its own shape, for the input node).</param>
/// <param name="OutputShape">The shape of what it computes.</param>
internal sealed record Node(
    int Index,
    string Name,
    string TensorName,
    Layer Layer,
    EquatableArray<int> Inputs,
    TensorShape InputShape,
    TensorShape OutputShape)
{
    /// <summary>The names of the blocks around it, outermost first.</summary>
    public EquatableArray<string> Path { get; init; } = [];

    /// <summary>Its name in the innermost of these blocks: the property of its handle.</summary>
    public string LocalName { get; init; } = Name;

    /// <summary>The name for people: <c>Bottleneck2.Conv1</c>.</summary>
    public string FullName => Naming.Join(Path, LocalName);

    /// <summary>Whether training leaves it as it is.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Whether training normalises it by statistics of the batch.</summary>
    public bool NeedsBatchStatistics => Layer.NeedsBatchStatistics && !IsFrozen;

    /// <summary>Its parameters, in the order in which a weights file and Summary list them.</summary>
    public IReadOnlyList<ParameterSpec> Parameters =>
        IsFrozen ? [.. Layer.Parameters(InputShape).Select(parameter => parameter with { IsTrained = false })] : Layer.Parameters(InputShape);

    /// <summary>The learned numbers: all but running statistics.</summary>
    public long ParameterCount => Layer.Parameters(InputShape).Where(parameter => parameter.IsTrained).Sum(parameter => parameter.Length);

    public long MultiplyAdds => Layer.MultiplyAdds(InputShape, OutputShape);
}
