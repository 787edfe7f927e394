using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints calls of the run-time's methods for products that each pixel has of its own: they are bound by the memory of the weights.</summary>
internal static class LocalEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, LocalProductKernel kernel, string name)
    {
        using (writer.Block($"public static void {name}(float* input, float* weight, {(kernel.HasBias ? "float* bias, " : "")}float* output)"))
        {
            writer.Line($"{isa.RuntimeKernels}.LocallyConnected({Literal.Address("input", kernel.Input.Origin)}, weight, {(kernel.HasBias ? "bias" : "null")}, {Literal.Address("output", kernel.Output.Origin)}, {Windows(kernel.Input, kernel.Output, kernel.Taps)});");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, LocalInputGradientKernel kernel, string name)
    {
        using (writer.Block($"public static void {name}(float* outputGradient, float* weight, float* inputGradient)"))
        {
            writer.Line($"{isa.RuntimeKernels}.LocallyConnectedInputGradient({Literal.Address("outputGradient", kernel.Output.Origin)}, weight, {Literal.Address("inputGradient", kernel.Input.Origin)}, {Windows(kernel.Input, kernel.Output, kernel.Taps)});");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, LocalWeightGradientKernel kernel, string name)
    {
        using (writer.Block($"public static void {name}(float* input, float* outputGradient, float* weightGradient, {(kernel.HasBias ? "float* biasGradient, " : "")}nint images, nint from, nint to)"))
        {
            writer.Line($"{isa.RuntimeKernels}.LocallyConnectedWeightGradient({Literal.Address("input", kernel.Input.Origin)}, {Literal.Address("outputGradient", kernel.Output.Origin)}, weightGradient, {(kernel.HasBias ? "biasGradient" : "null")}, images, {Literal.Number(kernel.Input.Length)}, {Literal.Number(kernel.Output.Length)}, from, to, {Windows(kernel.Input, kernel.Output, kernel.Taps)});");
        }

        writer.Line();
    }

    private static string Windows(Storage input, Storage output, Taps taps)
    {
        int[] numbers =
        [
            input.Channels, input.Height, input.Width, taps.Kernel.Height, taps.Kernel.Width, taps.Stride.Height, taps.Stride.Width,
            output.Channels, output.Height, output.Width, input.RowStride, input.PixelStride, output.RowStride, output.PixelStride,
        ];
        return $"new({string.Join(", ", numbers.Select(n => Literal.Number(n)))})";
    }
}
