using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints <see cref="ProductKernel"/>: tiles of several rows, and a kernel of one row for what is left.</summary>
internal static class ProductEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, ProductKernel kernel, string name)
    {
        var blocks = kernel.Blocks;
        var tile = Tiling.ForRows(blocks.BlockLanes, isa.Lanes);
        var blockLength = kernel.Depth * blocks.BlockLanes;
        var biasParameter = kernel.After.HasBias ? "float* bias, " : "";
        var rowCounts = RowCounts(isa).Where(rows => rows <= tile.Columns).ToList();
        var pairsBlocks = tile.Vectors == 1 && blocks.BlockLanes == isa.Lanes;
        var group = GroupVectors(isa, kernel);
        var units = Units(isa, kernel);
        var lastVectors = (blocks.TotalLanes / isa.Lanes) - ((units - 1) * group);

        List<int> tileBlocks = [];
        if (pairsBlocks && (units > 1 || lastVectors > 1))
            tileBlocks.Add(2);
        if (!pairsBlocks || lastVectors % 2 > 0)
            tileBlocks.Add(1);

        using (writer.Block($"public static void {name}(float* input, float* weight, {biasParameter}float* output{EpilogueText.PointerParameters(kernel.After)}, nint rows, nint from, nint to)"))
        {
            EpilogueText.EmitDistances(writer, kernel.After);
            using (writer.Block("for (var unit = from; unit < to; unit++)"))
            {
                var lanes = group * isa.Lanes;
                writer.Line($"var w = weight + {Literal.Times("unit", checked(lanes / blocks.BlockLanes * blockLength))};");
                if (kernel.After.HasBias)
                    writer.Line($"var b = bias + {Literal.Times("unit", lanes)};");
                writer.Line($"var unitOutput = output + {Literal.Times("unit", lanes)};");
                if (units == 1 || lastVectors == group)
                {
                    EmitUnit(units == 1 ? lastVectors : group);
                }
                else
                {
                    using (writer.Block($"if (unit < {units - 1})"))
                        EmitUnit(group);
                    using (writer.Block("else"))
                        EmitUnit(lastVectors);
                }
            }
        }

        writer.Line();
        foreach (var rows in rowCounts)
        {
            var pixels = Enumerable.Range(0, rows).Select(row => new TilePixel(row * kernel.InputStride, row * kernel.OutputStride));
            foreach (var blockCount in tileBlocks)
                EmitTile(TileName(rows, blockCount), [.. pixels], Offsets(blockCount * tile.Vectors));
        }

        if (!isa.IsScalar)
        {
            foreach (var count in new[] { units == 1 ? lastVectors : group, lastVectors }.Distinct())
                EmitTile($"{name}_Row{count}", [new TilePixel(0, 0)], Offsets(count));
        }

        // Blocks of a single vector go in pairs: a few rows of one vector would be additions that wait for one another.
        string TileName(int rows, int blockCount) => $"{name}_Rows{rows}{(blockCount > 1 ? "x2" : "")}";

        IReadOnlyList<int> Offsets(int vectors) =>
        [
            .. Enumerable.Range(0, vectors).Select(vector =>
                (vector * isa.Lanes / blocks.BlockLanes * blockLength) + (vector * isa.Lanes % blocks.BlockLanes)),
        ];

        void EmitUnit(int vectors)
        {
            if (rowCounts.Count > 0)
            {
                // A block's weights stay near while all rows pass over them.
                var smallest = rowCounts[rowCounts.Count - 1];
                writer.Line(smallest == 1 ? "var tiled = rows;" : $"var tiled = rows / {smallest} * {smallest};");
                var blockCount = vectors * isa.Lanes / blocks.BlockLanes;
                var pairs = pairsBlocks ? blockCount / 2 : 0;
                if (pairs > 0)
                    EmitBlocks("pair", pairs, 2, 0);
                if (blockCount > 2 * pairs)
                    EmitBlocks("block", blockCount - (2 * pairs), 1, 2 * pairs);
                if (isa.IsScalar)
                    return;
                writer.Line("for (var row = tiled; row < rows; row++)");
            }
            else
            {
                writer.Line("for (nint row = 0; row < rows; row++)");
            }

            var bias = kernel.After.HasBias ? "b, " : "";
            writer.Line($"    {name}_Row{vectors}(input + {Literal.Times("row", kernel.InputStride)}, w, {bias}unitOutput + {Literal.Times("row", kernel.OutputStride)}{EpilogueText.Arguments(kernel.After)});");
        }

        void EmitBlocks(string variable, int count, int blockCount, int first)
        {
            using (writer.For(variable, count))
            {
                var parts = blocks.BlockLanes / (tile.Vectors * isa.Lanes);
                using (parts > 1 ? writer.For("part", parts) : writer.Block())
                {
                    var partOffset = parts > 1 ? $" + {Literal.Times("part", tile.Vectors * isa.Lanes)}" : "";
                    var offset = Literal.At($" + {Literal.Times(variable, blockCount * blocks.BlockLanes)}{partOffset}", first * blocks.BlockLanes);
                    var weight = Literal.At($"w + {Literal.Times(variable, blockCount * blockLength)}{partOffset}", first * blockLength);
                    var biasArgument = kernel.After.HasBias ? $"b{offset}, " : "";
                    writer.Line("nint row = 0;");
                    foreach (var rows in rowCounts)
                    {
                        writer.Line($"for (; row + {rows} <= tiled; row += {rows})");
                        writer.Line($"    {TileName(rows, blockCount)}(input + {Literal.Times("row", kernel.InputStride)}, {weight}, {biasArgument}unitOutput + {Literal.Times("row", kernel.OutputStride)}{offset}{EpilogueText.Arguments(kernel.After)});");
                    }
                }
            }
        }

        void EmitTile(string tileName, IReadOnlyList<TilePixel> pixels, IReadOnlyList<int> weightOffsets) =>
            TileEmitter.Emit(writer, isa, tileName, new TileBody(
                pixels, weightOffsets, blocks.BlockLanes, [], kernel.Depth, 1, kernel.After));
    }

    /// <summary>Groups of vectors, each of which one thread computes for all rows.</summary>
    public static int Units(VectorIsa isa, ProductKernel kernel)
    {
        var vectors = kernel.Blocks.TotalLanes / isa.Lanes;
        var group = GroupVectors(isa, kernel);
        return (vectors + group - 1) / group;
    }

    /// <summary>The tiles of several rows, the largest first; of scalars, which have few registers and no vectors to fill, of one row too.</summary>
    private static int[] RowCounts(VectorIsa isa) => isa.Lanes switch
    {
        16 => [8, 4],
        8 => [4],
        _ => [2, 1],
    };

    /// <summary>
    /// One row alone needs several blocks side by side: eight or more independent sums, so that additions don't wait for one another. Where the weights are many, their
    /// arrival takes longer than additions that wait, and a few outputs more are worth less than units for all threads.
    /// </summary>
    private static int GroupVectors(VectorIsa isa, ProductKernel kernel)
    {
        const int Sums = 8;
        const int Units = 8;
        var block = kernel.Blocks.BlockLanes / isa.Lanes;
        var vectors = kernel.Blocks.TotalLanes / isa.Lanes;
        var group = kernel.IsWide ? Math.Min(Sums, vectors / Units) : Sums;
        return Storage.RoundUp(Math.Max(group, block), block);
    }
}
