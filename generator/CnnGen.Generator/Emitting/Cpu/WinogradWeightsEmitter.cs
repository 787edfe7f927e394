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
            for (var row = 0; row < taps; row++)
            {
                for (var column = 0; column < taps; column++)
                {
                    var tap = isa.Load(Literal.At("x", (row * source.RowStride) + (column * source.ColumnStride)));
                    writer.Line($"var g{row}_{column} = {(kernel.HasScales ? isa.Multiply(tap, "scale") : tap)};");
                }
            }

            for (var column = 0; column < taps; column++)
            {
                // The columns' points are named apart, since the rows' transforms read all of them.
                for (var point = 0; point < size; point++)
                    writer.Line($"{isa.VectorType} h{point}_{column};");
                using (writer.Block())
                {
                    transforms.Taps([.. Enumerable.Range(0, taps).Select(row => $"g{Literal.Number(row)}_{Literal.Number(column)}")], "t");
                    for (var point = 0; point < size; point++)
                        writer.Line($"h{point}_{column} = t{point};");
                }
            }

            for (var row = 0; row < size; row++)
            {
                using (writer.Block())
                {
                    transforms.Taps([.. Enumerable.Range(0, taps).Select(column => $"h{Literal.Number(row)}_{Literal.Number(column)}")], "t");
                    for (var point = 0; point < size; point++)
                        writer.Line(isa.Store(Literal.At("y", ((row * size) + point) * target.PointStride), "t" + Literal.Number(point)));
                }
            }
        }
    }
}
