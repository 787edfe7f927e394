using CnnGen.Generator.Emitting.Cpu;
using CnnGen.Generator.Planning;

namespace CnnGen.Generator.Emitting;

/// <summary>
/// Prints the bodies that choose the instruction set: one decision a call, never one inside a loop. Under NativeAOT the tests of support are
/// constants of the build, so that what it can't run is left out.
/// </summary>
internal static class PassesEmitter
{
    public static void Emit(CodeWriter writer, ModelPlan plan)
    {
        EmitOffsets(writer, plan);
        EmitWorkspace(writer, plan.Arena, plan.TrainingBuffers);
        EmitPredict(writer, plan);
        writer.Line();
        EmitTrain(writer, plan);
        writer.Line();
        EmitWarmup(writer, plan);
    }

    private static void EmitOffsets(CodeWriter writer, ModelPlan plan)
    {
        writer.Line("/// <summary>Where each parameter, and its gradient, starts: floats from the first one.</summary>");
        using (writer.Block("private static class Offsets"))
        {
            foreach (var parameter in plan.Parameters.All)
                writer.Line($"public const int {parameter.ConstantName} = {Literal.Number(parameter.Offset)};");
        }

        writer.Line();
    }

    private static void EmitWorkspace(CodeWriter writer, ArenaLayout arena, BufferLayout training)
    {
        var lengths = new[] { BufferKind.Image, BufferKind.Worker, BufferKind.Chunk, BufferKind.Shared }
            .Select(kind => Literal.Number(training.LengthOf(kind)));
        writer.Line("private readonly Workspace _workspace = new(");
        writer.Line($"    new PredictionBuffers({Literal.Number(arena.Length)}, {Literal.Number(arena.BatchLength)}),");
        writer.Line($"    new TrainingBuffers({string.Join(", ", lengths)}));");
        writer.Line();
        writer.Line("partial void DisposeCore() => _workspace.Dispose();");
        writer.Line();
    }

    private static void EmitPredict(CodeWriter writer, ModelPlan plan)
    {
        using (writer.Block("partial void PredictCore(ReadOnlySpan<float> images, Span<float> scores, int count)"))
        {
            using (writer.Block("unsafe"))
            {
                if (plan.Arena.PreparedLength > 0)
                    writer.Line($"var prepared = Parameters.Prepared({Literal.Number(plan.Arena.PreparedLength)});");
                writer.Line("fixed (float* imagesPointer = images)");
                writer.Line("fixed (float* scoresPointer = scores)");
                writer.Line("fixed (float* parametersPointer = Parameters.ValuesAndStatistics)");
                if (plan.Arena.PreparedLength > 0)
                    writer.Line("fixed (float* preparedPointer = prepared.Values)");
                using var scope = writer.Block();
                writer.Line("var context = new PredictionContext { Parameters = parametersPointer };");
                if (plan.Arena.PreparedLength > 0)
                    EmitPrepare(writer);
                if (plan.Arena.BatchLength == 0)
                {
                    EmitPart("count", "imagesPointer", "scoresPointer");
                }
                else
                {
                    // Layers that take all images at once need each image's input: a long batch is cut up.
                    using (writer.Block($"for (var first = 0; first < count; first += {ModelPlan.PredictionBatch})"))
                    {
                        EmitPart(
                            $"Math.Min({ModelPlan.PredictionBatch}, count - first)",
                            $"imagesPointer + first * {Literal.Number(plan.InputLength)}L",
                            $"scoresPointer + first * {Literal.Number(plan.OutputLength)}L");
                    }
                }
            }
        }

        void EmitPart(string count, string images, string scores)
        {
            writer.Line($"context.Images = {images};");
            writer.Line($"context.Scores = {scores};");
            writer.Line($"_workspace.Reserve(ref context, {count}, Threads.Count, {ModelPlan.PredictionBlock});");
            Choose(writer, "{0}.Predict(&context);");
        }
    }

    private static void EmitPrepare(CodeWriter writer)
    {
        writer.Line("// What follows from the parameters alone is computed again when they have changed.");
        writer.Line("context.Prepared = preparedPointer;");
        writer.Line("context.Workers = Threads.Count;");
        using (writer.Block("if (!prepared.IsCurrent)"))
        using (writer.Block("lock (prepared)"))
        {
            writer.Line("var version = Parameters.Version;");
            using (writer.Block("if (!prepared.IsCurrent)"))
            {
                Choose(writer, "{0}.Prepare(&context);");
                writer.Line("prepared.MarkCurrent(version);");
            }
        }

        writer.Line();
    }

