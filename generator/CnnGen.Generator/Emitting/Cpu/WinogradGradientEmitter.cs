using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints <see cref="WinogradWeightGradientKernel"/> and the two kernels of the same work over a whole batch: a method over blocks of tiles, which calls the forward kernel's transform of inputs, one for the output's gradient,
/// the weight gradient's tiles for the products (with tiles for a batch's rows), and a method that makes gradients by the taps of their sums.
/// </summary>
internal static class WinogradGradientEmitter
{
    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradWeightGradientKernel kernel, string name, PartList parts)
    {
        var tiles = kernel.Tiles;
        using (writer.Block($"public static void {name}(float* input, float* outputGradient, float* weightGradient, float* scratch, nint images)"))
        {
            writer.Line("var inputs = scratch;");
            writer.Pointer("gradients", Literal.At("scratch", kernel.GradientOffset));
            writer.Pointer("sums", Literal.At("scratch", kernel.SumOffset));
            writer.Pointer("half", Literal.At("scratch", kernel.HalfOffset));
            if (tiles.HasPartialTiles)
                writer.Pointer("edge", Literal.At("scratch", kernel.EdgeOffset));
            writer.Line("// Equal blocks of tiles.");
            writer.Line($"var count = {Literal.Times("images", tiles.Count)};");
            writer.Line($"var blocks = (count + {Literal.Number(tiles.BlockTiles - 1)}) / {Literal.Number(tiles.BlockTiles)};");
            writer.Line("var size = (count + blocks - 1) / blocks;");
            using (writer.Block("for (nint first = 0; first < count; first += size)"))
            {
                writer.Line("var rows = Math.Min(size, count - first);");
                EmitPoints(writer, isa, kernel, name, parts);
                EmitSums(writer, isa, kernel, parts);
            }
        }

        writer.Line();
        EmitCopies(writer, kernel, name);
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradGradientPointsKernel kernel, string name, PartList parts)
    {
        var (of, tiles) = (kernel.Of, kernel.Of.Tiles);
        using (writer.Block($"public static void {name}(float* input, float* outputGradient, float* inputs, float* gradients, float* half)"))
        {
            if (tiles.HasPartialTiles)
                writer.Pointer("edge", Literal.At("half", of.EdgeOffset - of.HalfOffset));
            writer.Line($"const nint rows = {Literal.Number(tiles.Count)};");
            using (writer.Zero("first"))
                EmitPoints(writer, isa, of, name, parts);
        }

        writer.Line();
        EmitCopies(writer, of, name);
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, WinogradGradientSumsKernel kernel, string name, PartList parts)
    {
        var of = kernel.Of;
        using (writer.Block($"public static void {name}(float* inputs, float* gradients, float* weightGradient, float* sums, nint rows, nint from, nint to)"))
        {
            writer.Pointer("half", Literal.At("sums", of.HalfOffset - of.SumOffset));
            using (writer.Block("for (var unit = from; unit < to; unit++)"))
            {
                writer.Line($"var block = unit / {Literal.Number(of.Groups)};");
                writer.Line($"var group = unit - {Literal.Times("block", of.Groups)};");
                EmitBlock(writer, of);
                EmitGroups(writer, isa, of, parts, isOfBatch: true, (whole, rest, emit) =>
                {
                    if (whole == 0 || rest == 0)
                    {
                        emit(whole > 0 ? WinogradWeightGradientKernel.GroupChannels : rest);
                        return;
                    }

                    using (writer.Block($"if (group < {Literal.Number(whole)})"))
                        emit(WinogradWeightGradientKernel.GroupChannels);
                    using (writer.Block("else"))
                        emit(rest);
                });
            }
        }

        writer.Line();
    }

    private static void EmitCopies(CodeWriter writer, WinogradWeightGradientKernel kernel, string name)
    {
        if (!kernel.Tiles.HasPartialTiles)
            return;
        WinogradTileEmitter.EmitCopyIn(writer, kernel.Input, kernel.Tiles.InputTile, name + "_CopyInput");
        WinogradTileEmitter.EmitCopyIn(writer, kernel.OutputGradient, kernel.Tiles.OutputTile, name + "_CopyGradient");
    }

    /// <summary>Prints the transforms of a block's tiles.</summary>
    private static void EmitPoints(CodeWriter writer, VectorIsa isa, WinogradWeightGradientKernel kernel, string name, PartList parts)
    {
        var (tiles, blocks, step) = (kernel.Tiles, kernel.Blocks, kernel.Tiles.OutputTile);
        var ofInput = WinogradTileEmitter.InputTransform(isa, tiles, parts);
        var ofGradient = parts.NameOf(
            ("output gradient", tiles.OutputTile, tiles.Kernel),
            $"WinogradOutputGradient{WinogradTileEmitter.Suffix(tiles)}",
            (text, part) =>
            {
                var transforms = new WinogradTransforms(text, isa, tiles.OutputTile, tiles.Kernel);
                text.Line($"// One tile of gradients by outputs for {tiles.Algorithm}.");
                WinogradTileEmitter.EmitToPoints(
                    text, isa, part, tiles.OutputTile, tiles.InputTile, transforms.DeclareOutputGradientConstants, transforms.OutputGradient);
            });
        using (writer.Block("for (nint tile = 0; tile < rows; tile++)"))
        {
            WinogradEmitter.EmitPlace(writer, tiles);
            writer.Pointer("x", Start("input", kernel.Taps.Start(kernel.Input), kernel.Input, kernel.InputImageStride));
            writer.Pointer("g", Start("outputGradient", kernel.OutputGradient.Origin, kernel.OutputGradient, kernel.GradientImageStride));
            if (!tiles.HasPartialTiles)
            {
                EmitTransforms("x", kernel.Input.RowStride, "g", kernel.OutputGradient.RowStride);
                return;
            }

            writer.Line(WinogradEmitter.PartialTest(tiles));
            using (writer.Block())
            {
                // What lies past the map has no part in the sums.
                EmitCopy("Input", "x", tiles.InputTile, tiles.Kernel - 1);
                EmitInput("edge", tiles.InputTile * kernel.Input.PixelStride);
                EmitCopy("Gradient", "g", step, 0);
                EmitGradient("edge", step * kernel.OutputGradient.PixelStride);
            }

            writer.Line("else");
            using (writer.Block())
                EmitTransforms("x", kernel.Input.RowStride, "g", kernel.OutputGradient.RowStride);
        }

        string Start(string pointer, int offset, Storage map, int imageStride) =>
            $"{Literal.At(pointer, offset)}{(tiles.AcrossImages ? " + " + Literal.Times("image", imageStride) : "")} + {Literal.Times("row", step * map.RowStride)} + {Literal.Times("column", step * map.PixelStride)}";

        void EmitCopy(string map, string pointer, int size, int beyond) => writer.Line(
            $"{name}_Copy{map}({pointer}, edge, Math.Min({size}, {tiles.Height + beyond} - {Literal.Times("row", step)}), Math.Min({size}, {tiles.Width + beyond} - {Literal.Times("column", step)}));");

        void EmitTransforms(string x, int inputRowStride, string g, int gradientRowStride)
        {
            EmitInput(x, inputRowStride);
            EmitGradient(g, gradientRowStride);
        }

        void EmitInput(string x, int rowStride)
        {
            const int Lanes = WinogradWeightGradientKernel.GroupChannels;
            using (writer.For("group", kernel.Groups))
            {
                writer.Line($"{ofInput}({Literal.Address($"{x} + {Literal.Times("group", Lanes)}")}, {Literal.Number(rowStride)}, {Literal.Number(kernel.Input.PixelStride)}, {Lanes}, "
                    + $"&inputs[{Literal.Times("group", kernel.InputGroupStride)} + {Literal.Times("tile", Lanes)}], {Literal.Number(kernel.InputPointStride)}, half);");
            }
        }

        void EmitGradient(string g, int rowStride)
        {
            using (writer.For("block", blocks.BlockCount))
            {
                writer.Line($"{ofGradient}({Literal.Address($"{g} + {Literal.Times("block", blocks.BlockLanes)}")}, {Literal.Number(rowStride)}, {Literal.Number(kernel.OutputGradient.PixelStride)}, {Literal.Number(blocks.BlockLanes)}, "
                    + $"&gradients[{Literal.Times("block", kernel.GradientBlockStride)} + {Literal.Times("tile", blocks.BlockLanes)}], {Literal.Number(kernel.GradientPointStride)}, half);");
            }
        }
    }

    /// <summary>Prints the products of a block's tiles: for some channels and filters at all points, and then what the weights' gradients have of them.</summary>
    private static void EmitSums(CodeWriter writer, VectorIsa isa, WinogradWeightGradientKernel kernel, PartList parts)
    {
        using (writer.For("block", kernel.Blocks.BlockCount))
        {
            EmitBlock(writer, kernel);
            EmitGroups(writer, isa, kernel, parts, isOfBatch: false, (whole, rest, emit) =>
            {
                if (whole > 0)
                {
                    using (writer.For("group", whole))
                        emit(WinogradWeightGradientKernel.GroupChannels);
                }

                if (rest > 0)
                {
                    using (writer.Block())
                    {
                        writer.Line($"const nint group = {Literal.Number(whole)};");
                        emit(rest);
                    }
                }
            });
        }
    }

    private static void EmitBlock(CodeWriter writer, WinogradWeightGradientKernel kernel)
    {
        writer.Pointer("blockGradients", $"gradients + {Literal.Times("block", kernel.GradientBlockStride)}");
        writer.Pointer("blockWeights", $"weightGradient + {Literal.Times("block", kernel.Taps.Count * kernel.Blocks.RunChannels * kernel.Blocks.BlockLanes)}");
    }

    /// <summary>Prints what is done for a group of channels, which the caller has the number of, and the loop or the choice around it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isa">The instruction set.</param>
    /// <param name="kernel">The sizes.</param>
    /// <param name="parts">Where methods are put that other kernels call too.</param>
    /// <param name="isOfBatch">Whether the tiles are those of all images of the batch, each image's by themselves, and the gradients are stored rather than added.</param>
    /// <param name="emitAll">Prints what is around: whole groups, channels of a last one that isn't whole, and what prints one of so many channels.</param>
    private static void EmitGroups(
        CodeWriter writer, VectorIsa isa, WinogradWeightGradientKernel kernel, PartList parts, bool isOfBatch, Action<int, int, Action<int>> emitAll)
    {
        var (tiles, blocks) = (kernel.Tiles, kernel.Blocks);
        var ofTaps = parts.NameOf(
            ("tap gradients", tiles.OutputTile, tiles.Kernel, isOfBatch),
            $"WinogradTapGradients{WinogradTileEmitter.Suffix(tiles)}",
            (text, part) => EmitTapGradients(text, isa, tiles, part, adds: !isOfBatch));
        var vectors = Tiling.VectorsOf(blocks.BlockLanes, isa.Lanes);
        const int Lanes = WinogradWeightGradientKernel.GroupChannels;
        emitAll(blocks.RunChannels / Lanes, blocks.RunChannels % Lanes, EmitGroup);

        void EmitGroup(int channels)
        {
            using (writer.For("point", tiles.Points))
            using (writer.For("part", blocks.BlockLanes / (vectors * isa.Lanes)))
            {
                var lanes = Literal.Times("part", vectors * isa.Lanes);
                writer.Pointer("x", $"inputs + {Literal.Times("point", kernel.InputPointStride)} + {Literal.Times("group", kernel.InputGroupStride)}");
                writer.Pointer("g", $"blockGradients + {Literal.Times("point", kernel.GradientPointStride)} + {lanes}");
                writer.Pointer("w", $"sums + {Literal.Times("point", kernel.SumPointStride)} + {lanes}");
                var calls = WeightGradientEmitter.Tiles(channels, 1, blocks.BlockLanes, isa, out var full, out var rest);
                WeightGradientEmitter.EmitTileCalls(writer, blocks.BlockLanes, 1, full, rest, calls, isOfBatch ? CallOfBatch : CallOfBlock);
            }

            writer.Line($"{ofTaps}(sums, {Literal.Number(kernel.SumPointStride)}, &blockWeights[{Literal.Times("group", Lanes * blocks.BlockLanes)}], "
                + $"{Literal.Number(blocks.RunChannels * blocks.BlockLanes)}, {Literal.Number(channels * blocks.BlockLanes)}, half);");
        }

        string CallOfBlock(IReadOnlyList<int> inputs, string x, string w) => WeightGradientTileEmitter.CallOfRows(
            parts, isa, WeightGradientTile.OfRows(inputs, vectors, blocks.BlockLanes, adds: false), x, Lanes, "g", blocks.BlockLanes, w);

        string CallOfBatch(IReadOnlyList<int> inputs, string x, string w) => WeightGradientTileEmitter.CallOfMap(
            parts,
            isa,
            WeightGradientTile.OfMap(isa, inputs, vectors, blocks.BlockLanes, tiles.Count, Lanes) with { Adds = false },
            x,
            Lanes,
            kernel.InputPointsLength,
            "g",
            blocks.BlockLanes,
            kernel.GradientPointsLength,
            w,
            tiles.Count);
    }

    /// <summary>The method that adds (or stores) what the points' sums make of the gradients by the taps of some channels and filters: rows, then columns.</summary>
    private static void EmitTapGradients(CodeWriter writer, VectorIsa isa, WinogradTiles tiles, string name, bool adds)
    {
        var (size, taps) = (tiles.InputTile, tiles.Kernel);
        var transforms = new WinogradTransforms(writer, isa, tiles.OutputTile, taps);
        writer.Line($"// Gradients by taps of the points' sums, for {tiles.Algorithm}.");
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}(float* sums, nint pointStride, float* weightGradient, nint tapStride, nint weights, float* rows)"))
        {
            writer.Line($"var tapRow = {Literal.Number(taps)} * tapStride;");
            transforms.DeclareTapGradientConstants();
            using (writer.Block($"for (nint i = 0; i < weights; i += {isa.Lanes})"))
            {
                writer.Pointer("x", "sums + i");
                writer.Line("var h = rows;");
                using (writer.Block($"for (nint row = 0; row < {Literal.Number(size)}; row++)"))
                {
                    for (var column = 0; column < size; column++)
                        writer.Line($"var u{column} = {isa.Load(WinogradTileEmitter.Plus("x", column, "pointStride"))};");
                    transforms.TapGradients(WinogradTileEmitter.Names("u", size), "t");
                    for (var tap = 0; tap < taps; tap++)
                        writer.Line(isa.Store(Literal.At("h", tap * isa.Lanes), "t" + Literal.Number(tap)));
                    writer.Line($"x += {Literal.Number(size)} * pointStride;");
                    writer.Line($"h += {Literal.Number(taps * isa.Lanes)};");
                }

                writer.Line("h = rows;");
                writer.Pointer("w", "weightGradient + i");
                using (writer.Block($"for (nint column = 0; column < {Literal.Number(taps)}; column++)"))
                {
                    for (var row = 0; row < size; row++)
                        writer.Line($"var u{row} = {isa.Load(Literal.At("h", row * taps * isa.Lanes))};");
                    transforms.TapGradients(WinogradTileEmitter.Names("u", size), "t");
                    for (var tap = 0; tap < taps; tap++)
                    {
                        var place = WinogradTileEmitter.Plus("w", tap, "tapRow");
                        writer.Line(isa.Store(place, adds ? isa.Add(isa.Load(place), "t" + Literal.Number(tap)) : "t" + Literal.Number(tap)));
                    }

                    writer.Line($"h += {Literal.Number(isa.Lanes)};");
                    writer.Line("w += tapStride;");
                }
            }
        }

        writer.Line();
    }
}
