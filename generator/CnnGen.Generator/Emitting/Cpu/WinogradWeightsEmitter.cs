using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints <see cref="WinogradWeightsKernel"/>: the taps' transform, vectors over filters.</summary>
internal static class WinogradWeightsEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradWeightsKernel kernel, string name, PartList parts)
    {
        var (source, target) = (kernel.Source, kernel.Target);
        var blocks = target.Blocks;
        var transform = parts.NameOf(
            ("weights", target.OutputTile, target.Kernel, kernel.HasScales),
            FormattableString.Invariant($"WinogradTaps{target.OutputTile}x{target.OutputTile}Of{target.Kernel}x{target.Kernel}"),
            (text, part) => EmitTransform(text, isa, target, kernel.HasScales, part));
        using (writer.Block($"public static void {name}(float* weight, {(kernel.HasScales ? "float* scales, " : "")}float* points, nint from, nint to)"))
        using (writer.Block("for (var unit = from; unit < to; unit++)"))
        {
            writer.Line($"var block = unit / {Literal.Number(blocks.RunChannels)};");
            writer.Line($"var c = unit - {Literal.Times("block", blocks.RunChannels)};");
            writer.Line($"var x = weight + {Literal.Times("block", target.Kernel * target.Kernel * target.BlockLength)} + {Literal.Times("c", kernel.ChannelStride)};");
            var scales = kernel.HasScales ? $"scales + {Literal.Times("block", blocks.BlockLanes)}, " : "";
            writer.Line($"{transform}(x, {source.RowStride}, {source.ColumnStride}, {Literal.Number(blocks.BlockLanes)}, {scales}points + {Literal.Times("unit", blocks.BlockLanes)}, {Literal.Number(target.PointStride)});");
        }

        writer.Line();
    }

    /// <summary>The method that transforms a channel's taps for a block of filters: columns, then rows.</summary>
    private static void EmitTransform(CodeWriter writer, VectorIsa isa, WinogradWeights target, bool hasScales, string name)
    {
        var (size, taps) = (target.Tile, target.Kernel);
        var transforms = new WinogradTransforms(writer, isa, target.OutputTile, taps);
        writer.Line($"// One channel's taps, {taps}x{taps}, as {size}x{size} points.");
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}(float* weight, nint rowStride, nint columnStride, nint lanes, {(hasScales ? "float* scales, " : "")}float* points, nint pointStride)"))
        {
            transforms.DeclareTapConstants();
            writer.Line($"var memory = stackalloc float[{Literal.Number((size * taps * isa.Lanes) + Storage.Lanes)}];");
            writer.Line("// From a cache line's start.");
            writer.Line("var columns = memory + (64 - ((nint)memory & 63)) / sizeof(float);");
            using (writer.Block($"for (nint lane = 0; lane < lanes; lane += {isa.Lanes})"))
            {
                writer.Line("var x = weight + lane;");
                writer.Line("var h = columns;");
                if (hasScales)
                    writer.Line($"var scale = {isa.Load("scales + lane")};");
                using (writer.Block($"for (nint column = 0; column < {Literal.Number(taps)}; column++)"))
                {
                    for (var row = 0; row < taps; row++)
                    {
                        var tap = isa.Load(row == 0 ? "x" : row == 1 ? "x + rowStride" : $"x + {Literal.Number(row)} * rowStride");
                        writer.Line($"var g{row} = {(hasScales ? isa.Multiply(tap, "scale") : tap)};");
                    }

                    EmitTaps();
                    for (var point = 0; point < size; point++)
                        writer.Line(isa.Store(Literal.At("h", point * taps * isa.Lanes), "t" + Literal.Number(point)));
                    writer.Line("x += columnStride;");
                    writer.Line($"h += {Literal.Number(isa.Lanes)};");
                }

                writer.Line("h = columns;");
                writer.Line("var y = points + lane;");
                using (writer.Block($"for (nint row = 0; row < {Literal.Number(size)}; row++)"))
                {
                    for (var column = 0; column < taps; column++)
                        writer.Line($"var g{column} = {isa.Load(Literal.At("h", column * isa.Lanes))};");
                    EmitTaps();
                    for (var point = 0; point < size; point++)
                    {
                        writer.Line(isa.Store("y", "t" + Literal.Number(point)));
                        writer.Line("y += pointStride;");
                    }

                    writer.Line($"h += {Literal.Number(taps * isa.Lanes)};");
                }
            }
        }

        writer.Line();

        void EmitTaps() => transforms.Taps([.. Enumerable.Range(0, taps).Select(i => "g" + Literal.Number(i))], "t");
    }
}
