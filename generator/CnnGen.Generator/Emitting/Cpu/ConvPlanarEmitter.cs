using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints <see cref="ConvPlanarKernel"/>: a tile is some filters x some vectors of one row.</summary>
internal static class ConvPlanarEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, ConvPlanarKernel kernel, string name)
    {
        var (input, output, taps) = (kernel.Input, kernel.Output, kernel.Taps);
        var filtersPerGroup = output.Channels / kernel.Groups;
        var channelsPerGroup = input.Channels / kernel.Groups;
        var paddedWidth = Storage.RoundUp(output.Width);
        var tile = Tiling.ForPlanar(filtersPerGroup, paddedWidth, isa.Lanes);
        var step = tile.Vectors * isa.Lanes;
        var columns = (output.Width + step - 1) / step;
        var fullTiles = filtersPerGroup / tile.Rows;
        var rest = filtersPerGroup % tile.Rows;
        var bodies = new SortedDictionary<string, (int Filters, bool IsLast)>(StringComparer.Ordinal);
        var bias = kernel.HasBias ? "float* bias, " : "";

        using (writer.Block($"private static void {name}(float* input, float* weight, {bias}float* output)"))
        {
            using (writer.For("row", output.Height))
            using (writer.For("group", kernel.Groups))
            {
                writer.Line($"var x = {Literal.At("input", taps.Start(input))} + {Literal.Times("row", taps.Stride.Height * input.RowStride)} + {Literal.Times("group", channelsPerGroup * input.ChannelStride)};");
                writer.Line($"var y = {Literal.At("output", output.Origin)} + {Literal.Times("row", output.RowStride)} + {Literal.Times("group", filtersPerGroup * output.ChannelStride)};");
                using (writer.For("tile", fullTiles))
                    EmitRow($"group * {filtersPerGroup} + tile * {tile.Rows}", $"tile * {tile.Rows * output.ChannelStride}", tile.Rows);
                if (rest > 0)
                    EmitRow($"group * {filtersPerGroup} + {fullTiles * tile.Rows}", Literal.Number(fullTiles * tile.Rows * output.ChannelStride), rest);
            }
        }

        writer.Line();
        foreach (var body in bodies)
            EmitTile(writer, isa, kernel, body.Key, tile.Vectors, body.Value.Filters, body.Value.IsLast ? output.Width - ((columns - 1) * step) : step);

        void EmitRow(string filter, string outputOffset, int filters)
        {
            var biasArgument = kernel.HasBias ? $"bias + {filter}, " : "";
            var full = TileName(filters, false);
            if (columns > 1)
            {
                bodies[full] = (filters, false);
                using (writer.Block($"for (nint column = 0; column < {(columns - 1) * step}; column += {step})"))
                    writer.Line($"{full}(x + column, weight + {filter}, {biasArgument}y + {outputOffset} + column);");
            }

            // The row's last vectors: the lanes past the width are stored as zeros, which the halo of the next row may be.
            var last = TileName(filters, true);
            bodies[last] = (filters, true);
            writer.Line($"{last}({Literal.At("x", (columns - 1) * step)}, weight + {filter}, {biasArgument}y + {outputOffset}{(columns > 1 ? " + " + Literal.Number((columns - 1) * step) : "")});");
        }

        string TileName(int filters, bool isLast) => $"{name}_Tile{filters}x{tile.Vectors}{(isLast ? "_Last" : "")}";
    }

    private static void EmitTile(CodeWriter writer, VectorIsa isa, ConvPlanarKernel kernel, string name, int vectors, int filters, int pixels)
    {
        var (input, output, taps) = (kernel.Input, kernel.Output, kernel.Taps);
        var bias = kernel.HasBias ? "float* bias, " : "";
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}(float* input, float* weight, {bias}float* output)"))
        {
            for (var filter = 0; filter < filters; filter++)
            {
                var start = kernel.HasBias ? isa.Broadcast($"bias[{filter}]") : isa.Zero;
                writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v => $"var sum{filter}_{v} = {start};")));
            }

            using (writer.For("c", input.Channels / kernel.Groups))
            {
                writer.Line($"var xc = input + {Literal.Times("c", input.ChannelStride)};");
                using (writer.For("kh", taps.Kernel.Height))
                {
                    writer.Line($"var x = xc + {Literal.Times("kh", taps.Dilation.Height * input.RowStride)};");
                    EmitTaps();
                }
            }

            EmitStores();
        }

        writer.Line();

        void EmitTaps()
        {
            var unroll = Tiling.Unroll(taps.Kernel.Width, filters * vectors);
            var turns = taps.Kernel.Width / unroll;
            var rest = taps.Kernel.Width % unroll;
            if (turns == 1)
            {
                EmitRun(0, unroll);
                writer.Line($"weight += {unroll * output.Channels};");
            }
            else
            {
                using (writer.Block($"for (nint n = {turns}; n > 0; n--)"))
                {
                    EmitRun(0, unroll);
                    writer.Line($"x += {unroll * taps.Dilation.Width};");
                    writer.Line($"weight += {unroll * output.Channels};");
                }
            }

            if (rest > 0)
            {
                EmitRun(turns == 1 ? unroll * taps.Dilation.Width : 0, rest);
                writer.Line($"weight += {rest * output.Channels};");
            }
        }

        void EmitRun(int inputOffset, int count)
        {
            for (var tap = 0; tap < count; tap++)
            {
                using (writer.Block())
                {
                    for (var v = 0; v < vectors; v++)
                        writer.Line($"var x{v} = {isa.Load(Literal.At("x", inputOffset + (tap * taps.Dilation.Width) + (v * isa.Lanes)))};");
                    for (var filter = 0; filter < filters; filter++)
                    {
                        writer.Line($"var w{filter} = {isa.Broadcast($"weight[{(tap * output.Channels) + filter}]")};");
                        for (var v = 0; v < vectors; v++)
                            writer.Line($"sum{filter}_{v} = {isa.FusedMultiplyAdd($"w{filter}", $"x{v}", $"sum{filter}_{v}")};");
                    }
                }
            }
        }

        void EmitStores()
        {
            for (var filter = 0; filter < filters; filter++)
            {
                for (var v = 0; v < vectors; v++)
                {
                    var value = TileEmitter.Activate(isa, kernel.Activation, $"sum{filter}_{v}");
                    var inside = Math.Max(0, Math.Min(isa.Lanes, pixels - (v * isa.Lanes)));
                    if (inside == 0)
                        value = isa.Zero;
                    else if (inside < isa.Lanes)
                        value = $"{value} & Lanes{inside}";
                    writer.Line(isa.Store(Literal.At("output", (filter * output.ChannelStride) + (v * isa.Lanes)), value));
                }
            }
        }
    }
}
