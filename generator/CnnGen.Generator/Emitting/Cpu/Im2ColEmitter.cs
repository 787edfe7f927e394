using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints the copies between a map and the matrix of its unrolled windows.</summary>
internal static class Im2ColEmitter
{
    public static void Emit(CodeWriter writer, Im2ColKernel kernel, string name)
    {
        var (input, taps) = (kernel.Input, kernel.Taps);
        using (writer.Block($"public static void {name}(float* input, float* matrix)"))
        {
            using (writer.For("row", kernel.OutputHeight))
            using (writer.For("column", kernel.OutputWidth))
            {
                writer.Pointer("x", $"{Literal.At("input", taps.Start(input))} + {Literal.Times("row", taps.Stride.Height * input.RowStride)} + {Literal.Times("column", taps.Stride.Width * input.PixelStride)}");
                writer.Pointer("m", $"matrix + (row * {kernel.OutputWidth} + column) * {kernel.RowStride}");
                if (input.Kind == StorageKind.Planar)
                {
                    using (writer.For("c", input.Channels))
                    using (writer.For("kh", taps.Kernel.Height))
                    using (writer.For("kw", taps.Kernel.Width))
                    {
                        writer.Line($"*m++ = x[{Literal.Times("c", input.ChannelStride)} + {Literal.Times("kh", taps.Dilation.Height * input.RowStride)} + {Literal.Times("kw", taps.Dilation.Width)}];");
                    }
                }
                else
                {
                    using (writer.For("kh", taps.Kernel.Height))
                    using (writer.For("kw", taps.Kernel.Width))
                    {
                        writer.Line($"new ReadOnlySpan<float>(&x[{Literal.Times("kh", taps.Dilation.Height * input.RowStride)} + {Literal.Times("kw", taps.Dilation.Width * input.PixelStride)}], {input.Channels}).CopyTo(new Span<float>(m, {input.Channels}));");
                        writer.Line($"m += {input.Channels};");
                    }
                }
            }
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, Col2ImKernel kernel, string name)
    {
        var (output, taps) = (kernel.Output, kernel.Taps);
        using (writer.Block($"public static void {name}(float* matrix, float* output)"))
        {
            writer.Line($"new Span<float>(output, {output.Length}).Clear();");
            using (writer.For("row", kernel.OutputHeight))
            using (writer.For("column", kernel.OutputWidth))
            using (writer.For("kh", taps.Kernel.Height))
            using (writer.For("kw", taps.Kernel.Width))
            {
                EmitInside.Open(writer, output, taps, out var scope);
                writer.Pointer("m", $"matrix + (row * {kernel.OutputWidth} + column) * {kernel.RowStride}");
                writer.Pointer("y", $"{Literal.At("output", output.Origin)} + h * {output.RowStride} + v * {output.PixelStride}");
                if (output.Kind == StorageKind.Planar)
                {
                    using (writer.For("c", output.Channels))
                        writer.Line($"y[{Literal.Times("c", output.ChannelStride)}] += m[{Literal.Times("c", taps.Count)} + kh * {taps.Kernel.Width} + kw];");
                }
                else
                {
                    writer.Line($"{isa.RuntimeKernels}.AddInto(&m[(kh * {taps.Kernel.Width} + kw) * {output.Channels}], y, {output.Channels});");
                }

                scope.Dispose();
            }
        }

        writer.Line();
    }
}
