using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints poolings, a thread for each output, and their gradients, a thread for each input, which looks at the windows that it is in: no two threads add to one place.</summary>
internal static class GpuPoolEmitter
{
    public static void Emit(CodeWriter writer, GpuPoolKernel kernel, string name)
    {
        var pooling = kernel.Pooling;
        var (input, output, window) = (pooling.Input, pooling.Output, pooling.Window);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitCorner(writer, output, window.Stride, window.Padding.Start);
            writer.Line($"int corner = {Times("image", input.ImageStride)} + {Sum(Times("channel", input.Pixels), Times("top", input.Width))} + left;");
            writer.Line(pooling.IsMaximum ? "float value = float.NegativeInfinity;" : "float value = 0f;");
            EmitWindow(writer, pooling, (row, column, at) =>
            {
                if (pooling.IsMaximum)
                    writer.Line($"value = GpuMath.Larger(value, input[{at}]);");
                else
                    writer.Line($"value += input[{at}];");
            });
            var value = pooling.IsMaximum ? "value" : pooling.IsInside ? $"value * {Literal.Float(1f / (window.Kernel.Height * window.Kernel.Width))}" : $"value / {Counted(pooling, "top", "left")}";
            writer.Line($"result[{ElementOf(output)}] = {value};");
        }

