using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints what is linear along both axes of a map: each thread gathers what one element of the result takes, so that gradients are such maps too and no two threads add to one place.</summary>
internal static class GpuResamplingEmitter
{
    public static void Emit(CodeWriter writer, GpuResamplingKernel kernel, string name)
    {
        var (input, result) = (kernel.Input, kernel.Result);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPlace(writer, result);
            writer.Line($"int plane = {Sum(Times("image", input.ImageStride), Times("channel", input.Pixels))};");
            var value = kernel.HasTable ? EmitSum(writer, kernel) : EmitOne(writer, kernel);
            writer.Line($"result[{ElementOf(result)}] = {value};");
        }

        writer.Line();
    }

    /// <summary>The one element that is taken where nothing is weighed.</summary>
    private static string EmitOne(CodeWriter writer, GpuResamplingKernel kernel)
    {
        var input = kernel.Input;
        writer.Line($"int y = {Plus("row", kernel.Rows.Distance!.Value)};");
        writer.Line($"int x = {Plus("column", kernel.Columns.Distance!.Value)};");
        var element = $"input[plane + {Times("y", input.Width)} + x]";
        var conditions = string.Join(" && ", new[] { kernel.Rows.IsInside ? "" : IsWithin("y", input.Height), kernel.Columns.IsInside ? "" : IsWithin("x", input.Width) }.Where(text => text != ""));
        return conditions == "" ? element : $"{conditions} ? {element} : 0f";
    }

    private static string EmitSum(CodeWriter writer, GpuResamplingKernel kernel)
    {
        writer.Line("float sum = 0f;");
        if (kernel.Rows.Distance is { } distance)
        {
            writer.Line($"int y = {Plus("row", distance)};");
            using (kernel.Rows.IsInside ? default(CodeWriter.Scope?) : writer.Block($"if ({IsWithin("y", kernel.Input.Height)})"))
            {
                EmitLine(writer, kernel);
                writer.Line("sum = line;");
            }

            return "sum";
        }

        var table = kernel.RowTable;
        using (EmitTaps(writer, "down", "row", table))
        {
            writer.Line($"int y = (int)table[{Plus("down", table.Positions)}];");
            EmitLine(writer, kernel);
            writer.Line($"sum += table[{Plus("down", table.Factors)}] * line;");
        }

        return "sum";
    }

    /// <summary>What is taken of row y.</summary>
    private static void EmitLine(CodeWriter writer, GpuResamplingKernel kernel)
    {
        var input = kernel.Input;
        if (kernel.Columns.Distance is { } distance)
        {
            var (x, element) = (Plus("column", distance), $"input[{Plus($"plane + {Times("y", input.Width)} + column", distance)}]");
            writer.Line($"float line = {(kernel.Columns.IsInside ? element : $"{IsWithin(x, input.Width)} ? {element} : 0f")};");
            return;
        }

        var table = kernel.ColumnTable;
        writer.Line("float line = 0f;");
        using (EmitTaps(writer, "right", "column", table))
            writer.Line($"line += table[{Plus("right", table.Factors)}] * input[plane + {Times("y", input.Width)} + (int)table[{Plus("right", table.Positions)}]];");
    }

    /// <summary>A loop over the taps of one element of an axis.</summary>
    private static CodeWriter.Scope EmitTaps(CodeWriter writer, string tap, string element, GpuAxisTable table) =>
        writer.Block($"for (int {tap} = (int)table[{Plus(element, table.First)}]; {tap} < (int)table[{Plus(element, table.First + 1)}]; {tap}++)");
}
