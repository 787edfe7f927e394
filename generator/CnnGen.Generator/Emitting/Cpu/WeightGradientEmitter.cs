using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints the weight gradients of kernels that vectorise over filters: a tile keeps gradient[inputs][lanes] in registers
/// while the output's pixels (or a batch's rows) pass.
/// </summary>
internal static class WeightGradientEmitter
{
    /// <summary>A loop around the tiles.</summary>
    private sealed record TileLoop(string Variable, int Count, int InputStep, int WeightStep);

    public static void Emit(CodeWriter writer, VectorIsa isa, WeightGradientPixelsKernel kernel, string name, PartList parts)
    {
        var (input, gradient, blocks) = (kernel.Input, kernel.OutputGradient, kernel.Blocks);
        var rowsPerBlock = kernel.RowsPerBlock;
        var blockLength = kernel.Taps.Count * blocks.RunChannels * blocks.BlockLanes;
        var vectors = Tiling.ForWeightGradient(1, blocks.BlockLanes, isa.Lanes).Vectors;
        var kernelRows = kernel.KernelRowsTogether(isa.Lanes);
        var (loops, run, runStride) = Nest(kernel, kernelRows);
        var (columns, rowStep) = kernelRows > 1 ? (kernel.Taps.Kernel.Width, kernel.Taps.Dilation.Height * input.RowStride) : (run, 0);
        var tiles = Tiles(run, runStride, blocks.BlockLanes, isa, out var full, out var rest, columns, rowStep);

        using (writer.Block($"public static void {name}(float* input, float* outputGradient, float* weightGradient)"))
        {
            var isWhole = rowsPerBlock == gradient.Height;
            using (isWhole ? default(CodeWriter.Scope?) : writer.Block($"for (nint first = 0; first < {gradient.Height}; first += {rowsPerBlock})"))
            {
                var rows = gradient.Height % rowsPerBlock == 0
                    ? Literal.Number(rowsPerBlock)
                    : $"Math.Min({rowsPerBlock}, {gradient.Height} - first)";
                writer.Line($"nint rows = {rows};");
                var scopes = new Stack<CodeWriter.Scope>();
                var (x, w) = (
                    Literal.At("input", kernel.Taps.Start(input)) + First(kernel.Taps.Stride.Height * input.RowStride),
                    "weightGradient");
                foreach (var loop in loops.Where(loop => loop.Count > 1))
                {
                    scopes.Push(writer.For(loop.Variable, loop.Count));
                    x += $" + {Literal.Times(loop.Variable, loop.InputStep)}";
                    w += $" + {Literal.Times(loop.Variable, loop.WeightStep)}";
                }

                var lanes = "";
                if (blocks.BlockCount > 1)
                {
                    scopes.Push(writer.For("block", blocks.BlockCount));
                    if (blocks.ChannelsPerStep > 0)
                        x += $" + block / {blocks.BlocksPerStep} * {blocks.ChannelsPerStep * input.ChannelStride}";
                    lanes = $" + {Literal.Times("block", blocks.BlockLanes)}";
                    w += $" + {Literal.Times("block", blockLength)}";
                }

                var vectorParts = blocks.BlockLanes / (vectors * isa.Lanes);
                if (vectorParts > 1)
                {
                    scopes.Push(writer.For("part", vectorParts));
                    lanes += $" + {Literal.Times("part", vectors * isa.Lanes)}";
                    w += $" + {Literal.Times("part", vectors * isa.Lanes)}";
                }

                writer.Pointer("x", x);
                writer.Pointer("g", $"{Literal.At("outputGradient", gradient.Origin)}{First(gradient.RowStride)}{lanes}");
                writer.Pointer("w", w);
                EmitTileCalls(writer, blocks.BlockLanes, runStride, full, rest, tiles, Call);
                while (scopes.Count > 0)
                    scopes.Pop().Dispose();

                string First(int stride) => isWhole ? "" : " + " + Literal.Times("first", stride);
            }
        }

        writer.Line();

        string Call(IReadOnlyList<int> inputs, string x, string w)
        {
            var (inputStep, width) = (kernel.Taps.Stride.Width * input.PixelStride, gradient.Width);
            var tile = WeightGradientTile.OfMap(isa, inputs, vectors, blocks.BlockLanes, width, inputStep);
            return WeightGradientTileEmitter.CallOfMap(
                parts, isa, tile, x, inputStep, kernel.Taps.Stride.Height * input.RowStride, "g", gradient.PixelStride, gradient.RowStride, w, width);
        }
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, ProductWeightGradientKernel kernel, string name, PartList parts)
    {
        var blocks = kernel.Blocks;
        var blockLength = kernel.Depth * blocks.BlockLanes;
        var vectors = Tiling.ForWeightGradient(1, blocks.BlockLanes, isa.Lanes).Vectors;
        var unit = kernel.UnitDepth;
        var fullUnits = kernel.Depth / unit;
        var restDepth = kernel.Depth % unit;

        using (writer.Block($"public static void {name}(float* input, float* outputGradient, float* weightGradient, nint rows, nint from, nint to)"))
        {
            using (writer.Block("for (var unit = from; unit < to; unit++)"))
            using (blocks.BlockCount > 1 ? writer.For("block", blocks.BlockCount) : default(CodeWriter.Scope?))
            {
                var vectorParts = blocks.BlockLanes / (vectors * isa.Lanes);
                using (vectorParts > 1 ? writer.For("part", vectorParts) : default(CodeWriter.Scope?))
                {
                    var part = vectorParts > 1 ? $" + {Literal.Times("part", vectors * isa.Lanes)}" : "";
                    writer.Pointer("x", $"input + {Literal.Times("unit", unit)}");
                    writer.Pointer("g", $"outputGradient{Block(blocks.BlockLanes)}{part}");
                    writer.Pointer("w", $"weightGradient{Block(blockLength)} + {Literal.Times("unit", unit * blocks.BlockLanes)}{part}");
                    if (fullUnits > 0 && restDepth > 0)
                    {
                        using (writer.Block($"if (unit < {fullUnits})"))
                            EmitUnit(unit);
                        using (writer.Block("else"))
                            EmitUnit(restDepth);
                    }
                    else
                    {
                        EmitUnit(fullUnits > 0 ? unit : restDepth);
                    }
                }
            }
        }

        writer.Line();

        string Block(int stride) => blocks.BlockCount > 1 ? " + " + Literal.Times("block", stride) : "";

        void EmitUnit(int depth)
        {
            var tiles = Tiles(depth, 1, blocks.BlockLanes, isa, out var full, out var rest);
            EmitTileCalls(writer, blocks.BlockLanes, 1, full, rest, tiles, (inputs, x, w) => WeightGradientTileEmitter.CallOfRows(
                parts, isa, WeightGradientTile.OfRows(inputs, vectors, blocks.BlockLanes, kernel.Adds), x, kernel.InputStride, "g", kernel.OutputStride, w));
        }
    }

