using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints <see cref="ProductKernel"/>: a call for each of its units, of a method that products of all sizes call. There all rows of a batch pass in tiles of several, and what is left in tiles of one.
/// </summary>
internal static class ProductEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, ProductKernel kernel, string name, PartList parts)
    {
        var (blocks, after) = (kernel.Blocks, kernel.After);
        var biasParameter = after.HasBias ? "float* bias, " : "";
        var lanes = kernel.GroupVectors(isa.Lanes) * isa.Lanes;
        var units = kernel.UnitsFor(isa.Lanes);
        var lastLanes = blocks.TotalLanes - ((units - 1) * lanes);
        using (writer.Block($"public static void {name}(float* input, float* weight, {biasParameter}float* output{EpilogueText.PointerParameters(after)}, nint rows, nint from, nint to)"))
        {
            EpilogueText.EmitDistances(writer, after);
            if (units == 1 || lastLanes == lanes)
            {
                writer.Line("for (var unit = from; unit < to; unit++)");
                writer.Line("    " + Call(lastLanes));
            }
            else
            {
                using (writer.Block("for (var unit = from; unit < to; unit++)"))
                {
                    writer.Line($"if (unit < {units - 1})");
                    writer.Line("    " + Call(lanes));
                    writer.Line("else");
                    writer.Line("    " + Call(lastLanes));
                }
            }
        }

        writer.Line();

        string Call(int unitLanes)
        {
            var unit = new ProductUnit(unitLanes / blocks.BlockLanes, blocks.BlockLanes, isa, kernel.Depth);
            var bias = after.HasBias ? $"&bias[{Literal.Times("unit", lanes)}]" : "null";
            return $"{unit.Method(parts, after)}(input, {Literal.Number(kernel.InputStride)}, &weight[{Literal.Times("unit", checked(lanes * kernel.Depth))}], {Literal.Number(kernel.Depth)}, "
                + $"{bias}, &output[{Literal.Times("unit", lanes)}], {Literal.Number(kernel.OutputStride)}, rows{AfterEmitter.Arguments(after, AfterEmitter.Distances(after))});";
        }
    }

    /// <summary>The rows of a batch times some blocks of outputs.</summary>
    private sealed class ProductUnit(int blockCount, int blockLanes, VectorIsa isa, int depth)
    {
        private readonly int _vectors = Tiling.ForRows(blockLanes, isa.Lanes).Vectors;
        private readonly IReadOnlyList<int> _rowCounts = Tiling.RowCounts(blockLanes, isa.Lanes);

        private readonly int _turn = StridedTile.TurnOf(isa, depth);

        private int VectorsPerBlock => blockLanes / isa.Lanes;

        // Blocks of a single vector go in pairs: a few rows of one vector would be additions that wait for one another.
        private int Pairs => !isa.IsScalar && _vectors == 1 && VectorsPerBlock == 1 ? blockCount / 2 : 0;

        /// <summary>The method, which is put among the parts together with those of its tiles.</summary>
        public PartList.Call Method(PartList parts, KernelEpilogue after)
        {
            var operands = AfterEmitter.Distances(after);
            var type = AfterEmitter.InterfaceOf(parts, isa, operands);
            var tiles = Tiles().Distinct().ToDictionary(tile => tile, tile => StridedTileEmitter.Method(parts, isa, tile, after).Part);
            return parts.CallOf(
                (nameof(ProductUnit), blockCount, blockLanes, _turn, depth % _turn, operands),
                $"Product{Literal.Number(blockCount)}x{Literal.Number(VectorsPerBlock)}",
                (writer, name) => Emit(writer, name, type, operands, tile => tiles[tile].Name),
                AfterEmitter.NameOf(parts, isa, after, type, operands));
        }

        private StridedTile Tile(int rows, int blocks, int vectorsPerBlock) => StridedTile.For(isa, rows, blocks, vectorsPerBlock, blockLanes, depth);

        private IEnumerable<StridedTile> Tiles()
        {
            if (isa.IsScalar)
                return [Tile(1, 1, _vectors)];
            return
            [
                .. Pairs > 0 ? _rowCounts.Select(rows => Tile(rows, 2, _vectors)) : [],
                .. blockCount > 2 * Pairs ? _rowCounts.Select(rows => Tile(rows, 1, _vectors)) : [],
                Tile(1, blockCount, VectorsPerBlock),
            ];
        }

        private void Emit(CodeWriter writer, string name, string type, int operands, Func<StridedTile, string> nameOf)
        {
            writer.Line($"// All rows of a batch, times inputs x {Literal.Number(blockCount * blockLanes)} outputs.");
            writer.Line($"private static void {name}<TAfter>(float* input, nint inputStep, float* weight, nint depth, float* bias, float* output, nint outputStep, nint rows{AfterEmitter.Parameters(operands)})");
            using (writer.Block($"    where TAfter : struct, {type}"))
            {
                EmitBody();
            }

            writer.Line();

            void EmitBody()
            {
                var turns = _turn == 1 ? "depth" : "turns";
                if (_turn > 1)
                    writer.Line($"var turns = depth / {_turn};");
                if (blockCount > 1)
                    writer.Line($"var blockStep = depth * {blockLanes};");
                if (isa.IsScalar)
                {
                    EmitBlocks("block", blockCount, 1, 0);
                    return;
                }

                // A block's weights stay near while all rows pass over them.
                var smallest = _rowCounts[_rowCounts.Count - 1];
                writer.Line($"var tiled = rows / {smallest} * {smallest};");
                if (Pairs > 0)
                    EmitBlocks("pair", Pairs, 2, 0);
                if (blockCount > 2 * Pairs)
                    EmitBlocks("block", blockCount - (2 * Pairs), 1, 2 * Pairs);
                writer.Line(blockCount == 1 && VectorsPerBlock == _vectors ? "for (; row < rows; row++)" : "for (var row = tiled; row < rows; row++)");
                writer.Line("    " + Call(Tile(1, blockCount, VectorsPerBlock), "weight", "bias", "output"));

                string Call(StridedTile tile, string weights, string biases, string outputs) => StridedTileEmitter.Call(
                    isa, tile, nameOf(tile) + "<TAfter>", "&input[row * inputStep]", "inputStep", Literal.Address(weights), "blockStep", $"{Literal.Address(biases)}, {Literal.Address(outputs + " + row * outputStep")}", "outputStep",
                    turns + AfterEmitter.HandedOn(operands));

                void EmitBlocks(string variable, int count, int blocksTogether, int first)
                {
                    var parts = VectorsPerBlock / _vectors;
                    using (count > 1 ? writer.For(variable, count) : default(CodeWriter.Scope?))
                    using (parts > 1 ? writer.For("part", parts) : count == 1 && Pairs > 0 ? writer.Block() : default(CodeWriter.Scope?))
                    {
                        // What is left of the pairs is one block.
                        var part = parts > 1 ? $" + {Literal.Times("part", _vectors * isa.Lanes)}" : "";
                        var (weights, outputs) = count == 1
                            ? (first > 0 ? $" + {first} * blockStep" : "", first > 0 ? $" + {first * blockLanes}" : "")
                            : ($" + {Literal.Times(variable, blocksTogether)} * blockStep", $" + {Literal.Times(variable, blocksTogether * blockLanes)}");
                        if (isa.IsScalar)
                        {
                            writer.Line("for (nint row = 0; row < rows; row++)");
                            writer.Line("    " + Call(Tile(1, 1, _vectors), "weight" + weights + part, "bias" + outputs + part, "output" + outputs + part));
                            return;
                        }

                        writer.Line("nint row = 0;");
                        foreach (var rows in _rowCounts)
                        {
                            writer.Line($"for (; row + {rows} <= tiled; row += {rows})");
                            writer.Line("    " + Call(Tile(rows, blocksTogether, _vectors), "weight" + weights + part, "bias" + outputs + part, "output" + outputs + part));
                        }
                    }
                }
            }
        }
    }
}
