using CnnGen.Generator.Graph;
using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints <see cref="ConvPixelsKernel"/>: a method for the map, which calls one tile kernel for each kind of tile.</summary>
internal static class ConvPixelsEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, ConvPixelsKernel kernel, string name)
    {
        var layout = new Layout(kernel);
        var tile = Tiling.ForPixels(layout.Height, layout.Width, kernel.Blocks.BlockLanes, isa.Lanes);
        var columnTiles = layout.Width / tile.Columns;
        var restColumns = layout.Width % tile.Columns;
        var rowTiles = layout.Height / tile.Rows;
        var restRows = layout.Height % tile.Rows;
        var bodies = new SortedDictionary<string, TileBody>(StringComparer.Ordinal);

        var biasParameter = kernel.HasBias ? "float* bias, " : "";
        using (writer.Block($"private static void {name}(float* input, float* weight, {biasParameter}float* output)"))
        {
            using (writer.For("row", rowTiles))
                EmitBlocks("row", 0, tile.Rows);
            if (restRows > 0)
                EmitBlocks("", rowTiles * tile.Rows, restRows);
        }

        writer.Line();
        foreach (var body in bodies)
            TileEmitter.Emit(writer, isa, body.Key, body.Value);

        void EmitBlocks(string rowVariable, int firstRow, int rows)
        {
            var blocks = kernel.Blocks;
            using (writer.For("block", blocks.BlockCount))
            {
                var input = Literal.At("input", layout.InputStart + (firstRow * layout.InputRowStep));
                var output = Literal.At("output", layout.OutputStart + (firstRow * layout.OutputRowStep));
                if (rowVariable.Length > 0)
                {
                    input += $" + {Literal.Times(rowVariable, tile.Rows * layout.InputRowStep)}";
                    output += $" + {Literal.Times(rowVariable, tile.Rows * layout.OutputRowStep)}";
                }

                if (blocks.ChannelsPerStep > 0)
                    input += $" + block / {blocks.BlocksPerStep} * {blocks.ChannelsPerStep * kernel.Input.ChannelStride}";
                var parts = blocks.BlockLanes / (tile.Vectors * isa.Lanes);
                using (parts > 1 ? writer.For("part", parts) : writer.Block())
                {
                    var partOffset = parts > 1 ? $" + {Literal.Times("part", tile.Vectors * isa.Lanes)}" : "";
                    writer.Line($"var x = {input};");
                    writer.Line($"var w = weight + {Literal.Times("block", layout.BlockLength)}{partOffset};");
                    if (kernel.HasBias)
                        writer.Line($"var b = bias + {Literal.Times("block", blocks.BlockLanes)}{partOffset};");
                    writer.Line($"var y = {output} + {Literal.Times("block", blocks.BlockLanes)}{partOffset};");
                    var bias = kernel.HasBias ? "b, " : "";
                    if (columnTiles == 1)
                    {
                        writer.Line($"{TileName(rows, tile.Columns)}(x, w, {bias}y);");
                    }
                    else
                    {
                        using (writer.For("column", columnTiles))
                        {
                            writer.Line($"{TileName(rows, tile.Columns)}(x + {Literal.Times("column", tile.Columns * layout.InputColumnStep)}, w, {bias}y + {Literal.Times("column", tile.Columns * layout.OutputColumnStep)});");
                        }
                    }

                    if (restColumns > 0)
                    {
                        var done = columnTiles * tile.Columns;
                        writer.Line($"{TileName(rows, restColumns)}({Literal.At("x", done * layout.InputColumnStep)}, w, {bias}{Literal.At("y", done * layout.OutputColumnStep)});");
                    }
                }
            }
        }

        string TileName(int rows, int columns)
        {
            var tileName = $"{name}_Tile{rows}x{columns}";
            bodies[tileName] = layout.Body(rows, columns, tile.Vectors, isa.Lanes);
            return tileName;
        }
    }

    /// <summary>The kernel's strides, with a 1x1 convolution of gapless maps seen as one long row.</summary>
    private sealed class Layout
    {
        private readonly ConvPixelsKernel _kernel;

        public Layout(ConvPixelsKernel kernel)
        {
            _kernel = kernel;
            var taps = kernel.Taps;
            Height = kernel.Output.Height;
            Width = kernel.Output.Width;
            InputStart = taps.Start(kernel.Input);
            OutputStart = kernel.Output.Origin;
            InputColumnStep = taps.Stride.Width * kernel.Input.PixelStride;
            InputRowStep = taps.Stride.Height * kernel.Input.RowStride;
            OutputColumnStep = kernel.Output.PixelStride;
            OutputRowStep = kernel.Output.RowStride;
            BlockLength = taps.Count * kernel.Blocks.RunChannels * kernel.Blocks.BlockLanes;
            if (InputRowStep == Width * InputColumnStep && OutputRowStep == Width * OutputColumnStep)
            {
                Width *= Height;
                Height = 1;
            }
        }

        public int Height { get; }

        public int Width { get; }

        public int InputStart { get; }

        public int OutputStart { get; }

        public int InputColumnStep { get; }

        public int InputRowStep { get; }

        public int OutputColumnStep { get; }

        public int OutputRowStep { get; }

        public int BlockLength { get; }

        public TileBody Body(int rows, int columns, int vectors, int lanes)
        {
            var pixels = new List<TilePixel>();
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    pixels.Add(new TilePixel(
                        (row * InputRowStep) + (column * InputColumnStep),
                        (row * OutputRowStep) + (column * OutputColumnStep)));
                }
            }

            var (loops, runLength, runStride) = Nest();
            return new TileBody(
                pixels,
                [.. Enumerable.Range(0, vectors).Select(vector => vector * lanes)],
                _kernel.Blocks.BlockLanes,
                loops,
                runLength,
                runStride,
                _kernel.HasBias,
                _kernel.Activation);
        }

        /// <summary>The loops over taps and channels, in the order of the packed weights.</summary>
        private (IReadOnlyList<TapLoop> Loops, int RunLength, int RunStride) Nest()
        {
            var (input, taps, channels) = (_kernel.Input, _kernel.Taps, _kernel.Blocks.RunChannels);
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
