namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>A piece of a GPU's memory. Buffers compare by reference.</summary>
/// <param name="name">Unique among the program's buffers, and an identifier: <c>conv1</c>.</param>
/// <param name="length">Floats: of one image, or in all.</param>
/// <param name="isPerImage">Whether there is room for each image of the batch.</param>
internal sealed class GpuBuffer(string name, int length, bool isPerImage)
{
    public string Name { get; } = name;

    public int Length { get; private set; } = length;

    public bool IsPerImage { get; } = isPerImage;

    /// <summary>Makes it long enough for something else that takes its place.</summary>
    public void Reserve(int length) => Length = Math.Max(Length, length);
}

/// <summary>Memory that every session has, beside the buffers of a program.</summary>
internal enum GpuExternal
{
    Images,

    /// <summary>Four numbers for each region of each image.</summary>
    Regions,
    Targets,
    Scores,
    ImageGradients,

    /// <summary>What every pixel of every output contributes to its image's loss.</summary>
    Losses,
}

/// <summary>A view of memory that a kernel is given.</summary>
internal abstract record GpuArgument
{
    /// <summary>A buffer, from one of its floats on.</summary>
    public sealed record Buffer(GpuBuffer Memory, int Offset = 0) : GpuArgument;

    /// <summary>Memory outside the program; of losses from so many of an image on.</summary>
    public sealed record External(GpuExternal Memory, int Offset = 0) : GpuArgument;

    /// <summary>Some of the numbers that are known when the network is compiled.</summary>
    /// <param name="Offset">The first of them.</param>
    /// <param name="Length">How many there are.</param>
    public sealed record Table(int Offset, int Length) : GpuArgument;

    /// <summary>One parameter, or its gradient.</summary>
    public sealed record Parameter(GpuParameter Plan, bool IsGradient = false) : GpuArgument;
}

/// <summary>When a launch is made.</summary>
internal enum GpuCondition
{
    Always,

    /// <summary>Where the caller wants the gradients by the images.</summary>
    ImageGradients,

    /// <summary>Where the caller wants the scores.</summary>
    Scores,
}

/// <summary>One launch of a kernel.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Arguments">Its views, in the order that it documents.</param>
internal sealed record GpuLaunch(GpuKernel Kernel, IReadOnlyList<GpuArgument> Arguments)
{
    /// <summary>The layers that it does the work of: what stands beside it.</summary>
    public string Description { get; init; } = "";

    public GpuCondition When { get; init; }

    /// <summary>What is launched in its place where the batch is one image; null for itself.</summary>
    public GpuKernel? ForOneImage { get; init; }

    public IEnumerable<GpuKernel> Kernels => ForOneImage is null ? [Kernel] : [Kernel, ForOneImage];
}

/// <summary>Launches one after the other, with the memory that they use.</summary>
/// <param name="Preparation">What follows from the parameters alone, made where they have changed.</param>
/// <param name="Launches">What each run does.</param>
/// <param name="Buffers">In the order in which they were asked for.</param>
/// <param name="LossLength">The losses of one image that it stores.</param>
internal sealed record GpuProgram(IReadOnlyList<GpuLaunch> Preparation, IReadOnlyList<GpuLaunch> Launches, IReadOnlyList<GpuBuffer> Buffers, int LossLength)
{
    public static GpuProgram Empty { get; } = new([], [], [], 0);

    /// <summary>Every distinct kernel, in the order of its first launch.</summary>
    public IEnumerable<GpuKernel> Kernels => Preparation.Concat(Launches).SelectMany(launch => launch.Kernels).Distinct();
}

/// <summary>Where one parameter lies on the GPU, in the order in which a weights file has its numbers.</summary>
/// <param name="Name">What emitted code calls it: <c>conv1Weight</c>.</param>
/// <param name="TensorName">PyTorch's name: <c>conv1.weight</c>.</param>
/// <param name="Offset">Its first float.</param>
/// <param name="Length">Its floats.</param>
/// <param name="IsTrained">Whether an optimiser changes it.</param>
internal sealed record GpuParameter(string Name, string TensorName, int Offset, int Length, bool IsTrained);
