using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Layouts;
using CnnGen.Generator.Tests.Execution.Meanings;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>Where in a loop a call is made.</summary>
/// <param name="First">The first image of the chunk, or of the block of images, that the call is of.</param>
/// <param name="Rows">Its images.</param>
/// <param name="Image">Of a call for a single image, which of them; -1 where the call is for all.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="Worker">The worker that makes the call.</param>
/// <param name="IsShared">Whether workers share the call's units.</param>
internal readonly record struct CallPlace(int First, int Rows, int Image, int Chunk, int Worker, bool IsShared = false)
{
    /// <summary>Images whose copies of buffers the call takes.</summary>
    public int Copies => Image < 0 ? Rows : 1;
}

/// <summary>Where a program's buffers lie.</summary>
internal interface IProgramMemory
{
    /// <summary>The memory of a buffer that a call takes: its copy, or the copies of all images that the call is of.</summary>
    Piece Of(PlanBuffer buffer, CallPlace place);

    /// <summary>Floats from one chunk's sums to the next one's.</summary>
    int ChunkStride { get; }
}

/// <summary>Makes a program's calls: finds the memory and the numbers that arguments stand for, and does what the kernel means.</summary>
internal sealed class CallMaker(IProgramMemory memory, Caller caller, int chunks)
{
    /// <summary>Whether a step runs for this caller.</summary>
    public bool IsWanted(Step step) => step.When switch
    {
        null => true,
        Condition.Given { Memory: ExternalMemory.Scores } => caller.Scores is not null,
        Condition.Given { Memory: ExternalMemory.ImageGradients } => caller.ImageGradients is not null,
        Condition.Through through => caller.Last >= through.Node,
        Condition.SeedOf seed => caller.Layer == seed.Node,
        Condition.SeedOfOthers seed => caller.Layer != seed.Node,
        Condition.By by => by.Rule == Operations.RectifierRule.Gradient,
        var other => throw new NotSupportedException($"No meaning for the condition {other}."),
    };

    /// <summary>The independent units of a step.</summary>
    public static int UnitsOf(Step step) => step.Call.Kernel is { } kernel ? KernelMeanings.UnitsOf(kernel) : 1;

    /// <summary>Makes one call, of all its units.</summary>
    public void Make(Step step, CallPlace place) => Make(step, place, 0, UnitsOf(step));

    /// <summary>Makes one call of some of its units (of a sum over chunks, of some of its floats).</summary>
    public void Make(Step step, CallPlace place, int from, int to)
    {
        try
        {
            var arguments = new KernelArguments([.. step.Call.Arguments.Select(argument => ValueOf(argument, place))], from, to);
            if (step.Call.Kernel is { } kernel)
                KernelMeanings.Run(kernel, arguments);
            else
                Run(step.Call.Method!.Value, arguments);
        }
        catch (PlanFault fault)
        {
            throw new InvalidOperationException($"{step.Description}, {step.Call.Kernel?.Name ?? step.Call.Method.ToString()}: {fault.Message}", fault);
        }
    }

    private void Run(RunTimeMethod method, KernelArguments arguments)
    {
        switch (method)
        {
            case RunTimeMethod.Clear:
                var cleared = arguments.Memory();
                cleared.Run(0, arguments.Count()).Clear();
                break;
            case RunTimeMethod.SumPartials:
                Sum(arguments, arguments.From, _ => arguments.To);
                break;
            case RunTimeMethod.SumChannelPartials:
                Sum(arguments, 0, channels => channels);
                break;
            case RunTimeMethod.BatchNormMeans:
                NormMeanings.Means(arguments);
                break;
            case RunTimeMethod.BatchNormTrainingCoefficients:
                NormMeanings.TrainingCoefficients(arguments);
                break;
            case RunTimeMethod.BatchNormBackwardCoefficients:
                NormMeanings.BackwardCoefficients(arguments);
                break;
            default:
                throw new NotSupportedException($"No meaning for {method}.");
        }
    }

    /// <summary>The chunks' sums, added up in their order.</summary>
    private void Sum(KernelArguments arguments, int from, Func<int, int> to)
    {
        var partials = arguments.Memory();
        var count = arguments.Count();
        var sums = arguments.Memory();
        var end = to(arguments.Count());
        for (var i = from; i < end; i++)
        {
            double sum = 0;
            for (var chunk = 0; chunk < count; chunk++)
                sum += partials[(chunk * memory.ChunkStride) + i];
            sums[i] = sum;
        }
    }

    private Value ValueOf(Argument argument, CallPlace place) => argument switch
    {
        Argument.Buffer buffer => new Value(memory.Of(buffer.Memory, place).From(buffer.Offset)),
        Argument.External external => new Value(OfCaller(external, place)),
        Argument.Parameter { Plan: var plan, IsGradient: var isGradient } => new Value(
            new Piece(isGradient ? caller.Gradients : caller.Parameters, plan.Offset, Storage.RoundUp(plan.Length))),
        Argument.Value { Kind: RunTimeValue.Seed } => new Value(default, Bits: caller.DropoutSeed),
        Argument.Value value => new Value(default, value.Factor * NumberOf(value.Kind, place)),
        Argument.Integer integer => new Value(default, integer.Number),
        Argument.Float number => new Value(default, number.Number),
        _ => throw new NotSupportedException($"No meaning for {argument}."),
    };

    private double NumberOf(RunTimeValue value, CallPlace place) => value switch
    {
        RunTimeValue.Rows => place.Rows,
        RunTimeValue.Count => caller.Count,
        RunTimeValue.Chunks => chunks,
        RunTimeValue.Image => place.First + place.Image,
        RunTimeValue.LossScale => 1.0 / caller.Count,
        _ => throw new NotSupportedException($"No meaning for {value}."),
    };

    private Piece OfCaller(Argument.External external, CallPlace place)
    {
        var floats = external.Memory switch
        {
            ExternalMemory.Images => caller.Images,
            ExternalMemory.Targets => caller.Targets,
            ExternalMemory.Scores => caller.Scores ?? [],
            ExternalMemory.ImageGradients => caller.ImageGradients ?? [],
            ExternalMemory.Losses => caller.Losses,
            ExternalMemory.Seed => caller.Seed,
            ExternalMemory.Result => caller.Result,
            _ => throw new NotSupportedException($"{external.Memory} is no memory of a call's own."),
        };
        return new Piece(floats, (place.First + Math.Max(0, place.Image)) * external.ImageStride, place.Copies * external.ImageStride);
    }
}
