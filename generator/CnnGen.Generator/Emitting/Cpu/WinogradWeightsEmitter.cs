using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints <see cref="WinogradWeightsKernel"/>: the taps' transform, vectors over filters.</summary>
internal static class WinogradWeightsEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradWeightsKernel kernel, string name, PartList parts)
    {
        var (source, target) = (kernel.Source, kernel.Target);
        var blocks = target.Blocks;
        var transform = Transform(isa, target.OutputTile, target.Kernel, kernel.HasScales, parts);
        using (writer.Block($"public static void {name}(float* weight, {(kernel.HasScales ? "float* scales, " : "")}float* points, nint from, nint to)"))
        using (writer.Block("for (var unit = from; unit < to; unit++)"))
        {
            writer.Line($"var block = unit / {Literal.Number(blocks.RunChannels)};");
            writer.Line($"var c = unit - {Literal.Times("block", blocks.RunChannels)};");
            writer.Pointer("x", $"weight + {Literal.Times("block", target.Kernel * target.Kernel * target.BlockLength)} + {Literal.Times("c", kernel.ChannelStride)}");
            var scales = kernel.HasScales ? $"&scales[{Literal.Times("block", blocks.BlockLanes)}], " : "";
            writer.Line($"{transform}(x, {source.RowStride}, {source.ColumnStride}, {Literal.Number(blocks.BlockLanes)}, {scales}&points[{Literal.Times("unit", blocks.BlockLanes)}], {Literal.Number(target.PointStride)});");
        }

        writer.Line();
    }

    /// <summary>The name of the method that transforms a channel's taps for a block of filters.</summary>
    public static string Transform(VectorIsa isa, int outputTile, int kernel, bool hasScales, PartList parts) => parts.NameOf(
        ("weights", outputTile, kernel, hasScales),
        FormattableString.Invariant($"WinogradTaps{outputTile}x{outputTile}Of{kernel}x{kernel}"),
        (text, part) => EmitTransform(text, isa, outputTile, kernel, hasScales, part));

    /// <summary>The name of the method that makes one row of points of the taps of all channels for a block of filters.</summary>
    public static string RowTransform(VectorIsa isa, int outputTile, int kernel, PartList parts) => parts.NameOf(
        ("weights' row", outputTile, kernel),
        FormattableString.Invariant($"WinogradTapsRow{outputTile}x{outputTile}Of{kernel}x{kernel}"),
        (text, part) => EmitRowTransform(text, isa, outputTile, kernel, part));

    /// <summary>A row's combination of each column of taps, then the columns' points.</summary>
    private static void EmitRowTransform(CodeWriter writer, VectorIsa isa, int outputTile, int taps, string name)
    {
        var transforms = new WinogradTransforms(writer, isa, outputTile, taps);
        var factors = string.Concat(Enumerable.Range(0, taps).Select(i => $"float c{Literal.Number(i)}, "));
        writer.Line($"// Of all channels' taps, {taps}x{taps}, one row of points; c0, c1... are what it takes of the taps' rows.");
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}(float* weight, nint channelStride, nint rowStride, nint columnStride, nint channels, nint lanes, {factors}float* points, nint pointStride)"))
        {
            transforms.DeclareTapConstants();
            for (var row = 0; row < taps; row++)
                writer.Line($"var f{row} = {isa.Broadcast("c" + Literal.Number(row))};");
            using (writer.Block("for (nint channel = 0; channel < channels; channel++)"))
            {
                using (writer.Block($"for (nint lane = 0; lane < lanes; lane += {isa.Lanes})"))
                {
                    writer.Pointer("x", "weight + lane");
                    for (var column = 0; column < taps; column++)
                    {
                        var sum = isa.Multiply(isa.Load(Place(0, column)), "f0");
                        for (var row = 1; row < taps; row++)
                            sum = isa.FusedMultiplyAdd(isa.Load(Place(row, column)), "f" + Literal.Number(row), sum);
                        writer.Line($"var g{column} = {sum};");
                    }

                    transforms.Taps([.. Enumerable.Range(0, taps).Select(i => "g" + Literal.Number(i))], "t");
                    writer.Pointer("y", "points + lane");
                    for (var point = 0; point < outputTile + taps - 1; point++)
                        writer.Line(isa.Store(WinogradTileEmitter.Plus("y", point, "pointStride"), "t" + Literal.Number(point)));
                }

                writer.Line("weight += channelStride;");
                writer.Line("points += lanes;");
            }
        }

        writer.Line();

        static string Place(int row, int column) => WinogradTileEmitter.Plus(WinogradTileEmitter.Plus("x", row, "rowStride"), column, "columnStride");
    }

    /// <summary>Columns, then rows.</summary>
    private static void EmitTransform(CodeWriter writer, VectorIsa isa, int outputTile, int taps, bool hasScales, string name)
    {
        var size = outputTile + taps - 1;
        var transforms = new WinogradTransforms(writer, isa, outputTile, taps);
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
                writer.Pointer("x", "weight + lane");
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
                writer.Pointer("y", "points + lane");
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
