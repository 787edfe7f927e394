using CnnGen.Generator.Planning.Cpu;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>A method of what shows each layer's work.</summary>
/// <param name="Name">What the program calls it.</param>
/// <param name="Property">What the library's <c>InspectionProgram</c> calls it.</param>
/// <param name="Summary">What it does.</param>
internal sealed record ExplanationMethod(string Name, string Property, string Summary);

/// <summary>Prints what shows each layer's work: a forward and a backward part, and what hands out one layer's.</summary>
/// <param name="writer">Where to.</param>
/// <param name="kernels">What the program calls.</param>
/// <param name="plan">The model.</param>
internal sealed class ExplanationEmitter(CodeWriter writer, KernelCalls kernels, ModelPlan plan)
{
    /// <summary>Where the names of the regions' methods begin: none of the others does.</summary>
    private const string Prefix = "Explain";

    private static readonly ExplanationMethod s_forward = new("Inspect", "Forward", "What the layers up to context->Last compute, by running statistics.");

    private static readonly ExplanationMethod s_backward = new(
        "InspectGradients", "Backward", "Gradients by what the layers compute, from context->Seed on, which is that by what context->Layer computes.");

    private static readonly ExplanationMethod s_activations = new(
        "ReadActivations", "ReadActivations", "Copies what context->Layer computes to context->Result: C x H x W floats an image.");

    private static readonly ExplanationMethod s_gradients = new(
        "ReadGradients", "ReadGradients", "Copies the gradient by what context->Layer computes to context->Result: C x H x W floats an image.");

    public static IReadOnlyList<ExplanationMethod> Methods { get; } = [s_forward, s_backward, s_activations, s_gradients];

    public void Emit(PlanExplanation explanation)
    {
        var regions = new RegionEmitter(writer, kernels, plan, plan.ExplanationBuffers);
        regions.Emit(s_forward.Name, Prefix, s_forward.Summary, explanation.Forward);
        regions.Emit(s_backward.Name, Prefix, s_backward.Summary, explanation.Backward);
        EmitReadings(s_activations, isGradient: false);
        EmitReadings(s_gradients, isGradient: true);

        void EmitReadings(ExplanationMethod method, bool isGradient) => regions.EmitChoice(
            method.Name,
            method.Summary,
            "Layer",
            [.. explanation.Readings.Where(reading => reading.IsGradient == isGradient).OrderBy(reading => reading.Node).Select(reading => (reading.Node, reading.Step))]);
    }
}
