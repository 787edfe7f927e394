using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;
using CnnGen.Generator.Planning.Cpu.Memory;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints a program of regions: a method for each, and one that runs them one after the other.</summary>
/// <param name="writer">Where to.</param>
/// <param name="kernels">What the program calls.</param>
/// <param name="plan">The model.</param>
/// <param name="buffers">Where the program's buffers lie.</param>
internal sealed class RegionEmitter(CodeWriter writer, KernelCalls kernels, ModelPlan plan, BufferLayout buffers)
{
    private const int SeveralLengths = -1;

    private readonly UniqueNames _unique = new();

    /// <summary>Prints a method that runs a program, and one for each of its regions.</summary>
    /// <param name="method">What it is called.</param>
    /// <param name="prefix">Where the names of its regions' methods begin.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="program">The program.</param>
    public void Emit(string method, string prefix, string summary, PlanProgram program)
    {
        var names = program.Regions.Select(region => (Region: region, Name: _unique.Of(prefix + WorkOf(region)))).ToList();

        writer.Line($"/// <summary>{summary}</summary>");
        using (writer.Block($"public static void {method}(TrainingContext* context)"))
        {
            foreach (var (region, name) in names)
            {
                if (FirstNode(region) is { } node)
                    writer.Line(StepWriter.TextOf(new Condition.Through(node)));
                writer.Line((FirstNode(region) is null ? "" : "    ") + region switch
                {
                    Region.Chunks => ChunksText(name),
                    Region.Units unit => UnitsText(kernels, unit.Step, name),
                    Region.Sums sums => SumsText(sums, name),
                    _ => $"{name}(context);",
                });
            }
        }

        writer.Line();
        foreach (var (region, name) in names)
            EmitRegion(region, name);
    }

    /// <summary>The first node that a region does the work of, where it only runs for the nodes that are wanted; otherwise null.</summary>
    private static int? FirstNode(Region region) =>
        PlanProgram.StepsOf(region).Min(step => step.When is Condition.Through through ? through.Node : 0) is > 0 and var node ? node : null;

    private static string ChunksText(string name) => $"WorkerTeam.Run(&{name}, context, context->ChunkCount, 1, context->Workers);";

    /// <summary>Prints a method that runs one step over chunks, which it chooses by a number of the context's.</summary>
    public void EmitChoice(string method, string summary, string number, IReadOnlyList<(int Number, Step Step)> cases)
    {
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Line($"public static void {method}(TrainingContext* context) => {ChunksText(method + "OfChunks")}");
        writer.Line();
        EmitChunks(method + "OfChunks", () =>
        {
            using (writer.Block($"switch (context->{number})"))
            {
                foreach (var (one, step) in cases)
                {
                    using (writer.Block($"case {Literal.Number(one)}:"))
                    {
                        EmitPointers([step], isChunk: true);
                        NewWriter().Write([step]);
                        writer.Line("break;");
                    }
                }
            }
        });
        writer.Line();
    }

    private void EmitChunks(string name, Action emit)
    {
        using (writer.Block($"private static void {name}(void* argument, int worker, int fromChunk, int toChunk)"))
        {
            writer.Line("var context = (TrainingContext*)argument;");
            using (writer.Block("for (nint chunk = fromChunk; chunk < toChunk; chunk++)"))
            {
                writer.Line("nint first = chunk * context->ChunkSize;");
                writer.Line("nint rows = Math.Min(context->ChunkSize, context->Count - first);");
                emit();
            }
        }
    }

    private StepWriter NewWriter() => new(writer, kernels, _ => true, Literal.Number(buffers.LengthOf(BufferKind.Chunk)));

    /// <summary>What a region does, as its method is called.</summary>
    private static string WorkOf(Region region)
    {
        switch (region)
        {
            case Region.Chunks chunks when chunks.Steps.Any(step => step.Call.Kernel is LossKernel):
                return "ThroughLoss";
            case Region.Chunks chunks:
                return (chunks.Steps[0].IsBackward ? "BackwardFrom" : "ForwardFrom") + chunks.Steps[0].Label;
            case Region.Sums:
                return "GradientSums";
            case Region.Units { Step: var step }:
                return step.Label + step.Call.Kernel switch
                {
                    ProductWeightGradientKernel or WinogradGradientSumsKernel => "WeightGradient",
                    WinogradProductsKernel => step.IsBackward ? "GradientProducts" : "Products",
                    TransposeWeightsKernel => "TransposedWeights",
                    _ => step.IsBackward ? "Gradient" : "",
                };
            case Region.Once { Steps: [var step, ..] }:
                return step.Call.Kernel switch
                {
                    RowSumKernel => "BiasGradients",
                    TransposeWeightsKernel => "TransposedWeights",
                    ClearBetweenGroupsKernel => "GroupGaps",
                    _ => step.Label + (step.IsBackward ? "GradientStatistics" : "Statistics"),
                };
            default:
                throw new InvalidOperationException("No program has such a region.");
        }
    }

    public static string UnitsText(KernelCalls kernels, Step step, string name) =>
        $"WorkerTeam.Share(&{name}, context, {kernels.ShareOf(step.Call.Kernel!)}, context->Workers{Together(step.Call.Kernel!)});";

    private static string Together(Kernel kernel) => kernel.UnitsTogether == 1 ? "" : $", together: {Literal.Number(kernel.UnitsTogether)}";

