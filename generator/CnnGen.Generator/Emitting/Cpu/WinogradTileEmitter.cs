using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints what <see cref="WinogradKernel"/> does with single tiles: the transforms of its inputs and outputs, and the copies of tiles that reach past the map.</summary>
internal static class WinogradTileEmitter
{
    /// <summary>The method that transforms one tile of inputs: rows, then columns.</summary>
    public static void EmitInputTransform(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name)
    {
        var size = kernel.Tiles.InputTile;
        var transforms = new WinogradTransforms(writer, isa, kernel.Tiles.OutputTile, kernel.Tiles.Kernel);
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}_Input(float* input, nint rowStride, float* points, float* half)"))
        {
            transforms.DeclareInputConstants();
            using (writer.Block($"for (nint c = 0; c < {Storage.RoundUp(kernel.Input.Channels)}; c += {isa.Lanes})"))
            {
                writer.Line("var x = input + c;");
                writer.Line("var h = half;");
                using (writer.Block($"for (nint row = 0; row < {Literal.Number(size)}; row++)"))
                {
                    for (var column = 0; column < size; column++)
                        writer.Line($"var d{column} = {isa.Load(Literal.At("x", column * kernel.Input.PixelStride))};");
                    transforms.Input(Names("d", size), "t");
                    for (var column = 0; column < size; column++)
                        writer.Line(isa.Store(Literal.At("h", column * isa.Lanes), "t" + Literal.Number(column)));
                    writer.Line("x += rowStride;");
                    writer.Line($"h += {Literal.Number(size * isa.Lanes)};");
                }

                writer.Line("h = half;");
                writer.Line("var p = points + c;");
                using (writer.Block($"for (nint column = 0; column < {Literal.Number(size)}; column++)"))
                {
                    for (var row = 0; row < size; row++)
                        writer.Line($"var d{row} = {isa.Load(Literal.At("h", row * size * isa.Lanes))};");
                    transforms.Input(Names("d", size), "t");
                    for (var row = 0; row < size; row++)
                        writer.Line(isa.Store(Literal.At("p", row * size * kernel.InputPointStride), "t" + Literal.Number(row)));
                    writer.Line($"h += {Literal.Number(isa.Lanes)};");
                    writer.Line($"p += {Literal.Number(kernel.InputPointStride)};");
                }
            }
        }

