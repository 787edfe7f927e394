using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints poolings that draw an element of each window, a thread for each window, and their gradients, a thread for each input, which draws again for the windows that it is in.</summary>
internal static class GpuRandomPoolEmitter
{
    public static void Emit(CodeWriter writer, GpuRandomPoolKernel kernel, string name)
    {
        var (input, output, window) = (kernel.Windows.Input, kernel.Windows.Output, kernel.Windows.Window);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitImage(writer, output.Length);
            writer.Line($"int plane = {Sum(Times("image", input.ImageStride), Times(Divided("inImage", output.Pixels), input.Pixels))};");
            writer.Line($"int top = {Plus(Times(Remainder(Divided("inImage", output.Width), output.Height), window.Stride.Height), -window.Padding.Top)};");
            writer.Line($"int left = {Plus(Times(Remainder("inImage", output.Width), window.Stride.Width), -window.Padding.Left)};");
            writer.Line($"int drawn = {name}_Drawn(input, plane, top, left, GpuMath.Uniform({RandomKey(kernel.Stream)}, image, inImage));");
            writer.Line($"result[{(output.IsDense ? "i" : $"{Times("image", output.ImageStride)} + inImage")}] = drawn >= 0 ? input[drawn] : drawn == -1 ? 0f : float.NaN;");
        }

        writer.Line();
        EmitDrawn(writer, kernel.Windows, name);
    }

    public static void Emit(CodeWriter writer, GpuRandomPoolGradientKernel kernel, string name)
    {
        var (input, output, window) = (kernel.Windows.Input, kernel.Windows.Output, kernel.Windows.Window);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPlace(writer, input);
            writer.Line($"int plane = {Sum(Times("image", input.ImageStride), Times("channel", input.Pixels))};");
            writer.Line($"int own = plane + {Times("row", input.Width)} + column;");
            writer.Line("float sum = 0f;");
            using (GpuPoolEmitter.EmitWindows(writer, "row", "down", window.Extent.Height, window.Stride.Height, window.Dilation.Height, window.Padding.Top, output.Height))
            using (GpuPoolEmitter.EmitWindows(writer, "column", "right", window.Extent.Width, window.Stride.Width, window.Dilation.Width, window.Padding.Left, output.Width))
            {
                writer.Line($"int element = {Times("channel", output.Pixels)} + {Times("down", output.Width)} + right;");
                var (top, left) = (Plus(Times("down", window.Stride.Height), -window.Padding.Top), Plus(Times("right", window.Stride.Width), -window.Padding.Left));
                writer.Line($"if ({name}_Drawn(input, plane, {top}, {left}, GpuMath.Uniform({RandomKey(kernel.Stream)}, image, element)) == own)");
                writer.Line($"    sum += gradient[{Times("image", kernel.GradientStride)} + element];");
            }

            writer.Line($"result[{ElementOf(input with { ImageStride = kernel.ResultStride })}] = sum;");
        }

        writer.Line();
        EmitDrawn(writer, kernel.Windows, name);
    }

    /// <summary>Sums in the order of the CPU's, so that both draw the same element.</summary>
    private static void EmitDrawn(CodeWriter writer, GpuWindows windows, string name)
    {
        writer.Line("/// <summary>Where the element lies at which the sum of the elements above 0, row by row, passes a share of the whole; -1 where there is none, -2 where one is not a number.</summary>");
        using (writer.Block($"private static int {name}_Drawn({View} input, int plane, int top, int left, float share)"))
        {
            writer.Line("float sum = 0f;");
            EmitElements(writer, windows, () =>
            {
                writer.Line("if (!(input[at] <= 0f))");
                writer.Line("    sum += input[at];");
            });
            writer.Line("float bound = share * sum;");
            writer.Line("float passed = 0f;");
            writer.Line("int drawn = -1;");
            EmitElements(writer, windows, () =>
            {
                using (writer.Block("if (input[at] > 0f && !(passed > bound))"))
                {
                    writer.Line("passed += input[at];");
                    writer.Line("drawn = at;");
                }
            });
            writer.Line("return float.IsNaN(sum) ? -2 : drawn;");
        }

        writer.Line();
    }

    /// <summary>Loops over a window's elements within the map, which lie at <c>at</c>.</summary>
    private static void EmitElements(CodeWriter writer, GpuWindows windows, Action each)
    {
        var (input, window) = (windows.Input, windows.Window);
        using (writer.Block($"for (int row = 0; row < {window.Kernel.Height}; row++)"))
        using (writer.Block($"for (int column = 0; column < {window.Kernel.Width}; column++)"))
        {
            writer.Line($"int y = top + {Times("row", window.Dilation.Height)};");
            writer.Line($"int x = left + {Times("column", window.Dilation.Width)};");
            EmitSkip(writer, windows);
            writer.Line($"int at = plane + {Times("y", input.Width)} + x;");
            each();
        }
    }
}
