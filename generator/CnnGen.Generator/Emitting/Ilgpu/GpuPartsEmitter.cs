using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints the largest of parts of a map, a thread for each part, and its gradient, a thread for each input, which looks at the parts that it is in: no two threads add to one place.</summary>
internal static class GpuPartsEmitter
{
    public static void Emit(CodeWriter writer, GpuLargestOfPartsKernel kernel, string name)
    {
        var (input, result) = (kernel.Input, kernel.Result);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPlace(writer, result);
            writer.Line($"int plane = {Sum(Times("image", input.ImageStride), Times("channel", input.Pixels))};");
            writer.Line("float value = float.NegativeInfinity;");
            using (writer.Block($"for (int y = {First("row", input.Height, result.Height)}; y < {End("row", input.Height, result.Height)}; y++)"))
            using (writer.Block($"for (int x = {First("column", input.Width, result.Width)}; x < {End("column", input.Width, result.Width)}; x++)"))
                writer.Line($"value = GpuMath.Larger(value, input[plane + {Times("y", input.Width)} + x]);");
            writer.Line($"result[{ElementOf(result)}] = value;");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuLargestOfPartsGradientKernel kernel, string name)
    {
        var (input, output) = (kernel.Input, kernel.Output);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPlace(writer, input);
            writer.Line($"int plane = {Sum(Times("image", input.ImageStride), Times("channel", input.Pixels))};");
            writer.Line($"int outputs = {Sum(Times("image", output.ImageStride), Times("channel", output.Pixels))};");
            writer.Line($"int gradients = {Sum(Times("image", kernel.GradientStride), Times("channel", output.Pixels))};");
            writer.Line($"float own = input[plane + {Times("row", input.Width)} + column];");
            writer.Line("float sum = 0f;");
            using (EmitParts(writer, "down", "row", input.Height, output.Height))
            using (EmitParts(writer, "right", "column", input.Width, output.Width))
            {
                var part = $"{Times("down", output.Width)} + right";
                var (top, left, end) = (First("down", input.Height, output.Height), First("right", input.Width, output.Width), End("right", input.Width, output.Width));
                writer.Line($"if (own == output[outputs + {part}] && {name}_IsFirst(input, plane, {top}, {left}, {end}, row, column, own))");
                writer.Line($"    sum += gradient[gradients + {part}];");
            }

            writer.Line($"result[{ElementOf(input with { ImageStride = kernel.ResultStride })}] = sum;");
        }

        writer.Line();
        EmitIsFirst(writer, input, name);
    }

    /// <summary>The first element of a part along one axis.</summary>
    private static string First(string part, int length, int parts) => Divided(Times(part, length), parts);

    /// <summary>The element behind a part's last one: the next part's beginning rounded up.</summary>
    private static string End(string part, int length, int parts) => Divided($"({Plus(Times(part, length), length + parts - 1)})", parts);

    /// <summary>A loop over the parts along one axis that an element is in: the first that ends behind it to the last that begins at it or before.</summary>
    private static CodeWriter.Scope EmitParts(CodeWriter writer, string part, string element, int length, int parts) => writer.Block(
        $"for (int {part} = {Divided(Times(element, parts), length)}; {part} <= {Divided($"({Plus(Times(element, parts), parts - 1)})", length)}; {part}++)");

    private static void EmitIsFirst(CodeWriter writer, GpuStorage input, string name)
    {
        writer.Line("/// <summary>Whether no element of the part before this one, row by row, equals it.</summary>");
        using (writer.Block($"private static bool {name}_IsFirst({View} input, int plane, int top, int left, int end, int row, int column, float own)"))
        {
            using (writer.Block("for (int y = top; y <= row; y++)"))
            using (writer.Block("for (int x = left; x < end; x++)"))
            {
                writer.Line($"if ((y < row || x < column) && input[plane + {Times("y", input.Width)} + x] == own)");
                writer.Line("    return false;");
            }

            writer.Line("return true;");
        }

        writer.Line();
    }
}
