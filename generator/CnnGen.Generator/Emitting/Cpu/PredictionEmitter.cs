using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Memory;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints a prediction. Where there are at least as many images as threads, each thread takes whole images; where there are fewer, the threads share
/// the units of each image's large layers.
/// </summary>
/// <param name="plan">The model.</param>
/// <param name="prediction">Of its outputs, or of a layer's features.</param>
/// <param name="methods">What its methods are called.</param>
/// <param name="kernels">What the program calls.</param>
/// <param name="names">The names of the program's methods.</param>
internal sealed class PredictionEmitter(ModelPlan plan, PlanPrediction prediction, PredictionMethods methods, KernelCalls kernels, UniqueNames names)
{
    public void Emit(CodeWriter writer)
    {
        var parts = new List<Action>();
        writer.Line($"/// <summary>{methods.Summary}</summary>");
        using (writer.Block($"public static void {methods.Predict}(PredictionContext* context)"))
        {
            foreach (var region in prediction.Program.Regions)
            {
                switch (region)
                {
                    case Region.Chunks chunks:
                        EmitImagesCall(writer, chunks, parts);
                        break;
                    case Region.Units units:
                        var name = names.Of(methods.Predict + units.Step.Label);
                        writer.Line(RegionEmitter.UnitsText(kernels, units.Step, name));
                        parts.Add(() => EmitUnits(writer, units.Step, name));
                        break;
                    default:
                        throw new InvalidOperationException("A prediction has no such region.");
                }
            }
        }

        writer.Line();
        foreach (var emit in parts)
            emit();
        if (prediction.Program.Preparation.Count > 0)
            EmitPreparation(writer);
    }

    private void EmitPreparation(CodeWriter writer)
    {
        // A layer may have several steps: its weights are folded, then transformed.
        var steps = prediction.Program.Preparation.Select(region => (region.Step, Name: names.Of(methods.Prepare + region.Step.Label))).ToList();

        writer.Line($"/// <summary>{methods.PrepareSummary}: folded and transformed weights.</summary>");
        using (writer.Block($"public static void {methods.Prepare}(PredictionContext* context)"))
        {
            foreach (var (step, name) in steps)
                writer.Line(RegionEmitter.UnitsText(kernels, step, name));
        }

        writer.Line();
        foreach (var (step, name) in steps)
        {
            using (writer.Block($"private static void {name}(void* argument, int worker, int from, int to)"))
            {
                writer.Line("var context = (PredictionContext*)argument;");
                EmitPointers(writer, [step], "0", "0");
                Writer(writer).WriteRange(step);
            }

            writer.Line();
        }
    }

    private void EmitImagesCall(CodeWriter writer, Region.Chunks chunks, List<Action> parts)
    {
        var name = names.Of(methods.Predict + "Images");
        var run = $"WorkerTeam.Run(&{name}, context, context->Count, context->Block, context->Workers);";
        parts.Add(() => EmitImages(writer, chunks, name));
        if (!chunks.Steps.Any(Sharing.IsShared))
        {
            writer.Line(run);
            return;
        }

        writer.Line("if (context->Count >= context->Workers)");
        writer.Line("    " + run);
        writer.Line("else");
        var shared = names.Of(methods.Predict + "Shared");
        writer.Line($"    {shared}(context);");
        parts.Add(() => EmitShared(writer, chunks, shared));
    }

    private void EmitImages(CodeWriter writer, Region.Chunks chunks, string name)
    {
        writer.Line("// Images [from, to), layer by layer, on one thread.");
        using (writer.Block($"private static void {name}(void* argument, int worker, int from, int to)"))
        {
            writer.Line("var context = (PredictionContext*)argument;");
            writer.Line("nint rows = to - from;");
            EmitPointers(writer, chunks.Steps, "from", "worker");
            Writer(writer).Write(chunks.Steps);
        }

        writer.Line();
    }

    private void EmitShared(CodeWriter writer, Region.Chunks chunks, string method)
    {
        var shares = new List<(Step Step, string Name)>();
        writer.Line("// One image after the other; threads share the large layers.");
        using (writer.Block($"private static void {method}(PredictionContext* context)"))
        using (writer.Block("for (context->Image = 0; context->Image < context->Count; context->Image++)"))
        {
            var own = chunks.Steps.Where(step => !Sharing.IsShared(step)).ToList();
            if (own.Any(step => step.Call.Arguments.OfType<Argument.Value>().Any(value => value.Kind == RunTimeValue.Rows)))
                writer.Line("const nint rows = 1;");
            EmitPointers(writer, own, "context->Image", "0");
            var steps = Writer(writer);
            foreach (var step in chunks.Steps)
            {
                if (!Sharing.IsShared(step))
                {
                    steps.WriteSingle(step);
                    continue;
                }

                var name = names.Of(methods.Share + step.Label);
                shares.Add((step, name));
                foreach (var phase in step.Call.Kernel!.Phases.Where(phase => phase.Units is not null))
                    writer.Line($"WorkerTeam.Share(&{NameOf(phase, name)}, context, {Literal.Number(phase.Units!.Value)}, 1, context->Workers);");
                writer.Line(RegionEmitter.UnitsText(kernels, step, name));
            }
        }

        writer.Line();
        foreach (var (step, name) in shares)
        {
            if (step.Call.Kernel!.Phases is { Count: > 0 } phases)
            {
                EmitPhases(writer, step, phases, name);
                continue;
            }

            using (writer.Block($"private static void {name}(void* argument, int worker, int from, int to)"))
            {
                writer.Line("var context = (PredictionContext*)argument;");
                if (step.Scope == StepScope.Rows)
                    writer.Line("const nint rows = 1;");
                EmitPointers(writer, [step], "context->Image", "0");
                Writer(writer).WriteRange(step);
            }

            writer.Line();
        }
    }