    /// <summary>Threads share the floats of all sums, one after the other.</summary>
    private static string SumsText(Region.Sums sums, string name) =>
        $"WorkerTeam.Share(&{name}, context, {Literal.Number(sums.Length)}, {Literal.Number(sums.Grain)}, context->Workers);";

    private void EmitRegion(Region region, string name)
    {
        var steps = NewWriter();
        switch (region)
        {
            case Region.Chunks chunks:
                writer.Line($"// {Labels(chunks.Steps)}");
                EmitChunks(name, () =>
                {
                    EmitPointers(chunks.Steps, isChunk: true);
                    steps.Write(chunks.Steps);
                });
                break;
            case Region.Once once:
                writer.Line($"// {Labels(once.Steps)}");
                using (writer.Block($"private static void {name}(TrainingContext* context)"))
                {
                    EmitPointers(once.Steps, isChunk: false);
                    steps.Write(once.Steps);
                }

                break;
            case Region.Sums sums:
                writer.Line($"// {Labels(sums.Steps)}: the chunks' gradients, added up in the chunks' order. Floats [from, to) of all of them, one after the other.");
                using (writer.Block($"private static void {name}(void* argument, int worker, int from, int to)"))
                {
                    writer.Line("var context = (TrainingContext*)argument;");
                    EmitPointers(sums.Steps, isChunk: false);
                    var start = 0;
                    foreach (var step in sums.Steps)
                    {
                        steps.WriteRange(step, start);
                        start += Region.Sums.LengthOf(step);
                    }
                }

                break;
            case Region.Units units:
                using (writer.Block($"private static void {name}(void* argument, int worker, int from, int to)"))
                {
                    writer.Line("var context = (TrainingContext*)argument;");
                    EmitPointers([units.Step], isChunk: false);
                    steps.WriteRange(units.Step);
                }

                break;
        }

        writer.Line();
    }

    /// <summary>The layers in the order in which they are computed: what begins a chunk comes before the work that it is for.</summary>
    private static string Labels(IReadOnlyList<Step> steps) =>
        string.Join(", ", steps.OrderBy(step => step.Scope == StepScope.Chunk).Select(step => step.Label).Distinct());

    private void EmitPointers(IReadOnlyList<Step> steps, bool isChunk)
    {
        foreach (var memory in StepWriter.ExternalsOf(steps))
        {
            var name = StepWriter.NameOf(memory);
            var field = char.ToUpperInvariant(name[0]) + name.Substring(1);
            var stride = memory switch
            {
                ExternalMemory.Images or ExternalMemory.ImageGradients => plan.InputLength,
                ExternalMemory.Targets or ExternalMemory.Scores => plan.OutputLength,
                ExternalMemory.Regions => plan.RegionsLength,
                ExternalMemory.Losses => 1,
                ExternalMemory.Seed or ExternalMemory.Result => LengthOf(memory, steps),
                _ => 0,
            };
            if (!isChunk || stride == 0)
                writer.Line($"var {name} = context->{field};");
            else if (memory is ExternalMemory.Scores or ExternalMemory.ImageGradients)
                writer.Line($"var {name} = context->{field} == null ? null : &context->{field}[{Literal.Times("first", stride)}];");
            else if (stride == SeveralLengths)
                writer.Pointer(name, $"context->{field} + first * context->LayerLength");
            else
                writer.Pointer(name, $"context->{field} + {Literal.Times("first", stride)}");
        }

        foreach (var buffer in StepWriter.BuffersOf(steps))
        {
            var offset = buffers.OffsetOf(buffer);
            var pointer = buffer.Kind switch
            {
                BufferKind.Image => Plus("context->ImageBuffers", Copies(offset)) + (isChunk ? " + " + Literal.Times("first", buffer.Length) : ""),
                BufferKind.Worker or BufferKind.Scratch => Literal.At(
                    $"context->WorkerBuffers + worker * {Literal.Number(buffers.LengthOf(BufferKind.Worker))}L", offset),
                BufferKind.Chunk => Literal.At(
                    isChunk ? $"context->ChunkBuffers + chunk * {Literal.Number(buffers.LengthOf(BufferKind.Chunk))}" : "context->ChunkBuffers",
                    offset),
                _ => Literal.At("context->SharedBuffers", offset),
            };
            if (buffer.IsDouble)
                writer.Line($"var {buffer.Name} = (double*){Literal.Address(pointer)};");
            else
                writer.Pointer(buffer.Name, pointer);
        }
    }

    /// <summary>The floats of one image in memory that is one layer's; which layer's, only the caller knows where steps of several name it.</summary>
    private static int LengthOf(ExternalMemory memory, IReadOnlyList<Step> steps)
    {
        var lengths = steps.SelectMany(step => step.Call.Arguments).OfType<Argument.External>()
            .Where(argument => argument.Memory == memory).Select(argument => argument.ImageStride).Distinct().ToList();
        return lengths.Count == 1 ? lengths[0] : SeveralLengths;
    }

    /// <summary>The buffers before this one, a copy of each for every image that there is room for.</summary>
    private static string Copies(int offset) => offset == 0 ? "" : $"{Literal.Number(offset)}L * context->Capacity";

    private static string Plus(string pointer, string offset) => offset.Length == 0 ? pointer : pointer + " + " + offset;
}
