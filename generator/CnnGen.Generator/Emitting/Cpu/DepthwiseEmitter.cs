using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints the depthwise convolution and its gradients: one vector of channels at a time, every tap in line.</summary>
internal static class DepthwiseEmitter
{
    private const int PixelsPerTile = 4;

    public static void Emit(CodeWriter writer, VectorIsa isa, DepthwiseKernel kernel, string name)
    {
        var (input, output, taps) = (kernel.Input, kernel.Output, kernel.Taps);
        var lanes = Storage.RoundUp(input.Channels);
        var bias = kernel.After.HasBias ? "float* bias, " : "";
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}(float* input, float* weight, {bias}float* output{EpilogueText.PointerParameters(kernel.After)})"))
        {
            EpilogueText.EmitDistances(writer, kernel.After);
            using (writer.For("row", output.Height))
            using (writer.Block($"for (nint lane = 0; lane < {lanes}; lane += {isa.Lanes})"))
            {
                writer.Line($"var y = {Literal.At("output", output.Origin)} + {Literal.Times("row", output.RowStride)} + lane;");
                writer.Line($"var x = {Literal.At("input", taps.Start(input))} + {Literal.Times("row", taps.Stride.Height * input.RowStride)} + lane;");
                writer.Line("nint column = 0;");
                if (output.Width >= PixelsPerTile)
                {
                    using (writer.Block($"for (; column <= {output.Width - PixelsPerTile}; column += {PixelsPerTile})"))
                        EmitPixels(PixelsPerTile);
                }

                using (writer.Block($"for (; column < {output.Width}; column++)"))
                    EmitPixels(1);
            }
        }

        writer.Line();

        void EmitPixels(int pixels)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
                writer.Line($"var sum{pixel} = {(kernel.After.HasBias ? isa.Load("bias + lane") : isa.Zero)};");
            using (writer.For("kh", taps.Kernel.Height))
            using (writer.For("kw", taps.Kernel.Width))
            {
                writer.Line($"var w = {isa.Load($"weight + (kh * {taps.Kernel.Width} + kw) * {lanes} + lane")};");
                writer.Line($"var p = x + {Literal.Times("kh", taps.Dilation.Height * input.RowStride)} + {Literal.Times("kw", taps.Dilation.Width * input.PixelStride)};");
                for (var pixel = 0; pixel < pixels; pixel++)
                    writer.Line($"sum{pixel} = {isa.FusedMultiplyAdd(isa.Load(Literal.At("p", pixel * taps.Stride.Width * input.PixelStride)), "w", $"sum{pixel}")};");
            }

            for (var pixel = 0; pixel < pixels; pixel++)
                writer.Line(isa.Store(Literal.At("y", pixel * output.PixelStride), EpilogueText.Finish(writer, isa, kernel.After, [$"sum{pixel}"], "y", pixel * output.PixelStride)));
            writer.Line($"x += {pixels * taps.Stride.Width * input.PixelStride};");
            writer.Line($"y += {pixels * output.PixelStride};");
        }
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, DepthwiseWeightGradientKernel kernel, string name)
    {
        var (input, gradient, taps) = (kernel.Input, kernel.OutputGradient, kernel.Taps);
        var lanes = Storage.RoundUp(input.Channels);
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}(float* input, float* outputGradient, float* weightGradient)"))
        {
            using (writer.For("kh", taps.Kernel.Height))
            using (writer.For("kw", taps.Kernel.Width))
            using (writer.Block($"for (nint lane = 0; lane < {lanes}; lane += {isa.Lanes})"))
            {
                writer.Line($"var w = weightGradient + (kh * {taps.Kernel.Width} + kw) * {lanes} + lane;");
                writer.Line($"var sum = {isa.Load("w")};");
                writer.Line($"var x = {Literal.At("input", taps.Start(input))} + {Literal.Times("kh", taps.Dilation.Height * input.RowStride)} + {Literal.Times("kw", taps.Dilation.Width * input.PixelStride)} + lane;");
                writer.Line($"var g = {Literal.At("outputGradient", gradient.Origin)} + lane;");
                using (writer.For("row", gradient.Height))
                using (writer.For("column", gradient.Width))
                {
                    var x = $"x + {Literal.Times("row", taps.Stride.Height * input.RowStride)} + {Literal.Times("column", taps.Stride.Width * input.PixelStride)}";
                    var g = $"g + {Literal.Times("row", gradient.RowStride)} + {Literal.Times("column", gradient.PixelStride)}";
                    writer.Line($"sum = {isa.FusedMultiplyAdd(isa.Load(x), isa.Load(g), "sum")};");
                }

                writer.Line(isa.Store("w", "sum"));
            }
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, DepthwiseInputGradientKernel kernel, string name)
    {
        var (input, gradient, taps) = (kernel.InputGradient, kernel.OutputGradient, kernel.Taps);
        var lanes = Storage.RoundUp(input.Channels);
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}(float* outputGradient, float* weight, float* inputGradient)"))
        {
            writer.Line($"new Span<float>(inputGradient, {input.Length}).Clear();");
            using (writer.For("row", gradient.Height))
            using (writer.For("column", gradient.Width))
            using (writer.For("kh", taps.Kernel.Height))
            using (writer.For("kw", taps.Kernel.Width))
            {
                EmitInside.Open(writer, input, taps, out var scope);
                writer.Line($"var g = {Literal.At("outputGradient", gradient.Origin)} + {Literal.Times("row", gradient.RowStride)} + {Literal.Times("column", gradient.PixelStride)};");
                writer.Line($"var w = weight + (kh * {taps.Kernel.Width} + kw) * {lanes};");
                writer.Line($"var x = {Literal.At("inputGradient", input.Origin)} + h * {input.RowStride} + v * {input.PixelStride};");
                using (writer.Block($"for (nint lane = 0; lane < {lanes}; lane += {isa.Lanes})"))
                    writer.Line(isa.Store("x + lane", isa.FusedMultiplyAdd(isa.Load("g + lane"), isa.Load("w + lane"), isa.Load("x + lane"))));
                scope.Dispose();
            }
        }

        writer.Line();
    }
}

/// <summary>Prints the test whether a tap falls inside the image: gradients of the halo are never kept.</summary>
internal static class EmitInside
{
    /// <summary>Opens a block that runs where input pixel (h, v) of output pixel (row, column) and tap (kh, kw) lies in the image.</summary>
    public static void Open(CodeWriter writer, Storage input, Taps taps, out CodeWriter.Scope scope)
    {
        writer.Line($"var h = {Index("row", "kh", taps.Stride.Height, taps.Dilation.Height, taps.Padding.Height)};");
        writer.Line($"var v = {Index("column", "kw", taps.Stride.Width, taps.Dilation.Width, taps.Padding.Width)};");
        scope = writer.Block($"if ((nuint)h < {input.Height} && (nuint)v < {input.Width})");
    }

    private static string Index(string position, string tap, int stride, int dilation, int padding) =>
        $"{Literal.Times(position, stride)} + {Literal.Times(tap, dilation)}{(padding == 0 ? "" : " - " + Literal.Number(padding))}";
}
