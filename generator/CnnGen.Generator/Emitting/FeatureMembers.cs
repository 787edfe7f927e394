using CnnGen.Generator.Emitting.Cpu;
using CnnGen.Generator.Planning.Cpu;

namespace CnnGen.Generator.Emitting;

/// <summary>Prints what <c>Features</c> adds to a model: a member of its interface, and the passes, which the library runs.</summary>
internal static class FeatureMembers
{
    private const string Runtime = "global::CnnGen.Runtime.";
    private const string Floats = "global::System.ReadOnlySpan<float>";
    private const string Images = $"{Floats} images, {Floats} regions, global::System.Span<float> features, int count";

    private const string Core = "partial void FeaturesCore(int layer, " + Images + ")";

    /// <summary>Prints the interface's member.</summary>
    public static void Emit(CodeWriter writer, EmitRequest request, ModelPlan plan)
    {
        var network = plan.Network;
        var names = string.Join(", ", plan.Features.Select(features => features.End.FullName));
        var indices = string.Join(", ", plan.Features.Select(features => Literal.Number(features.End.Index)));
        using (writer.Block($"void global::CnnGen.IModel<{request.ClassName}>.Features(global::CnnGen.LayerHandle layer, {Images})"))
        {
            writer.Line($"{Runtime}ModelChecks.Features(typeof({request.ClassName}), InputShape, {Literal.Text(names)}, [{indices}], layer, images, features, count);");
            writer.Line(network.Regions > 0
                ? $"{Runtime}ModelChecks.Regions({Literal.Text(network.Name)}, RegionCount, regions, count, features);"
                : $"{Runtime}ModelChecks.NoRegions({Literal.Text(network.Name)}, regions);");
            using (ClassEmitter.EmitUse(writer, request))
            {
                writer.Line("if (count > 0)");
                writer.Line("    FeaturesCore(layer.Index, images, regions, features, count);");
            }
        }

        writer.Line();
    }

    /// <summary>Declares what computes, of which the body stands with the passes.</summary>
    public static void EmitCore(CodeWriter writer)
    {
        writer.Line(Core + ";");
        writer.Line();
    }

    /// <summary>Prints the passes, and the body that runs one.</summary>
    public static void EmitPasses(CodeWriter writer, ModelPlan plan, string programs)
    {
        writer.Line($"private readonly unsafe {Runtime}FeaturePasses _featurePasses = new(");
        writer.Line("[");
        foreach (var features in plan.Features)
        {
            var (arena, methods) = (features.Arena, PredictionMethods.OfFeatures(features.End));
            var prepare = arena.PreparedLength > 0 ? $", Prepare = &{programs}.{methods.Prepare}" : "";
            writer.Line($"    // {features.End.FullName}");
            writer.Line($"    new(layer: {Literal.Number(features.End.Index)}, new(Arena: {Literal.Number(arena.Length)}, Image: {Literal.Number(arena.BatchLength)}), prepared: {Literal.Number(arena.PreparedLength)})");
            writer.Line($"    {{ Predict = &{programs}.{methods.Predict}{prepare} }},");
        }

        writer.Line($"], block: {ModelPlan.PredictionBlock}, batch: {ModelPlan.PredictionBatch});");
        writer.Line();
        using (writer.Block(Core))
            writer.Line("_featurePasses.Run(layer, Parameters, InstructionSet, images, regions, features, count);");
        writer.Line();
    }
}
