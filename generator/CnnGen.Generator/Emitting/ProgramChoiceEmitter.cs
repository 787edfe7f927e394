using CnnGen.Generator.Emitting.Cpu;
using CnnGen.Generator.Planning.Cpu;

namespace CnnGen.Generator.Emitting;

/// <summary>
/// Prints what chooses the instruction set: one decision a call, never one inside a loop. Under NativeAOT the tests of support are constants of the build, so that what it
/// can't run is left out.
/// </summary>
internal static class ProgramChoiceEmitter
{
    /// <summary>The class that chooses.</summary>
    public const string ClassName = "Programs";

    public static void Emit(CodeWriter writer, ModelPlan plan, bool hasShared)
    {
        writer.Line("/// <summary>The program with the kernels of an instruction set.</summary>");
        using (writer.Block($"internal static unsafe class {ClassName}"))
        {
            EmitPrediction(plan.Outputs, PredictionMethods.OfOutputs);
            if (plan.Network.IsTrainable)
                EmitPass("One training step: forward, loss, backward.", "Train", "TrainingContext");
            if (plan.Explanation is not null)
            {
                foreach (var method in ExplanationEmitter.Methods)
                    EmitPass(method.Summary, method.Name, "TrainingContext");
            }

            foreach (var features in plan.Features)
                EmitPrediction(features, PredictionMethods.OfFeatures(features.End));
            writer.Line("/// <summary>Compiles what a purpose needs, where a JIT compiles at all.</summary>");
            using (writer.Block("public static void Compile(InstructionSet set, global::CnnGen.WarmupFor purpose)"))
                Choose(CompileText);
        }

        void EmitPrediction(PlanPrediction prediction, PredictionMethods methods)
        {
            EmitPass(methods.Summary, methods.Predict, "PredictionContext");
            if (prediction.Arena.PreparedLength > 0)
                EmitPass(methods.PrepareSummary + ".", methods.Prepare, "PredictionContext");
        }

        void EmitPass(string summary, string name, string context)
        {
            writer.Line($"/// <summary>{summary}</summary>");
            using (writer.Block($"public static void {name}(InstructionSet set, {context}* context)"))
                Choose(set => $"{ProgramOf(set)}.{name}(context);");
            writer.Line();
        }

        void Choose(Func<string, string> callOf)
        {
            var condition = "if";
            foreach (var isa in VectorIsa.All)
            {
                if (isa.IsScalar)
                {
                    writer.Line("else");
                }
                else
                {
                    writer.Line($"{condition} (set == InstructionSet.{isa.Name} && InstructionSets.IsSupported(InstructionSet.{isa.Name}))");
                    condition = "else if";
                }

                writer.Line("    " + callOf(isa.Name));
            }
        }

        string ProgramOf(string set) => $"Program<{set}{(hasShared ? ", " + SharedOf(set) : "")}>";

        string CompileText(string set)
        {
            var shared = hasShared ? $", typeof({SharedOf(set)}), {ProgramOf(set)}.SharedFor(purpose), {SharedOf(set)}.PartsOf" : "";
            return $"Startup.Compile(set, purpose, typeof({ProgramOf(set)}), typeof({set}), {ProgramOf(set)}.KernelsFor(purpose), {set}.PartsOf{shared});";
        }
    }

    private static string SharedOf(string set) => $"global::{KernelNamespace.Shared}.{set}";
}
