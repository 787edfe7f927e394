using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints what <see cref="WinogradKernel"/> does with single tiles: the transforms of its inputs and outputs, and the copies of tiles that reach past the map.</summary>
internal static class WinogradTileEmitter
{
    /// <summary>The name of the method that transforms one tile of inputs: rows, then columns.</summary>
    public static string InputTransform(VectorIsa isa, WinogradTiles tiles, PartList parts) => parts.NameOf(
        ("input", tiles.OutputTile, tiles.Kernel),
        $"WinogradInput{Suffix(tiles)}",
        (writer, name) => EmitInputTransform(writer, isa, tiles, name));

    /// <summary>The name of the method that makes one tile of outputs of the products: rows, then columns, then bias, activation and pooling.</summary>
    public static string OutputTransform(VectorIsa isa, WinogradTiles tiles, KernelEpilogue after, PartList parts) => parts.NameOf(
        ("output", tiles.OutputTile, tiles.Kernel, after),
        $"WinogradOutput{Suffix(tiles)}",
        (writer, name) => EmitOutputTransform(writer, isa, tiles, after, name));

    /// <summary>As names of methods have it: <c>4x4Of3x3</c>.</summary>
    public static string Suffix(WinogradTiles tiles) =>
        FormattableString.Invariant($"{tiles.OutputTile}x{tiles.OutputTile}Of{tiles.Kernel}x{tiles.Kernel}");

    private static void EmitInputTransform(CodeWriter writer, VectorIsa isa, WinogradTiles tiles, string name)
    {
        var transforms = new WinogradTransforms(writer, isa, tiles.OutputTile, tiles.Kernel);
        writer.Line($"// One tile of inputs for {tiles.Algorithm}.");
        EmitToPoints(writer, isa, name, tiles.InputTile, tiles.InputTile, transforms.DeclareInputConstants, transforms.Input);
    }

    /// <summary>Prints the method that makes a tile's points of what lies on a map: rows, then columns.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isa">The instruction set.</param>
    /// <param name="name">The method.</param>
    /// <param name="size">Rows and columns of what is read.</param>
    /// <param name="points">Rows and columns of points.</param>
    /// <param name="declare">Declares the transform's constants.</param>
    /// <param name="transform">The transform of one row or column, to a result's variables.</param>
    public static void EmitToPoints(
        CodeWriter writer, VectorIsa isa, string name, int size, int points, Action declare, Action<IReadOnlyList<string>, string> transform)
    {
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}(float* input, nint rowStride, nint pixelStride, nint channels, float* points, nint pointStride, float* half)"))
        {
            writer.Line($"var pointRow = {Literal.Number(points)} * pointStride;");
            declare();
            using (writer.Block($"for (nint c = 0; c < channels; c += {isa.Lanes})"))
            {
                writer.Pointer("x", "input + c");
                writer.Line("var h = half;");
                using (writer.Block($"for (nint row = 0; row < {Literal.Number(size)}; row++)"))
                {
                    for (var column = 0; column < size; column++)
                        writer.Line($"var d{column} = {isa.Load(Plus("x", column, "pixelStride"))};");
                    transform(Names("d", size), "t");
                    for (var column = 0; column < points; column++)
                        writer.Line(isa.Store(Literal.At("h", column * isa.Lanes), "t" + Literal.Number(column)));
                    writer.Line("x += rowStride;");
                    writer.Line($"h += {Literal.Number(points * isa.Lanes)};");
                }

                writer.Line("h = half;");
                writer.Pointer("p", "points + c");
                using (writer.Block($"for (nint column = 0; column < {Literal.Number(points)}; column++)"))
                {
                    for (var row = 0; row < size; row++)
                        writer.Line($"var d{row} = {isa.Load(Literal.At("h", row * points * isa.Lanes))};");
                    transform(Names("d", size), "t");
                    for (var row = 0; row < points; row++)
                        writer.Line(isa.Store(Plus("p", row, "pointRow"), "t" + Literal.Number(row)));
                    writer.Line($"h += {Literal.Number(isa.Lanes)};");
                    writer.Line("p += pointStride;");
                }
            }
        }

