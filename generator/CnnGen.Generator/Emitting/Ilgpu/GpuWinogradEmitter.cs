using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints the transforms of Winograd's algorithm: each thread has a tile in registers, which is multiplied from both sides by a small matrix whose numbers stand in the text.</summary>
internal static class GpuWinogradEmitter
{
    public static void Emit(CodeWriter writer, GpuWinogradWeightsKernel kernel, string name)
    {
        var winograd = kernel.Winograd;
        var (channels, filters, size) = (winograd.Source.Channels, winograd.Result.Channels, winograd.Kernel);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            var last = (size * size) - 1;
            writer.Line(kernel.IsTurned
                ? $"int tap = {Times($"({Times(Remainder("i", channels), filters)} + {Divided("i", channels)})", size * size)} + {Literal.Number(last)};"
                : $"int tap = {Times("i", size * size)};");
            for (var row = 0; row < size; row++)
            {
                var taps = Enumerable.Range(0, size).Select(column => $"{Name("d", row, column)} = weights[{Plus("tap", ((row * size) + column) * (kernel.IsTurned ? -1 : 1))}]");
                writer.Line($"float {string.Join(", ", taps)};");
            }

            EmitTransform(writer, WinogradMatrices.Taps(winograd.OutputTile, size), (row, column, value) =>
                writer.Line($"result[{Plus("i", ((row * winograd.InputTile) + column) * channels * filters)}] = {value};"));
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuWinogradInputKernel kernel, string name)
    {
        var (winograd, source) = (kernel.Winograd, kernel.Winograd.Source);
        var size = winograd.InputTile;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitTile(writer, winograd, source.Channels);
            writer.Line($"int top = {Plus(Times("tileRow", winograd.OutputTile), -winograd.Padding.Height)};");
            writer.Line($"int left = {Plus(Times("tileColumn", winograd.OutputTile), -winograd.Padding.Width)};");
            writer.Line($"int corner = {Times("image", source.ImageStride)} + {Times("channel", source.Pixels)} + {Times("top", source.Width)} + left;");
            if (!winograd.IsInside)
            {
                for (var i = 0; i < size; i++)
                    writer.Line($"bool row{i} = {IsWithin(Plus("top", i), source.Height)}, column{i} = {IsWithin(Plus("left", i), source.Width)};");
            }

            for (var row = 0; row < size; row++)
            {
                for (var column = 0; column < size; column++)
                {
                    var element = $"source[{Plus("corner", (row * source.Width) + column)}]";
                    writer.Line($"float d{row}{column} = {(winograd.IsInside ? "" : $"row{Literal.Number(row)} && column{Literal.Number(column)} ? ")}{element}{(winograd.IsInside ? "" : " : 0f")};");
                }
            }

            writer.Line($"int at = {Sum(Times("image", winograd.SourcePoints), Remainder("i", source.Channels * winograd.Tiles))};");
            EmitTransform(writer, WinogradMatrices.Input(winograd.OutputTile, winograd.Kernel), (row, column, value) =>
                writer.Line($"result[{Plus("at", ((row * size) + column) * source.Channels * winograd.Tiles)}] = {value};"));
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuWinogradOutputKernel kernel, string name)
    {
        var (winograd, after, result) = (kernel.Winograd, kernel.After, kernel.Winograd.Result);
        var size = winograd.InputTile;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitTile(writer, winograd, result.Channels);
            writer.Line($"int at = {Sum(Times("image", winograd.ResultPoints), Remainder("i", result.Channels * winograd.Tiles))};");
            for (var row = 0; row < size; row++)
            {
                var points = Enumerable.Range(0, size).Select(column => $"{Name("d", row, column)} = products[{Plus("at", ((row * size) + column) * result.Channels * winograd.Tiles)}]");
                writer.Line($"float {string.Join(", ", points)};");
            }

            writer.Line($"int top = {Times("tileRow", winograd.OutputTile)};");
            writer.Line($"int left = {Times("tileColumn", winograd.OutputTile)};");
            writer.Line($"int corner = {Times("channel", result.Pixels)} + {Times("top", result.Width)} + left;");
            EmitTransform(writer, WinogradMatrices.Output(winograd.OutputTile, winograd.Kernel), (row, column, value) =>
            {
                using (writer.Block(winograd.IsWhole ? "" : $"if ({Plus("top", row)} < {Literal.Number(result.Height)} && {Plus("left", column)} < {Literal.Number(result.Width)})"))
                {
                    string At(int stride) => Sum(Times("image", stride), Plus("corner", (row * result.Width) + column));
                    writer.Line($"float sum = {value};");
                    var stored = After(writer, after, "sum", "channel", operand => $"x{Literal.Number(operand)}[{At(after.OperandStrides[operand - 1])}]", "e");
                    writer.Line($"result[{At(result.ImageStride)}] = {stored};");
                }
            });
        }

        writer.Line();
    }

    /// <summary>The thread's image, channel and tile.</summary>
    private static void EmitTile(CodeWriter writer, GpuWinograd winograd, int channels)
    {
        writer.Line($"int image = {Divided("i", channels * winograd.Tiles)};");
        writer.Line($"int channel = {Remainder(Divided("i", winograd.Tiles), channels)};");
        writer.Line($"int tileRow = {Remainder(Divided("i", winograd.TilesAcross), winograd.TilesDown)};");
        writer.Line($"int tileColumn = {Remainder("i", winograd.TilesAcross)};");
    }

    /// <summary>A matrix times the tile d, times the matrix turned: row by row of the first product.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="matrix">The matrix, row by row.</param>
    /// <param name="store">Takes the value at a row and a column.</param>
    private static void EmitTransform(CodeWriter writer, IReadOnlyList<float[]> matrix, Action<int, int, string> store)
    {
        for (var row = 0; row < matrix.Count; row++)
        {
            var columns = Enumerable.Range(0, matrix[row].Length).Select(column => $"{Name("t", row, column)} = {Combination(matrix[row], k => Name("d", k, column))}");
            writer.Line($"float {string.Join(", ", columns)};");
            for (var column = 0; column < matrix.Count; column++)
                store(row, column, Combination(matrix[column], k => Name("t", row, k)));
        }
    }

    private static string Name(string tile, int row, int column) => tile + Literal.Number(row) + Literal.Number(column);

    /// <summary>A sum of products without those of 0 and 1.</summary>
    private static string Combination(float[] factors, Func<int, string> value)
    {
        var text = "";
        for (var k = 0; k < factors.Length; k++)
        {
            if (factors[k] == 0)
                continue;
            var size = Math.Abs(factors[k]);
            var term = (size == 1 ? "" : Literal.Float(size) + " * ") + value(k);
            text += text == "" ? (factors[k] < 0 ? "-" : "") + term : (factors[k] < 0 ? " - " : " + ") + term;
        }

        return text;
    }
}
