using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints <see cref="WinogradKernel"/>: a method over blocks of tiles, which calls one method for the input's transform, tile kernels for the products
/// (those of the direct convolution, with tiles for pixels), and one method for the output's transform.
/// </summary>
internal static class WinogradEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name)
    {
        var products = new SortedDictionary<string, TileBody>(StringComparer.Ordinal);
        var bias = kernel.HasBias ? "float* bias, " : "";
        var rows = kernel.Tiles.AcrossImages ? "nint rows, " : "";
        using (writer.Block($"private static void {name}(float* input, float* weight, {bias}float* output, float* scratch, {rows}nint from, nint to)"))
        {
            writer.Line($"var products = {Literal.At("scratch", kernel.ProductOffset)};");
            writer.Line($"var half = {Literal.At("scratch", kernel.HalfOffset)};");
            if (kernel.Tiles.HasPartialTiles)
                writer.Line($"var edge = {Literal.At("scratch", kernel.EdgeOffset)};");
            if (kernel.Tiles.AcrossImages)
            {
                EmitAcrossImages();
            }
            else if (kernel.LaneGroups == 1)
            {
                using (writer.Block("for (var unit = from; unit < to; unit++)"))
                {
                    EmitFirst(writer, kernel.Tiles);
                    EmitInputs(writer, kernel, name);
                    EmitProducts(writer, isa, kernel, name, products);
                    EmitOutputs(writer, kernel, name);
                }
            }
            else
            {
                // Few blocks of tiles: their filters are shared among threads too, each of which transforms the block for itself.
                writer.Line("nint transformed = -1;");
                using (writer.Block("for (var index = from; index < to; index++)"))
                {
                    writer.Line($"var unit = index / {Literal.Number(kernel.LaneGroups)};");
                    writer.Line($"var lanes = (index - {Literal.Times("unit", kernel.LaneGroups)}) * {Literal.Number(kernel.GroupLanes)};");
                    EmitFirst(writer, kernel.Tiles);
                    using (writer.Block("if (unit != transformed)"))
                    {
                        writer.Line("transformed = unit;");
                        EmitInputs(writer, kernel, name);
                    }

                    EmitProducts(writer, isa, kernel, name, products);
                    EmitOutputs(writer, kernel, name);
                }
            }
        }

        writer.Line();

        void EmitAcrossImages()
        {
            writer.Line($"var count = {Literal.Times("rows", kernel.Tiles.Count)};");
            if (kernel.TileParts == 1)
            {
                EmitBlocks("0", "count");
                return;
            }

            writer.Line("// All units together are one part; a unit by itself is some of the tiles and some of the filters.");
            writer.Line($"var isWhole = to - from == {Literal.Number(kernel.Units)};");
            using (writer.Block("for (var unit = from; unit < to; unit = isWhole ? to : unit + 1)"))
            {
                writer.Line($"var part = unit / {Literal.Number(kernel.LaneGroups)};");
                writer.Line($"var start = isWhole ? 0 : count * part / {Literal.Number(kernel.TileParts)};");
                writer.Line($"var end = isWhole ? count : count * (part + 1) / {Literal.Number(kernel.TileParts)};");
                writer.Line($"var fromLanes = isWhole ? 0 : unit - {Literal.Times("part", kernel.LaneGroups)};");
                writer.Line($"var toLanes = isWhole ? {Literal.Number(kernel.LaneGroups)} : fromLanes + 1;");
                EmitBlocks("start", "end");
            }

            // Equal blocks of tiles.
            void EmitBlocks(string start, string end)
            {
                var all = start == "0" ? end : $"({end} - {start})";
                writer.Line($"var blocks = ({all} + {Literal.Number(kernel.Tiles.BlockTiles - 1)}) / {Literal.Number(kernel.Tiles.BlockTiles)};");
                writer.Line($"var size = ({all} + blocks - 1) / blocks;");
                using (writer.Block($"for (nint first = {start}; first < {end}; first += size)"))
                {
                    writer.Line($"var tiles = Math.Min(size, {end} - first);");
                    EmitInputs(writer, kernel, name);
                    EmitProducts(writer, isa, kernel, name, products);
                    EmitOutputs(writer, kernel, name);
                }
            }
        }

        EmitInputTransform(writer, isa, kernel, name);
        foreach (var body in products)
            TileEmitter.Emit(writer, isa, body.Key, body.Value);
        EmitOutputTransform(writer, isa, kernel, name);
        if (kernel.Tiles.HasPartialTiles)
        {
            EmitCopyIn(writer, kernel, name);
            EmitCopyOut(writer, kernel, name);
        }
    }

    private static void EmitInputs(CodeWriter writer, WinogradKernel kernel, string name)
    {
        var (tiles, input) = (kernel.Tiles, kernel.Input);
        var step = tiles.OutputTile;
        using (tiles.AcrossImages ? writer.Block("for (nint tile = 0; tile < tiles; tile++)") : writer.For("tile", tiles.BlockTiles))
        {
            EmitPlace(writer, tiles);
            var image = tiles.AcrossImages ? " + " + Literal.Times("image", kernel.InputImageStride) : "";
            writer.Line($"var x = {Literal.At("input", kernel.Taps.Start(input))}{image} + {Literal.Times("row", step * input.RowStride)} + {Literal.Times("column", step * input.PixelStride)};");
            var target = $"scratch + {Literal.Times("tile", kernel.InputTileStride)}";
            if (!tiles.HasPartialTiles)
            {
                writer.Line($"{name}_Input(x, {input.RowStride}, {target}, half);");
                return;
            }

            writer.Line(PartialTest(tiles));
            using (writer.Block())
            {
                // A partial tile reads what the convolution reads and zeros beyond it.
                var rows = $"Math.Min({tiles.InputTile}, {tiles.Height + tiles.Kernel - 1} - {Literal.Times("row", step)})";
                var columns = $"Math.Min({tiles.InputTile}, {tiles.Width + tiles.Kernel - 1} - {Literal.Times("column", step)})";
                writer.Line($"{name}_CopyIn(x, edge, {rows}, {columns});");
                writer.Line($"{name}_Input(edge, {tiles.InputTile * input.PixelStride}, {target}, half);");
            }

            writer.Line("else");
            using (writer.Block())
                writer.Line($"{name}_Input(x, {input.RowStride}, {target}, half);");
        }
    }

    private static void EmitProducts(
        CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name, SortedDictionary<string, TileBody> products)
    {
        var (tiles, blocks) = (kernel.Tiles, kernel.Blocks);
        var weights = new WinogradWeights(tiles.OutputTile, tiles.Kernel, blocks);
        var tile = Tiling.ForPixels(1, tiles.BlockTiles, blocks.BlockLanes, isa.Lanes);
        var parts = blocks.BlockLanes / (tile.Vectors * isa.Lanes);
        var whole = tiles.BlockTiles / tile.Columns;
        var rest = tiles.BlockTiles % tile.Columns;
        if (tiles.AcrossImages)
        {
            writer.Line("// Groups of as many tiles as the registers hold, all alike: the last one may begin among those of the one before it.");
            writer.Line($"var groups = (tiles + {Literal.Number(tile.Columns - 1)}) / {Literal.Number(tile.Columns)};");
            writer.Line("var group = (tiles + groups - 1) / groups;");
        }

        var blocksOfLanes = blocks.BlockCount / kernel.LaneGroups;
        using (writer.For("point", tiles.Points))
        using (tiles.AcrossImages
            ? writer.Block($"for (var block = {Literal.Times(FromLanes(kernel), blocksOfLanes)}; block < {Literal.Times(ToLanes(kernel), blocksOfLanes)}; block++)")
            : writer.For("block", blocksOfLanes))
        using (writer.For("vectors", parts))
        {
            var (weightGroup, lanes) = kernel.LaneGroups == 1 || tiles.AcrossImages
                ? ("", "")
                : ($" + {Literal.Times("lanes", weights.BlockLength / blocks.BlockLanes)}", " + lanes");
            writer.Line($"var v = scratch + {Literal.Times("point", kernel.InputPointStride)};");
            writer.Line($"var w = weight + {Literal.Times("point", weights.PointStride)} + {Literal.Times("block", weights.BlockLength)} + {Literal.Times("vectors", tile.Vectors * isa.Lanes)}{weightGroup};");
            writer.Line($"var p = products + {Literal.Times("point", kernel.ProductPointStride)} + {Literal.Times("block", blocks.BlockLanes)} + {Literal.Times("vectors", tile.Vectors * isa.Lanes)}{lanes};");
            if (tiles.AcrossImages)
            {
                EmitGroups();
                return;
            }

            using (writer.For("group", whole))
                writer.Line($"{Product(tile.Columns)}(v + {Literal.Times("group", tile.Columns * kernel.InputTileStride)}, w, p + {Literal.Times("group", tile.Columns * kernel.ProductTileStride)});");
            if (rest > 0)
                writer.Line($"{Product(rest)}({Literal.At("v", whole * tile.Columns * kernel.InputTileStride)}, w, {Literal.At("p", whole * tile.Columns * kernel.ProductTileStride)});");
        }

        void EmitGroups()
        {
            var sizes = GroupSizes(tile.Columns);
            for (var i = 0; i < sizes.Count; i++)
            {
                if (sizes.Count > 1)
                    writer.Line(i == 0 ? $"if (group <= {Literal.Number(sizes[0])})" : i < sizes.Count - 1 ? $"else if (group <= {Literal.Number(sizes[i])})" : "else");
                using (sizes.Count > 1 ? writer.Block() : default(CodeWriter.Scope?))
                using (writer.Block($"for (nint tile = 0; tile < tiles; tile += {Literal.Number(sizes[i])})"))
                {
                    writer.Line($"var at = Math.Max(0, Math.Min(tile, tiles - {Literal.Number(sizes[i])}));");
                    writer.Line($"{Product(sizes[i])}(v + {Literal.Times("at", kernel.InputTileStride)}, w, p + {Literal.Times("at", kernel.ProductTileStride)});");
                }
            }
        }

        string Product(int count)
        {
            var productName = $"{name}_Product{Literal.Number(count)}";
            products[productName] = new TileBody(
                [.. Enumerable.Range(0, count).Select(i => new TilePixel(i * kernel.InputTileStride, i * kernel.ProductTileStride))],
                [.. Enumerable.Range(0, tile.Vectors).Select(vector => vector * isa.Lanes)],
                blocks.BlockLanes,
                [],
                blocks.RunChannels,
                1,
                HasBias: false,
                Activation: null);
            return productName;
        }
    }

    private static void EmitOutputs(CodeWriter writer, WinogradKernel kernel, string name)
    {
        var (tiles, output) = (kernel.Tiles, kernel.Output);
        if (tiles.AcrossImages && kernel.LaneGroups > 1)
        {
            using (writer.Block($"for (var laneGroup = {FromLanes(kernel)}; laneGroup < {ToLanes(kernel)}; laneGroup++)"))
            {
                writer.Line($"var lanes = {Literal.Times("laneGroup", kernel.GroupLanes)};");
                EmitTiles();
            }
        }
        else
        {
            EmitTiles();
        }

        void EmitTiles()
        {
            // Of the pooled map, where a pooling is fused.
            var pool = kernel.Pool?.Size.Height ?? 1;
            var step = tiles.OutputTile / pool;
            var lanes = kernel.LaneGroups == 1 ? "" : " + lanes";
            var bias = kernel.HasBias ? $"bias{lanes}, " : "";
            var isUneven = tiles.Count % tiles.BlockTiles != 0;
            using (tiles.AcrossImages ? writer.Block("for (nint tile = 0; tile < tiles; tile++)")
                : isUneven
                ? writer.Block($"for (var tile = unit * {Literal.Number(tiles.BlockTiles)} - first; tile < {Literal.Number(tiles.BlockTiles)}; tile++)")
                : writer.For("tile", tiles.BlockTiles))
            {
                EmitPlace(writer, tiles);
                var image = tiles.AcrossImages ? " + " + Literal.Times("image", kernel.OutputImageStride) : "";
                writer.Line($"var y = {Literal.At("output", output.Origin)}{image} + {Literal.Times("row", step * output.RowStride)} + {Literal.Times("column", step * output.PixelStride)}{lanes};");
                var source = $"products + {Literal.Times("tile", kernel.ProductTileStride)}{lanes}";
                if (!tiles.HasPartialTiles)
                {
                    writer.Line($"{name}_Output({source}, {bias}y, {output.RowStride}, half);");
                    return;
                }

                writer.Line(PartialTest(tiles));
                using (writer.Block())
                {
                    writer.Line($"{name}_Output({source}, {bias}edge, {step * output.PixelStride}, half);");
                    var rows = $"Math.Min({step}, {tiles.Height / pool} - {Literal.Times("row", step)})";
                    var columns = $"Math.Min({step}, {tiles.Width / pool} - {Literal.Times("column", step)})";
                    writer.Line($"{name}_CopyOut(edge, y, {rows}, {columns});");
                }

                writer.Line("else");
                using (writer.Block())
                    writer.Line($"{name}_Output({source}, {bias}y, {output.RowStride}, half);");
            }
        }
    }

    private static string FromLanes(WinogradKernel kernel) => kernel.TileParts == 1 ? "from" : "fromLanes";

    private static string ToLanes(WinogradKernel kernel) => kernel.TileParts == 1 ? "to" : "toLanes";

    /// <summary>The block's first tile.</summary>
    private static void EmitFirst(CodeWriter writer, WinogradTiles tiles)
    {
        if (tiles.Units == 1)
            writer.Line("const nint first = 0;");
        else if (tiles.Count % tiles.BlockTiles == 0)
            writer.Line($"var first = unit * {Literal.Number(tiles.BlockTiles)};");
        else
            writer.Line($"var first = Math.Min(unit * {Literal.Number(tiles.BlockTiles)}, {Literal.Number(tiles.Count - tiles.BlockTiles)});");
    }

    /// <summary>The tile's row and column among the tiles.</summary>
    private static void EmitPlace(CodeWriter writer, WinogradTiles tiles)
    {
        if (tiles.AcrossImages)
        {
            writer.Line($"var image = (first + tile) / {Literal.Number(tiles.Count)};");
            writer.Line($"var place = first + tile - {Literal.Times("image", tiles.Count)};");
            writer.Line($"var row = place / {Literal.Number(tiles.Columns)};");
            writer.Line($"var column = place - {Literal.Times("row", tiles.Columns)};");
            return;
        }

        writer.Line($"var row = (first + tile) / {Literal.Number(tiles.Columns)};");
        writer.Line($"var column = first + tile - {Literal.Times("row", tiles.Columns)};");
    }

    /// <summary>
    /// The numbers of tiles that products across images are printed for, up to what the registers hold: the smallest one that covers a group is taken.
    /// </summary>
    private static IReadOnlyList<int> GroupSizes(int most) => most switch
    {
        > 14 => [6, 12, 18, most],
        > 6 => [4, 8, 12, most],
        > 2 => [2, 4, most],
        _ => [most],
    };

    private static string PartialTest(WinogradTiles tiles)
    {
        var tests = new List<string>();
        if (tiles.Height % tiles.OutputTile != 0)
            tests.Add($"row == {Literal.Number(tiles.Rows - 1)}");
        if (tiles.Width % tiles.OutputTile != 0)
            tests.Add($"column == {Literal.Number(tiles.Columns - 1)}");
        return $"if ({string.Join(" || ", tests)})";
    }

    private static void EmitInputTransform(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name)
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
                for (var row = 0; row < size; row++)
                {
                    using (writer.Block())
                    {
                        for (var column = 0; column < size; column++)
                            writer.Line($"var d{column} = {isa.Load(Literal.At("x", column * kernel.Input.PixelStride))};");
                        transforms.Input(Names("d", size), "t");
                        for (var column = 0; column < size; column++)
                            writer.Line(isa.Store(Half(isa, (row * size) + column), "t" + Literal.Number(column)));
                        if (row < size - 1)
                            writer.Line("x += rowStride;");
                    }
                }

                for (var column = 0; column < size; column++)
                {
                    using (writer.Block())
                    {
                        for (var row = 0; row < size; row++)
                            writer.Line($"var d{row} = {isa.Load(Half(isa, (row * size) + column))};");
                        transforms.Input(Names("d", size), "t");
                        for (var row = 0; row < size; row++)
                            writer.Line(isa.Store(Literal.At("points + c", ((row * size) + column) * kernel.InputPointStride), "t" + Literal.Number(row)));
                    }
                }
            }
        }

        writer.Line();
    }

    private static void EmitOutputTransform(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name)
    {
        var (size, outputs) = (kernel.Tiles.InputTile, kernel.Tiles.OutputTile);
        var transforms = new WinogradTransforms(writer, isa, outputs, kernel.Tiles.Kernel);
        var bias = kernel.HasBias ? "float* bias, " : "";
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}_Output(float* products, {bias}float* output, nint rowStride, float* half)"))
        {
            transforms.DeclareOutputConstants();
            using (writer.Block($"for (nint c = 0; c < {Literal.Number(kernel.GroupLanes)}; c += {isa.Lanes})"))
            {
                for (var row = 0; row < size; row++)
                {
                    using (writer.Block())
                    {
                        for (var column = 0; column < size; column++)
                            writer.Line($"var m{column} = {isa.Load(Literal.At("products + c", ((row * size) + column) * kernel.ProductPointStride))};");
                        transforms.Output(Names("m", size), "t");
                        for (var column = 0; column < outputs; column++)
                            writer.Line(isa.Store(Half(isa, (row * outputs) + column), "t" + Literal.Number(column)));
                    }
                }

                if (kernel.HasBias)
                    writer.Line($"var b0 = {isa.Load("bias + c")};");
                if (kernel.Pool is { } pool)
                {
                    for (var column = 0; column < outputs; column += 2)
                        EmitPooled(pool, column);
                }
                else
                {
                    for (var column = 0; column < outputs; column++)
                    {
                        using (writer.Block())
                        {
                            writer.Line($"var y = {Literal.At("output + c", column * kernel.Output.PixelStride)};");
                            EmitColumn(column);
                            for (var row = 0; row < outputs; row++)
                            {
                                writer.Line(isa.Store("y", TileEmitter.Activate(isa, kernel.Activation, "y" + Literal.Number(row))));
                                if (row < outputs - 1)
                                    writer.Line("y += rowStride;");
                            }
                        }
                    }
                }
            }
        }

        writer.Line();

        // A column of outputs, biased: y0, y1...
        void EmitColumn(int column)
        {
            for (var row = 0; row < size; row++)
                writer.Line($"var m{row} = {isa.Load(Half(isa, (row * outputs) + column))};");
            transforms.Output(Names("m", size), "t");
            for (var row = 0; row < outputs; row++)
                writer.Line($"var y{row} = {(kernel.HasBias ? isa.Add("t" + Literal.Number(row), "b0") : "t" + Literal.Number(row))};");
        }

        // Two columns of outputs become one of the pooled map.
        void EmitPooled(FusedPool pool, int column)
        {
            using (writer.Block())
            {
                writer.Line($"var y = {Literal.At("output + c", column / 2 * kernel.Output.PixelStride)};");
                writer.Line($"{isa.VectorType} {string.Join(", ", Names("left", outputs))};");
                using (writer.Block())
                {
                    EmitColumn(column);
                    for (var row = 0; row < outputs; row++)
                        writer.Line($"left{row} = y{row};");
                }

                using (writer.Block())
                {
                    EmitColumn(column + 1);
                    for (var row = 0; row < outputs; row += 2)
                    {
                        TileEmitter.EmitPool(writer, isa, pool, kernel.Activation, [$"left{row}", $"y{row}", $"left{row + 1}", $"y{row + 1}"]);
                        var activation = pool.ActivatesFirst(kernel.Activation) ? null : kernel.Activation;
                        writer.Line(isa.Store("y", TileEmitter.Activate(isa, activation, $"left{row}")));
                        if (row < outputs - 2)
                            writer.Line("y += rowStride;");
                    }
                }
            }
        }
    }

    private static void EmitCopyIn(CodeWriter writer, WinogradKernel kernel, string name)
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

    private static void EmitCopyOut(CodeWriter writer, WinogradKernel kernel, string name)
    {
        var (output, size) = (kernel.Output, kernel.Tiles.OutputTile / (kernel.Pool?.Size.Height ?? 1));
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

    private static string Half(VectorIsa isa, int index) => Literal.At("half", index * isa.Lanes);

    private static string[] Names(string letter, int count) =>
        [.. Enumerable.Range(0, count).Select(i => letter + Literal.Number(i))];
}
