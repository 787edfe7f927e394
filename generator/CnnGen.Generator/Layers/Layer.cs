using CnnGen.Generator.Operations;

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

    /// <summary>The shape of the output of a layer that joins paths, or the problem that they make.</summary>
    public virtual ShapeResult InferShape(string name, IReadOnlyList<LayerInput> inputs) => InferShape(name, inputs[0].Shape);

    /// <summary>Whether it reads the ends of a group of paths.</summary>
    public virtual bool IsJoin => false;

    /// <summary>Whether a vector comes out of a map.</summary>
    public virtual bool MakesVector => false;

    /// <summary>Adds the operations that compute it.</summary>
    public abstract void Lower(Lowering to);

    /// <summary>The parameters that the layer has over an input of this shape.</summary>
    public virtual IReadOnlyList<ParameterSpec> Parameters(TensorShape input) => [];

    /// <summary>Multiply-adds of one image's forward pass (for layers without products: 0).</summary>
    public virtual long MultiplyAdds(TensorShape input, TensorShape output) => 0;

    /// <summary>Whether it is ReLU-like, as He's rule for weights before it means it; null where that is for what follows it to say.</summary>
    public virtual bool? Rectifies => false;

    /// <summary>The layer with its numbers, as Summary prints it: <c>MaxPool 3x3, stride 2x2</c>.</summary>
    public virtual string Description => SlidingWindow is { } window ? Kind + " " + window.Print() : Kind;

    /// <summary>Its own numbers, beside those of its window: constants of its handle.</summary>
    public virtual IReadOnlyList<LayerNumber> Constants => [];

    /// <summary>The argument that says how large it is, of which fewer make less memory: <c>filters</c>. Null where it has no such number.</summary>
    public virtual string? Measure => null;

    /// <summary>Whether training normalises it by statistics of the batch.</summary>
    public virtual bool NeedsBatchStatistics => false;

    /// <summary>Whether it is the softmax that cross-entropy computes along with the loss.</summary>
    public virtual bool IsSoftmax => false;

    /// <summary>Whether training draws random numbers for it.</summary>
    public virtual bool DrawsAtRandom => false;

    /// <summary>The sliding window over the input, where the layer has one.</summary>
    public virtual Window? SlidingWindow => null;

    /// <summary>What one element of the output sees of the input, at most, and how far apart neighbours see it: what the receptive field grows by. Null for one element.</summary>
    public virtual Window? FieldOver(TensorShape input) => SlidingWindow;

    /// <summary>How it enlarges a map, where it does: the receptive field's steps become smaller.</summary>
    public virtual Enlargement? Enlarges => null;
}

/// <summary>How a layer enlarges a map, along each axis.</summary>
/// <param name="Factor">Elements of the result that there are for one of the input.</param>
/// <param name="Seen">
/// What one element of the result sees beyond a single one of the input, in elements of the result: k neighbours in the result see at most ceil((Seen + k - 1) / Factor) + 1 of the input.
/// </param>
internal sealed record Enlargement(Size2 Factor, Size2 Seen);

/// <summary>The image that the network reads: node 0 of every network.</summary>
internal sealed record InputLayer(TensorShape Shape) : Layer
{
    public override string Kind => "Input";

    public override ShapeResult InferShape(string name, TensorShape input) => Shape;

    public override void Lower(Lowering to) => to.Add(new LoadImage(to.Label, to.Output));
}

/// <summary>A number of a layer.</summary>
/// <param name="Name">The constant's name.</param>
/// <param name="Value">What it is.</param>
/// <param name="Meaning">A sentence of documentation.</param>
internal sealed record LayerNumber(string Name, int Value, string Meaning);

/// <summary>What a layer reads: the name of the layer that computes it, and its shape.</summary>
internal sealed record LayerInput(string Name, TensorShape Shape);

/// <summary>A shape, or the problem why there is none.</summary>
internal sealed record ShapeResult(TensorShape Shape, Problem? Problem)
{
    public static implicit operator ShapeResult(TensorShape shape) => new(shape, null);

    public static implicit operator ShapeResult(Problem problem) => new(default, problem);
}
