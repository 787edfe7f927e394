using CnnGen.Generator.Planning;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints what shows each layer's work: a forward and a backward part, and what hands out one layer's.</summary>
/// <param name="writer">Where to.</param>
/// <param name="kernels">What the program calls.</param>
/// <param name="plan">The model.</param>
internal sealed class ExplanationEmitter(CodeWriter writer, KernelCalls kernels, ModelPlan plan)
{
    /// <summary>Where the names of the regions' methods begin: none of the others does.</summary>
    private const string Prefix = "Explain";

    /// <summary>The methods, with what they do.</summary>
    public static IReadOnlyList<(string Name, string Summary)> Methods { get; } =
    [
        ("Inspect", "What the layers up to context->Last compute, by running statistics."),
        ("InspectGradients", "Gradients by what the layers compute, from context->Seed on, which is that by what context->Layer computes."),
        ("ReadActivations", "Copies what context->Layer computes to context->Result: C x H x W floats an image."),
        ("ReadGradients", "Copies the gradient by what context->Layer computes to context->Result: C x H x W floats an image."),
    ];

    public void Emit(PlanExplanation explanation)
    {
        var regions = new RegionEmitter(writer, kernels, plan, plan.ExplanationBuffers);
        regions.Emit(Methods[0].Name, Prefix, Methods[0].Summary, explanation.Forward);
        regions.Emit(Methods[1].Name, Prefix, Methods[1].Summary, explanation.Backward);
        foreach (var isGradient in new[] { false, true })
        {
            var (name, summary) = Methods[isGradient ? 3 : 2];
            regions.EmitChoice(name, summary, "Layer", [.. explanation.Readings.Where(reading => reading.IsGradient == isGradient).Select(reading => (reading.Nodes, reading.Step))]);
        }
    }
}
