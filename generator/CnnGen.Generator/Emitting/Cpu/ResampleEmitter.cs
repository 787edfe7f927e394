using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints the tables of a resampling, and the call that reads them.</summary>
internal static class ResampleEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, ResampleKernel kernel, string name)
    {
        var (input, output) = (kernel.Input, kernel.Output);
        using (writer.Block($"public static void {name}(float* input, float* output)"))
        {
            writer.Line($"var rows = {Table(kernel.Rows)};");
            writer.Line($"var columns = {Table(kernel.Columns)};");
            var pointers = $"{Literal.Address("input", input.Origin)}, {Literal.Address("output", output.Origin)}, rows, columns";
            var numbers = input.Kind == StorageKind.Pixels
                ? new[] { Storage.RoundUp(input.Channels), input.RowStride, input.PixelStride, output.RowStride, output.PixelStride }
                : [input.Channels, input.Width, input.ChannelStride, input.RowStride, output.ChannelStride, output.RowStride];
            var method = input.Kind == StorageKind.Pixels ? "ResamplePixels" : "ResamplePlanes";
            writer.Line($"{isa.RuntimeKernels}.{method}({pointers}, {string.Join(", ", numbers.Select(n => Literal.Number(n)))});");
        }

        writer.Line();
    }

    private static string Table(AxisMap map) =>
        $"new AxisTable([{Numbers(map.Starts)}], [{Numbers(map.Positions)}], [{string.Join(", ", map.Factors.Select(Literal.Float))}])";

    private static string Numbers(IEnumerable<int> numbers) => string.Join(", ", numbers.Select(n => Literal.Number(n)));
}
