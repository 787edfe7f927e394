using CnnGen.Generator.Emitting.Cpu;
using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Memory;

namespace CnnGen.Generator.Emitting;

/// <summary>
/// Prints the bodies of the class's passes: they pin what is given, take working memory, and call the program.
/// </summary>
internal static class PassesEmitter
{
    private const string Runtime = "global::CnnGen.Runtime.";

    public static void Emit(CodeWriter writer, ModelPlan plan, string className, string space)
    {
        var programs = $"global::{space}.{ProgramChoiceEmitter.ClassName}";
        EmitWorkspace(writer, plan);
        EmitPredict(writer, plan, programs);
        writer.Line();
        if (plan.Network.IsTrainable)
        {
            EmitTrain(writer, plan, programs);
            writer.Line();
        }

        if (plan.Explanation is not null)
        {
            EmitInspect(writer, plan, className, programs);
            writer.Line();
        }

        if (plan.Features.Count > 0)
            FeatureMembers.EmitPasses(writer, plan, programs);
        EmitWarmup(writer, plan, programs);
    }

    public static void EmitOffsets(CodeWriter writer, ModelPlan plan)
    {
        writer.Line("/// <summary>Where each parameter, and its gradient, starts: floats from the first one.</summary>");
        using (writer.Block("internal static class Offsets"))
        {
            foreach (var parameter in plan.Parameters.All)
                writer.Line($"public const int {parameter.ConstantName} = {Literal.Number(parameter.Offset)};");
        }
    }

    private static void EmitWorkspace(CodeWriter writer, ModelPlan plan)
    {
        var arena = plan.Arena;
        writer.Line($"private readonly {Runtime}Workspace _workspace = new(");
        writer.Line($"    new {Runtime}PredictionBuffers({Literal.Number(arena.Length)}, {Literal.Number(arena.BatchLength)}),");
        writer.Line($"    {BuffersText(plan.TrainingBuffers)});");
        writer.Line();
        if (plan.Features.Count == 0)
        {
            writer.Line("partial void DisposeCore() => _workspace.Dispose();");
        }
        else
        {
            using (writer.Block("partial void DisposeCore()"))
            {
                writer.Line("_workspace.Dispose();");
                writer.Line("_featurePasses.Dispose();");
            }
        }

        writer.Line();
    }

    private static string BuffersText(BufferLayout buffers)
    {
        var lengths = new[] { BufferKind.Image, BufferKind.Worker, BufferKind.Chunk, BufferKind.Shared }.Select(kind => Literal.Number(buffers.LengthOf(kind)));
        return $"new {Runtime}TrainingBuffers({string.Join(", ", lengths)})";
    }

    private static void EmitPredict(CodeWriter writer, ModelPlan plan, string programs)
    {
        var regions = plan.Network.Regions > 0;
        using (writer.Block($"partial void PredictCore(global::System.ReadOnlySpan<float> images, {RegionMembers.ParameterOf(plan.Network)}global::System.Span<float> scores, int count)"))
        {
            using (writer.Block("unsafe"))
            {
                if (plan.Arena.PreparedLength > 0)
                    writer.Line($"{Runtime}PreparedParameters prepared = Parameters.Prepared({Literal.Number(plan.Arena.PreparedLength)});");
                writer.Line("fixed (float* imagesPointer = images)");
                if (regions)
                    writer.Line("fixed (float* regionsPointer = regions)");
                writer.Line("fixed (float* scoresPointer = scores)");
                writer.Line("fixed (float* parametersPointer = Parameters.ValuesAndStatistics)");
                if (plan.Arena.PreparedLength > 0)
                    writer.Line("fixed (float* preparedPointer = prepared.Values)");
                using var scope = writer.Block();
                writer.Line($"{Runtime}PredictionContext context = new() {{ Parameters = parametersPointer }};");
                if (plan.Arena.PreparedLength > 0)
                    EmitPrepare(writer, programs);
                if (plan.Arena.BatchLength == 0)
                {
                    EmitPart("count", "imagesPointer", "regionsPointer", "scoresPointer");
                }
                else
                {
                    // Layers that take all images at once need each image's input: a long batch is cut up.
                    using (writer.Block($"for (int first = 0; first < count; first += {ModelPlan.PredictionBatch})"))
                    {
                        EmitPart(
                            $"global::System.Math.Min({ModelPlan.PredictionBatch}, count - first)",
                            $"&imagesPointer[first * {Literal.Number(plan.InputLength)}L]",
                            $"&regionsPointer[first * {Literal.Number(plan.RegionsLength)}L]",
                            $"&scoresPointer[first * {Literal.Number(plan.OutputLength)}L]");
                    }
                }
            }
        }

        void EmitPart(string count, string images, string regionsOfPart, string scores)
        {
            writer.Line($"context.Images = {images};");
            if (regions)
                writer.Line($"context.Regions = {regionsOfPart};");
            writer.Line($"context.Scores = {scores};");
            writer.Line($"_workspace.Reserve(ref context, {count}, global::CnnGen.Threads.Count, {ModelPlan.PredictionBlock});");
            writer.Line($"{programs}.Predict(InstructionSet, &context);");
        }
    }

    private static void EmitPrepare(CodeWriter writer, string programs)
    {
        writer.Line("// What follows from the parameters alone is computed again when they have changed.");
        writer.Line("context.Prepared = preparedPointer;");
        writer.Line("context.Workers = global::CnnGen.Threads.Count;");
        using (writer.Block("if (!prepared.IsCurrent)"))
        using (writer.Block("lock (prepared)"))
        {
            writer.Line("long version = Parameters.Version;");
            using (writer.Block("if (!prepared.IsCurrent)"))
            {
                writer.Line($"{programs}.Prepare(InstructionSet, &context);");
                writer.Line("prepared.MarkCurrent(version);");
            }
        }

        writer.Line();
    }

