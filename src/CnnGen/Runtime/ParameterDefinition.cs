namespace CnnGen.Runtime;

/// <summary>How a parameter starts.</summary>
public enum Initialization
{
    /// <summary>All zeros.</summary>
    Zeros,

    /// <summary>All ones.</summary>
    Ones,

    /// <summary>Normal with variance 2 / fan-in (He et al. 2015, section 2.2), before ReLU-like activations.</summary>
    He,

    /// <summary>Uniform with variance 2 / (fan-in + fan-out) (Glorot, Bengio 2010, equation 16), before all else.</summary>
    Glorot,

    /// <summary>All 0.25: the slopes of PReLU (He et al. 2015, section 2.1).</summary>
    Quarter,

    /// <summary>0.5.</summary>
    Half,
}

/// <summary>
/// One digit of the mixed radix in which a parameter's logical index is written, and how far one step of it moves in memory.
/// The axes of a parameter, outermost first, say where each of its numbers lies in the layout that the kernels read.
/// </summary>
/// <param name="Count">The radix of the digit.</param>
/// <param name="Stride">Floats between neighbours along this axis.</param>
public readonly record struct Axis(int Count, int Stride);

/// <summary>One parameter as emitted code declares it.</summary>
/// <param name="Name">PyTorch's name: <c>conv1.weight</c>.</param>
/// <param name="Dimensions">The logical dimensions, outermost first: O x I/groups x H x W, out x in, or C.</param>
/// <param name="Offset">Where it starts in the store's memory, in floats.</param>
/// <param name="Axes">
/// The logical index as mixed-radix digits, outermost first. The outermost may be used in part only (where the last block of filters is not full).
/// </param>
/// <param name="Initialization">How it starts.</param>
/// <param name="FanIn">Inputs that one output sums.</param>
/// <param name="FanOut">Outputs that one input reaches.</param>
/// <param name="IsTrained">False for running statistics and the parameters of frozen layers.</param>
public sealed record ParameterDefinition(
    string Name,
    int[] Dimensions,
    int Offset,
    Axis[] Axes,
    Initialization Initialization,
    long FanIn = 0,
    long FanOut = 0,
    bool IsTrained = true)
{
    /// <summary>The number of logical elements.</summary>
    public int Length { get; } = Dimensions.Aggregate(1, (product, dimension) => checked(product * dimension));
}
