using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints the products of <see cref="WinogradKernel"/>: at each point of the transformed tiles its matrix of weights, by the tile kernels of products.</summary>
internal static class WinogradProductEmitter
{
    /// <summary>Prints the products of a block of tiles, or of some of its filters, at all points.</summary>
    public static void Emit(
        CodeWriter writer, VectorIsa isa, WinogradKernel kernel, PartList parts, bool isPart = false)
    {
        var (tiles, blocks) = (kernel.Tiles, kernel.Blocks);
        var weights = new WinogradWeights(tiles.OutputTile, tiles.Kernel, blocks);
        var tile = Tiling.ForPixels(1, tiles.BlockTiles, blocks.BlockLanes, isa.Lanes);
        var vectorParts = blocks.BlockLanes / (tile.Vectors * isa.Lanes);
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
            ? writer.Block($"for (var block = {Literal.Times(WinogradEmitter.FromLanes(isPart), blocksOfLanes)}; block < {Literal.Times(WinogradEmitter.ToLanes(isPart), blocksOfLanes)}; block++)")
            : writer.For("block", blocksOfLanes))
        using (writer.For("vectors", vectorParts))
        {
            var (weightGroup, lanes) = kernel.LaneGroups == 1 || tiles.AcrossImages
                ? ("", "")
                : ($" + {Literal.Times("lanes", weights.BlockLength / blocks.BlockLanes)}", " + lanes");
            writer.Line($"var v = scratch + {Literal.Times("point", kernel.InputPointStride)};");
            writer.Line($"var w = weight + {Literal.Times("point", weights.PointStride)} + {Literal.Times("block", weights.BlockLength)} + {Literal.Times("vectors", tile.Vectors * isa.Lanes)}{weightGroup};");
            writer.Line($"var p = products + {Literal.Times("point", kernel.ProductPointStride)} + {Literal.Times("block", blocks.BlockLanes)} + {Literal.Times("vectors", tile.Vectors * isa.Lanes)}{lanes};");
            if (!isa.IsScalar)
                EmitNext();
            if (tiles.AcrossImages)
            {
                EmitGroups();
                return;
            }

            var product = Product(tile.Columns);
            var isAlone = whole == 1 && rest == 0;
            using (writer.For("group", whole))
            {
                EmitProduct(
                    product,
                    $"v + {Literal.Times("group", tile.Columns * kernel.InputTileStride)}",
                    $"p + {Literal.Times("group", tile.Columns * kernel.ProductTileStride)}",
                    Literal.Number(isAlone ? product.TurnWeights : product.HalfTurnWeights));
                if (!isAlone)
                    EmitAdvance(product, "group");
            }

            if (rest > 0)
            {
                EmitProduct(
                    Product(rest),
                    Literal.At("v", whole * tile.Columns * kernel.InputTileStride),
                    Literal.At("p", whole * tile.Columns * kernel.ProductTileStride),
                    Literal.Number(Product(rest).HalfTurnWeights));
            }
        }

        // What is fetched meanwhile: the weights behind this block's, or, after the last block that is wanted, those of the next point.
        void EmitNext()
        {
            var last = tiles.AcrossImages ? Literal.Times(WinogradEmitter.ToLanes(isPart), blocksOfLanes) : Literal.Number(blocksOfLanes);
            var back = tiles.AcrossImages
                ? $"({last} - {Literal.Times(WinogradEmitter.FromLanes(isPart), blocksOfLanes)} - 1) * {Literal.Number(weights.BlockLength)}"
                : Literal.Number((blocksOfLanes - 1) * weights.BlockLength);
            var behind = $"w + {Literal.Number(weights.BlockLength)}";
            var atNextPoint = $"w + {Literal.Number(weights.PointStride)}{(back == "0" ? "" : " - " + back)}";
            writer.Line($"var next = {(!tiles.AcrossImages && blocksOfLanes == 1 ? atNextPoint : $"block + 1 < {last} ? {behind} : {atNextPoint}")};");
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
                    var product = Product(sizes[i]);
                    EmitProduct(
                        product,
                        $"v + {Literal.Times("at", kernel.InputTileStride)}",
                        $"p + {Literal.Times("at", kernel.ProductTileStride)}",
                        $"tiles > {Literal.Number(sizes[i])} ? {Literal.Number(product.HalfTurnWeights)} : {Literal.Number(product.TurnWeights)}");
                    EmitAdvance(product, "tile");
                }
            }
        }

        StridedTile Product(int count) =>
            StridedTile.For(count, 1, tile.Vectors, blocks.BlockLanes, blocks.RunChannels, KernelEpilogue.None) with { FetchesElsewhere = true };

        void EmitProduct(StridedTile product, string input, string output, string fetched) => writer.Line(StridedTileEmitter.Call(
            parts, isa, product, blocks.RunChannels, input, kernel.InputTileStride, "w", 0, "", output, kernel.ProductTileStride, "next, " + fetched));

        // The first two calls on a block's weights fetch half of the next ones each, further ones what is there already; a call alone fetches all of them.
        void EmitAdvance(StridedTile product, string counter)
        {
            if (!isa.IsScalar)
                writer.Line($"next = {counter} == 0 ? next + {Literal.Number(blocks.RunChannels / product.Unroll * product.HalfTurnWeights)} : w;");
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
