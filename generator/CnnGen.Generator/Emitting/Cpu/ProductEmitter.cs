using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints <see cref="ProductKernel"/>: tiles of several rows, and a kernel of one row for what is left.</summary>
internal static class ProductEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, ProductKernel kernel, string name, PartList parts)
    {
        var blocks = kernel.Blocks;
        var tile = Tiling.ForRows(blocks.BlockLanes, isa.Lanes);
        var blockLength = kernel.Depth * blocks.BlockLanes;
        var biasParameter = kernel.After.HasBias ? "float* bias, " : "";
        var rowCounts = Tiling.RowCounts(blocks.BlockLanes, isa.Lanes);
        var pairsBlocks = tile.Vectors == 1 && blocks.BlockLanes == isa.Lanes;
        var group = kernel.GroupVectors(isa.Lanes);
        var units = kernel.UnitsFor(isa.Lanes);
        var lastVectors = (blocks.TotalLanes / isa.Lanes) - ((units - 1) * group);

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

        void EmitUnit(int vectors)
        {
            // A block's weights stay near while all rows pass over them.
            var blockCount = vectors * isa.Lanes / blocks.BlockLanes;
            if (isa.IsScalar)
            {
                EmitBlocks("block", blockCount, 1, 0);
                return;
            }

            var smallest = rowCounts[rowCounts.Count - 1];
            writer.Line($"var tiled = rows / {smallest} * {smallest};");
            var pairs = pairsBlocks ? blockCount / 2 : 0;
            if (pairs > 0)
                EmitBlocks("pair", pairs, 2, 0);
            if (blockCount > 2 * pairs)
                EmitBlocks("block", blockCount - (2 * pairs), 1, 2 * pairs);
            writer.Line("for (var row = tiled; row < rows; row++)");
            var (rowBlocks, vectorsPerBlock) = vectors * isa.Lanes <= blocks.BlockLanes ? (1, vectors) : (vectors * isa.Lanes / blocks.BlockLanes, blocks.BlockLanes / isa.Lanes);
            writer.Line("    " + Tile(1, rowBlocks, vectorsPerBlock, "w", "b", "unitOutput"));
        }

        void EmitBlocks(string variable, int count, int blockCount, int first)
        {
            using (writer.For(variable, count))
            {
                var vectorParts = blocks.BlockLanes / (tile.Vectors * isa.Lanes);
                using (vectorParts > 1 ? writer.For("part", vectorParts) : writer.Block())
                {
                    // Blocks of a single vector go in pairs: a few rows of one vector would be additions that wait for one another.
                    var partOffset = vectorParts > 1 ? $" + {Literal.Times("part", tile.Vectors * isa.Lanes)}" : "";
                    var offset = Literal.At($" + {Literal.Times(variable, blockCount * blocks.BlockLanes)}{partOffset}", first * blocks.BlockLanes);
                    var weight = Literal.At($"w + {Literal.Times(variable, blockCount * blockLength)}{partOffset}", first * blockLength);
                    if (isa.IsScalar)
                    {
                        writer.Line("for (nint row = 0; row < rows; row++)");
                        writer.Line("    " + Tile(1, blockCount, tile.Vectors, weight, "b" + offset, "unitOutput" + offset));
                        return;
                    }

                    writer.Line("nint row = 0;");
                    foreach (var rows in rowCounts)
                    {
                        writer.Line($"for (; row + {rows} <= tiled; row += {rows})");
                        writer.Line("    " + Tile(rows, blockCount, tile.Vectors, weight, "b" + offset, "unitOutput" + offset));
                    }
                }
            }
        }

        string Tile(int rows, int blockCount, int vectorsPerBlock, string weight, string bias, string output) => StridedTileEmitter.Call(
            parts,
            isa,
            StridedTile.For(isa, rows, blockCount, vectorsPerBlock, blocks.BlockLanes, kernel.Depth),
            kernel.After,
            kernel.Depth,
            "input + " + Literal.Times("row", kernel.InputStride),
            kernel.InputStride,
            weight,
            blockLength,
            bias,
            output + " + " + Literal.Times("row", kernel.OutputStride),
            kernel.OutputStride);
    }
}
