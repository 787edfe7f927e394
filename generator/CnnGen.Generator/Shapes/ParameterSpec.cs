namespace CnnGen.Generator.Shapes;

/// <summary>How a parameter starts.</summary>
internal enum Initializer
{
    Zeros,
    Ones,

    /// <summary>0.25: PReLU's slopes (He et al. 2015, section 2.1).</summary>
    Quarter,

    /// <summary>0.5: the share of the maximum in a pooling that learns it.</summary>
    Half,

    /// <summary>He (before ReLU-like activations) or Glorot (otherwise): which of them, the node that follows says.</summary>
    Weights,
}

/// <summary>One tensor of a layer, with PyTorch's name and logical layout.</summary>
/// <param name="Name"><c>weight</c>, <c>bias</c>, <c>running_mean</c>, <c>running_var</c>.</param>
/// <param name="Dimensions">Outermost first: O x I/groups x H x W of a convolution, out x in of a dense layer, C of the others.</param>
/// <param name="Initializer">How it starts.</param>
/// <param name="IsTrained">False for running statistics and what is frozen, which no gradient reaches.</param>
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
    /// <summary>The name of the handle's property: <c>running_mean</c> is RunningMean.</summary>
    public string PropertyName { get; init; } =
        string.Concat(Name.Split('_', '.').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));

    public long Length => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);
}