        writer.Line();
    }

    /// <summary>The method that makes one tile of outputs of the products: rows, then columns, then bias, activation and pooling.</summary>
    public static void EmitOutputTransform(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name)
    {
        var (size, outputs) = (kernel.Tiles.InputTile, kernel.Tiles.OutputTile);
        var transforms = new WinogradTransforms(writer, isa, outputs, kernel.Tiles.Kernel);
        var bias = kernel.After.HasBias ? "float* bias, " : "";
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}_Output(float* products, {bias}float* output, nint rowStride, float* half{EpilogueText.Parameters(kernel.After)})"))
        {
            transforms.DeclareOutputConstants();
            using (writer.Block($"for (nint c = 0; c < {Literal.Number(kernel.GroupLanes)}; c += {isa.Lanes})"))
            {
                writer.Line("var x = products + c;");
                writer.Line("var h = half;");
                using (writer.Block($"for (nint row = 0; row < {Literal.Number(size)}; row++)"))
                {
                    for (var column = 0; column < size; column++)
                        writer.Line($"var m{column} = {isa.Load(Literal.At("x", column * kernel.ProductPointStride))};");
                    transforms.Output(Names("m", size), "t");
                    for (var column = 0; column < outputs; column++)
                        writer.Line(isa.Store(Literal.At("h", column * isa.Lanes), "t" + Literal.Number(column)));
                    writer.Line($"x += {Literal.Number(size * kernel.ProductPointStride)};");
                    writer.Line($"h += {Literal.Number(outputs * isa.Lanes)};");
                }

                if (kernel.After.HasBias)
                    writer.Line($"var b0 = {isa.Load("bias + c")};");
                writer.Line("h = half;");
                var columns = kernel.After.Pool is null ? outputs : outputs / 2;
                using (writer.For("column", columns))
                {
                    writer.Line(columns == 1 ? "var y = output + c;" : $"var y = output + c + {Literal.Times("column", kernel.Output.PixelStride)};");
                    if (kernel.After.Pool is null)
                        EmitStores();
                    else
                        EmitPooled();
                    if (columns > 1)
                        writer.Line($"h += {Literal.Number(outputs / columns * isa.Lanes)};");
                }
            }
        }

        writer.Line();

        void EmitStores()
        {
            EmitColumn(0);
            for (var row = 0; row < outputs; row++)
            {
                writer.Line(isa.Store("y", EpilogueText.Finish(writer, isa, kernel.After, ["y" + Literal.Number(row)], "y", 0)));
                if (row < outputs - 1)
                    writer.Line("y += rowStride;");
            }
        }

        // Two columns of outputs become one of the pooled map.
        void EmitPooled()
        {
            writer.Line($"{isa.VectorType} {string.Join(", ", Names("left", outputs))};");
            using (writer.Block())
            {
                EmitColumn(0);
                for (var row = 0; row < outputs; row++)
                    writer.Line($"left{row} = y{row};");
            }

            using (writer.Block())
            {
                EmitColumn(1);
                for (var row = 0; row < outputs; row += 2)
                {
                    writer.Line(isa.Store("y", EpilogueText.Finish(
                        writer, isa, kernel.After, [$"left{row}", $"y{row}", $"left{row + 1}", $"y{row + 1}"], "y", 0)));
                    if (row < outputs - 2)
                        writer.Line("y += rowStride;");
                }
            }
        }

        // A column of outputs, so many after h, biased: y0, y1...
        void EmitColumn(int column)
        {
            for (var row = 0; row < size; row++)
                writer.Line($"var m{row} = {isa.Load(Literal.At("h", ((row * outputs) + column) * isa.Lanes))};");
            transforms.Output(Names("m", size), "t");
            for (var row = 0; row < outputs; row++)
                writer.Line($"var y{row} = {(kernel.After.HasBias ? isa.Add("t" + Literal.Number(row), "b0") : "t" + Literal.Number(row))};");
        }
    }

    /// <summary>The method that copies a tile that reaches past the map into a zeroed one.</summary>
    public static void EmitCopyIn(CodeWriter writer, WinogradKernel kernel, string name)
    {
        var (input, size) = (kernel.Input, kernel.Tiles.InputTile);
        using (writer.Block($"private static void {name}_CopyIn(float* input, float* edge, nint rows, nint columns)"))
        {
            writer.Line($"new Span<float>(edge, {Literal.Number(kernel.Tiles.Points * input.PixelStride)}).Clear();");
            writer.Line($"var bytes = columns * {Literal.Number(4 * input.PixelStride)};");
            using (writer.Block("for (nint row = 0; row < rows; row++)"))
                writer.Line($"Buffer.MemoryCopy(input + {Literal.Times("row", input.RowStride)}, edge + {Literal.Times("row", size * input.PixelStride)}, bytes, bytes);");
        }

        writer.Line();
    }

    /// <summary>The method that copies a tile's outputs out as far as they lie on the map.</summary>
    public static void EmitCopyOut(CodeWriter writer, WinogradKernel kernel, string name)
    {
        var (output, size) = (kernel.Output, kernel.Tiles.OutputTile / (kernel.After.Pool?.Size.Height ?? 1));
        using (writer.Block($"private static void {name}_CopyOut(float* edge, float* output, nint rows, nint columns)"))
        {
            using (writer.Block("for (nint row = 0; row < rows; row++)"))
            using (writer.Block("for (nint column = 0; column < columns; column++)"))
            {
                var offset = Literal.Times("column", output.PixelStride);
                var bytes = Literal.Number(4 * kernel.GroupLanes);
                writer.Line($"Buffer.MemoryCopy(edge + {Literal.Times("row", size * output.PixelStride)} + {offset}, output + {Literal.Times("row", output.RowStride)} + {offset}, {bytes}, {bytes});");
            }
        }

        writer.Line();
    }

    /// <summary>The method that copies as much of a further tensor as a tile's outputs reach to the tile's other outputs.</summary>
    public static void EmitCopyOperand(CodeWriter writer, WinogradKernel kernel, string name)
    {
        var (output, size) = (kernel.Output, kernel.Tiles.OutputTile);
        using (writer.Block($"private static void {name}_CopyOperand(float* operand, float* edge, nint rows, nint columns)"))
        {
            using (writer.Block("for (nint row = 0; row < rows; row++)"))
            using (writer.Block("for (nint column = 0; column < columns; column++)"))
            {
                var offset = Literal.Times("column", output.PixelStride);
                var bytes = Literal.Number(4 * kernel.GroupLanes);
                writer.Line($"Buffer.MemoryCopy(operand + {Literal.Times("row", output.RowStride)} + {offset}, edge + {Literal.Times("row", size * output.PixelStride)} + {offset}, {bytes}, {bytes});");
            }
        }

        writer.Line();
    }

    private static string[] Names(string letter, int count) =>
        [.. Enumerable.Range(0, count).Select(i => letter + Literal.Number(i))];
}
