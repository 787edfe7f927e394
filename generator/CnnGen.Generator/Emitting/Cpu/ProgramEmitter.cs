using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints a model's program: the prediction and the regions of a training step, which call kernels of whichever instruction set.
/// </summary>
internal sealed class ProgramEmitter(ModelPlan plan, KernelCalls kernels)
{
    /// <summary>Floats whose sums over 16 chunks take about 5 microseconds.</summary>
    private const int LeastSums = 2048;

    public void Emit(CodeWriter writer)
    {
        var (own, shared) = (KernelCalls.OwnType, KernelCalls.SharedType);
        writer.Line("/// <summary>The passes. Each instruction set has machine code of its own for them, since a set's kernels are a type.</summary>");
        writer.Line("[global::System.Runtime.CompilerServices.SkipLocalsInit]");
        writer.Line($"internal static unsafe class Program<{own}{(kernels.HasShared ? ", " + shared : "")}>");
        writer.Line($"    where {own} : struct, {KernelTypeEmitter.Interface}");
        if (kernels.HasShared)
            writer.Line($"    where {shared} : struct, global::{KernelNamespace.Shared}.{KernelTypeEmitter.Interface}");
        using (writer.Block())
        {
            new PredictionEmitter(plan, kernels).Emit(writer);
            if (plan.Network.IsTrainable)
                EmitTraining(writer);
            EmitNames("KernelsFor", "The model's own kernels that a purpose needs: for Warmup.", kernels.OwnFor);
            if (kernels.HasShared)
            {
                writer.Line();
                EmitNames("SharedFor", "The kernels of several models that a purpose needs.", kernels.SharedFor);
            }
        }

        void EmitNames(string name, string summary, Func<MethodUse, IEnumerable<string>> namesFor)
        {
            writer.Line($"/// <summary>{summary}</summary>");
            using (writer.Block($"public static string[] {name}(global::CnnGen.WarmupFor purpose)"))
            {
                writer.Line("return purpose == global::CnnGen.WarmupFor.Training");
                EmitItems("    ? [", "]", namesFor(MethodUse.Training));
                EmitItems("    : [", "];", namesFor(MethodUse.Prediction));
            }
        }

        // Several to a line: the lists are long.
        void EmitItems(string opening, string closing, IEnumerable<string> items)
        {
            const int Width = 160;
            var line = opening;
            foreach (var item in items.Select(Literal.Text))
            {
                if (line.Length + item.Length > Width)
                {
                    writer.Line(line.TrimEnd());
                    line = new string(' ', 8);
                }

                line += item + ", ";
            }

            writer.Line(line.TrimEnd(' ', ',') + closing);
        }
    }

