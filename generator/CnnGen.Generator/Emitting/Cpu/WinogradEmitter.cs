using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints <see cref="WinogradKernel"/>: a method over blocks of tiles, which calls one method for the input's transform, tile kernels for the products
/// (those of the direct convolution, with tiles for pixels), and one method for the output's transform: parts that other layers of other sizes call too.
/// </summary>
internal static class WinogradEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name, PartList parts)
    {
        var bias = kernel.After.HasBias ? "float* bias, " : "";
        var rows = kernel.Tiles.AcrossImages ? "nint rows, " : "";
        using (writer.Block($"public static void {name}(float* input, float* weight, {bias}float* output{EpilogueText.PointerParameters(kernel.After)}, float* scratch, {rows}nint from, nint to)"))
        {
            EpilogueText.EmitDistances(writer, kernel.After);
            writer.Pointer("products", Literal.At("scratch", kernel.ProductOffset));
            writer.Pointer("half", Literal.At("scratch", kernel.HalfOffset));
            if (kernel.Tiles.HasPartialTiles)
                writer.Pointer("edge", Literal.At("scratch", kernel.EdgeOffset));
            EmitUnits(writer, isa, kernel, kernel.Loop, name, parts);
        }

        writer.Line();
        if (kernel.HasPhases)
            EmitPhases(writer, isa, kernel, name, parts);
        if (kernel.Tiles.HasPartialTiles)
        {
            WinogradTileEmitter.EmitCopyIn(writer, kernel.Input, kernel.Tiles.InputTile, name + "_CopyIn");
            EmitCopiesOut(writer, kernel, name);
        }
    }

    /// <summary>What threads do that share one image: some of its tiles for all, then some of its units.</summary>
    private static void EmitPhases(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name, PartList parts)
    {
        using (writer.Block($"public static void {name}_Transform(float* input, float* scratch, float* own, nint from, nint to)"))
        {
            EmitOwn();
            using (writer.Zero("first"))
                EmitInputs(writer, isa, kernel, name, parts, "from", "to");
        }

        writer.Line();
        var bias = kernel.After.HasBias ? "float* bias, " : "";
        using (writer.Block($"public static void {name}_Multiply(float* weight, {bias}float* output{EpilogueText.PointerParameters(kernel.After)}, float* transformed, float* own, nint from, nint to)"))
        {
            EpilogueText.EmitDistances(writer, kernel.After);
            EmitOwn();
            EmitUnits(writer, isa, kernel, kernel.MultiplyLoop, name, parts);
        }

        writer.Line();

        void EmitOwn()
        {
            writer.Pointer("half", Literal.At("own", kernel.HalfOffset));
            if (kernel.Tiles.HasPartialTiles)
                writer.Pointer("edge", Literal.At("own", kernel.EdgeOffset));
        }
    }

    /// <summary>Prints the loop over a call's units: which tiles and filters each is, and its work.</summary>
    private static void EmitUnits(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, WinogradUnits units, string name, PartList parts)
    {
        switch (units)
        {
            case { Part: WinogradPart.Block, Lanes: WinogradLanes.All }:
                using (writer.Block("for (var unit = from; unit < to; unit++)"))
                {
                    EmitFirst(writer, kernel.Tiles);
                    EmitInputs(writer, isa, kernel, name, parts, "0", "tiles");
                    EmitProducts();
                }

                break;
            case { Part: WinogradPart.Block }:
                // Few blocks of tiles: their filters are shared among threads too, each of which transforms the block for itself.
                writer.Line("nint transformed = -1;");
                using (writer.Block("for (var index = from; index < to; index++)"))
                {
                    writer.Line($"var unit = index / {Literal.Number(units.Groups)};");
                    writer.Line($"var lanes = (index - {Literal.Times("unit", units.Groups)}) * {Literal.Number(kernel.GroupLanes)};");
                    EmitFirst(writer, kernel.Tiles);
                    using (writer.Block("if (unit != transformed)"))
                    {
                        writer.Line("transformed = unit;");
                        EmitInputs(writer, isa, kernel, name, parts, "0", "tiles");
                    }

                    EmitProducts();
                }

                break;
            case { Part: WinogradPart.OfImages }:
                EmitOfImages();
                break;
            default:
                using (writer.Block("for (var unit = from; unit < to; unit++)"))
                {
                    EmitTransformed();
                    EmitProducts();
                }

                break;
        }

        // Of tiles that are transformed.
        void EmitProducts()
        {
            // Those of several images, or of a phase, name the groups of filters that they compute.
            var isPart = units is { Part: not WinogradPart.Block, Lanes: WinogradLanes.OneGroup };
            WinogradProductEmitter.Emit(writer, isa, kernel, parts, isPart);
            EmitOutputs(writer, isa, kernel, name, parts, isPart);
        }

        void EmitOfImages()
        {
            writer.Line($"var count = {Literal.Times("rows", kernel.Tiles.Count)};");
            if (units.Lanes == WinogradLanes.OfCall)
            {
                EmitBlocks("0", "count");
                return;
            }

            writer.Line("// All units together are one part; a unit by itself is some of the tiles and some of the filters.");
            writer.Line($"var isWhole = to - from == {Literal.Number(units.Count)};");
            using (writer.Block("for (var unit = from; unit < to; unit = isWhole ? to : unit + 1)"))
            {
                writer.Line($"var part = unit / {Literal.Number(units.Groups)};");
                writer.Line($"var start = isWhole ? 0 : count * part / {Literal.Number(units.Parts)};");
                writer.Line($"var end = isWhole ? count : count * (part + 1) / {Literal.Number(units.Parts)};");
                writer.Line($"var fromLanes = isWhole ? 0 : unit - {Literal.Times("part", units.Groups)};");
                writer.Line($"var toLanes = isWhole ? {Literal.Number(units.Groups)} : fromLanes + 1;");
                EmitBlocks("start", "end");
            }
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
                EmitInputs(writer, isa, kernel, name, parts, "0", "tiles");
                EmitProducts();
            }
        }

        void EmitTransformed()
        {
            var count = Literal.Number(kernel.Tiles.Count);
            if (units.Parts == 1)
            {
                writer.Line("const nint first = 0;");
                writer.Line($"const nint tiles = {count};");
            }
            else
            {
                writer.Line($"var part = unit / {Literal.Number(units.Groups)};");
                writer.Line($"var first = {count} * part / {Literal.Number(units.Parts)};");
                writer.Line($"var tiles = {count} * (part + 1) / {Literal.Number(units.Parts)} - first;");
            }

            writer.Line($"var fromLanes = {(units.Parts == 1 ? "unit" : $"unit - {Literal.Times("part", units.Groups)}")};");
            writer.Line("var toLanes = fromLanes + 1;");
            writer.Pointer("scratch", $"transformed + {Literal.Times("first", kernel.InputTileStride)}");
            writer.Pointer("products", $"{Literal.At("transformed", kernel.ProductOffset)} + {Literal.Times("first", kernel.ProductTileStride)}");
        }
    }

    /// <summary>The first part of a convolution of a whole batch's tiles: an image's are transformed.</summary>
    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradInputsKernel kernel, string name, PartList parts)
    {
        var of = kernel.Of;
        using (writer.Block($"public static void {name}(float* input, float* scratch, float* half)"))
        {
            if (of.Tiles.HasPartialTiles)
                writer.Pointer("edge", Literal.At("half", of.EdgeOffset - of.HalfOffset));
            using (writer.Zero("first"))
                EmitInputs(writer, isa, of, name, parts, "0", Literal.Number(of.Tiles.Count));
        }

        writer.Line();
        if (of.Tiles.HasPartialTiles)
            WinogradTileEmitter.EmitCopyIn(writer, of.Input, of.Tiles.InputTile, name + "_CopyIn");
    }

    /// <summary>The last part: an image's products are transformed back.</summary>
    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradOutputsKernel kernel, string name, PartList parts)
    {
        var of = kernel.Of;
        var bias = of.After.HasBias ? "float* bias, " : "";
        using (writer.Block($"public static void {name}(float* products, {bias}float* output{EpilogueText.PointerParameters(of.After)}, float* half)"))
        {
            EpilogueText.EmitDistances(writer, of.After);
            if (of.Tiles.HasPartialTiles)
                writer.Pointer("edge", Literal.At("half", of.EdgeOffset - of.HalfOffset));
            using (writer.Zero("first"))
                EmitOutputs(writer, isa, of, name, parts);
        }

        writer.Line();
        if (of.Tiles.HasPartialTiles)
            EmitCopiesOut(writer, of, name);
    }

    private static void EmitCopiesOut(CodeWriter writer, WinogradKernel kernel, string name)
    {
        WinogradTileEmitter.EmitCopyOut(writer, kernel, name);
        if (kernel.After.Operands > 0)
            WinogradTileEmitter.EmitCopyOperand(writer, kernel, name);
    }

    private static void EmitInputs(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name, PartList parts, string from, string to)
    {
        var (tiles, input) = (kernel.Tiles, kernel.Input);
        var step = tiles.OutputTile;
        var transform = WinogradTileEmitter.InputTransform(isa, tiles, parts);
        var sizes = $"{Literal.Number(input.PixelStride)}, {Literal.Number(Storage.RoundUp(input.Channels))}";
        using (tiles.AcrossImages ? writer.Block($"for (nint tile = {from}; tile < {to}; tile++)") : writer.For("tile", tiles.BlockTiles))
        {
            EmitPlace(writer, tiles);
            var image = tiles.AcrossImages ? " + " + Literal.Times("image", kernel.InputImageStride) : "";
            writer.Pointer("x", $"{Literal.At("input", kernel.Taps.Start(input))}{image} + {Literal.Times("row", step * input.RowStride)} + {Literal.Times("column", step * input.PixelStride)}");
            var target = $"&scratch[{Literal.Times("tile", kernel.InputTileStride)}]";
            if (!tiles.HasPartialTiles)
            {
                writer.Line($"{transform}(x, {input.RowStride}, {sizes}, {target}, {Literal.Number(kernel.InputPointStride)}, half);");
                return;
            }

            writer.Line(PartialTest(tiles));
            using (writer.Block())
            {
                // A partial tile reads what the convolution reads and zeros beyond it.
                var rows = $"Math.Min({tiles.InputTile}, {tiles.Height + tiles.Kernel - 1} - {Literal.Times("row", step)})";
                var columns = $"Math.Min({tiles.InputTile}, {tiles.Width + tiles.Kernel - 1} - {Literal.Times("column", step)})";
                writer.Line($"{name}_CopyIn(x, edge, {rows}, {columns});");
                writer.Line($"{transform}(edge, {tiles.InputTile * input.PixelStride}, {sizes}, {target}, {Literal.Number(kernel.InputPointStride)}, half);");
            }

            writer.Line("else");
            using (writer.Block())
                writer.Line($"{transform}(x, {input.RowStride}, {sizes}, {target}, {Literal.Number(kernel.InputPointStride)}, half);");
        }
    }

    private static void EmitOutputs(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, string name, PartList parts, bool isPart = false)
    {
        var (tiles, output) = (kernel.Tiles, kernel.Output);
        if (tiles.AcrossImages && kernel.LaneGroups > 1)
        {
            using (writer.Block($"for (var laneGroup = {FromLanes(isPart)}; laneGroup < {ToLanes(isPart)}; laneGroup++)"))
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
            var pool = kernel.After.Pool?.Size.Height ?? 1;
            var step = tiles.OutputTile / pool;
            var lanes = kernel.LaneGroups == 1 ? "" : " + lanes";
            var bias = kernel.After.HasBias ? Literal.Address("bias" + lanes) + ", " : "";
            var transform = WinogradTileEmitter.OutputTransform(isa, tiles, kernel.After, parts);
            var sizes = $"{Literal.Number(output.PixelStride)}, {Literal.Number(kernel.GroupLanes)}";
            var isUneven = tiles.Count % tiles.BlockTiles != 0;
            using (tiles.AcrossImages ? writer.Block("for (nint tile = 0; tile < tiles; tile++)")
                : isUneven
                ? writer.Block($"for (var tile = unit * {Literal.Number(tiles.BlockTiles)} - first; tile < {Literal.Number(tiles.BlockTiles)}; tile++)")
                : writer.For("tile", tiles.BlockTiles))
            {
                EmitPlace(writer, tiles);
                var image = tiles.AcrossImages ? " + " + Literal.Times("image", kernel.OutputImageStride) : "";
                writer.Pointer("y", $"{Literal.At("output", output.Origin)}{image} + {Literal.Times("row", step * output.RowStride)} + {Literal.Times("column", step * output.PixelStride)}{lanes}");
                var source = $"&products[{Literal.Times("tile", kernel.ProductTileStride)}{lanes}]";
                if (!tiles.HasPartialTiles)
                {
                    writer.Line($"{transform}({source}, {Literal.Number(kernel.ProductPointStride)}, {bias}y, {output.RowStride}, {sizes}, half{EpilogueText.Arguments(kernel.After)});");
                    return;
                }

                writer.Line(PartialTest(tiles));
                using (writer.Block())
                {
                    var rows = $"Math.Min({step}, {tiles.Height / pool} - {Literal.Times("row", step)})";
                    var columns = $"Math.Min({step}, {tiles.Width / pool} - {Literal.Times("column", step)})";
                    for (var i = 1; i <= kernel.After.Operands; i++)
                        writer.Line($"{name}_CopyOperand(&y[to{i}], &edge[{i * kernel.EdgeTileLength}], {rows}, {columns});");
                    var distances = string.Concat(Enumerable.Range(1, kernel.After.Operands).Select(i => $", {Literal.Number(i * kernel.EdgeTileLength)}"));
                    writer.Line($"{transform}({source}, {Literal.Number(kernel.ProductPointStride)}, {bias}edge, {step * output.PixelStride}, {sizes}, half{distances});");
                    writer.Line($"{name}_CopyOut(edge, y, {rows}, {columns});");
                }

                writer.Line("else");
                using (writer.Block())
                    writer.Line($"{transform}({source}, {Literal.Number(kernel.ProductPointStride)}, {bias}y, {output.RowStride}, {sizes}, half{EpilogueText.Arguments(kernel.After)});");
            }
        }
    }

    /// <summary>The first of the groups of filters that are computed: of all that the call is for, or of one part.</summary>
    public static string FromLanes(bool isPart) => isPart ? "fromLanes" : "from";

    /// <summary>The group behind the last of them.</summary>
    public static string ToLanes(bool isPart) => isPart ? "toLanes" : "to";

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
    public static void EmitPlace(CodeWriter writer, WinogradTiles tiles)
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

    /// <summary>The test whether a tile reaches past the map.</summary>
    public static string PartialTest(WinogradTiles tiles)
    {
        var tests = new List<string>();
        if (tiles.Height % tiles.OutputTile != 0)
            tests.Add($"row == {Literal.Number(tiles.Rows - 1)}");
        if (tiles.Width % tiles.OutputTile != 0)
            tests.Add($"column == {Literal.Number(tiles.Columns - 1)}");
        return $"if ({string.Join(" || ", tests)})";
    }
}
