namespace CnnGen;

/// <summary>
/// Starts a path of its own at the layer (or the image) where the first <c>[Branch]</c> of its group stands. The next joining layer (<see cref="AddAttribute"/>,
/// <see cref="MultiplyAttribute"/>, <see cref="ConcatAttribute"/>, <see cref="AverageAttribute"/>, <see cref="MaximumAttribute"/>) ends the group and reads the ends of its paths.
/// A path without layers hands on what the group started from.
/// </summary>
/// <example>
/// A residual block (He et al. 2016, figure 2):
/// <code>
/// [Branch, Conv2D(64, 3, Padding = 1), BatchNorm, ReLU, Conv2D(64, 3, Padding = 1), BatchNorm]
/// [Branch]
/// [Add, ReLU]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BranchAttribute : LayerAttribute
{
    /// <summary>The name of the layer or block at which the path starts instead: one that stands above. A layer in a block is <c>Block1.Conv1</c>.</summary>
    public string? From { get; set; }
}

/// <summary>The sum of the paths, element by element; all have one shape, which stays.</summary>
public sealed class AddAttribute : LayerAttribute;

/// <summary>
/// The product of the paths, element by element; all have one shape, which stays. A vector of as many features as there are channels, or a map of one pixel, counts at every pixel:
/// a gate (Hu et al. 2018, "Squeeze-and-Excitation Networks", equation 4).
/// </summary>
public sealed class MultiplyAttribute : LayerAttribute;

/// <summary>The mean of the paths, element by element; all have one shape, which stays.</summary>
public sealed class AverageAttribute : LayerAttribute;

/// <summary>The largest of the paths, element by element; all have one shape, which stays. Where several are largest, the gradient goes to the first of them.</summary>
public sealed class MaximumAttribute : LayerAttribute;

/// <summary>
/// The channels of the paths one after the other: maps of equal height and width (or vectors) of c1, c2... channels -> c1 + c2 + ... channels.
/// </summary>
public sealed class ConcatAttribute : LayerAttribute;

/// <summary>
/// The second path of a residual block (He et al. 2016, section 3.3, option B): what arrives, where it has so many channels and the stride is 1, else a 1x1 convolution without bias
/// and a batch normalisation: C x H x W -> filters x ceil(H / stride) x ceil(W / stride).
/// </summary>
/// <param name="filters">The channels of the output, 1 or more.</param>
public sealed class ShortcutAttribute(int filters) : LayerAttribute
{
    /// <summary>So many channels as an expression says (<see cref="BlockAttribute"/>).</summary>
    /// <param name="filters">The channels of the output, 1 or more.</param>
    public ShortcutAttribute(string filters)
        : this(0) => Filters = filters;

    /// <summary>The channels of the output.</summary>
    public object Filters { get; } = filters;

    /// <summary>Input pixels from one output pixel to the next: an int, or <c>new[] { height, width }</c>; 1 or more.</summary>
    public object Stride { get; set; } = 1;

    /// <summary>What the tensors of its convolution are called after the layer's own prefix: <c>shortcut1.conv.weight</c>. PyTorch's <c>downsample.0</c> has <c>0</c> there.</summary>
    public string ConvTensorName { get; set; } = "conv";

    /// <summary>What the tensors of its batch normalisation are called after the layer's own prefix: <c>shortcut1.bn.weight</c>. PyTorch's <c>downsample.1</c> has <c>1</c> there.</summary>
    public string NormTensorName { get; set; } = "bn";
}

/// <summary>
/// Ends its path as a further output, which only training uses (Szegedy et al. 2015, section 5): its loss, of the model's kind and against the same targets, counts
/// <see cref="Weight"/> times. The path takes no part in a join; where every path of a group ends so, the network goes on from where the group started.
/// </summary>
/// <param name="name">The output's name: a C# identifier.</param>
/// <param name="weight">What its loss counts in the sum of all: finite, 0 or more.</param>
public sealed class HeadAttribute(string name, double weight = 1) : LayerAttribute
{
    /// <summary>A head whose weight is an expression (<see cref="BlockAttribute"/>).</summary>
    /// <param name="name">The output's name: a C# identifier.</param>
    /// <param name="weight">What its loss counts in the sum of all: finite, 0 or more.</param>
    public HeadAttribute(string name, string weight)
        : this(name) => Weight = weight;

    /// <summary>What its loss counts in the sum of all.</summary>
    public object Weight { get; } = weight;

    /// <summary>The output's name.</summary>
    public string Output { get; } = name;
}