    private void EmitTraining(CodeWriter writer)
    {
        var unique = new UniqueNames();
        var names = plan.Training.Regions.Select(region => (Region: region, Name: unique.Of("Train" + WorkOf(region)))).ToList();

        writer.Line("/// <summary>One training step: forward, loss, backward. Each call ends when all threads are done with it.</summary>");
        using (writer.Block("public static void Train(TrainingContext* context)"))
        {
            foreach (var (region, name) in names)
            {
                writer.Line(region switch
                {
                    Region.Chunks => $"WorkerTeam.Run(&{name}, context, context->ChunkCount, 1, context->Workers);",
                    Region.Units unit => UnitsText(kernels, unit.Step, name),
                    Region.Sums sums => SumsText(sums, name),
                    _ => $"{name}(context);",
                });
            }
        }

        writer.Line();
        foreach (var (region, name) in names)
            EmitRegion(writer, region, name);
    }

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
                    ProductWeightGradientKernel => "WeightGradient",
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
                throw new InvalidOperationException("A training step has no such region.");
        }
    }

    public static string UnitsText(KernelCalls kernels, Step step, string name) =>
        $"WorkerTeam.Run(&{name}, context, {kernels.ShareOf(step.Call.Kernel!)}, context->Workers);";

    /// <summary>Threads share the floats of all sums, one after the other: whole cache lines, and enough of them that sharing pays.</summary>
    private static string SumsText(Region.Sums sums, string name)
    {
        var floats = sums.Steps.Sum(LengthOf);
        var grain = Math.Max(LeastSums, Storage.RoundUp(floats / 32));
        return $"WorkerTeam.Run(&{name}, context, {Literal.Number(floats)}, {Literal.Number(grain)}, context->Workers);";
    }

    /// <summary>Floats of one sum: its last argument.</summary>
    private static int LengthOf(Step step) => checked((int)((Argument.Integer)step.Call.Arguments[step.Call.Arguments.Count - 1]).Number);

    private void EmitRegion(CodeWriter writer, Region region, string name)
    {
        var steps = new StepWriter(writer, kernels, _ => true, Literal.Number(plan.TrainingBuffers.LengthOf(BufferKind.Chunk)));
        switch (region)
        {
            case Region.Chunks chunks:
                writer.Line($"// {Labels(chunks.Steps)}");
                using (writer.Block($"private static void {name}(void* argument, int worker, int fromChunk, int toChunk)"))
                {
                    writer.Line("var context = (TrainingContext*)argument;");
                    using (writer.Block("for (nint chunk = fromChunk; chunk < toChunk; chunk++)"))
                    {
                        writer.Line("nint first = chunk * context->ChunkSize;");
                        writer.Line("nint rows = Math.Min(context->ChunkSize, context->Count - first);");
                        EmitPointers(writer, chunks.Steps, isChunk: true);
                        steps.Write(chunks.Steps);
                    }
                }

                break;
            case Region.Once once:
                writer.Line($"// {Labels(once.Steps)}");
                using (writer.Block($"private static void {name}(TrainingContext* context)"))
                {
                    EmitPointers(writer, once.Steps, isChunk: false);
                    steps.Write(once.Steps);
                }

                break;
            case Region.Sums sums:
                writer.Line($"// {Labels(sums.Steps)}: the chunks' gradients, added up in the chunks' order. Floats [from, to) of all of them, one after the other.");
                using (writer.Block($"private static void {name}(void* argument, int worker, int from, int to)"))
                {
                    writer.Line("var context = (TrainingContext*)argument;");
                    EmitPointers(writer, sums.Steps, isChunk: false);
                    var start = 0;
                    foreach (var step in sums.Steps)
                    {
                        steps.WriteRange(step, start);
                        start += LengthOf(step);
                    }
                }

                break;
            case Region.Units units:
                using (writer.Block($"private static void {name}(void* argument, int worker, int from, int to)"))
                {
                    writer.Line("var context = (TrainingContext*)argument;");
                    EmitPointers(writer, [units.Step], isChunk: false);
                    steps.WriteRange(units.Step);
                }

                break;
        }

        writer.Line();
    }

    /// <summary>The layers in the order in which they are computed: what begins a chunk comes before the work that it is for.</summary>
    private static string Labels(IReadOnlyList<Step> steps) =>
        string.Join(", ", steps.OrderBy(step => step.Scope == StepScope.Chunk).Select(step => step.Label).Distinct());

    private void EmitPointers(CodeWriter writer, IReadOnlyList<Step> steps, bool isChunk)
    {
        foreach (var memory in StepWriter.ExternalsOf(steps))
        {
            var name = StepWriter.NameOf(memory);
            var field = char.ToUpperInvariant(name[0]) + name.Substring(1);
            var stride = memory switch
            {
                ExternalMemory.Images or ExternalMemory.ImageGradients => plan.InputLength,
                ExternalMemory.Targets or ExternalMemory.Scores => plan.OutputLength,
                ExternalMemory.Losses => 1,
                _ => 0,
            };
            if (!isChunk || stride == 0)
                writer.Line($"var {name} = context->{field};");
            else if (memory is ExternalMemory.Scores or ExternalMemory.ImageGradients)
                writer.Line($"var {name} = context->{field} == null ? null : context->{field} + {Literal.Times("first", stride)};");
            else
                writer.Line($"var {name} = context->{field} + {Literal.Times("first", stride)};");
        }

        foreach (var buffer in StepWriter.BuffersOf(steps))
        {
            var offset = plan.TrainingBuffers.OffsetOf(buffer);
            var pointer = buffer.Kind switch
            {
                BufferKind.Image => Plus("context->ImageBuffers", Copies(offset)) + (isChunk ? " + " + Literal.Times("first", buffer.Length) : ""),
                BufferKind.Worker or BufferKind.Scratch => Literal.At(
                    $"context->WorkerBuffers + worker * {Literal.Number(plan.TrainingBuffers.LengthOf(BufferKind.Worker))}L", offset),
                BufferKind.Chunk => Literal.At(
                    isChunk ? $"context->ChunkBuffers + chunk * {Literal.Number(plan.TrainingBuffers.LengthOf(BufferKind.Chunk))}" : "context->ChunkBuffers",
                    offset),
                _ => Literal.At("context->SharedBuffers", offset),
            };
            writer.Line(buffer.IsDouble ? $"var {buffer.Name} = (double*)({pointer});" : $"var {buffer.Name} = {pointer};");
        }
    }

    /// <summary>The buffers before this one, a copy of each for every image that there is room for.</summary>
    private static string Copies(int offset) => offset == 0 ? "" : $"{Literal.Number(offset)}L * context->Capacity";

    private static string Plus(string pointer, string offset) => offset.Length == 0 ? pointer : pointer + " + " + offset;
}