        writer.Line();
    }

    private static void EmitOutputTransform(CodeWriter writer, VectorIsa isa, WinogradTiles tiles, KernelEpilogue after, string name)
    {
        var (size, outputs) = (tiles.InputTile, tiles.OutputTile);
        var transforms = new WinogradTransforms(writer, isa, outputs, tiles.Kernel);
        var bias = after.HasBias ? "float* bias, " : "";
        writer.Line($"// One tile of outputs for {tiles.Algorithm}{after}.");
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}(float* products, nint pointStride, {bias}float* output, nint rowStride, nint pixelStride, nint lanes, float* half{EpilogueText.Parameters(after)})"))
        {
            transforms.DeclareOutputConstants();
            using (writer.Block($"for (nint c = 0; c < lanes; c += {isa.Lanes})"))
            {
                writer.Pointer("x", "products + c");
                writer.Line("var h = half;");
                using (writer.Block($"for (nint row = 0; row < {Literal.Number(size)}; row++)"))
                {
                    for (var column = 0; column < size; column++)
                        writer.Line($"var m{column} = {isa.Load(Plus("x", column, "pointStride"))};");
                    transforms.Output(Names("m", size), "t");
                    for (var column = 0; column < outputs; column++)
                        writer.Line(isa.Store(Literal.At("h", column * isa.Lanes), "t" + Literal.Number(column)));
                    writer.Line($"x += {Literal.Number(size)} * pointStride;");
                    writer.Line($"h += {Literal.Number(outputs * isa.Lanes)};");
                }

                if (after.HasBias)
                    writer.Line($"var b0 = {isa.Load("bias + c")};");
                writer.Line("h = half;");
                var columns = after.Pool is null ? outputs : outputs / 2;
                using (writer.For("column", columns))
                {
                    writer.Pointer("y", columns == 1 ? "output + c" : "output + c + column * pixelStride");
                    if (after.Pool is null)
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
                writer.Line(isa.Store("y", EpilogueText.Finish(writer, isa, after, ["y" + Literal.Number(row)], "y", 0)));
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
                        writer, isa, after, [$"left{row}", $"y{row}", $"left{row + 1}", $"y{row + 1}"], "y", 0)));
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
                writer.Line($"var y{row} = {(after.HasBias ? isa.Add("t" + Literal.Number(row), "b0") : "t" + Literal.Number(row))};");
        }
    }

    /// <summary>The method that copies a tile that reaches past the map into a zeroed one.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="map">The map.</param>
    /// <param name="size">Rows and columns of a tile.</param>
    /// <param name="name">The method.</param>
    public static void EmitCopyIn(CodeWriter writer, Storage map, int size, string name)
    {
        using (writer.Block($"private static void {name}(float* input, float* edge, nint rows, nint columns)"))
        {
            writer.Line($"new Span<float>(edge, {Literal.Number(size * size * map.PixelStride)}).Clear();");
            writer.Line($"var bytes = columns * {Literal.Number(4 * map.PixelStride)};");
            using (writer.Block("for (nint row = 0; row < rows; row++)"))
                writer.Line($"Buffer.MemoryCopy(&input[{Literal.Times("row", map.RowStride)}], &edge[{Literal.Times("row", size * map.PixelStride)}], bytes, bytes);");
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
                writer.Line($"Buffer.MemoryCopy(&edge[{Literal.Times("row", size * output.PixelStride)} + {offset}], &output[{Literal.Times("row", output.RowStride)} + {offset}], {bytes}, {bytes});");
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
                writer.Line($"Buffer.MemoryCopy(&operand[{Literal.Times("row", output.RowStride)} + {offset}], &edge[{Literal.Times("row", size * output.PixelStride)} + {offset}], {bytes}, {bytes});");
            }
        }

        writer.Line();
    }

    public static string Plus(string pointer, int count, string stride) => count switch
    {
        0 => pointer,
        1 => $"{pointer} + {stride}",
        _ => $"{pointer} + {Literal.Number(count)} * {stride}",
    };

    public static string[] Names(string letter, int count) =>
        [.. Enumerable.Range(0, count).Select(i => letter + Literal.Number(i))];
}
