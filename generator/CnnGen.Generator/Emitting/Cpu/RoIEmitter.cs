using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints calls of the run-time's methods over regions of a map.</summary>
internal static class RoIEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, RoIKernel kernel, string name)
    {
        using (writer.Block($"public static void {name}(float* map, float* regions, float* output, int first, int end)"))
        {
            var (map, output) = (Literal.Address("map", kernel.Map.Origin), Literal.Address("output", kernel.Output.Origin));
            writer.Line($"{isa.RuntimeKernels}.{RoINames.Method(kernel.Spec)}({map}, regions, {output}, {Numbers(kernel.Map, kernel.Output, kernel.Spec)}, first, end);");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, RoIGradientKernel kernel, string name)
    {
        var readsMap = kernel.Spec.Sampling is null;
        using (writer.Block($"public static void {name}({(readsMap ? "float* map, " : "")}float* regions, float* outputGradient, float* mapGradient)"))
        {
            var map = readsMap ? Literal.Address("map", kernel.Map.Origin) + ", " : "";
            var (gradient, result) = (Literal.Address("outputGradient", kernel.Output.Origin), Literal.Address("mapGradient", kernel.Map.Origin));
            writer.Line($"{isa.RuntimeKernels}.{RoINames.Method(kernel.Spec)}Backward({map}regions, {gradient}, {result}, {Numbers(kernel.Map, kernel.Output, kernel.Spec)});");
        }

        writer.Line();
    }

    private static string Numbers(Storage map, Storage output, RegionSpec spec)
    {
        var sampling = spec.Sampling is { } one ? $", new({Literal.Number(one.Ratio)}, {(one.IsAligned ? "true" : "false")})" : "";
        var parts = $"new({Literal.Number(spec.Size.Height)}, {Literal.Number(spec.Size.Width)}, {Literal.Float(spec.Scale)})";
        return $"{Literal.Number(map.Channels)}, {parts}{sampling}, {ChannelEmitter.Strides(map)}, {ChannelEmitter.Strides(output)}";
    }
}
