using CnnGen.Generator.Planning;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints <see cref="WinogradWeightsKernel"/>: the taps' transform, vectors over filters.</summary>
internal static class WinogradWeightsEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradWeightsKernel kernel, string name)
    {
        var (source, target) = (kernel.Source, kernel.Target);
        var blocks = target.Blocks;
        var (size, taps) = (target.Tile, target.Kernel);
        var transforms = new WinogradTransforms(writer, isa, target.OutputTile, taps);
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}(float* weight, {(kernel.HasScales ? "float* scales, " : "")}float* points, nint from, nint to)"))
        {
            transforms.DeclareTapConstants();
            writer.Line($"var memory = stackalloc float[{Literal.Number((size * taps * isa.Lanes) + Storage.Lanes)}];");
            writer.Line("// From a cache line's start.");
            writer.Line("var columns = memory + (64 - ((nint)memory & 63)) / sizeof(float);");
            using (writer.Block("for (var unit = from; unit < to; unit++)"))
            {
                writer.Line($"var block = unit / {Literal.Number(blocks.RunChannels)};");
                writer.Line($"var c = unit - {Literal.Times("block", blocks.RunChannels)};");
                writer.Line($"var first = weight + {Literal.Times("block", taps * taps * target.BlockLength)} + {Literal.Times("c", kernel.ChannelStride)};");
                writer.Line($"var target = points + {Literal.Times("unit", blocks.BlockLanes)};");
                using (writer.Block($"for (nint lane = 0; lane < {Literal.Number(blocks.BlockLanes)}; lane += {isa.Lanes})"))
                {
                    writer.Line("var x = first + lane;");
                    writer.Line("var y = target + lane;");
                    if (kernel.HasScales)
                        writer.Line($"var scale = {isa.Load("scales + " + Literal.Times("block", blocks.BlockLanes) + " + lane")};");
                    EmitPoints();
                }
            }
        }

        writer.Line();

        void EmitPoints()
        {
            writer.Line("var h = columns;");
            using (writer.Block($"for (nint column = 0; column < {Literal.Number(taps)}; column++)"))
            {
                for (var row = 0; row < taps; row++)
                {
                    var tap = isa.Load(Literal.At("x", row * source.RowStride));
                    writer.Line($"var g{row} = {(kernel.HasScales ? isa.Multiply(tap, "scale") : tap)};");
                }

                EmitTransform();
                for (var point = 0; point < size; point++)
                    writer.Line(isa.Store(Literal.At("h", point * taps * isa.Lanes), "t" + Literal.Number(point)));
                writer.Line($"x += {Literal.Number(source.ColumnStride)};");
                writer.Line($"h += {Literal.Number(isa.Lanes)};");
            }

            writer.Line("h = columns;");
            using (writer.Block($"for (nint row = 0; row < {Literal.Number(size)}; row++)"))
            {
                for (var column = 0; column < taps; column++)
                    writer.Line($"var g{column} = {isa.Load(Literal.At("h", column * isa.Lanes))};");
                EmitTransform();
                for (var point = 0; point < size; point++)
                    writer.Line(isa.Store(Literal.At("y", point * target.PointStride), "t" + Literal.Number(point)));
                writer.Line($"h += {Literal.Number(taps * isa.Lanes)};");
                writer.Line($"y += {Literal.Number(size * target.PointStride)};");
            }
        }

        void EmitTransform() => transforms.Taps([.. Enumerable.Range(0, taps).Select(i => "g" + Literal.Number(i))], "t");
    }
}
