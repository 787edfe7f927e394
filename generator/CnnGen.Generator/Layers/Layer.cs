using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Layers;

/// <summary>
/// What a node computes, with all its numbers: one record a kind of layer, one file each. A layer knows its shape rule, its parameters
/// and its operation count, and nothing of source code, memory or instruction sets.
/// </summary>
internal abstract record Layer
{
    /// <summary>The attribute's name, as messages and Summary print it: <c>Conv2D</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What default names count from: <c>Conv</c> gives Conv1, Conv2...</summary>
    public virtual string BaseName => Kind;

    /// <summary>What default names of tensors count from: <c>conv</c> gives conv1.weight.</summary>
    public virtual string TensorBaseName => BaseName.ToLowerInvariant();

    /// <summary>
    /// The shape of the output, or the problem that the input makes. <paramref name="name"/> is the node's name, for the message.
    /// </summary>
    public abstract ShapeResult InferShape(string name, TensorShape input);

    /// <summary>The parameters that the layer has over an input of this shape.</summary>
    public virtual IReadOnlyList<ParameterSpec> Parameters(TensorShape input) => [];

    /// <summary>Multiply-adds of one image's forward pass (for layers without products: 0).</summary>
    public virtual long MultiplyAdds(TensorShape input, TensorShape output) => 0;

    /// <summary>The sliding window over the input, where the layer has one: what the receptive field grows by.</summary>
    public virtual Window? SlidingWindow => null;
}

/// <summary>The image that the network reads: node 0 of every network.</summary>
internal sealed record InputLayer(TensorShape Shape) : Layer
{
    public override string Kind => "Input";

    public override ShapeResult InferShape(string name, TensorShape input) => Shape;
}

/// <summary>A shape, or the problem why there is none.</summary>
internal readonly record struct ShapeResult(TensorShape Shape, Problem? Problem)
{
    public static implicit operator ShapeResult(TensorShape shape) => new(shape, null);

    public static implicit operator ShapeResult(Problem problem) => new(default, problem);
}

/// <summary>How a parameter starts.</summary>
internal enum Initializer
{
    Zeros,
    Ones,

    /// <summary>He (before ReLU-like activations) or Glorot (otherwise): which of them, the node that follows says.</summary>
    Weights,
}

/// <summary>One tensor of a layer, with PyTorch's name and logical layout.</summary>
/// <param name="Name"><c>weight</c>, <c>bias</c>, <c>running_mean</c>, <c>running_var</c>.</param>
/// <param name="Dimensions">Outermost first: O x I/groups x H x W of a convolution, out x in of a dense layer, C of the others.</param>
/// <param name="Initializer">How it starts.</param>
/// <param name="IsTrained">False for running statistics, which no gradient reaches.</param>
/// <param name="FanIn">Inputs that one output sums (He, Glorot).</param>
/// <param name="FanOut">Outputs that one input reaches (Glorot).</param>
internal sealed record ParameterSpec(
    string Name,
    IReadOnlyList<int> Dimensions,
    Initializer Initializer,
    bool IsTrained = true,
    long FanIn = 0,
    long FanOut = 0)
{
    public long Length => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);
}
