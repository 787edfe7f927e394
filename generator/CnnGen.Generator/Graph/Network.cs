using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>What training minimises.</summary>
internal enum LossKind
{
    /// <summary>The negative logarithm of the softmax at the label, mean over the batch.</summary>
    CrossEntropy,

    /// <summary>Half the squared error, summed over the outputs, mean over the batch.</summary>
    HalfSquaredError,
}

/// <summary>What is emitted of a model.</summary>
[Flags]
internal enum PassKinds
{
    /// <summary>Predictions.</summary>
    Predict = 1,

    /// <summary>Training as well.</summary>
    Train = 2,
}

/// <summary>How exact the result has to be.</summary>
internal enum PrecisionKind
{
    /// <summary>Algorithms are allowed whose rounding errors are up to three times the direct form's.</summary>
    Fast,

    /// <summary>No algorithm whose errors are larger than the direct form's.</summary>
    Full,
}

/// <summary>
/// A network whose names and shapes are resolved: nodes in an order in which every node follows its inputs.
/// Node 0 is the input image (its layer is <see cref="InputLayer"/>), the last node is the output.
/// </summary>
internal sealed record Network(string Name, LossKind Loss, EquatableArray<Node> Nodes)
{
    /// <summary>Which algorithms may be chosen.</summary>
    public PrecisionKind Precision { get; init; }

    /// <summary>What becomes of the bytes of an image.</summary>
    public InputNormalization Normalization { get; init; } = InputNormalization.None;

    /// <summary>What is emitted.</summary>
    public PassKinds Passes { get; init; } = PassKinds.Predict | PassKinds.Train;

    /// <summary>Whether the model can be trained.</summary>
    public bool IsTrainable => (Passes & PassKinds.Train) != 0;

    public Node Input => Nodes[0];

    public Node Output => Nodes[Nodes.Count - 1];

    /// <summary>The trained numbers of all layers.</summary>
    public long ParameterCount => Nodes.Sum(node => node.Parameters.Where(p => p.IsTrained).Sum(p => p.Length));
}

/// <summary>One layer at its place in the graph.</summary>
/// <param name="Index">Its place in <see cref="Network.Nodes"/>.</param>
/// <param name="Name">Unique in the network and a C# identifier: <c>Conv1</c>. The input's is <c>Input</c>.</param>
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
    /// <summary>Its parameters, in the order in which a weights file and Summary list them.</summary>
    public IReadOnlyList<ParameterSpec> Parameters => Layer.Parameters(InputShape);

    public long MultiplyAdds => Layer.MultiplyAdds(InputShape, OutputShape);
}
