using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints convolutions of few filters a group, for which a tile would be empty for the most part, and the product of one image.</summary>
internal static class GpuDirectEmitter
{
    public static void Emit(CodeWriter writer, DirectConvolutionKernel kernel, string name)
    {
        var (shape, input, output) = (kernel.Shape, kernel.Shape.Input, kernel.Shape.Output);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitCorner(writer, output, shape.Stride, shape.Padding);
            var plane = shape.Channels == 1 ? Times(Divided("channel", shape.Filters), input.Pixels) : $"{Divided("channel", shape.Filters)} * {Literal.Number(shape.Channels * input.Pixels)}";
            writer.Line($"int corner = {Times("image", input.ImageStride)} + {plane} + {Times("top", input.Width)} + left;");
            writer.Line($"int tap = {Times("channel", shape.Depth)};");
            writer.Line("float sum = 0f;");
            using (shape.Channels == 1 ? default(CodeWriter.Scope?) : writer.Block($"for (int c = 0; c < {shape.Channels}; c++)"))
            {
                EmitTaps(writer, shape);
                if (shape.Channels > 1)
                {
                    writer.Line($"corner += {input.Pixels};");
                    writer.Line($"tap += {shape.Taps};");
                }
            }

            EmitStore(writer, kernel.After, output);
        }