        writer.Line();
    }

    /// <summary>The elements of a window that begins at top and left, whose corner is in memory where corner says; what lies beyond the map is left out.</summary>
    private static void EmitWindow(CodeWriter writer, GpuPooling pooling, Action<string, string, string> each)
    {
        var (input, window) = (pooling.Input, pooling.Window);
        var (kernel, dilation) = (window.Kernel, window.Dilation);
        if (kernel.Height * kernel.Width <= MostUnrolled)
        {
            for (var row = 0; row < kernel.Height; row++)
            {
                for (var column = 0; column < kernel.Width; column++)
                {
                    var (down, right) = (row * dilation.Height, column * dilation.Width);
                    using (pooling.IsInside
                        ? default(CodeWriter.Scope?)
                        : writer.Block($"if ({IsWithin(Plus("top", down), input.Height)} && {IsWithin(Plus("left", right), input.Width)})"))
                    {
                        each(Literal.Number(row), Literal.Number(column), Plus("corner", (down * input.Width) + right));
                    }
                }
            }

            return;
        }

        using (writer.Block($"for (int row = 0; row < {kernel.Height}; row++)"))
        using (writer.Block($"for (int column = 0; column < {kernel.Width}; column++)"))
        {
            var (down, right) = (Times("row", dilation.Height), Times("column", dilation.Width));
            using (pooling.IsInside
                ? default(CodeWriter.Scope?)
                : writer.Block($"if ({IsWithin("top + " + down, input.Height)} && {IsWithin("left + " + right, input.Width)})"))
            {
                each("row", "column", $"corner + {Times(down, input.Width)} + {right}");
            }
        }
    }

    /// <summary>The elements of a window that a mean counts: those inside the map, or those inside the map and its padding.</summary>
    private static string Counted(GpuPooling pooling, string top, string left)
    {
        var (input, window) = (pooling.Input, pooling.Window);
        return $"({Along(top, window.Kernel.Height, window.Dilation.Height, input.Height, window.Padding.Rows)} * {Along(left, window.Kernel.Width, window.Dilation.Width, input.Width, window.Padding.Columns)})";

        string Along(string first, int taps, int step, int length, Sides padding)
        {
            var (from, to) = pooling.Function == PoolFunction.AverageWithPadding ? (-padding.Start, length + padding.End) : (0, length);
            return $"GpuMath.TapsWithin({first}, {Literal.Number(step)}, {Literal.Number(taps)}, {Literal.Number(from)}, {Literal.Number(to)})";
        }
    }

    public static void Emit(CodeWriter writer, GpuPoolGradientKernel kernel, string name)
    {
        var pooling = kernel.Pooling;
        var (input, output, window) = (pooling.Input, pooling.Output, pooling.Window);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPlace(writer, input);
            if (pooling.IsMaximum)
            {
                writer.Line($"int plane = {Sum(Times("image", input.ImageStride), Times("channel", input.Pixels))};");
                writer.Line($"int outputs = {Sum(Times("image", output.ImageStride), Times("channel", output.Pixels))};");
                writer.Line($"float own = input[plane + {Times("row", input.Width)} + column];");
            }

            writer.Line($"int gradients = {Sum(Times("image", kernel.GradientStride), Times("channel", output.Pixels))};");
            writer.Line("float sum = 0f;");
            using (EmitWindows(writer, "row", "down", window.Extent.Height, window.Stride.Height, window.Dilation.Height, window.Padding.Top, output.Height))
            using (EmitWindows(writer, "column", "right", window.Extent.Width, window.Stride.Width, window.Dilation.Width, window.Padding.Left, output.Width))
            {
                var at = $"{Times("down", output.Width)} + right";
                var (top, left) = (Plus(Times("down", window.Stride.Height), -window.Padding.Top), Plus(Times("right", window.Stride.Width), -window.Padding.Left));
                if (pooling.IsMaximum)
                {
                    writer.Line($"if (own == output[outputs + {at}] && {name}_IsFirst(input, plane, {top}, {left}, row, column, own))");
                    writer.Line($"    sum += gradient[gradients + {at}];");
                }
                else if (pooling.IsInside)
                {
                    writer.Line($"sum += gradient[gradients + {at}] * {Literal.Float(1f / (window.Kernel.Height * window.Kernel.Width))};");
                }
                else
                {
                    writer.Line($"sum += gradient[gradients + {at}] / {Counted(pooling, top, left)};");
                }
            }

            writer.Line($"result[{ElementOf(input with { ImageStride = kernel.ResultStride })}] = sum;");
        }

        writer.Line();
        if (pooling.IsMaximum)
            EmitIsFirst(writer, pooling, name);
    }

    /// <summary>A loop over the windows along one axis that an element is in: what is divided by the stride is never below 0.</summary>
    internal static CodeWriter.Scope EmitWindows(CodeWriter writer, string element, string index, int extent, int stride, int dilation, int padding, int count)
    {
        // The first window that reaches the element is the one after the last that ends before it.
        var low = padding + stride - extent;
        var first = stride == 1
            ? $"Math.Max(0, {Plus(element, low)})"
            : Divided(low >= 0 ? $"({Plus(element, low)})" : $"Math.Max(0, {Plus(element, low)})", stride);
        var last = stride == 1 ? Plus(element, padding) : Divided(padding == 0 ? element : $"({Plus(element, padding)})", stride);
        var scope = writer.Block($"for (int {index} = {first}; {index} <= Math.Min({count - 1}, {last}); {index}++)");
        if (dilation > 1)
        {
            writer.Line($"if (Math.Max(0, {Plus(element, padding)} - {Times(index, stride)}) % {dilation} != 0)");
            writer.Line("    continue;");
        }

        return scope;
    }

    private static void EmitIsFirst(CodeWriter writer, GpuPooling pooling, string name)
    {
        var (input, window) = (pooling.Input, pooling.Window);
        writer.Line("/// <summary>Whether no element of the window before this one, row by row, equals it.</summary>");
        using (writer.Block($"private static bool {name}_IsFirst({View} input, int plane, int top, int left, int row, int column, float own)"))
        {
            using (writer.Block($"for (int y = Math.Max(0, top); y <= row; y++)"))
            using (writer.Block($"for (int x = Math.Max(0, left); x < Math.Min({input.Width}, left + {window.Extent.Width}); x++)"))
            {
                var isTap = window.Dilation == Size2.One ? "" : $"Math.Max(0, y - top) % {Literal.Number(window.Dilation.Height)} == 0 && Math.Max(0, x - left) % {Literal.Number(window.Dilation.Width)} == 0 && ";
                writer.Line($"if ({isTap}(y < row || x < column) && input[plane + {Times("y", input.Width)} + x] == own)");
                writer.Line("    return false;");
            }

            writer.Line("return true;");
        }

        writer.Line();
    }
}