    /// <summary>The method of the kernel's own units has the step's name; those before it are called after what they do.</summary>
    private static string NameOf(KernelPhase phase, string name) => phase.Units is null ? name : phase.Name + name;

    /// <summary>
    /// The phases of a kernel whose threads hand something over: it lies in the first thread's arena, and what a phase uses for itself in the thread's own.
    /// </summary>
    private void EmitPhases(CodeWriter writer, Step step, IReadOnlyList<KernelPhase> phases, string name)
    {
        var kernel = step.Call.Kernel!;
        var scratch = step.Call.Arguments.OfType<Argument.Buffer>().Single(argument => argument.Memory.Kind == BufferKind.Scratch);
        foreach (var phase in phases)
        {
            var own = step.Call.Arguments.Skip(phase.FirstArgument).Take(phase.Arguments).ToList();
            using (writer.Block($"private static void {NameOf(phase, name)}(void* argument, int worker, int from, int to)"))
            {
                writer.Line("var context = (PredictionContext*)argument;");
                EmitPointers(writer, [step with { Call = new Call(kernel, [.. own]) }], "context->Image", "0");
                writer.Pointer(scratch.Memory.Name, Literal.At("context->Arena", prediction.Arena.OffsetOf(scratch.Memory)));
                Writer(writer).WritePhase(
                    kernel, phase.Name, own, $"{scratch.Memory.Name}, {Literal.Address($"{scratch.Memory.Name} + worker * {Literal.Number(prediction.Arena.Length)}L")}, from, to");
            }

            writer.Line();
        }
    }

    /// <summary>One layer over all images at once.</summary>
    private void EmitUnits(CodeWriter writer, Step step, string name)
    {
        writer.Line($"// {step.Label} over all images at once: its weights are read once.");
        using (writer.Block($"private static void {name}(void* argument, int worker, int from, int to)"))
        {
            writer.Line("var context = (PredictionContext*)argument;");
            EmitPointers(writer, [step], "0", "0");
            Writer(writer).WriteRange(step);
        }

        writer.Line();
    }

    private StepWriter Writer(CodeWriter writer) => new(writer, kernels, prediction.Arena.HasCopyPerImage, "0");

    private void EmitPointers(CodeWriter writer, IReadOnlyList<Step> steps, string image, string worker)
    {
        foreach (var memory in StepWriter.ExternalsOf(steps))
        {
            var (name, stride) = memory switch
            {
                ExternalMemory.Images => ("images", plan.InputLength),
                ExternalMemory.Regions => ("regions", plan.RegionsLength),
                ExternalMemory.Scores => ("scores", prediction.OutputLength),
                _ => ("parameters", 0),
            };
            writer.Pointer(name, $"context->{char.ToUpperInvariant(name[0])}{name.Substring(1)}{(stride == 0 ? "" : $" + {image} * {Literal.Number(stride)}L")}");
        }

        var buffers = StepWriter.BuffersOf(steps);
        if (worker != "0" && buffers.Any(buffer => prediction.Arena.PlaceOf(buffer) is ArenaPlace.Image or ArenaPlace.Block))
            writer.Pointer("arena", $"context->Arena + {worker} * {Literal.Number(prediction.Arena.Length)}L");
        foreach (var buffer in buffers)
        {
            // A call's own scratch belongs to the thread; what steps hand over lies in the first thread's arena.
            var start = worker != "0" ? "arena"
                : buffer.Kind == BufferKind.Scratch && steps.Count == 1 ? $"context->Arena + worker * {Literal.Number(prediction.Arena.Length)}L"
                : "context->Arena";
            var offset = prediction.Arena.OffsetOf(buffer);
            var pointer = prediction.Arena.PlaceOf(buffer) switch
            {
                ArenaPlace.Batch => $"context->Batch + {Literal.Number(offset)}L * context->Capacity{(image == "0" ? "" : $" + {image} * {Literal.Number(buffer.Length)}L")}",
                ArenaPlace.Prepared => Literal.At("context->Prepared", offset),
                _ => Literal.At(start, offset),
            };
            writer.Pointer(buffer.Name, pointer);
        }
    }
}
