using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints <see cref="WeightGradientPlanarKernel"/>: dot products along the width, kept as vectors over the whole map and summed once at its end.
/// </summary>
internal static class WeightGradientPlanarEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, WeightGradientPlanarKernel kernel, string name)
    {
        var (input, gradient, taps) = (kernel.Input, kernel.OutputGradient, kernel.Taps);
        var filtersPerGroup = gradient.Channels / kernel.Groups;
        var channelsPerGroup = input.Channels / kernel.Groups;
        var (filters, columns) = Tiling.ForPlanarWeightGradient(filtersPerGroup, taps.Kernel.Width, isa.Lanes);
        var bodies = new SortedDictionary<string, Body>(StringComparer.Ordinal);

        using (writer.Block($"public static void {name}(float* input, float* outputGradient, float* weightGradient)"))
        {
            using (writer.For("group", kernel.Groups))
            using (writer.For("c", channelsPerGroup))
            using (writer.For("kh", taps.Kernel.Height))
            {
                writer.Pointer("x", $"{Literal.At("input", taps.Start(input))} + (group * {channelsPerGroup} + c) * {input.ChannelStride} + {Literal.Times("kh", taps.Dilation.Height * input.RowStride)}");
                writer.Pointer("g", $"{Literal.At("outputGradient", gradient.Origin)} + {Literal.Times("group", filtersPerGroup * gradient.ChannelStride)}");
                writer.Pointer("w", $"weightGradient + (c * {taps.Count} + {Literal.Times("kh", taps.Kernel.Width)}) * {gradient.Channels} + {Literal.Times("group", filtersPerGroup)}");
                for (var column = 0; column < taps.Kernel.Width; column += columns)
                {
                    var columnCount = Math.Min(columns, taps.Kernel.Width - column);
                    for (var filter = 0; filter < filtersPerGroup; filter += filters)
                    {
                        var filterCount = Math.Min(filters, filtersPerGroup - filter);
                        var tile = $"{name}_Tile{filterCount}x{columnCount}";
                        bodies[tile] = new Body(filterCount, columnCount);
                        writer.Line($"{tile}({Literal.Address("x", column * taps.Dilation.Width)}, {Literal.Address("g", filter * gradient.ChannelStride)}, {Literal.Address("w", (column * gradient.Channels) + filter)});");
                    }
                }
            }
        }

        writer.Line();
        foreach (var body in bodies)
            EmitTile(writer, isa, kernel, body.Key, body.Value.Filters, body.Value.Columns);
    }

    private static void EmitTile(CodeWriter writer, VectorIsa isa, WeightGradientPlanarKernel kernel, string name, int filters, int columns)
    {
        var (input, gradient, taps) = (kernel.Input, kernel.OutputGradient, kernel.Taps);
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}(float* input, float* outputGradient, float* weightGradient)"))
        {
            for (var filter = 0; filter < filters; filter++)
                writer.Line(string.Join(" ", Enumerable.Range(0, columns).Select(column => $"var sum{filter}_{column} = {isa.Zero};")));

            using (writer.Block($"for (nint row = 0; row < {gradient.Height}; row++)"))
            {
                var step = isa.Lanes;
                var (whole, rest) = (gradient.Width / step * step, gradient.Width % step);
                if (whole > 0)
                {
                    using (writer.Block($"for (nint column = 0; column < {whole}; column += {step})"))
                        EmitVector(" + column", step);
                }

                // The gradient's lanes past its width are zeros, the input's are other pixels: infinite times zero would not be zero.
                if (rest > 0)
                {
                    using (writer.Block())
                        EmitVector(whole > 0 ? " + " + Literal.Number(whole) : "", rest);
                }

                writer.Line($"input += {taps.Stride.Height * input.RowStride};");
                writer.Line($"outputGradient += {gradient.RowStride};");
            }

            for (var filter = 0; filter < filters; filter++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var sum = isa.IsScalar ? $"sum{filter}_{column}" : $"{isa.VectorType.Replace("<float>", "")}.Sum(sum{filter}_{column})";
                    writer.Line($"weightGradient[{(column * gradient.Channels) + filter}] += {sum};");
                }
            }
        }

        writer.Line();

        void EmitVector(string offset, int lanes)
        {
            for (var filter = 0; filter < filters; filter++)
                writer.Line($"var g{filter} = {isa.Load($"{Literal.At("outputGradient", filter * gradient.ChannelStride)}{offset}")};");
            for (var column = 0; column < columns; column++)
            {
                var x = isa.Load($"{Literal.At("input", column * taps.Dilation.Width)}{offset}");
                writer.Line($"var x{column} = {isa.FirstLanes(x, lanes)};");
                for (var filter = 0; filter < filters; filter++)
                    writer.Line($"sum{filter}_{column} = {isa.FusedMultiplyAdd($"g{filter}", $"x{column}", $"sum{filter}_{column}")};");
            }
        }
    }

    /// <summary>One kind of tile.</summary>
    private sealed record Body(int Filters, int Columns);
}
