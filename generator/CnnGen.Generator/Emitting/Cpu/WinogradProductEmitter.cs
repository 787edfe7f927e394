using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints the products of <see cref="WinogradKernel"/>: at each point of the transformed tiles its matrix of weights, by the tile kernels of products.</summary>
internal static class WinogradProductEmitter
{
    /// <summary>The second part of a convolution of a whole batch's tiles: blocks of filters, whose weights are transformed first.</summary>
    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradProductsKernel kernel, string name, PartList parts)
    {
        var (of, source) = (kernel.Of, kernel.Source);
        var (tiles, blocks) = (of.Tiles, of.Blocks);
        var transform = WinogradWeightsEmitter.RowTransform(isa, tiles.OutputTile, tiles.Kernel, parts);
        using (writer.Block($"public static void {name}(float* scratch, float* weights, float* products, float* weight, nint images, nint from, nint to)"))
        {
            writer.Line("// What each row of points takes of the taps' rows.");
            var factors = WinogradMatrices.Taps(tiles.OutputTile, tiles.Kernel).SelectMany(row => row);
            writer.Line($"ReadOnlySpan<float> factors = [{string.Join(", ", factors.Select(Literal.Float))}];");
            writer.Line($"var tiles = {Literal.Times("images", tiles.Count)};");
            EmitGroup(writer, isa, of, BatchTiles);
            using (writer.Block("for (var block = from; block < to; block++)"))
            {
                writer.Pointer("taps", $"weights + {Literal.Times("block", tiles.Kernel * tiles.Kernel * kernel.BlockLength)}");
                using (writer.For("row", tiles.InputTile))
                {
                    writer.Line("// A row's weights stay near the core until they are multiplied.");
                    writer.Line($"var factor = {Literal.Times("(int)row", tiles.Kernel)};");
                    var arguments = string.Concat(Enumerable.Range(0, tiles.Kernel).Select(i => $"factors[{(i == 0 ? "factor" : "factor + " + Literal.Number(i))}], "));
                    writer.Line($"{transform}(taps, {Literal.Number(kernel.ChannelStride)}, {source.RowStride}, {source.ColumnStride}, {Literal.Number(blocks.RunChannels)}, {Literal.Number(blocks.BlockLanes)}, {arguments}weight, {Literal.Number(kernel.WeightPointStride)});");
                    using (writer.For("column", tiles.InputTile))
                    {
                        writer.Line($"var point = {Literal.Times("row", tiles.InputTile)} + column;");
                        EmitPoint(writer, isa, of, kernel.WeightPointStride, parts, isPart: false);
                    }
                }
            }
        }

        writer.Line();
    }

    /// <summary>Tiles of a batch: more than the registers hold.</summary>
    private const int BatchTiles = 64;

    /// <summary>Prints the products of a block of tiles, or of some of its filters, at all points.</summary>
    public static void Emit(
        CodeWriter writer, VectorIsa isa, WinogradKernel kernel, PartList parts, bool isPart = false)
    {
        var (tiles, blocks) = (kernel.Tiles, kernel.Blocks);
        if (tiles.AcrossImages)
            EmitGroup(writer, isa, kernel, tiles.BlockTiles);
        var blocksOfLanes = blocks.BlockCount / kernel.LaneGroups;
        using (writer.For("point", tiles.Points))
        using (tiles.AcrossImages
            ? writer.Block($"for (var block = {Literal.Times(WinogradEmitter.FromLanes(isPart), blocksOfLanes)}; block < {Literal.Times(WinogradEmitter.ToLanes(isPart), blocksOfLanes)}; block++)")
            : blocksOfLanes > 1 ? writer.For("block", blocksOfLanes) : default(CodeWriter.Scope?))
        {
            EmitPoint(writer, isa, kernel, new WinogradWeights(tiles.OutputTile, tiles.Kernel, blocks).PointStride, parts, isPart);
        }
    }

    private static void EmitGroup(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, int most)
    {
        var tile = Tiling.ForPixels(1, most, kernel.Blocks.BlockLanes, isa.Lanes);
        writer.Line("// Groups of as many tiles as the registers hold, all alike: the last one may begin among those of the one before it.");
        writer.Line($"var groups = (tiles + {Literal.Number(tile.Columns - 1)}) / {Literal.Number(tile.Columns)};");
        writer.Line("var group = (tiles + groups - 1) / groups;");
        if (StridedTile.SpreadsFetching(isa))
        {
            var weights = Literal.Number(Product(isa, kernel, tile, tile.Columns).WeightsPerTurn(kernel.Blocks.BlockLanes / isa.Lanes));
            writer.Line("// Floats of the next block's weights that are fetched in each turn of a group's sums.");
            writer.Line($"var fetched = ({weights} + groups - 1) / groups;");
        }
    }

    /// <summary>The product of so many tiles.</summary>
    private static StridedTile Product(VectorIsa isa, WinogradKernel kernel, Tile tile, int count) =>
        StridedTile.For(isa, count, 1, tile.Vectors, kernel.Blocks.BlockLanes, kernel.Blocks.RunChannels) with { FetchesElsewhere = true, FetchesNothing = false };

    /// <summary>Prints the products of some tiles at a point by the weights of a block of filters.</summary>
    private static void EmitPoint(CodeWriter writer, VectorIsa isa, WinogradKernel kernel, int pointStride, PartList parts, bool isPart)
    {
        var (tiles, blocks) = (kernel.Tiles, kernel.Blocks);
        var blockLength = blocks.RunChannels * blocks.BlockLanes;
        var isOfImages = tiles.AcrossImages || tiles.OfBatch;
        var tile = Tiling.ForPixels(1, tiles.OfBatch ? BatchTiles : tiles.BlockTiles, blocks.BlockLanes, isa.Lanes);
        var vectorParts = blocks.BlockLanes / (tile.Vectors * isa.Lanes);
        var whole = tiles.BlockTiles / tile.Columns;
        var rest = tiles.BlockTiles % tile.Columns;
        var blocksOfLanes = blocks.BlockCount / kernel.LaneGroups;
        var isSpread = StridedTile.SpreadsFetching(isa);
        var groups = whole + (rest > 0 ? 1 : 0);
        using (vectorParts > 1 ? writer.For("vectors", vectorParts) : default(CodeWriter.Scope?))
        {
            var (weightGroup, lanes) = kernel.LaneGroups == 1 || isOfImages
                ? ("", "")
                : ($" + {Literal.Times("lanes", blocks.RunChannels)}", " + lanes");
            writer.Pointer("v", $"scratch + {Literal.Times("point", kernel.InputPointStride)}");
            writer.Pointer("w", $"weight + {Literal.Times(tiles.OfBatch ? "column" : "point", pointStride)}{(tiles.OfBatch ? "" : OfBlock(blockLength))}{OfVectors()}{weightGroup}");
            writer.Pointer("p", $"products + {Literal.Times("point", kernel.ProductPointStride)}{OfBlock(blocks.BlockLanes)}{OfVectors()}{lanes}");
            if (!isa.IsScalar)
                EmitNext();
            if (isOfImages)
            {
                EmitGroups();
                return;
            }

            var product = Product(tile.Columns);
            var isAlone = whole == 1 && rest == 0;
            using (whole > 1 ? writer.For("group", whole) : default(CodeWriter.Scope?))
            {
                EmitProduct(
                    product,
                    "v" + OfGroup(kernel.InputTileStride),
                    "p" + OfGroup(kernel.ProductTileStride),
                    Fetched(isAlone ? product.TurnWeights : product.HalfTurnWeights));
                if (!isAlone)
                    EmitAdvance(product, whole > 1 ? "group" : null);
            }

            if (rest > 0)
            {
                EmitProduct(
                    Product(rest),
                    Literal.At("v", whole * tile.Columns * kernel.InputTileStride),
                    Literal.At("p", whole * tile.Columns * kernel.ProductTileStride),
                    Fetched(Product(rest).HalfTurnWeights));
            }
        }

        // What there is one of has no index.
        string OfBlock(int step) => blocksOfLanes == 1 && !isOfImages ? "" : " + " + Literal.Times("block", step);

        string OfVectors() => Literal.Step("vectors", vectorParts, tile.Vectors * isa.Lanes);

        string OfGroup(int tileStride) => Literal.Step("group", whole, tile.Columns * tileStride);

        // What is fetched meanwhile: the weights behind this block's, or, after the last block that is wanted (of a batch, always), those of the next point.
        void EmitNext()
        {
            var last = tiles.AcrossImages ? Literal.Times(WinogradEmitter.ToLanes(isPart), blocksOfLanes) : Literal.Number(blocksOfLanes);
            var back = tiles.OfBatch ? "0" : tiles.AcrossImages
                ? $"({last} - {Literal.Times(WinogradEmitter.FromLanes(isPart), blocksOfLanes)} - 1) * {Literal.Number(blockLength)}"
                : Literal.Number((blocksOfLanes - 1) * blockLength);
            var behind = $"&w[{Literal.Number(blockLength)}]";
            var atNextPoint = $"&w[{Literal.Number(pointStride)}{(back == "0" ? "" : " - " + back)}]";
            writer.Line($"var next = {(tiles.OfBatch || (!tiles.AcrossImages && blocksOfLanes == 1) ? atNextPoint : $"block + 1 < {last} ? {behind} : {atNextPoint}")};");
            if (isSpread && vectorParts > 1)
            {
                var turns = blocks.RunChannels / Product(tile.Columns).Unroll;
                writer.Line($"next += {(isOfImages ? $"vectors * groups * {Literal.Times("fetched", turns)}" : Literal.Times("vectors", groups * turns * PerTurn()))};");
            }
        }

        void EmitGroups()
        {
            var sizes = GroupSizes(tile.Columns);

            // A chunk's scratch memory has room for whole groups, a batch's memory ends with its last tile.
            if (tiles.OfBatch && sizes[0] > 1)
                sizes = [1, .. sizes];
            for (var i = 0; i < sizes.Count; i++)
            {
                var isFew = !tiles.OfBatch ? $"group <= {Literal.Number(sizes[i])}"
                    : i + 1 == sizes.Count ? ""
                    : i == 0 ? $"tiles < {Literal.Number(sizes[1])}"
                    : $"group <= {Literal.Number(sizes[i])} || tiles < {Literal.Number(sizes[i + 1])}";
                if (sizes.Count > 1)
                    writer.Line(i == 0 ? $"if ({isFew})" : i < sizes.Count - 1 ? $"else if ({isFew})" : "else");
                using (sizes.Count > 1 ? writer.Block() : default(CodeWriter.Scope?))
                using (writer.Block($"for (nint tile = 0; tile < tiles; tile += {Literal.Number(sizes[i])})"))
                {
                    var last = $"Math.Min(tile, tiles - {Literal.Number(sizes[i])})";
                    writer.Line($"var at = {(tiles.OfBatch ? last : $"Math.Max(0, {last})")};");
                    var product = Product(sizes[i]);
                    var fetchesNothing = kernel.WeightsAreNear && i == 0 && !isa.IsScalar;
                    EmitProduct(
                        product,
                        $"v + {Literal.Times("at", kernel.InputTileStride)}",
                        $"p + {Literal.Times("at", kernel.ProductTileStride)}",
                        isSpread ? "fetched" : $"tiles > {Literal.Number(sizes[i])} ? {Literal.Number(product.HalfTurnWeights)} : {Literal.Number(product.TurnWeights)}",
                        fetchesNothing);
                    if (!fetchesNothing)
                        EmitAdvance(product, "tile");
                }
            }
        }

        StridedTile Product(int count) => WinogradProductEmitter.Product(isa, kernel, tile, count);

        void EmitProduct(StridedTile product, string input, string output, string fetched, bool fetchesNothing = false) => writer.Line(StridedTileEmitter.Call(
            parts, isa, product, KernelEpilogue.None, blocks.RunChannels, input, kernel.InputTileStride, "w", 0, "", output, kernel.ProductTileStride, fetchesNothing ? "w, 0" : "next, " + fetched));

        // The floats of a turn where the number of groups is known.
        string Fetched(int ofTwoCalls) => Literal.Number(isSpread ? PerTurn() : ofTwoCalls);

        int PerTurn() => (Product(tile.Columns).WeightsPerTurn(blocks.BlockLanes / isa.Lanes) + groups - 1) / groups;

        // The first two calls on a block's weights fetch half of the next ones each, further ones what is there already; a call alone fetches all of them. Where fetching is spread, each
        // call goes on where the one before it ended.
        void EmitAdvance(StridedTile product, string? counter)
        {
            if (isSpread)
                writer.Line($"next += {(isOfImages ? Literal.Times("fetched", blocks.RunChannels / product.Unroll) : Literal.Number(blocks.RunChannels / product.Unroll * PerTurn()))};");
            else if (!isa.IsScalar)
                writer.Line($"next = {(counter is null ? "" : counter + " == 0 ? ")}&next[{Literal.Number(blocks.RunChannels / product.Unroll * product.HalfTurnWeights)}]{(counter is null ? "" : " : w")};");
        }
    }

    /// <summary>
    /// The numbers of tiles that products across images are printed for, up to what the registers hold: the smallest one that covers a group is taken.
    /// </summary>
    private static IReadOnlyList<int> GroupSizes(int most)
    {
        var step = most > 14 ? 6 : most > 6 ? 4 : 2;
        return [.. new[] { step, 2 * step, 3 * step }.Where(size => size < most), most];
    }
}
