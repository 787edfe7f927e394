using CnnGen.Generator.Planning;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints one instruction set's class: the prediction of a block of images, the regions of a training step, and the kernels that both call.
/// </summary>
internal sealed class ProgramEmitter(ModelPlan plan, KernelSet kernels, ArenaLayout arena, BufferLayout training)
{
    public void Emit(CodeWriter writer, VectorIsa isa)
    {
        EmitPrediction(writer, isa);
        if (plan.Prediction.Preparation.Count > 0)
            EmitPreparation(writer, isa);
        EmitTraining(writer, isa);
        kernels.Emit(writer, isa);
        EmitLaneMasks(writer, isa);
    }

    private void EmitPrediction(CodeWriter writer, VectorIsa isa)
    {
        var steps = plan.Prediction.Steps.ToList();
        writer.Line("/// <summary>Predicts images [from, to): the whole network, layer by layer, on one thread.</summary>");
        using (writer.Block("public static void Predict(void* argument, int worker, int from, int to)"))
        {
            writer.Line("var context = (PredictionContext*)argument;");
            writer.Line("nint rows = to - from;");
            writer.Line($"var images = context->Images + from * {Literal.Number(plan.InputLength)}L;");
            writer.Line($"var scores = context->Scores + from * {Literal.Number(plan.OutputLength)}L;");
            if (StepWriter.ExternalsOf(steps).Contains(ExternalMemory.Parameters))
                writer.Line("var parameters = context->Parameters;");
            writer.Line($"var arena = context->Arena + worker * {Literal.Number(arena.Length)}L;");
            foreach (var buffer in StepWriter.BuffersOf(steps))
                writer.Line($"var {buffer.Name} = {Literal.At(buffer.Kind == BufferKind.Shared ? "context->Prepared" : "arena", arena.OffsetOf(buffer))};");
            new StepWriter(writer, isa, kernels, arena.HasCopyPerImage, "0").Write(steps);
        }

        writer.Line();
    }

    private void EmitPreparation(CodeWriter writer, VectorIsa isa)
    {
        var steps = new StepWriter(writer, isa, kernels, arena.HasCopyPerImage, "0");
        var regions = plan.Prediction.Preparation;
        writer.Line("/// <summary>Computes what predictions read beside the parameters: transformed weights.</summary>");
        using (writer.Block("public static void Prepare(PredictionContext* context, int threads)"))
        {
            foreach (var region in regions)
                writer.Line($"WorkerTeam.Run(&Prepare{region.Step.Label}, context, {Literal.Number(region.Count)}, {Literal.Number(Math.Max(1, region.Count / 32))}, threads);");
        }

        writer.Line();
        foreach (var region in regions)
        {
            using (writer.Block($"private static void Prepare{region.Step.Label}(void* argument, int worker, int firstUnit, int endUnit)"))
            {
                writer.Line("var context = (PredictionContext*)argument;");
                writer.Line("var parameters = context->Parameters;");
                foreach (var buffer in StepWriter.BuffersOf([region.Step]))
                    writer.Line($"var {buffer.Name} = {Literal.At("context->Prepared", arena.OffsetOf(buffer))};");
                steps.Write([region.Step]);
            }

            writer.Line();
        }
    }

    private void EmitTraining(CodeWriter writer, VectorIsa isa)
    {
        var names = new List<(Region Region, string Name)>();
        var chunks = 0;
        var singles = 0;
        var units = new HashSet<string>();
        foreach (var region in plan.Training.Regions)
        {
            switch (region)
            {
                case Region.Chunks:
                    names.Add((region, "TrainChunks" + Literal.Number(++chunks)));
                    break;
                case Region.Once:
                    names.Add((region, "TrainOnce" + Literal.Number(++singles)));
                    break;
                case Region.Units unit:
                    var name = "Train" + unit.Step.Label + "Weights";
                    for (var i = 2; !units.Add(name); i++)
                        name = "Train" + unit.Step.Label + "Weights" + Literal.Number(i);
                    names.Add((region, name));
                    break;
            }
        }

        writer.Line("/// <summary>One training step: forward, loss, backward. Each call ends when all threads are done with it.</summary>");
        using (writer.Block("public static void Train(TrainingContext* context)"))
        {
            foreach (var (region, name) in names)
            {
                writer.Line(region switch
                {
                    Region.Chunks => $"WorkerTeam.Run(&{name}, context, context->ChunkCount, 1, context->Workers);",
                    Region.Units unit => $"WorkerTeam.Run(&{name}, context, {Literal.Number(unit.Count)}, {Literal.Number(Math.Max(1, unit.Count / 16))}, context->Workers);",
                    _ => $"{name}(context);",
                });
            }
        }

        writer.Line();
        foreach (var (region, name) in names)
            EmitRegion(writer, isa, region, name);
    }

    private void EmitRegion(CodeWriter writer, VectorIsa isa, Region region, string name)
    {
        var steps = new StepWriter(writer, isa, kernels, _ => true, Literal.Number(training.LengthOf(BufferKind.Chunk)));
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
            case Region.Units units:
                using (writer.Block($"private static void {name}(void* argument, int worker, int firstUnit, int endUnit)"))
                {
                    writer.Line("var context = (TrainingContext*)argument;");
                    EmitPointers(writer, [units.Step], isChunk: false);
                    steps.Write([units.Step]);
                }

                break;
        }

        writer.Line();
    }

    private static string Labels(IReadOnlyList<Step> steps) =>
        string.Join(", ", steps.Select(step => step.Label).Distinct());

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
            var offset = Literal.Number(training.OffsetOf(buffer));
            var pointer = buffer.Kind switch
            {
                BufferKind.Image => $"context->ImageBuffers + {offset}L * context->Capacity{(isChunk ? " + " + Literal.Times("first", buffer.Length) : "")}",
                BufferKind.Worker => $"context->WorkerBuffers + worker * {Literal.Number(training.LengthOf(BufferKind.Worker))}L + {offset}",
                BufferKind.Chunk => isChunk
                    ? $"context->ChunkBuffers + chunk * {Literal.Number(training.LengthOf(BufferKind.Chunk))} + {offset}"
                    : $"context->ChunkBuffers + {offset}",
                _ => $"context->SharedBuffers + {offset}",
            };
            writer.Line(buffer.IsDouble ? $"var {buffer.Name} = (double*)({pointer});" : $"var {buffer.Name} = {pointer};");
        }
    }

    /// <summary>Masks of the first so many lanes: what a row's last vectors are stored under.</summary>
    private static void EmitLaneMasks(CodeWriter writer, VectorIsa isa)
    {
        var text = writer.ToString();
        for (var lanes = 1; lanes < isa.Lanes; lanes++)
        {
            if (text.IndexOf($"& Lanes{Literal.Number(lanes)})", StringComparison.Ordinal) < 0)
                continue;
            var vector = isa.VectorType.Replace("<float>", "");
            var values = string.Join(", ", Enumerable.Range(0, isa.Lanes).Select(lane => lane < lanes ? "-1" : "0"));
            writer.Line($"// All bits of the first {Literal.Number(lanes)} lanes.");
            writer.Line($"private static {isa.VectorType} Lanes{Literal.Number(lanes)} => {vector}.Create({values}).AsSingle();");
            writer.Line();
        }
    }
}
