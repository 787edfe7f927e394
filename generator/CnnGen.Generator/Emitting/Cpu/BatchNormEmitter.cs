using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints the passes of batch normalisation as calls of the run-time's kernels, with every size a literal.</summary>
internal static class BatchNormEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, BatchNormSumsKernel kernel, string name)
    {
        var input = kernel.Input;
        Method(writer, $"{name}(float* input, double* sums)", input, () =>
            writer.Line($"{isa.RuntimeKernels}.ChannelSums({Literal.Address("input", input.Origin)}, {Size(input)}, {input.RowStride}, {input.PixelStride}, sums);"),
            () => writer.Line($"sums[c] += {isa.RuntimeKernels}.PlaneSum({Plane("input", input)}, {input.Height}, {input.Width}, {input.RowStride});"));
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, BatchNormSquaresKernel kernel, string name)
    {
        var input = kernel.Input;
        Method(writer, $"{name}(float* input, double* means, double* sums)", input, () =>
            writer.Line($"{isa.RuntimeKernels}.ChannelSquares({Literal.Address("input", input.Origin)}, {Size(input)}, {input.RowStride}, {input.PixelStride}, means, sums);"),
            () => writer.Line($"sums[c] += {isa.RuntimeKernels}.PlaneSquares({Plane("input", input)}, {input.Height}, {input.Width}, {input.RowStride}, means[c]);"));
    }

    public static void Emit(CodeWriter writer, FoldNormKernel kernel, string name)
    {
        var bias = kernel.HasBias ? "float* bias, " : "";
        using (writer.Block($"public static void {name}(float* gamma, float* beta, float* mean, float* variance, {bias}float* scales, float* shifts, nint from, nint to)"))
            writer.Line($"BatchNormalization.FoldedCoefficients(gamma, beta, mean, variance, {(kernel.HasBias ? "bias" : "null")}, {Literal.Float(kernel.Epsilon)}, scales, shifts, {Literal.Number(kernel.Channels)});");
        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, FoldWeightsKernel kernel, string name)
    {
        using (writer.Block($"public static void {name}(float* weight, float* scales, float* folded, nint from, nint to)"))
        using (writer.Block("for (var row = from; row < to; row++)"))
        {
            var block = kernel.Blocks == 1 ? "" : $" + {Literal.Times($"(row / {Literal.Number(kernel.Rows)})", kernel.Lanes)}";
            var place = Literal.Times("row", kernel.Lanes);
            writer.Line($"{isa.RuntimeKernels}.Multiply(&weight[{place}], {Literal.Address("scales" + block)}, &folded[{place}], {Literal.Number(kernel.Lanes)});");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, BatchNormGradientSumsKernel kernel, string name)
    {
        var (input, gradient) = (kernel.Input, kernel.OutputGradient);
        Method(writer, $"{name}(float* input, float* outputGradient, double* means, double* gradientSums, double* productSums)", input, () =>
            writer.Line($"{isa.RuntimeKernels}.ChannelGradientSums({Map("input", input)}, {Map("outputGradient", gradient)}, {Size(input)}, means, gradientSums, productSums);"),
            () =>
            {
                writer.Line($"gradientSums[c] += {isa.RuntimeKernels}.PlaneSum({Plane("outputGradient", gradient)}, {input.Height}, {input.Width}, {gradient.RowStride});");
                writer.Line($"productSums[c] += {isa.RuntimeKernels}.PlaneProducts({Plane("input", input)}, {input.RowStride}, {Plane("outputGradient", gradient)}, {gradient.RowStride}, {input.Height}, {input.Width}, means[c]);");
            });
    }

    private static void Method(CodeWriter writer, string signature, Storage input, Action emitPixels, Action emitPlane)
    {
        using (writer.Block($"public static void {signature}"))
        {
            if (input.Kind == StorageKind.Planar)
            {
                using (writer.For("c", input.Channels))
                    emitPlane();
            }
            else
            {
                emitPixels();
            }
        }

        writer.Line();
    }

    /// <summary>Rows, pixels in a row, channels; a vector is one pixel.</summary>
    private static string Size(Storage storage) => string.Join(", ", new[] { storage.Height, storage.Width, storage.Channels }.Select(n => Literal.Number(n)));

    private static string Map(string pointer, Storage storage) =>
        $"{Literal.Address(pointer, storage.Origin)}, {Literal.Number(storage.RowStride)}, {Literal.Number(storage.PixelStride)}";

    private static string Plane(string pointer, Storage storage) =>
        Literal.Address($"{Literal.At(pointer, storage.Origin)} + {Literal.Times("c", storage.ChannelStride)}");
}