    private static void EmitTrain(CodeWriter writer, ModelPlan plan, string programs)
    {
        using (writer.Block($"partial void TrainCore(global::System.ReadOnlySpan<float> images, {RegionMembers.ParameterOf(plan.Network)}global::System.ReadOnlySpan<float> targets, int count, ulong dropoutSeed, global::System.Span<float> scores, global::System.Span<float> imageGradients, ref double loss)"))
        {
            using (writer.Block("unsafe"))
            {
                writer.Line("fixed (float* imagesPointer = images)");
                if (plan.Network.Regions > 0)
                    writer.Line("fixed (float* regionsPointer = regions)");
                writer.Line("fixed (float* targetsPointer = targets)");
                writer.Line("fixed (float* scoresPointer = scores)");
                writer.Line("fixed (float* imageGradientsPointer = imageGradients)");
                writer.Line("fixed (float* parametersPointer = Parameters.ValuesAndStatistics)");
                writer.Line("fixed (float* gradientsPointer = Parameters.Gradients)");
                using var scope = writer.Block();
                using (writer.Block($"{Runtime}TrainingContext context = new()", "};"))
                {
                    writer.Line("Images = imagesPointer,");
                    if (plan.Network.Regions > 0)
                        writer.Line("Regions = regionsPointer,");
                    writer.Line("Targets = targetsPointer,");
                    writer.Line("Scores = scoresPointer,");
                    writer.Line("ImageGradients = imageGradientsPointer,");
                    writer.Line("Parameters = parametersPointer,");
                    writer.Line("Gradients = gradientsPointer,");
                    writer.Line("DropoutSeed = dropoutSeed,");
                }

                writer.Line();
                writer.Line("_workspace.Reserve(ref context, count, global::CnnGen.Threads.Count);");
                writer.Line($"{programs}.Train(InstructionSet, &context);");
                if (plan.Parameters.TotalLength > plan.Parameters.TrainedLength)
                    writer.Line("Parameters.MarkChanged(); // running statistics");
            }

            writer.Line();
            writer.Line("double sum = 0;");
            writer.Line("for (int image = 0; image < count; image++)");
            writer.Line("    sum += _workspace.Losses[image];");
            writer.Line("loss = sum / count;");
        }
    }

    private static void EmitInspect(CodeWriter writer, ModelPlan plan, string className, string programs)
    {
        var network = plan.Network;
        using (writer.Block("partial void InspectCore(ref global::CnnGen.Inspection? inspection)"))
        using (writer.Block("unsafe"))
        {
            writer.Line($"inspection = new(new {Runtime}InspectionProgram(");
            writer.Line($"    typeof({className}),");
            writer.Line("    Parameters,");
            writer.Line("    InstructionSet,");
            writer.Line("    InputShape,");
            writer.Line($"    {Literal.Number(network.Output.Index)},");
            writer.Line($"    [{string.Join(", ", network.Nodes.Select(node => Literal.Number(node.OutputShape.Length)))}],");
            writer.Line($"    {BuffersText(plan.ExplanationBuffers)})");
            writer.Line("{");
            if (network.Regions > 0)
                writer.Line($"    RegionCount = {Literal.Number(network.Regions)},");
            if (network.Layout == LayoutKind.ChannelsLast)
            {
                writer.Line("    Layout = global::CnnGen.Layout.ChannelsLast,");
                writer.Line("    OutputShape = OutputShape,");
            }

            foreach (var method in ExplanationEmitter.Methods)
                writer.Line($"    {method.Property} = &{programs}.{method.Name},");
            writer.Line("});");
        }
    }

    private static void EmitWarmup(CodeWriter writer, ModelPlan plan, string programs)
    {
        using (writer.Block("partial void WarmupCore(global::CnnGen.WarmupFor purpose, int count)"))
        {
            if (!plan.Network.IsTrainable)
            {
                writer.Line("if (purpose == global::CnnGen.WarmupFor.Training)");
                writer.Line($"    throw {Runtime}ModelChecks.NotTrainable({Literal.Text(plan.Network.Name)});");
            }

            writer.Line("// Under NativeAOT this is a constant, and what follows is left out.");
            writer.Line("if (!global::System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeCompiled)");
            writer.Line("    return;");
            writer.Line($"{programs}.Compile(InstructionSet, purpose);");
            if (plan.Network.IsTrainable)
            {
                using var training = writer.Block("if (purpose == global::CnnGen.WarmupFor.Training)");
                using (writer.Block("unsafe"))
                {
                    writer.Line($"{Runtime}TrainingContext context = new();");
                    writer.Line("_workspace.Reserve(ref context, count, global::CnnGen.Threads.Count);");
                    writer.Line("_workspace.Touch(Parameters.Gradients);");
                }

                writer.Line("return;");
            }

            writer.Line();
            writer.Line("// What is left is made ready by a prediction of nothing. Longer calls take no more working memory.");
            writer.Line($"count = global::System.Math.Min(count, global::System.Math.Max({ModelPlan.PredictionBatch}, global::CnnGen.Threads.Count));");
            var regions = plan.Network.Regions > 0 ? $"new float[count * {Literal.Number(plan.RegionsLength)}], " : "";
            writer.Line($"PredictCore(new float[count * {Literal.Number(plan.InputLength)}], {regions}new float[count * {Literal.Number(plan.OutputLength)}], count);");
        }
    }
}
