using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Where one output pixel of a tile reads its first tap and stores its result, relative to the tile's pointers.</summary>
internal sealed record TilePixel(int Input, int Output);

/// <summary>A loop around a tile's taps: how often it turns, and how far the input moves with each turn.</summary>
internal sealed record TapLoop(string Variable, int Count, int Step);

/// <summary>
/// A register tile of a product: pixels x vectors of accumulators, over taps in the order of the packed weights.
/// </summary>
/// <param name="Pixels">The tile's output pixels.</param>
/// <param name="WeightOffsets">Where each vector's weights of one tap lie.</param>
/// <param name="WeightStep">Floats from one tap's weights to the next.</param>
/// <param name="Loops">The loops around the innermost run of taps.</param>
/// <param name="RunLength">Taps (kernel columns x channels) in the innermost run.</param>
/// <param name="RunStride">Floats from one element of the run to the next.</param>
/// <param name="After">What is done to each sum. Where it pools, the pixels of a window stand one after the other and share their output.</param>
/// <param name="NextWeights">How far behind the weights those lie that are read next and come from memory, which are fetched meanwhile; 0 where they are near.</param>
internal sealed record TileBody(
    IReadOnlyList<TilePixel> Pixels,
    IReadOnlyList<int> WeightOffsets,
    int WeightStep,
    IReadOnlyList<TapLoop> Loops,
    int RunLength,
    int RunStride,
    KernelEpilogue After,
    int NextWeights)
{
    public int MultiplyAddsPerTap => Pixels.Count * WeightOffsets.Count;
}

/// <summary>Prints the tile kernels of convolutions and products.</summary>
internal static class TileEmitter
{
    public const string KernelAttribute = "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]";

    public static void Emit(CodeWriter writer, VectorIsa isa, string name, TileBody body)
    {
        var biasParameter = body.After.HasBias ? "float* bias, " : "";
        writer.Line(KernelAttribute);
        using (writer.Block($"private static void {name}(float* input, float* weight, {biasParameter}float* output{EpilogueText.Parameters(body.After)})"))
        {
            EmitStart(writer, isa, body);
            var scopes = new Stack<CodeWriter.Scope>();
            var pointer = "input";
            foreach (var loop in body.Loops)
            {
                scopes.Push(writer.For(loop.Variable, loop.Count));
                writer.Pointer($"x{loop.Variable}", $"{pointer} + {Literal.Times(loop.Variable, loop.Step)}");
                pointer = "x" + loop.Variable;
            }

            EmitRun(writer, isa, body, pointer);
            while (scopes.Count > 0)
                scopes.Pop().Dispose();
            EmitStores(writer, isa, body);
        }

        writer.Line();
    }

    /// <summary>The other pixels' sums begin as the first one's: whole pixels, some on a line.</summary>
    public static void EmitCopies(CodeWriter writer, int pixels, int vectors)
    {
        const int CopiesOfLine = 5;
        var pixelsOfLine = Math.Max(1, CopiesOfLine / vectors);
        for (var first = 1; first < pixels; first += pixelsOfLine)
        {
            var copies = Enumerable.Range(first, Math.Min(pixelsOfLine, pixels - first))
                .SelectMany(pixel => Enumerable.Range(0, vectors).Select(vector => $"var sum{pixel}_{vector} = sum0_{vector};"));
            writer.Line(string.Join(" ", copies));
        }
    }

    private static void EmitStart(CodeWriter writer, VectorIsa isa, TileBody body)
    {
        for (var vector = 0; vector < body.WeightOffsets.Count; vector++)
        {
            var start = body.After.HasBias ? isa.Load(Literal.At("bias", vector * isa.Lanes)) : isa.Zero;
            writer.Line($"var sum0_{vector} = {start};");
        }

        EmitCopies(writer, body.Pixels.Count, body.WeightOffsets.Count);
    }

    private static void EmitRun(CodeWriter writer, VectorIsa isa, TileBody body, string pointer)
    {
        var spare = Math.Min(SpareRegisters(isa, body), MostSharingTaps);
        var unroll = SharesElements(isa, body)
            ? Tiling.LargestPart(body.RunLength, spare)
            : Tiling.Unroll(body.RunLength, body.MultiplyAddsPerTap, isa.Lanes);
        var turns = body.RunLength / unroll;
        var rest = body.RunLength % unroll;
        if (turns == 1)
        {
            EmitTaps(writer, isa, body, pointer, unroll);
            writer.Line($"weight += {unroll * body.WeightStep};");
        }
        else
        {
            writer.Line($"var x = {pointer};");
            pointer = "x";
            using (writer.Block($"for (nint n = {turns}; n > 0; n--)"))
            {
                EmitTaps(writer, isa, body, pointer, unroll);
                writer.Line($"x += {unroll * body.RunStride};");
                writer.Line($"weight += {unroll * body.WeightStep};");
            }
        }

        if (rest == 0)
            return;
        EmitTaps(writer, isa, body, pointer, rest, turns == 1 ? unroll * body.RunStride : 0);
        writer.Line($"weight += {rest * body.WeightStep};");
    }