    private static void EmitTrain(CodeWriter writer, ModelPlan plan)
    {
        using (writer.Block("partial void TrainCore(ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores, Span<float> imageGradients, ref double loss)"))
        {
            using (writer.Block("unsafe"))
            {
                writer.Line("fixed (float* imagesPointer = images)");
                writer.Line("fixed (float* targetsPointer = targets)");
                writer.Line("fixed (float* scoresPointer = scores)");
                writer.Line("fixed (float* imageGradientsPointer = imageGradients)");
                writer.Line("fixed (float* parametersPointer = Parameters.ValuesAndStatistics)");
                writer.Line("fixed (float* gradientsPointer = Parameters.Gradients)");
                using var scope = writer.Block();
                using (writer.Block("var context = new TrainingContext", "};"))
                {
                    writer.Line("Images = imagesPointer,");
                    writer.Line("Targets = targetsPointer,");
                    writer.Line("Scores = scoresPointer,");
                    writer.Line("ImageGradients = imageGradientsPointer,");
                    writer.Line("Parameters = parametersPointer,");
                    writer.Line("Gradients = gradientsPointer,");
                    writer.Line("DropoutSeed = dropoutSeed,");
                }

                writer.Line();
                writer.Line("_workspace.Reserve(ref context, count, Threads.Count);");
                Choose(writer, "{0}.Train(&context);");
                if (plan.Parameters.TotalLength > plan.Parameters.TrainedLength)
                    writer.Line("Parameters.MarkChanged(); // running statistics");
            }

            writer.Line();
            writer.Line("var sum = 0.0;");
            writer.Line("foreach (var imageLoss in _workspace.Losses[..count])");
            writer.Line("    sum += imageLoss;");
            writer.Line("loss = sum / count;");
        }
    }

    private static void EmitWarmup(CodeWriter writer, ModelPlan plan)
    {
        using (writer.Block("partial void WarmupCore(global::CnnGen.WarmupFor purpose, int count)"))
        {
            writer.Line("// Under NativeAOT this is a constant, and what follows is left out.");
            writer.Line("if (!global::System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeCompiled)");
            writer.Line("    return;");
            Choose(writer, "Startup.Compile(typeof({0}), {0}.MethodsFor(purpose), InstructionSet.{0}, {0}.KernelsFor(purpose));");
            using (writer.Block("if (purpose == global::CnnGen.WarmupFor.Training)"))
            {
                using (writer.Block("unsafe"))
                {
                    writer.Line("var context = new TrainingContext();");
                    writer.Line("_workspace.Reserve(ref context, count, Threads.Count);");
                    writer.Line("_workspace.Touch();");
                    writer.Line("_ = Parameters.Gradients; // allocated when first asked for");
                }

                writer.Line("return;");
            }

            writer.Line();
            writer.Line("// What is left is made ready by a prediction of nothing. Longer calls take no more working memory.");
            writer.Line($"count = Math.Min(count, Math.Max({ModelPlan.PredictionBatch}, Threads.Count));");
            writer.Line($"PredictCore(new float[count * {Literal.Number(plan.InputLength)}], new float[count * {Literal.Number(plan.OutputLength)}], count);");
        }
    }

    private static void Choose(CodeWriter writer, string call)
    {
        writer.Line("if (InstructionSet == InstructionSet.Avx512 && InstructionSets.IsSupported(InstructionSet.Avx512))");
        writer.Line("    " + string.Format(System.Globalization.CultureInfo.InvariantCulture, call, "Avx512"));
        writer.Line("else if (InstructionSet == InstructionSet.Avx2 && InstructionSets.IsSupported(InstructionSet.Avx2))");
        writer.Line("    " + string.Format(System.Globalization.CultureInfo.InvariantCulture, call, "Avx2"));
        writer.Line("else");
        writer.Line("    " + string.Format(System.Globalization.CultureInfo.InvariantCulture, call, "Scalar"));
    }
}
