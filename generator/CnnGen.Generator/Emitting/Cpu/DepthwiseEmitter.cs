using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints the depthwise convolution and its gradients: one vector of channels at a time, a row of taps in line.</summary>
internal static class DepthwiseEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, DepthwiseKernel kernel, string name)
    {
        var (input, output, taps) = (kernel.Input, kernel.Output, kernel.Taps);
        var lanes = Storage.RoundUp(input.Channels);
        var bias = kernel.After.HasBias ? "float* bias, " : "";
        var pixels = Tiling.ForDepthwise(output.Width, taps.Kernel.Width, isa.Lanes);
        var rest = output.Width % pixels;
        var whole = output.Width / pixels;
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"public static void {name}(float* input, float* weight, {bias}float* output{EpilogueText.PointerParameters(kernel.After)}, nint from, nint to)"))
        {
            EpilogueText.EmitDistances(writer, kernel.After);
            using (writer.Block("for (var row = from; row < to; row++)"))
            {
                // Of a small map the weights of some channels are kept at hand, a large one is read in the order of its memory.
                using (kernel.InputIsLarge ? default(CodeWriter.Scope?) : Lanes())
                {
                    using (writer.For("tile", whole))
                    using (kernel.InputIsLarge ? Lanes() : default(CodeWriter.Scope?))
                        EmitTile(pixels, $" + {Literal.Times("tile", pixels * output.PixelStride)}", $" + {Literal.Times("tile", pixels * taps.Stride.Width * input.PixelStride)}");

                    if (rest > 0)
                    {
                        using (kernel.InputIsLarge ? Lanes() : writer.Block())
                            EmitTile(rest, $" + {Literal.Number(whole * pixels * output.PixelStride)}", $" + {Literal.Number(whole * pixels * taps.Stride.Width * input.PixelStride)}");
                    }
                }
            }
        }

        writer.Line();

        CodeWriter.Scope Lanes() => writer.Block($"for (nint lane = 0; lane < {lanes}; lane += {isa.Lanes})");

        void EmitTile(int count, string outputOffset, string inputOffset)
        {
            writer.Pointer("y", $"{Literal.At("output", output.Origin)} + {Literal.Times("row", output.RowStride)}{outputOffset} + lane");
            writer.Pointer("x", $"{Literal.At("input", taps.Start(input))} + {Literal.Times("row", taps.Stride.Height * input.RowStride)}{inputOffset} + lane");
            EmitPixels(count);
        }

        void EmitPixels(int count)
        {
            for (var pixel = 0; pixel < count; pixel++)
                writer.Line($"var sum{pixel} = {(kernel.After.HasBias ? isa.Load("bias + lane") : isa.Zero)};");
            using (writer.For("kh", taps.Kernel.Height))
            {
                writer.Pointer("p", $"x + {Literal.Times("kh", taps.Dilation.Height * input.RowStride)}");
                writer.Pointer("w", $"weight + {Literal.Times("kh", taps.Kernel.Width * lanes)} + lane");

                // Neighbouring windows share elements: each is loaded once.
                var elements = Enumerable.Range(0, count).SelectMany(pixel => Enumerable.Range(0, taps.Kernel.Width).Select(tap => ColumnOf(pixel, tap))).Distinct().OrderBy(column => column);
                for (var tap = 0; tap < taps.Kernel.Width; tap++)
                    writer.Line($"var w{tap} = {isa.Load(Literal.At("w", tap * lanes))};");
                foreach (var column in elements)
                {
                    writer.Line($"var x{column} = {isa.Load(Literal.At("p", column * input.PixelStride))};");
                    for (var pixel = 0; pixel < count; pixel++)
                    {
                        for (var tap = 0; tap < taps.Kernel.Width; tap++)
                        {
                            if (ColumnOf(pixel, tap) == column)
                                writer.Line($"sum{pixel} = {isa.FusedMultiplyAdd($"x{column}", $"w{tap}", $"sum{pixel}")};");
                        }
                    }
                }
            }

            for (var pixel = 0; pixel < count; pixel++)
                writer.Line(isa.Store(Literal.At("y", pixel * output.PixelStride), EpilogueText.Finish(writer, isa, kernel.After, [$"sum{pixel}"], "y", pixel * output.PixelStride)));
        }

        int ColumnOf(int pixel, int tap) => (pixel * taps.Stride.Width) + (tap * taps.Dilation.Width);
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
                writer.Pointer("w", $"weightGradient + (kh * {taps.Kernel.Width} + kw) * {lanes} + lane");
                writer.Line($"var sum = {isa.Load("w")};");
                writer.Pointer("x", $"{Literal.At("input", taps.Start(input))} + {Literal.Times("kh", taps.Dilation.Height * input.RowStride)} + {Literal.Times("kw", taps.Dilation.Width * input.PixelStride)} + lane");
                writer.Pointer("g", $"{Literal.At("outputGradient", gradient.Origin)} + lane");
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
                writer.Pointer("g", $"{Literal.At("outputGradient", gradient.Origin)} + {Literal.Times("row", gradient.RowStride)} + {Literal.Times("column", gradient.PixelStride)}");
                writer.Pointer("w", $"weight + (kh * {taps.Kernel.Width} + kw) * {lanes}");
                writer.Pointer("x", $"{Literal.At("inputGradient", input.Origin)} + h * {input.RowStride} + v * {input.PixelStride}");
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
