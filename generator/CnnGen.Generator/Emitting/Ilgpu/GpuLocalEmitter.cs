using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints products with weights that each pixel has of its own, and their gradients, a thread for each number that is computed.</summary>
internal static class GpuLocalEmitter
{
    public static void Emit(CodeWriter writer, GpuLocalProductKernel kernel, string name)
    {
        var (input, output, window) = (kernel.Windows.Input, kernel.Windows.Output, kernel.Windows.Window);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            writer.Line($"int image = {Divided("i", output.Length)};");
            writer.Line($"int filter = {Remainder(Divided("i", output.Pixels), output.Channels)};");
            writer.Line($"int pixel = {Remainder("i", output.Pixels)};");
            EmitCoordinates(writer, "top", "left", "pixel", output.Width, window.Stride, window.Padding.Start);
            writer.Line($"int weight = {Times("pixel", (long)kernel.Depth * output.Channels)} + filter;");
            writer.Line($"float sum = {(kernel.HasBias ? $"bias[{Times("pixel", output.Channels)} + filter]" : "0f")};");
            using (writer.Block($"for (int down = 0; down < {window.Kernel.Height}; down++)"))
            using (writer.Block($"for (int right = 0; right < {window.Kernel.Width}; right++)"))
            {
                writer.Line($"int y = top + {Times("down", window.Dilation.Height)};");
                writer.Line($"int x = left + {Times("right", window.Dilation.Width)};");
                EmitSkip(writer, kernel.Windows);
                writer.Line($"int at = {Times("image", input.ImageStride)} + {Times("y", input.Width)} + x;");
                writer.Line($"int own = weight + {Times($"({Times("down", window.Kernel.Width)} + right)", (long)input.Channels * output.Channels)};");
                writer.Line($"for (int channel = 0; channel < {input.Channels}; channel++)");
                writer.Line($"    sum += input[at + {Times("channel", input.Pixels)}] * weights[own + {Times("channel", output.Channels)}];");
            }

            writer.Line($"result[{ElementOf(output)}] = sum;");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuLocalInputGradientKernel kernel, string name)
    {
        var (input, output, window) = (kernel.Windows.Input, kernel.Windows.Output, kernel.Windows.Window);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPlace(writer, input);
            writer.Line("float sum = 0f;");
            using (GpuPoolEmitter.EmitWindows(writer, "row", "down", window.Extent.Height, window.Stride.Height, window.Dilation.Height, window.Padding.Top, output.Height))
            using (GpuPoolEmitter.EmitWindows(writer, "column", "right", window.Extent.Width, window.Stride.Width, window.Dilation.Width, window.Padding.Left, output.Width))
            {
                writer.Line($"int pixel = {Times("down", output.Width)} + right;");
                writer.Line($"int tapRow = {TapOf("row", "down", window.Padding.Top, window.Stride.Height, window.Dilation.Height)};");
                writer.Line($"int tapColumn = {TapOf("column", "right", window.Padding.Left, window.Stride.Width, window.Dilation.Width)};");
                var own = $"(({Times("tapRow", window.Kernel.Width)} + tapColumn) * {Literal.Number(input.Channels)} + channel)";
                writer.Line($"int own = {Times("pixel", (long)kernel.Depth * output.Channels)} + {Times(own, output.Channels)};");
                writer.Line($"for (int filter = 0; filter < {output.Channels}; filter++)");
                writer.Line($"    sum += gradient[{Times("image", output.ImageStride)} + {Times("filter", output.Pixels)} + pixel] * weights[own + filter];");
            }

            writer.Line($"result[{ElementOf(input with { ImageStride = kernel.ResultStride })}] = sum;");
        }

        writer.Line();
    }

    /// <summary>The tap by which a window reads an element; it is known to be one.</summary>
    private static string TapOf(string element, string window, int padding, int stride, int dilation)
    {
        var distance = $"{Plus(element, padding)} - {Times(window, stride)}";
        return dilation == 1 ? distance : Divided($"Math.Max(0, {distance})", dilation);
    }

    public static void Emit(CodeWriter writer, GpuLocalWeightGradientKernel kernel, string name)
    {
        var (input, output, window) = (kernel.Windows.Input, kernel.Windows.Output, kernel.Windows.Window);
        var taps = window.Kernel.Height * window.Kernel.Width;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            writer.Line($"int filter = {Remainder("i", output.Channels)};");
            writer.Line($"int channel = {Remainder(Divided("i", output.Channels), input.Channels)};");
            writer.Line($"int tap = {Remainder(Divided("i", output.Channels * input.Channels), taps)};");
            writer.Line($"int pixel = {Divided("i", output.Channels * input.Channels * taps)};");
            writer.Line($"int y = {Plus(Sum(Times(Divided("pixel", output.Width), window.Stride.Height), Times(Divided("tap", window.Kernel.Width), window.Dilation.Height)), -window.Padding.Top)};");
            writer.Line($"int x = {Plus(Sum(Times(Remainder("pixel", output.Width), window.Stride.Width), Times(Remainder("tap", window.Kernel.Width), window.Dilation.Width)), -window.Padding.Left)};");
            writer.Line("float sum = 0f;");
            using (kernel.Windows.IsInside ? default(CodeWriter.Scope?) : writer.Block($"if ({IsWithin("y", input.Height)} && {IsWithin("x", input.Width)})"))
            {
                writer.Line($"int at = {Times("channel", input.Pixels)} + {Times("y", input.Width)} + x;");
                writer.Line($"int by = {Times("filter", output.Pixels)} + pixel;");
                writer.Line("for (int image = 0; image < count; image++)");
                writer.Line($"    sum += input[{Times("image", input.ImageStride)} + at] * gradient[{Times("image", output.ImageStride)} + by];");
            }

            writer.Line("result[i] = sum;");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuLocalBiasGradientKernel kernel, string name)
    {
        var gradient = kernel.Gradient;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            writer.Line($"int by = {Sum(Times(Remainder("i", gradient.Channels), gradient.Pixels), Divided("i", gradient.Channels))};");
            writer.Line("float sum = 0f;");
            writer.Line("for (int image = 0; image < count; image++)");
            writer.Line($"    sum += gradient[{Times("image", gradient.ImageStride)} + by];");
            writer.Line("result[i] = sum;");
        }

        writer.Line();
    }
}
