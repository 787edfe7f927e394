using CnnGen.Generator.Emitting.Cpu;
using CnnGen.Generator.Planning;

namespace CnnGen.Generator.Emitting;

/// <summary>
/// Prints the bodies that choose the instruction set: one decision a call, never one inside a loop. Under NativeAOT the tests of support are
/// constants of the build, so that what it can't run is left out.
/// </summary>
internal static class PassesEmitter
{
    public static void Emit(CodeWriter writer, ModelPlan plan, ArenaLayout arena, BufferLayout training)
    {
        EmitWorkspace(writer, arena, training);
        EmitPredict(writer, arena.PreparedLength);
        writer.Line();
        EmitTrain(writer);
    }

    private static void EmitWorkspace(CodeWriter writer, ArenaLayout arena, BufferLayout training)
    {
        var lengths = new[] { BufferKind.Image, BufferKind.Worker, BufferKind.Chunk, BufferKind.Shared }
            .Select(kind => Literal.Number(training.LengthOf(kind)));
        writer.Line($"private readonly Workspace _workspace = new({Literal.Number(arena.Length)}, new TrainingBuffers({string.Join(", ", lengths)}));");
        writer.Line();
        writer.Line("partial void DisposeCore() => _workspace.Dispose();");
        writer.Line();
    }

    private static void EmitPredict(CodeWriter writer, int preparedLength)
    {
        using (writer.Block("partial void PredictCore(ReadOnlySpan<float> images, Span<float> scores, int count)"))
        {
            writer.Line("// A thread takes up to 8 images at a time: the dense layers then read their weights once for all of them.");
            writer.Line("var threads = count == 1 ? 1 : Threads.Count;");
            writer.Line($"var block = Math.Clamp((count + threads - 1) / threads, 1, {ModelPlan.PredictionBlock});");
            using (writer.Block("unsafe"))
            {
                writer.Line("fixed (float* imagesPointer = images)");
                writer.Line("fixed (float* scoresPointer = scores)");
                using var scope = writer.Block();
                using (writer.Block("var context = new PredictionContext", "};"))
                {
                    writer.Line("Images = imagesPointer,");
                    writer.Line("Scores = scoresPointer,");
                    writer.Line("Parameters = Parameters.ValuesPointer,");
                    writer.Line("Arena = _workspace.Arena(threads),");
                }

                writer.Line();
                if (preparedLength > 0)
                    EmitPrepare(writer, preparedLength);
                Choose(writer, "WorkerTeam.Run(&{0}.Predict, &context, count, block, threads);");
            }
        }
    }

    private static void EmitPrepare(CodeWriter writer, int length)
    {
        writer.Line("// What follows from the parameters alone is computed again when they have changed.");
        writer.Line($"var prepared = Parameters.Prepared({Literal.Number(length)});");
        writer.Line("context.Prepared = prepared.Pointer;");
        writer.Line("if (!prepared.IsCurrent)");
        using (writer.Block())
        {
            writer.Line("lock (prepared)");
            using (writer.Block())
            {
                writer.Line("var version = Parameters.Version;");
                writer.Line("if (!prepared.IsCurrent)");
                using (writer.Block())
                {
                    Choose(writer, "{0}.Prepare(&context, Threads.Count);");
                    writer.Line("prepared.MarkCurrent(version);");
                }
            }
        }

        writer.Line();
    }

    private static void EmitTrain(CodeWriter writer)
    {
        using (writer.Block("partial void TrainCore(ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores, Span<float> imageGradients, ref double loss)"))
        {
            using (writer.Block("unsafe"))
            {
                writer.Line("fixed (float* imagesPointer = images)");
                writer.Line("fixed (float* targetsPointer = targets)");
                writer.Line("fixed (float* scoresPointer = scores)");
                writer.Line("fixed (float* imageGradientsPointer = imageGradients)");
                using var scope = writer.Block();
                using (writer.Block("var context = new TrainingContext", "};"))
                {
                    writer.Line("Images = imagesPointer,");
                    writer.Line("Targets = targetsPointer,");
                    writer.Line("Scores = scoresPointer,");
                    writer.Line("ImageGradients = imageGradientsPointer,");
                    writer.Line("Parameters = Parameters.ValuesPointer,");
                    writer.Line("Gradients = Parameters.GradientsPointer,");
                    writer.Line("DropoutSeed = dropoutSeed,");
                }

                writer.Line();
                writer.Line("_workspace.Reserve(ref context, count, Threads.Count);");
                Choose(writer, "{0}.Train(&context);");
            }

            writer.Line();
            writer.Line("var sum = 0.0;");
            writer.Line("foreach (var imageLoss in _workspace.Losses[..count])");
            writer.Line("    sum += imageLoss;");
            writer.Line("loss = sum / count;");
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