    /// <param name="writer">Where they are printed.</param>
    /// <param name="isa">The instruction set.</param>
    /// <param name="body">The tile.</param>
    /// <param name="pointer">The variable from which elements are counted.</param>
    /// <param name="count">The taps of the run that are printed.</param>
    /// <param name="first">The element of the first of them.</param>
    private static void EmitTaps(CodeWriter writer, VectorIsa isa, TileBody body, string pointer, int count, int first = 0)
    {
        var spare = Math.Min(SpareRegisters(isa, body), MostSharingTaps);
        if (count > 1 && SharesElements(isa, body))
        {
            for (var tap = 0; tap < count; tap += spare)
                EmitOverlappingTaps(writer, isa, body, pointer, tap, Math.Min(spare, count - tap), first);
            return;
        }

        for (var tap = 0; tap < count; tap++)
        {
            using (writer.Block())
            {
                var vectors = body.WeightOffsets.Count;
                var single = body.Pixels.Count == 1;
                EmitFetches(tap);
                if (!single)
                {
                    for (var vector = 0; vector < vectors; vector++)
                        writer.Line($"var w{vector} = {isa.Load(Literal.At("weight", (tap * body.WeightStep) + body.WeightOffsets[vector]))};");
                }

                for (var pixel = 0; pixel < body.Pixels.Count; pixel++)
                {
                    var element = $"{pointer}[{Literal.Number(first + body.Pixels[pixel].Input + (tap * body.RunStride))}]";
                    if (vectors == 1)
                    {
                        var weight = single ? isa.Load(Literal.At("weight", (tap * body.WeightStep) + body.WeightOffsets[0])) : "w0";
                        writer.Line($"sum{pixel}_0 = {isa.FusedMultiplyAdd(isa.Broadcast(element), weight, $"sum{pixel}_0")};");
                        continue;
                    }

                    writer.Line($"var a{pixel} = {isa.Broadcast(element)};");
                    for (var vector = 0; vector < vectors; vector++)
                    {
                        var weight = single ? isa.Load(Literal.At("weight", (tap * body.WeightStep) + body.WeightOffsets[vector])) : $"w{vector}";
                        writer.Line($"sum{pixel}_{vector} = {isa.FusedMultiplyAdd($"a{pixel}", weight, $"sum{pixel}_{vector}")};");
                    }
                }
            }
        }

        void EmitFetches(int tap)
        {
            if (body.NextWeights == 0 || isa.IsScalar)
                return;
            var offsets = body.WeightOffsets.Select(offset => offset / VectorIsa.CacheLine * VectorIsa.CacheLine).Distinct();
            foreach (var offset in offsets)
                writer.Line(VectorIsa.Prefetch(Literal.At("weight", body.NextWeights + (tap * body.WeightStep) + offset)));
        }
    }

    /// <summary>Taps that share elements: with more, a pixel's loads become hardly fewer.</summary>
    private const int MostSharingTaps = 8;

    /// <summary>Registers for weights beside the sums: the taps that can be taken together.</summary>
    private static int SpareRegisters(VectorIsa isa, TileBody body) => Tiling.Registers(isa.Lanes) - body.Pixels.Count - 2;

    /// <summary>Whether neighbouring pixels' taps read the same elements, and there are registers to gain by it.</summary>
    private static bool SharesElements(VectorIsa isa, TileBody body) =>
        !isa.IsScalar && body.WeightOffsets.Count == 1 && SpareRegisters(isa, body) > 1
        && body.Pixels.Any(pixel => body.Pixels.Any(other => other.Input == pixel.Input + body.RunStride));

    /// <summary>
    /// Taps of a stride of 1 read the same elements for neighbouring pixels: each is broadcast once, for all of them, since one vector a pixel is otherwise
    /// bound by loads. A pixel's taps still come in order.
    /// </summary>
    private static void EmitOverlappingTaps(CodeWriter writer, VectorIsa isa, TileBody body, string pointer, int firstTap, int count, int first)
    {
        var uses = Enumerable.Range(0, body.Pixels.Count)
            .SelectMany(pixel => Enumerable.Range(firstTap, count).Select(tap => new ElementUse(first + body.Pixels[pixel].Input + (tap * body.RunStride), pixel, tap)))
            .GroupBy(use => use.Element)
            .OrderBy(group => group.Key);
        using (writer.Block())
        {
            for (var tap = firstTap; tap < firstTap + count; tap++)
                writer.Line($"var w{tap} = {isa.Load(Literal.At("weight", (tap * body.WeightStep) + body.WeightOffsets[0]))};");
            foreach (var element in uses)
            {
                var value = isa.Broadcast($"{pointer}[{Literal.Number(element.Key)}]");
                if (element.Count() > 1)
                {
                    var name = "a" + Literal.Number(element.Key);
                    writer.Line($"var {name} = {value};");
                    value = name;
                }

                foreach (var (_, pixel, tap) in element)
                    writer.Line($"sum{pixel}_0 = {isa.FusedMultiplyAdd(value, $"w{tap}", $"sum{pixel}_0")};");
            }
        }
    }

    /// <summary>A tap of a pixel, and the element that it reads.</summary>
    private sealed record ElementUse(int Element, int Pixel, int Tap);

    private static void EmitStores(CodeWriter writer, VectorIsa isa, TileBody body)
    {
        var window = body.After.Pool?.Count ?? 1;
        for (var pixel = 0; pixel < body.Pixels.Count; pixel += window)
        {
            for (var vector = 0; vector < body.WeightOffsets.Count; vector++)
            {
                var offset = body.Pixels[pixel].Output + (vector * isa.Lanes);
                var pointer = Literal.At("output", offset);
                writer.Line(isa.Store(pointer, EpilogueText.Finish(
                    writer, isa, body.After, [.. Enumerable.Range(pixel, window).Select(i => $"sum{i}_{vector}")], offset)));
            }
        }
    }
}
