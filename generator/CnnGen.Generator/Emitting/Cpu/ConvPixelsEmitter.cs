using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints <see cref="ConvPixelsKernel"/>: a method for the map, which calls one tile kernel for each kind of tile.</summary>
internal static class ConvPixelsEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, ConvPixelsKernel kernel, string name, PartList tiles)
    {
        var grid = new PixelGrid(kernel, isa.Lanes);
        var (tileBodies, tile, blocks) = (new Bodies(kernel, grid), grid.Tile, kernel.Blocks);
        var bodies = new SortedDictionary<string, TileBody>(StringComparer.Ordinal);
        var (weights, bias) = ("", "");
        var biasParameter = kernel.After.HasBias ? "float* bias, " : "";
        using (writer.Block($"public static void {name}(float* input, float* weight, {biasParameter}float* output{EpilogueText.PointerParameters(kernel.After)}, nint from, nint to)"))
        {
            EpilogueText.EmitDistances(writer, kernel.After);
            var unit = blocks.BlockCount == 1 && grid.Strips > 1 ? "row" : grid.Strips == 1 && blocks.BlockCount > 1 ? "block" : "unit";
            using (writer.Block($"for (var {unit} = from; {unit} < to; {unit}++)"))
            {
                EmitUnitIndices();
                var parts = blocks.BlockLanes / (tile.Vectors * isa.Lanes);
                using (parts > 1 ? writer.For("part", parts) : default(CodeWriter.Scope?))
                {
                    var part = parts > 1 ? $" + {Literal.Times("part", tile.Vectors * isa.Lanes)}" : "";
                    var step = blocks.BlocksPerStep == 1 ? "block" : "block / " + Literal.Number(blocks.BlocksPerStep);
                    var channels = blocks.ChannelsPerStep > 0 && blocks.BlockCount > 1
                        ? $" + {step} * {blocks.ChannelsPerStep * kernel.Input.ChannelStride}"
                        : "";
                    writer.Pointer("x", Literal.At("input", grid.InputStart) + OfRow(grid.InputUnitStep) + channels);
                    weights = Named("w", "weight", OfBlock(grid.BlockLength) + part);
                    if (kernel.After.HasBias)
                        bias = Named("b", "bias", OfBlock(blocks.BlockLanes) + part);
                    writer.Pointer("y", Literal.At("output", grid.OutputStart) + OfRow(grid.OutputUnitStep) + OfBlock(blocks.BlockLanes) + part);
                    if (!grid.HasRest)
                    {
                        EmitStrip(grid.Full);
                    }
                    else if (grid.FullStrips == 0)
                    {
                        EmitStrip(grid.Rest);
                    }
                    else
                    {
                        using (writer.Block($"if (row < {grid.FullStrips})"))
                            EmitStrip(grid.Full);
                        using (writer.Block("else"))
                            EmitStrip(grid.Rest);
                    }
                }
            }
        }

        writer.Line();
        foreach (var body in bodies)
            TileEmitter.Emit(writer, isa, body.Key, body.Value);

        // What lies at the start needs no second name.
        string Named(string own, string pointer, string distance)
        {
            if (distance.Length == 0)
                return pointer;
            writer.Pointer(own, pointer + distance);
            return own;
        }

        // What there is one of has no index, and what the units are is the loop's own.
        string OfRow(int step) => Literal.Step("row", grid.Strips, step);

        string OfBlock(int step) => Literal.Step("block", blocks.BlockCount, step);

        void EmitUnitIndices()
        {
            // Strips of rows inside blocks of lanes, or blocks inside strips: what is read again lies nearer.
            if (blocks.BlockCount == 1 || grid.Strips == 1)
                return;

            var (outer, inner, count) = kernel.IsBlockOuter ? ("block", "row", grid.Strips) : ("row", "block", blocks.BlockCount);
            writer.Line($"var {outer} = unit / {count};");
            writer.Line($"var {inner} = unit - {outer} * {count};");
        }

        void EmitStrip(PixelStrip strip)
        {
            var count = strip.Columns / tile.Columns;
            if (count == 1)
            {
                writer.Line(TileCall(strip.Rows, tile.Columns, "x", "y"));
            }
            else if (count > 1)
            {
                writer.Line($"for (nint column = 0; column < {count}; column++)");
                writer.Line("    " + TileCall(
                    strip.Rows, tile.Columns, $"x + {Literal.Times("column", tile.Columns * grid.InputColumnStep)}", $"y + {Literal.Times("column", tile.Columns * grid.OutputColumnStep)}"));
            }

            var rest = strip.Columns % tile.Columns;
            if (rest > 0)
            {
                var done = count * tile.Columns;
                writer.Line(TileCall(strip.Rows, rest, Literal.At("x", done * grid.InputColumnStep), Literal.At("y", done * grid.OutputColumnStep)));
            }
        }

        string TileCall(int rows, int columns, string x, string y) => tileBodies.Run is { } run && rows == 1
            ? StridedTileEmitter.Call(
                tiles,
                isa,
                StridedTile.For(isa, columns, 1, tile.Vectors, blocks.BlockLanes, run),
                kernel.After,
                run,
                x,
                grid.InputColumnStep,
                weights,
                0,
                bias,
                y,
                grid.OutputColumnStep)
            : $"{TileName(rows, columns)}({Literal.Address(x)}, {weights}, {(kernel.After.HasBias ? bias + ", " : "")}{Literal.Address(y)}{EpilogueText.Arguments(kernel.After)});";

        string TileName(int rows, int columns)
        {
            var tileName = $"{name}_Tile{rows}x{columns}";
            bodies[tileName] = tileBodies.Body(rows, columns, tile.Vectors, isa.Lanes);
            return tileName;
        }
    }

    /// <summary>What a kernel's tiles do: their pixels, and their loops over taps and channels.</summary>
    private sealed class Bodies(ConvPixelsKernel kernel, PixelGrid grid)
    {
        /// <summary>The elements of a tile's one run of neighbours, where it has no other loops and no window to pool.</summary>
        public int? Run => Nest() is { Loops.Count: 0, RunStride: 1, RunLength: var length } && kernel.After.Pool is null ? length : null;

        public TileBody Body(int rows, int columns, int vectors, int lanes)
        {
            var window = kernel.After.Pool?.Size ?? Size2.One;
            var pixels = new List<TilePixel>();
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    // A pixel is its whole window, row by row.
                    for (var i = 0; i < window.Height * window.Width; i++)
                    {
                        pixels.Add(new TilePixel(
                            (row * grid.InputRowStep) + (column * grid.InputColumnStep)
                                + (i / window.Width * (grid.InputRowStep / window.Height)) + (i % window.Width * (grid.InputColumnStep / window.Width)),
                            (row * grid.OutputRowStep) + (column * grid.OutputColumnStep)));
                    }
                }
            }

            var (loops, runLength, runStride) = Nest();
            return new TileBody(
                pixels,
                [.. Enumerable.Range(0, vectors).Select(vector => vector * lanes)],
                kernel.Blocks.BlockLanes,
                loops,
                runLength,
                runStride,
                kernel.After,
                kernel.FetchesNextBlock(lanes) ? grid.BlockLength : 0);
        }

        /// <summary>The loops over taps and channels, in the order of the packed weights.</summary>
        private (IReadOnlyList<TapLoop> Loops, int RunLength, int RunStride) Nest()
        {
            var (input, taps, channels) = (kernel.Input, kernel.Taps, kernel.Blocks.RunChannels);
            var rowStep = taps.Dilation.Height * input.RowStride;
            var columnStep = taps.Dilation.Width * input.PixelStride;
            List<TapLoop> loops = [];
            int runLength, runStride;
            if (input.Kind == StorageKind.Planar)
            {
                loops.Add(new TapLoop("c", channels, input.ChannelStride));
                loops.Add(new TapLoop("kh", taps.Kernel.Height, rowStep));
                (runLength, runStride) = (taps.Kernel.Width, columnStep);
            }
            else if (columnStep == channels)
            {
                // Kernel columns and channels are one run of neighbours: the im2col row, which is never built.
                loops.Add(new TapLoop("kh", taps.Kernel.Height, rowStep));
                (runLength, runStride) = (taps.Kernel.Width * channels, 1);
            }
            else
            {
                loops.Add(new TapLoop("kh", taps.Kernel.Height, rowStep));
                loops.Add(new TapLoop("kw", taps.Kernel.Width, columnStep));
                (runLength, runStride) = (channels, 1);
            }

            return ([.. loops.Where(loop => loop.Count > 1)], runLength, runStride);
        }
    }
}
