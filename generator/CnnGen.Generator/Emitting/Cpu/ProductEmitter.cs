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
        var bias = kernel.HasBias ? "bias, " : "";
        var biasParameter = kernel.HasBias ? "float* bias, " : "";
        var rowCounts = RowCounts(isa).Where(rows => rows <= tile.Columns).ToList();
        var groups = SingleRowGroups(isa, blocks);

        using (writer.Block($"private static void {name}(float* input, float* weight, {biasParameter}float* output, nint rows)"))
        {
            writer.Line("nint row = 0;");
            foreach (var rows in rowCounts)
            {
                using (writer.Block($"for (; row + {rows} <= rows; row += {rows})"))
                {
                    writer.Line($"var x = input + {Literal.Times("row", kernel.InputStride)};");
                    writer.Line($"var y = output + {Literal.Times("row", kernel.OutputStride)};");
                    using (writer.For("block", blocks.BlockCount))
                    {
                        var parts = blocks.BlockLanes / (tile.Vectors * isa.Lanes);
                        using (parts > 1 ? writer.For("part", parts) : writer.Block())
                        {
                            var partOffset = parts > 1 ? $" + {Literal.Times("part", tile.Vectors * isa.Lanes)}" : "";
                            var lanes = $" + {Literal.Times("block", blocks.BlockLanes)}{partOffset}";
                            var biasArgument = kernel.HasBias ? $"bias{lanes}, " : "";
                            writer.Line($"{name}_Rows{rows}(x, weight + {Literal.Times("block", blockLength)}{partOffset}, {biasArgument}y{lanes});");
                        }
                    }
                }
            }

            using (writer.Block("for (; row < rows; row++)"))
            {
                writer.Line($"var x = input + {Literal.Times("row", kernel.InputStride)};");
                writer.Line($"var y = output + {Literal.Times("row", kernel.OutputStride)};");
                foreach (var group in groups)
                {
                    var offset = group.First * isa.Lanes;
                    var weight = Literal.At("weight", offset / blocks.BlockLanes * blockLength);
                    var biasArgument = kernel.HasBias ? Literal.At("bias", offset) + ", " : "";
                    writer.Line($"{name}_Row{group.Count}(x, {weight}, {biasArgument}{Literal.At("y", offset)});");
                }
            }
        }

        writer.Line();
        foreach (var rows in rowCounts)
        {
            var pixels = Enumerable.Range(0, rows).Select(row => new TilePixel(row * kernel.InputStride, row * kernel.OutputStride));
            EmitTile($"{name}_Rows{rows}", [.. pixels], [.. Enumerable.Range(0, tile.Vectors).Select(vector => vector * isa.Lanes)]);
        }

        foreach (var count in groups.Select(group => group.Count).Distinct())
        {
            var offsets = Enumerable.Range(0, count).Select(vector =>
                (vector * isa.Lanes / blocks.BlockLanes * blockLength) + (vector * isa.Lanes % blocks.BlockLanes));
            EmitTile($"{name}_Row{count}", [new TilePixel(0, 0)], [.. offsets]);
        }

        void EmitTile(string tileName, IReadOnlyList<TilePixel> pixels, IReadOnlyList<int> weightOffsets) =>
            TileEmitter.Emit(writer, isa, tileName, new TileBody(
                pixels, weightOffsets, blocks.BlockLanes, [], kernel.Depth, 1, kernel.HasBias, kernel.Activation));
    }

    /// <summary>The tiles of several rows, the largest first.</summary>
    private static int[] RowCounts(VectorIsa isa) => isa.Lanes switch
    {
        16 => [8, 4],
        8 => [4],
        _ => [2],
    };

    /// <summary>
    /// One row alone needs several blocks side by side: eight or more independent sums, so that additions don't wait for one another.
    /// </summary>
    private static List<(int First, int Count)> SingleRowGroups(VectorIsa isa, LaneBlocks blocks)
    {
        var perGroup = Math.Max(8, blocks.BlockLanes / isa.Lanes);
        var total = blocks.TotalLanes / isa.Lanes;
        var groups = new List<(int First, int Count)>();
        for (var first = 0; first < total; first += perGroup)
            groups.Add((first, Math.Min(perGroup, total - first)));
        return groups;
    }
}
