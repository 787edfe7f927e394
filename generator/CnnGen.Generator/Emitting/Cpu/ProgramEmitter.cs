using CnnGen.Generator.Planning.Cpu;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints a model's program: the prediction and the regions of a training step, which call kernels of whichever instruction set.
/// </summary>
internal sealed class ProgramEmitter(ModelPlan plan, KernelCalls kernels)
{
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
            var names = new UniqueNames();
            foreach (var methods in plan.Features.Select(features => PredictionMethods.OfFeatures(features.End)))
                _ = (names.Of(methods.Predict), names.Of(methods.Prepare)); // what is called from outside keeps its name
            new PredictionEmitter(plan, plan.Outputs, PredictionMethods.OfOutputs, kernels, names).Emit(writer);
            if (plan.Network.IsTrainable)
            {
                new RegionEmitter(writer, kernels, plan, plan.TrainingBuffers)
                    .Emit("Train", "Train", "One training step: forward, loss, backward. Each call ends when all threads are done with it.", plan.Training);
            }

            if (plan.Explanation is { } explanation)
                new ExplanationEmitter(writer, kernels, plan).Emit(explanation);
            foreach (var features in plan.Features)
                new PredictionEmitter(plan, features, PredictionMethods.OfFeatures(features.End), kernels, names).Emit(writer);
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
}