    /// <summary>The loops around the tiles, and the run of inputs that tiles cut up.</summary>
    private static (IReadOnlyList<TileLoop> Loops, int Run, int RunStride) Nest(WeightGradientPixelsKernel kernel, int kernelRows)
    {
        var (input, taps, blocks) = (kernel.Input, kernel.Taps, kernel.Blocks);
        var lanes = blocks.BlockLanes;
        var channels = blocks.RunChannels;
        var rowStep = taps.Dilation.Height * input.RowStride;
        var columnStep = taps.Dilation.Width * input.PixelStride;
        var columns = taps.Kernel.Width;
        if (input.Kind == StorageKind.Planar)
        {
            return (
            [
                new TileLoop("c", channels, input.ChannelStride, taps.Count * lanes),
                new TileLoop("kh", taps.Kernel.Height / kernelRows, kernelRows * rowStep, kernelRows * columns * lanes),
            ],
                kernelRows * columns,
                columnStep);
        }

        return columnStep == channels
            ? ([new TileLoop("kh", taps.Kernel.Height, rowStep, columns * channels * lanes)], columns * channels, 1)
            : (
            [
                new TileLoop("kh", taps.Kernel.Height, rowStep, columns * channels * lanes),
                new TileLoop("kw", columns, columnStep, channels * lanes),
            ],
                channels,
                1);
    }

    /// <summary>The distinct tiles of a run: where the inputs of the full one lie, and those of what is left.</summary>
    public static List<IReadOnlyList<int>> Tiles(
        int run, int runStride, int blockLanes, VectorIsa isa, out int full, out int rest, int columns = int.MaxValue, int rowStep = 0)
    {
        var size = Tiling.ForWeightGradient(run, blockLanes, isa.Lanes).Columns;
        full = run / size;
        rest = run % size;
        var tiles = new List<IReadOnlyList<int>> { Inputs(size) };
        if (rest > 0)
            tiles.Add(Inputs(rest));
        return tiles;

        IReadOnlyList<int> Inputs(int count) => [.. Enumerable.Range(0, count).Select(i => (i / columns * rowStep) + (i % columns * runStride))];
    }

    /// <summary>Prints the calls of a run's tiles, whose inputs begin at <c>x</c> and whose gradients at <c>w</c>.</summary>
    public static void EmitTileCalls(
        CodeWriter writer, int blockLanes, int runStride, int full, int rest, List<IReadOnlyList<int>> tiles, Func<IReadOnlyList<int>, string, string, string> call)
    {
        var size = tiles[0].Count;
        if (full == 1)
        {
            writer.Line(call(tiles[0], "x", "w"));
        }
        else
        {
            writer.Line($"for (nint tile = 0; tile < {full}; tile++)");
            writer.Line("    " + call(tiles[0], $"x + {Literal.Times("tile", size * runStride)}", $"w + {Literal.Times("tile", size * blockLanes)}"));
        }

        if (rest > 0)
            writer.Line(call(tiles[1], Literal.At("x", full * size * runStride), Literal.At("w", full * size * blockLanes)));
    }
}