        writer.Line();
    }

    private static void EmitTaps(CodeWriter writer, GpuConvolution shape)
    {
        var (input, kernel, dilation) = (shape.Input, shape.Kernel, shape.Dilation);
        if (shape.Taps > MostUnrolled)
        {
            using (writer.Block($"for (int row = 0; row < {kernel.Height}; row++)"))
            using (writer.Block($"for (int column = 0; column < {kernel.Width}; column++)"))
            {
                var (down, right) = (Times("row", dilation.Height), Times("column", dilation.Width));
                if (!shape.IsInside)
                    writer.Line($"if ({IsWithin("top + " + down, input.Height)} && {IsWithin("left + " + right, input.Width)})");
                writer.Line($"{(shape.IsInside ? "" : "    ")}sum += input[corner + {Times(down, input.Width)} + {right}] * weights[tap + {Times("row", kernel.Width)} + column];");
            }

            return;
        }

        for (var row = 0; row < kernel.Height; row++)
        {
            for (var column = 0; column < kernel.Width; column++)
            {
                var (down, right) = (row * dilation.Height, column * dilation.Width);
                if (!shape.IsInside)
                    writer.Line($"if ({IsWithin(Plus("top", down), input.Height)} && {IsWithin(Plus("left", right), input.Width)})");
                writer.Line($"{(shape.IsInside ? "" : "    ")}sum += input[{Plus("corner", (down * input.Width) + right)}] * weights[{Plus("tap", (row * kernel.Width) + column)}];");
            }
        }
    }

    /// <summary>Stores the sum of an element i.</summary>
    private static void EmitStore(CodeWriter writer, GpuEpilogue after, GpuStorage result)
    {
        string At(int stride) => stride == result.Length ? "i" : $"{Times("image", stride)} + {Remainder("i", result.Length)}";
        var value = After(writer, after, "sum", "channel", operand => $"x{Literal.Number(operand)}[{At(after.OperandStrides[operand - 1])}]", "t");
        writer.Line($"result[{At(result.ImageStride)}] = {value};");
    }

    /// <summary>An input pixel looks at the outputs in whose windows it is: what is divided by the stride is never below 0.</summary>
    public static void Emit(CodeWriter writer, DirectInputGradientKernel kernel, string name)
    {
        var (shape, input, gradient) = (kernel.Shape, kernel.Shape.Input, kernel.Shape.Output);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPlace(writer, input);
            writer.Line($"int group = {Divided("channel", shape.Channels)};");
            writer.Line($"int planes = {Times("image", gradient.ImageStride)} + {Times("group", shape.Filters * gradient.Pixels)};");
            writer.Line($"int filters = {Sum(Times("group", shape.Filters * shape.Depth), Times(Remainder("channel", shape.Channels), shape.Taps))};");
            writer.Line("float sum = 0f;");
            using (writer.Block($"for (int down = 0; down < {shape.Kernel.Height}; down++)"))
            {
                EmitReach(writer, "y", $"{Plus("row", shape.Padding.Height)} - {Times("down", shape.Dilation.Height)}", shape.Stride.Height, gradient.Height);
                using (writer.Block($"for (int right = 0; right < {shape.Kernel.Width}; right++)"))
                {
                    EmitReach(writer, "x", $"{Plus("column", shape.Padding.Width)} - {Times("right", shape.Dilation.Width)}", shape.Stride.Width, gradient.Width);
                    var (at, weight) = ($"planes + {Times("y", gradient.Width)} + x", $"filters + {Times("down", shape.Kernel.Width)} + right");
                    if (shape.Filters == 1)
                    {
                        writer.Line($"sum += gradient[{at}] * weights[{weight}];");
                    }
                    else
                    {
                        writer.Line($"for (int filter = 0; filter < {shape.Filters}; filter++)");
                        writer.Line($"    sum += gradient[{at} + {Times("filter", gradient.Pixels)}] * weights[{weight} + {Times("filter", shape.Depth)}];");
                    }
                }
            }

            EmitStore(writer, kernel.After, input);
        }

        writer.Line();
    }

    /// <summary>The gradient's coordinate that a tap reached a pixel from; where there is none, the next tap.</summary>
    private static void EmitReach(CodeWriter writer, string name, string distance, int stride, int length)
    {
        if (stride == 1)
        {
            writer.Line($"int {name} = {distance};");
            writer.Line($"if (!({IsWithin(name, length)}))");
            writer.Line("    continue;");
            return;
        }

        writer.Line($"int {name}Steps = {distance};");
        writer.Line($"int {name} = Math.Max(0, {name}Steps) / {stride};");
        writer.Line($"if ({Times(name, stride)} != {name}Steps || {name} >= {length})");
        writer.Line("    continue;");
    }

    public static void Emit(CodeWriter writer, DirectWeightGradientKernel kernel, string name)
    {
        var (shape, input, gradient) = (kernel.Shape, kernel.Shape.Input, kernel.Shape.Output);
        using (Open(writer, kernel, name))
        {
            writer.Line($"{View} sums = SharedMemory.Allocate<float>({DirectWeightGradientKernel.Threads});");
            writer.Line("int thread = Group.IdxX;");
            writer.Line("int weight = Grid.IdxX;");
            writer.Line($"int filter = {Divided("weight", shape.Depth)};");
            writer.Line($"int channel = {Sum(Times(Divided("filter", shape.Filters), shape.Channels), Remainder(Divided("weight", shape.Taps), shape.Channels))};");
            writer.Line($"int tap = {Remainder("weight", shape.Taps)};");
            EmitCoordinates(writer, "top", "left", "tap", shape.Kernel.Width, shape.Dilation, shape.Padding);
            writer.Line($"int elements = {Times("count", gradient.Pixels)};");
            writer.Line("float sum = 0f;");
            using (writer.Block($"for (int element = thread; element < elements; element += {DirectWeightGradientKernel.Threads})"))
            {
                writer.Line($"int image = {Divided("element", gradient.Pixels)};");
                writer.Line($"int pixel = {Remainder("element", gradient.Pixels)};");
                writer.Line($"int y = top + {Times(Divided("pixel", gradient.Width), shape.Stride.Height)};");
                writer.Line($"int x = left + {Times(Remainder("pixel", gradient.Width), shape.Stride.Width)};");
                if (!shape.IsInside)
                    writer.Line($"if ({IsWithin("y", input.Height)} && {IsWithin("x", input.Width)})");
                var product = $"input[{Times("image", input.ImageStride)} + {Times("channel", input.Pixels)} + {Times("y", input.Width)} + x] * gradient[{Times("image", gradient.ImageStride)} + {Times("filter", gradient.Pixels)} + pixel]";
                writer.Line($"{(shape.IsInside ? "" : "    ")}sum += {product};");
            }

            writer.Line();
            SumGroup(writer, [("sums", "sum")], DirectWeightGradientKernel.Threads);
            writer.Line("if (thread == 0)");
            writer.Line("    result[weight] = sums[0];");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, OneImageProductKernel kernel, string name)
    {
        var shape = kernel.Shape;
        using (Open(writer, kernel, name))
        {
            writer.Line($"{View} sums = SharedMemory.Allocate<float>({OneImageProductKernel.Threads});");
            writer.Line("int thread = Group.IdxX;");
            writer.Line("int unit = Grid.IdxX;");
            writer.Line($"int row = unit * {shape.Depth};");
            writer.Line("float sum = 0f;");
            writer.Line($"for (int feature = thread; feature < {shape.Depth}; feature += {OneImageProductKernel.Threads})");
            writer.Line("    sum += input[feature] * weights[row + feature];");
            writer.Line();
            SumGroup(writer, [("sums", "sum")], OneImageProductKernel.Threads);
            using (writer.Block("if (thread == 0)"))
            {
                var value = After(writer, kernel.After, "sums[0]", "unit", operand => $"x{Literal.Number(operand)}[unit]", "t");
                writer.Line($"result[unit] = {value};");
            }
        }

        writer.Line();
    }
}
