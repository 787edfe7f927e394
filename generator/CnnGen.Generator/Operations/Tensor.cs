namespace CnnGen.Generator.Operations;

/// <summary>What a tensor is to a pass.</summary>
internal enum TensorRole
{
    /// <summary>A value of each image: a map, or a vector of features.</summary>
    Image,

    /// <summary>One float a channel, for the whole batch: what follows from parameters or from the batch's statistics.</summary>
    Channels,

    /// <summary>One double a channel, for the whole batch.</summary>
    WideChannels,

    /// <summary>What a layer has learnt, or weights made of it.</summary>
    Parameter,

    /// <summary>The gradient by a parameter, summed over the batch.</summary>
    ParameterGradient,
}

/// <summary>
/// A value that operations hand to one another. It has one producer and any number of readers, and is an output only where a pass says so. Tensors compare by reference.
/// </summary>
/// <param name="name">What it is called in emitted code: <c>conv1</c>.</param>
/// <param name="shape">Of one image's value; a parameter's channels.</param>
/// <param name="role">What it is.</param>
/// <param name="like">The tensor that this one is a gradient of, or otherwise lies in memory as; null for itself.</param>
internal class Tensor(string name, TensorShape shape, TensorRole role = TensorRole.Image, Tensor? like = null)
{
    private readonly Tensor? _like = like?.Like;

    public string Name { get; } = name;

    public TensorShape Shape { get; } = shape;

    public TensorRole Role { get; } = role;

    /// <summary>The tensor whose layout this one has.</summary>
    public Tensor Like => _like ?? this;

    public bool IsImage => Role == TensorRole.Image;

    public override string ToString() => Name + ": " + Shape;

    /// <summary>What the tensors of a layer, and all else that emitted code has of it, are called after: <c>Conv1</c> gives <c>conv1</c>.</summary>
    public static string NameOf(string label) => char.ToLowerInvariant(label[0]) + label.Substring(1);
}

/// <summary>A parameter as a layer declares it.</summary>
/// <param name="node">The index of the node whose it is.</param>
/// <param name="name">What it is called in emitted code.</param>
/// <param name="spec">Its dimensions and how it starts.</param>
internal sealed class ParameterTensor(int node, string name, ParameterSpec spec)
    : Tensor(name, TensorShape.Vector(spec.Dimensions[0]), TensorRole.Parameter)
{
    public int Node { get; } = node;

    public ParameterSpec Spec { get; } = spec;
}
