using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints the weight gradients of kernels that vectorise over filters: a tile keeps gradient[inputs][lanes] in registers
/// while the output's pixels (or a batch's rows) pass.
/// </summary>
internal static class WeightGradientEmitter
{
    /// <summary>Output gradients of one block of lanes that stay in the first-level cache while the tiles pass over them, in floats.</summary>
    private const int CachedGradients = 6 * 1024;

    private const int RowsPerBlock = 8;

    /// <summary>One input element of a tile: where it lies, and where its gradient row lies.</summary>
    private readonly record struct TileInput(int Input, int Weight);

    /// <summary>A loop around the tiles.</summary>
    private readonly record struct TileLoop(string Variable, int Count, int InputStep, int WeightStep);

    public static void Emit(CodeWriter writer, VectorIsa isa, WeightGradientPixelsKernel kernel, string name)
    {
        var (input, gradient, blocks) = (kernel.Input, kernel.OutputGradient, kernel.Blocks);
        var rowsPerBlock = gradient.Height * gradient.Width * blocks.BlockLanes <= CachedGradients
            ? gradient.Height
            : Math.Min(gradient.Height, RowsPerBlock);
        var blockLength = kernel.Taps.Count * blocks.RunChannels * blocks.BlockLanes;
        var vectors = Tiling.ForWeightGradient(1, blocks.BlockLanes, isa.Lanes).Vectors;
        var kernelRows = KernelRowsTogether(kernel, isa);
        var (loops, run, runStride) = Nest(kernel, kernelRows);
        var (columns, rowStep) = kernelRows > 1 ? (kernel.Taps.Kernel.Width, kernel.Taps.Dilation.Height * input.RowStride) : (run, 0);
        var tiles = Tiles(run, runStride, blocks.BlockLanes, isa, out var full, out var rest, columns, rowStep);

        using (writer.Block($"public static void {name}(float* input, float* outputGradient, float* weightGradient)"))
        {
            using (rowsPerBlock < gradient.Height
                ? writer.Block($"for (nint first = 0; first < {gradient.Height}; first += {rowsPerBlock})")
                : writer.Block())
            {
                if (rowsPerBlock == gradient.Height)
                    writer.Line("const nint first = 0;");
                var rows = gradient.Height % rowsPerBlock == 0
                    ? Literal.Number(rowsPerBlock)
                    : $"Math.Min({rowsPerBlock}, {gradient.Height} - first)";
                writer.Line($"nint rows = {rows};");
                var scopes = new Stack<CodeWriter.Scope>();
                var (x, w) = (
                    $"{Literal.At("input", kernel.Taps.Start(input))} + {Literal.Times("first", kernel.Taps.Stride.Height * input.RowStride)}",
                    "weightGradient");
                foreach (var loop in loops)
                {
                    scopes.Push(writer.For(loop.Variable, loop.Count));
                    x += $" + {Literal.Times(loop.Variable, loop.InputStep)}";
                    w += $" + {Literal.Times(loop.Variable, loop.WeightStep)}";
                }

                scopes.Push(writer.For("block", blocks.BlockCount));
                if (blocks.ChannelsPerStep > 0)
                    x += $" + block / {blocks.BlocksPerStep} * {blocks.ChannelsPerStep * input.ChannelStride}";
                var lanes = $" + {Literal.Times("block", blocks.BlockLanes)}";
                w += $" + {Literal.Times("block", blockLength)}";
                var parts = blocks.BlockLanes / (vectors * isa.Lanes);
                if (parts > 1)
                {
                    scopes.Push(writer.For("part", parts));
                    lanes += $" + {Literal.Times("part", vectors * isa.Lanes)}";
                    w += $" + {Literal.Times("part", vectors * isa.Lanes)}";
                }

                writer.Line($"var x = {x};");
                writer.Line($"var g = {Literal.At("outputGradient", gradient.Origin)} + {Literal.Times("first", gradient.RowStride)}{lanes};");
                writer.Line($"var w = {w};");
                EmitTileCalls(writer, name, blocks.BlockLanes, runStride, full, rest, tiles);
                while (scopes.Count > 0)
                    scopes.Pop().Dispose();
            }
        }

        writer.Line();
        foreach (var tile in tiles)
        {
            EmitTile(
                writer,
                isa,
                $"{name}_Tile{tile.Count}",
                tile,
                vectors,
                kernel.Taps.Stride.Width * input.PixelStride,
                gradient.PixelStride,
                new RowWalk(gradient.Width, kernel.Taps.Stride.Height * input.RowStride, gradient.RowStride));
        }
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, ProductWeightGradientKernel kernel, string name)
    {
        var blocks = kernel.Blocks;
        var blockLength = kernel.Depth * blocks.BlockLanes;
        var vectors = Tiling.ForWeightGradient(1, blocks.BlockLanes, isa.Lanes).Vectors;
        const int unit = ProductWeightGradientKernel.UnitDepth;
        var fullUnits = kernel.Depth / unit;
        var restDepth = kernel.Depth % unit;
        var unitTiles = fullUnits > 0 ? Tiles(unit, 1, blocks.BlockLanes, isa, out _, out _) : [];
        var restTiles = restDepth > 0 ? Tiles(restDepth, 1, blocks.BlockLanes, isa, out _, out _) : [];

        using (writer.Block($"public static void {name}(float* input, float* outputGradient, float* weightGradient, nint rows, nint from, nint to)"))
        {
            using (writer.Block("for (var unit = from; unit < to; unit++)"))
            using (writer.For("block", blocks.BlockCount))
            {
                var parts = blocks.BlockLanes / (vectors * isa.Lanes);
                using (parts > 1 ? writer.For("part", parts) : writer.Block())
                {
                    var part = parts > 1 ? $" + {Literal.Times("part", vectors * isa.Lanes)}" : "";
                    writer.Line($"var x = input + {Literal.Times("unit", unit)};");
                    writer.Line($"var g = outputGradient + {Literal.Times("block", blocks.BlockLanes)}{part};");
                    writer.Line($"var w = weightGradient + {Literal.Times("block", blockLength)} + {Literal.Times("unit", unit * blocks.BlockLanes)}{part};");
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
        foreach (var tile in unitTiles.Concat(restTiles).GroupBy(tile => tile.Count).Select(group => group.First()))
            EmitTile(writer, isa, $"{name}_Tile{tile.Count}", tile, vectors, kernel.InputStride, kernel.OutputStride, null, kernel.Adds);

        void EmitUnit(int depth)
        {
            var tiles = Tiles(depth, 1, blocks.BlockLanes, isa, out var full, out var rest);
            EmitTileCalls(writer, name, blocks.BlockLanes, 1, full, rest, tiles);
        }
    }

    /// <summary>
    /// Rows of the kernel that one tile takes together: of planes, a row alone is a few taps, whose additions would wait for one another.
    /// </summary>
    private static int KernelRowsTogether(WeightGradientPixelsKernel kernel, VectorIsa isa)
    {
        var taps = kernel.Taps.Kernel;
        var rows = kernel.Input.Kind == StorageKind.Planar ? taps.Height : 1;
        while (rows > 1 && (taps.Height % rows > 0 || Tiling.ForWeightGradient(rows * taps.Width, kernel.Blocks.BlockLanes, isa.Lanes).Columns < rows * taps.Width))
            rows--;
        return rows;
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

    /// <summary>The distinct tiles of a run: the full one, and what is left.</summary>
    private static List<IReadOnlyList<TileInput>> Tiles(
        int run, int runStride, int blockLanes, VectorIsa isa, out int full, out int rest, int columns = int.MaxValue, int rowStep = 0)
    {
        var size = Tiling.ForWeightGradient(run, blockLanes, isa.Lanes).Columns;
        full = run / size;
        rest = run % size;
        var tiles = new List<IReadOnlyList<TileInput>> { Inputs(size) };
        if (rest > 0)
            tiles.Add(Inputs(rest));
        return tiles;

        IReadOnlyList<TileInput> Inputs(int count) =>
            [.. Enumerable.Range(0, count).Select(i => new TileInput((i / columns * rowStep) + (i % columns * runStride), i * blockLanes))];
    }

    private static void EmitTileCalls(
        CodeWriter writer, string name, int blockLanes, int runStride, int full, int rest, List<IReadOnlyList<TileInput>> tiles)
    {
        var size = tiles[0].Count;
        if (full == 1)
        {
            writer.Line($"{name}_Tile{size}(x, g, w, rows);");
        }
        else
        {
            using (writer.For("tile", full))
                writer.Line($"{name}_Tile{size}(x + {Literal.Times("tile", size * runStride)}, g, w + {Literal.Times("tile", size * blockLanes)}, rows);");
        }

        if (rest > 0)
            writer.Line($"{name}_Tile{rest}({Literal.At("x", full * size * runStride)}, g, {Literal.At("w", full * size * blockLanes)}, rows);");
    }

    /// <summary>How a tile walks over a map: pixels in a row, and the steps from row to row. A batch's rows need none.</summary>
    private sealed record RowWalk(int Width, int InputStep, int GradientStep);

    private static void EmitTile(
        CodeWriter writer,
        VectorIsa isa,
        string name,
        IReadOnlyList<TileInput> inputs,
        int vectors,
        int inputStep,
        int gradientStep,
        RowWalk? map,
        bool adds = true)
    {
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}(float* input, float* outputGradient, float* weightGradient, nint rows)"))
        {
            // A map's share is added to the images before it; a batch's rows are all summed here.
            for (var i = 0; i < inputs.Count; i++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v =>
                    $"var sum{i}_{v} = {(!adds ? isa.Zero : isa.Load(Literal.At("weightGradient", inputs[i].Weight + (v * isa.Lanes))))};")));
            }

            using (writer.Block("for (; rows > 0; rows--)"))
            {
                if (map is null)
                {
                    EmitPixel("input", "outputGradient", 0, 0);
                    writer.Line($"input += {inputStep};");
                    writer.Line($"outputGradient += {gradientStep};");
                }
                else
                {
                    writer.Line("var x = input;");
                    writer.Line("var g = outputGradient;");
                    // Two pixels that share elements in a full tile would have the compiler keep those in registers that there aren't.
                    var sharesElements = inputs.Any(input => inputs.Any(other => other.Input == input.Input + inputStep));
                    var unroll = map.Width % 2 == 0 && inputs.Count * vectors <= (sharesElements ? 16 : 32) ? 2 : 1;
                    using (writer.Block($"for (nint n = {map.Width / unroll}; n > 0; n--)"))
                    {
                        for (var pixel = 0; pixel < unroll; pixel++)
                            EmitPixel("x", "g", pixel * inputStep, pixel * gradientStep);
                        writer.Line($"x += {unroll * inputStep};");
                        writer.Line($"g += {unroll * gradientStep};");
                    }

                    writer.Line($"input += {map.InputStep};");
                    writer.Line($"outputGradient += {map.GradientStep};");
                }
            }

            for (var i = 0; i < inputs.Count; i++)
            {
                for (var v = 0; v < vectors; v++)
                    writer.Line(isa.Store(Literal.At("weightGradient", inputs[i].Weight + (v * isa.Lanes)), $"sum{i}_{v}"));
            }
        }

        writer.Line();

        void EmitPixel(string x, string g, int inputOffset, int gradientOffset)
        {
            using (writer.Block())
            {
                for (var v = 0; v < vectors; v++)
                    writer.Line($"var g{v} = {isa.Load(Literal.At(g, gradientOffset + (v * isa.Lanes)))};");
                for (var i = 0; i < inputs.Count; i++)
                {
                    writer.Line($"var a{i} = {isa.Broadcast($"{x}[{Literal.Number(inputOffset + inputs[i].Input)}]")};");
                    for (var v = 0; v < vectors; v++)
                        writer.Line($"sum{i}_{v} = {isa.FusedMultiplyAdd($"a{i}", $"g{v}", $"sum{i}_{v}")};");
                }
            }
        }
    }
}
