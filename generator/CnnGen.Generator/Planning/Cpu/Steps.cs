using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

/// <summary>How many copies of a buffer there are.</summary>
internal enum BufferKind
{
    /// <summary>One for each image.</summary>
    Image,

    /// <summary>One for each thread: what a step leaves and the next one takes.</summary>
    Worker,

    /// <summary>One for each thread, which a single call uses for itself.</summary>
    Scratch,

    /// <summary>One for each chunk of the batch: sums over its images, added up in order once all chunks are done.</summary>
    Chunk,

    /// <summary>One in all.</summary>
    Shared,
}

/// <summary>A piece of working memory. Buffers compare by reference: two of the same size are two.</summary>
internal sealed class PlanBuffer(string name, int length, BufferKind kind, bool isDouble = false)
{
    /// <summary>Unique among the program's buffers, and an identifier: <c>conv1</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Floats of one copy (two a double), a multiple of <see cref="Storage.Lanes"/>.</summary>
    public int Length { get; } = Storage.RoundUp(length);

    public BufferKind Kind { get; } = kind;

    /// <summary>Whether it holds doubles.</summary>
    public bool IsDouble { get; } = isDouble;
}

/// <summary>Memory that isn't the program's own.</summary>
internal enum ExternalMemory
{
    Images,

    /// <summary>The regions that come with the images.</summary>
    Regions,
    Targets,
    Scores,
    ImageGradients,
    Parameters,
    Gradients,
    Losses,

    /// <summary>The gradient that a caller begins with, by what one layer computes.</summary>
    Seed,

    /// <summary>Receives what one layer computes, or the gradient by it.</summary>
    Result,
}

/// <summary>Numbers that are known at run time only.</summary>
internal enum RunTimeValue
{
    /// <summary>The images of the chunk.</summary>
    Rows,

    /// <summary>All images of the batch.</summary>
    Count,

    /// <summary>The chunks of the batch.</summary>
    Chunks,

    /// <summary>The image's index in the batch.</summary>
    Image,

    /// <summary>Dropout's seed.</summary>
    Seed,

    /// <summary>1 / the images of the batch.</summary>
    LossScale,
}

/// <summary>One argument of a call: memory, a run-time number, or a literal.</summary>
internal abstract record Argument
{
    /// <summary>A buffer's copy for the image, thread or chunk at hand.</summary>
    public sealed record Buffer(PlanBuffer Memory, int Offset = 0) : Argument;

    /// <summary>Memory outside the program; <paramref name="ImageStride"/> floats an image, where it has a copy for each.</summary>
    public sealed record External(ExternalMemory Memory, int ImageStride) : Argument;

    /// <summary>One parameter, or its gradient.</summary>
    public sealed record Parameter(ParameterPlan Plan, bool IsGradient = false) : Argument;

    public sealed record Value(RunTimeValue Kind, int Factor = 1) : Argument;

    public sealed record Integer(long Number) : Argument;

    public sealed record Float(float Number) : Argument;
}

/// <summary>How often a step runs.</summary>
internal enum StepScope
{
    /// <summary>For each image.</summary>
    Image,

    /// <summary>For each chunk, over all its images as rows.</summary>
    Rows,

    /// <summary>For each chunk, before its images.</summary>
    Chunk,
}

/// <summary>A call of an emitted kernel, or of one of the run-time's methods.</summary>
/// <param name="Kernel">The kernel; null for a run-time method.</param>
/// <param name="Method">The run-time method's name; null for a kernel.</param>
/// <param name="Arguments">In the order that the kernel documents.</param>
internal sealed record Call(Kernel? Kernel, RunTimeMethod? Method, IReadOnlyList<Argument> Arguments)
{
    public Call(Kernel kernel, params Argument[] arguments)
        : this(kernel, null, arguments)
    {
    }

    public Call(RunTimeMethod method, params Argument[] arguments)
        : this(null, method, arguments)
    {
    }
}

/// <summary>The run-time's methods that programs call beside kernels.</summary>
internal enum RunTimeMethod
{
    /// <summary>Zeros floats: pointer, length.</summary>
    Clear,

    /// <summary>Adds up chunks' partial sums in order, in <see cref="Region.Sums"/>: partials, chunks, result, length.</summary>
    SumPartials,

    /// <summary>Adds up chunks' sums of doubles: partials, chunks, result, channels.</summary>
    SumChannelPartials,

    BatchNormMeans,
    BatchNormTrainingCoefficients,
    BatchNormBackwardCoefficients,
}

/// <summary>What a step's running depends on, which is known at run time only.</summary>
internal abstract record Condition
{
    /// <summary>Where the caller gave memory for what it is for.</summary>
    public sealed record Given(ExternalMemory Memory) : Condition;

    /// <summary>Where the caller's seed is the gradient by what this node computes.</summary>
    public sealed record SeedOf(int Node) : Condition;

    /// <summary>Where it isn't.</summary>
    public sealed record SeedOfOthers(int Node) : Condition;

    /// <summary>Where the caller wants what this node computes, or a later one.</summary>
    public sealed record Through(int Node) : Condition;

    /// <summary>Where gradients pass rectifiers by this rule.</summary>
    public sealed record By(RectifierRule Rule) : Condition;
}

/// <summary>One call in a region, with when it runs.</summary>
/// <param name="Label">What it belongs to: the node's name.</param>
/// <param name="When">On what it depends whether it runs; null where it always does.</param>
internal sealed record Step(StepScope Scope, string Label, Call Call, Condition? When = null)
{
    /// <summary>The layers that the call does the work of, with their shapes: what stands beside it.</summary>
    public string Description { get; init; } = Label;

    /// <summary>Whether it belongs to the backward pass.</summary>
    public bool IsBackward { get; init; }
}

/// <summary>What threads do together until all of them are done.</summary>
internal abstract record Region
{
    /// <summary>The steps over each chunk of the batch's images; chunks are shared among threads.</summary>
    public sealed record Chunks(IReadOnlyList<Step> Steps) : Region;

    /// <summary>Calls that one thread makes.</summary>
    public sealed record Once(IReadOnlyList<Step> Steps) : Region;

    /// <summary>Chunks' partial sums, added up in the chunks' order: threads share the elements of all of them together.</summary>
    public sealed record Sums(IReadOnlyList<Step> Steps) : Region
    {
        /// <summary>The floats of all of them, one after the other.</summary>
        public int Length => Steps.Sum(LengthOf);

        /// <summary>The floats that a thread takes at least at a time.</summary>
        public int Grain => Sharing.GrainOfSums(Length);

        /// <summary>Floats of one sum: its last argument.</summary>
        public static int LengthOf(Step step) => checked((int)((Argument.Integer)step.Call.Arguments[step.Call.Arguments.Count - 1]).Number);
    }

    /// <summary>One call, over all rows of the batch, whose independent units are shared among threads.</summary>
    public sealed record Units(Step Step) : Region;
}

/// <summary>Regions one after the other, with the memory that they use.</summary>
/// <param name="Regions">What each run of the program does.</param>
/// <param name="Buffers">In the order in which they were asked for.</param>
/// <param name="Preparation">What a prediction does first where the parameters have changed: it fills the shared buffers.</param>
internal sealed record PlanProgram(IReadOnlyList<Region> Regions, IReadOnlyList<PlanBuffer> Buffers, IReadOnlyList<Region.Units> Preparation)
{
    public IEnumerable<Step> Steps => Regions.SelectMany(StepsOf);

    public static IReadOnlyList<Step> StepsOf(Region region) => region switch
    {
        Region.Chunks chunks => chunks.Steps,
        Region.Once once => once.Steps,
        Region.Sums sums => sums.Steps,
        Region.Units units => [units.Step],
        _ => [],
    };

    /// <summary>Every distinct kernel, in the order of its first call.</summary>
    public IEnumerable<Kernel> Kernels => Steps.Select(step => step.Call.Kernel).OfType<Kernel>().Distinct();
}
