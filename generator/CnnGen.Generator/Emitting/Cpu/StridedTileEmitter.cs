using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// A register tile over one run of neighbouring elements, whose pixels lie at equal distances: a 1x1 convolution over a row, the rows of a product, the tiles of a Winograd product. Its
/// distances and the run's length are parameters, so that layers of all sizes call the same method; what decides which registers there are is a literal.
/// </summary>
/// <param name="Pixels">Pixels, or rows.</param>
/// <param name="Blocks">Blocks of lanes that are computed side by side, whose weights lie at equal distances.</param>
/// <param name="VectorsPerBlock">Vectors of a block, one after the other.</param>
/// <param name="WeightStep">Floats from one element's weights to the next; 0 in a method that has them as a parameter.</param>
/// <param name="Unroll">Elements of one turn of the loop.</param>
/// <param name="Rest">Elements that no whole turn takes.</param>
/// <param name="FetchesElsewhere">
/// Whether the caller says which weights are fetched meanwhile, and how many a turn. The sums then begin with zeros and are stored as they are.
/// </param>
/// <param name="FetchesNothing">Whether nothing is fetched: what is read next would push out what is at hand.</param>
internal sealed record StridedTile(int Pixels, int Blocks, int VectorsPerBlock, int WeightStep, int Unroll, int Rest, bool FetchesElsewhere = false, bool FetchesNothing = false)
{
    /// <summary>Elements of one turn: an element takes the four cycles of a multiply-add's latency or more, and two hide the loop's few instructions.</summary>
    private const int TurnElements = 2;

    /// <summary>The elements that a tile takes at a time of a run of some length; of scalars one.</summary>
    public static int TurnOf(VectorIsa isa, int run) => isa.IsScalar ? 1 : Math.Min(run, TurnElements);

    /// <summary>The tile for a run of some length.</summary>
    public static StridedTile For(VectorIsa isa, int pixels, int blocks, int vectorsPerBlock, int weightStep, int run)
    {
        var unroll = TurnOf(isa, run);
        var tile = new StridedTile(pixels, blocks, vectorsPerBlock, weightStep, unroll, run % unroll);
        return tile with { FetchesNothing = tile.FetchesNext && !WeightFetching.LeavesRoom(isa.Lanes, (long)run * weightStep) && !isa.IsScalar };
    }

    public int Vectors => Blocks * VectorsPerBlock;

    /// <summary>
    /// Whether the weights behind those of the run, which are read next, are fetched while the tile computes: they may come from memory, and one row alone waits for its own.
    /// </summary>
    public bool FetchesNext => FetchesElsewhere || (!FetchesNothing && Blocks == 1 && Pixels > 1);

    /// <summary>
    /// The tile of the method: two 256-bit vectors are blocks of any number of filters, and so are scalars, so that their distance is a parameter; elsewhere another distance is another tile.
    /// </summary>
    public StridedTile MethodOf(VectorIsa isa) => isa.IsScalar || (isa.Lanes == 8 && Pixels > 1) ? this with { WeightStep = 0 } : this;

    /// <summary>Floats of the weights of one turn.</summary>
    public int TurnWeights => Unroll * WeightStep;

    /// <summary>Floats of the weights that are fetched in one turn where two calls share the fetching.</summary>
    public int HalfTurnWeights => HalfTurn * WeightStep;

    /// <summary>The elements whose weights are fetched then.</summary>
    public int HalfTurn => (Unroll + 1) / 2;

    /// <summary>
    /// Floats of the next weights for each turn of the calls on a block's, of which there is one for each part of its filters: narrow vectors take a block in so many calls that what is fetched
    /// in some of them alone would be asked for faster than memory gives it. Two lines; where several groups of pixels share them, less.
    /// </summary>
    /// <param name="vectors">Vectors of a block of filters.</param>
    public int WeightsPerTurn(int vectors) => TurnWeights * VectorsPerBlock / vectors;

    /// <summary>Whether fetching is spread over all calls on a block of weights.</summary>
    public static bool SpreadsFetching(VectorIsa isa) => isa.Lanes == 8;
}

/// <summary>Prints calls of <see cref="StridedTile"/>s, and their methods.</summary>
internal static class StridedTileEmitter
{
    /// <summary>Positions at equal distances that one pointer serves: itself, and two whose distance is in a register.</summary>
    private const int PlacesPerPointer = 3;

    /// <summary>The text of a call whose places and distances are known.</summary>
    /// <param name="parts">Where the method is, or is put.</param>
    /// <param name="isa">The instruction set.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="after">What is done to each sum; it doesn't pool.</param>
    /// <param name="run">Elements that are summed: those of the tile's turns and its rest.</param>
    /// <param name="input">The first pixel's first element.</param>
    /// <param name="inputStep">Floats from one pixel to the next.</param>
    /// <param name="weight">The first block's first weights.</param>
    /// <param name="blockStep">Floats from one block's weights to the next.</param>
    /// <param name="bias">The first block's bias; unread where there is none.</param>
    /// <param name="output">Where the first pixel's first sum is stored.</param>
    /// <param name="outputStep">Floats from one pixel's to the next.</param>
    /// <param name="fetched">Of a tile that is told what to fetch: the first of the weights, and how many floats a turn.</param>
    public static string Call(
        PartList parts, VectorIsa isa, StridedTile tile, KernelEpilogue after, int run, string input, int inputStep, string weight, int blockStep, string bias, string output, int outputStep, string fetched = "")
    {
        var (before, last) = tile.FetchesElsewhere
            ? ("", isa.IsScalar ? "" : ", " + fetched)
            : ((after.HasBias ? Literal.Address(bias) : "null") + ", ", AfterEmitter.Arguments(after, AfterEmitter.Distances(after)));
        return Call(isa, tile, Method(parts, isa, tile, after).ToString(), Literal.Address(input), Literal.Number(inputStep), Literal.Address(weight), Literal.Number(blockStep), before + Literal.Address(output), Literal.Number(outputStep), Literal.Number(run / tile.Unroll) + last);
    }

    /// <summary>The method of a tile, with its type argument.</summary>
    public static PartList.Call Method(PartList parts, VectorIsa isa, StridedTile tile, KernelEpilogue after)
    {
        var method = tile.MethodOf(isa);
        if (tile.FetchesElsewhere)
            return parts.CallOf(method, NameOf(tile), (text, name) => Emit(text, isa, name, method, null), "");
        var operands = AfterEmitter.Distances(after);
        var type = AfterEmitter.InterfaceOf(parts, isa, operands);
        return parts.CallOf((method, operands), NameOf(tile), (text, name) => Emit(text, isa, name, method, (type, operands)), AfterEmitter.NameOf(parts, isa, after, type, operands));
    }

    /// <summary>The text of a call, whose arguments are expressions: the output with the bias before it, and the number of turns with all that comes after it.</summary>
    public static string Call(VectorIsa isa, StridedTile tile, string method, string input, string inputStep, string weight, string blockStep, string output, string outputStep, string turns)
    {
        var steps = (Input: tile.Pixels > 1 ? ", " + inputStep : "", Block: tile.Blocks > 1 ? ", " + blockStep : "", Output: tile.Pixels > 1 ? ", " + outputStep : "",
            Weight: tile.MethodOf(isa).WeightStep == 0 ? ", " + Literal.Number(tile.WeightStep) : "");
        return $"{method}({input}{steps.Input}, {weight}{steps.Weight}{steps.Block}, {output}{steps.Output}, {turns});";
    }

    private static string Count(int count, string thing) => Literal.Number(count) + " " + thing + (count == 1 ? "" : "s");

    private static string NameOf(StridedTile tile)
    {
        var blocks = tile.Blocks > 1 ? Literal.Number(tile.Blocks) + "x" : "";
        return $"Tile{Literal.Number(tile.Pixels)}x{blocks}{Literal.Number(tile.VectorsPerBlock)}";
    }

    private static void Emit(CodeWriter writer, VectorIsa isa, string name, StridedTile tile, (string Type, int Operands)? after)
    {
        var parameters = "float* input" + (tile.Pixels > 1 ? ", nint inputStep" : "") + ", float* weight" + (tile.WeightStep == 0 ? ", nint weightStep" : "") + (tile.Blocks > 1 ? ", nint blockStep" : "")
            + (after is null ? "" : ", float* bias") + ", float* output" + (tile.Pixels > 1 ? ", nint outputStep" : "") + ", nint turns"
            + (after is { } method ? AfterEmitter.Parameters(method.Operands) : isa.IsScalar ? "" : ", float* next, nint fetched");
        writer.Line($"// Sums over runs of any length: {Count(tile.Pixels, "pixel")} x {Count(tile.Vectors, "vector")}{(tile.WeightStep == 0 ? "" : $" of {Literal.Number(tile.WeightStep)} filters")}{(tile.FetchesNothing ? ", of so many weights that fetching the next ones would push them out" : "")}.");
        writer.Line(TileEmitter.KernelAttribute);
        if (after is { } generic)
            writer.Line($"private static void {name}<TAfter>({parameters})");
        using (writer.Block(after is { } constraint ? $"    where TAfter : struct, {constraint.Type}" : $"private static void {name}({parameters})"))
        {
            EmitStart(writer, isa, tile, after is not null);
            EmitPointers(writer, "input", "inputStep", tile.Pixels);
            EmitPointers(writer, "weight", "blockStep", tile.Blocks);
            for (var i = 2; i < tile.Unroll && tile.WeightStep == 0; i++)
                writer.Line($"var weightStep{i} = {i} * weightStep;");
            var fetches = tile.FetchesNext && !isa.IsScalar;
            if (fetches && !tile.FetchesElsewhere)
                writer.Pointer("next", tile.WeightStep == 0 ? $"weight + {Literal.At($"(turns * {Literal.Number(tile.Unroll)}", tile.Rest)}) * weightStep" : Literal.At($"weight + turns * {Literal.Number(tile.TurnWeights)}", tile.Rest * tile.WeightStep));
            using (writer.Block("for (; turns > 0; turns--)"))
            {
                EmitTaps(writer, isa, tile, tile.Unroll);
                if (fetches)
                    EmitFetches(writer, isa, tile);
                EmitAdvance(tile.Unroll);
            }

            EmitTaps(writer, isa, tile, tile.Rest);
            EmitStores(writer, isa, tile, after is { } stored ? AfterEmitter.HandedOn(stored.Operands) : null);
        }

        writer.Line();

        void EmitAdvance(int elements)
        {
            foreach (var pointer in Pointers("input", tile.Pixels))
                writer.Line($"{pointer} += {elements};");
            foreach (var pointer in Pointers("weight", tile.Blocks))
                writer.Line($"{pointer} += {Weights(tile, elements)};");
        }
    }

    private static void EmitStart(CodeWriter writer, VectorIsa isa, StridedTile tile, bool isGeneric)
    {
        for (var vector = 0; vector < tile.Vectors; vector++)
            writer.Line($"var sum0_{vector} = {(isGeneric ? $"TAfter.Start({Literal.Address("bias", vector * isa.Lanes)})" : isa.Zero)};");
        TileEmitter.EmitCopies(writer, tile.Pixels, tile.Vectors);
    }

    /// <summary>Pointers to every third of some places at equal distances: an address is a pointer and a register, so the processor adds the distance for nothing.</summary>
    private static void EmitPointers(CodeWriter writer, string pointer, string step, int places)
    {
        if (places > 2)
            writer.Line($"var {step}2 = 2 * {step};");
        var pointers = Pointers(pointer, places).ToList();
        for (var i = 1; i < pointers.Count; i++)
            writer.Pointer(pointers[i], $"{pointers[i - 1]} + {PlacesPerPointer} * {step}");
    }

    private static IEnumerable<string> Pointers(string pointer, int places) =>
        Enumerable.Range(0, (places + PlacesPerPointer - 1) / PlacesPerPointer).Select(i => PointerOf(pointer, i * PlacesPerPointer));

    private static string PointerOf(string pointer, int place) =>
        place < PlacesPerPointer ? pointer : pointer + Literal.Number(place / PlacesPerPointer * PlacesPerPointer);

    /// <summary>The pointer to a place and the distance that it lacks.</summary>
    private static string Place(string pointer, string step, int place) => PointerOf(pointer, place) + (place % PlacesPerPointer) switch
    {
        0 => "",
        1 => " + " + step,
        _ => " + " + step + "2",
    };

    private static void EmitTaps(CodeWriter writer, VectorIsa isa, StridedTile tile, int count)
    {
        for (var tap = 0; tap < count; tap++)
        {
            using (writer.Block())
            {
                // The weights of a single pixel are operands of its multiplications.
                if (tile.Pixels > 1)
                {
                    for (var vector = 0; vector < tile.Vectors; vector++)
                        writer.Line($"var w{vector} = {Weight(vector, tap)};");
                }

                for (var pixel = 0; pixel < tile.Pixels; pixel++)
                {
                    var element = Literal.Dereference(Literal.At(Place("input", "inputStep", pixel), tap));
                    if (tile.Vectors == 1)
                    {
                        writer.Line($"sum{pixel}_0 = {isa.FusedMultiplyAdd(isa.Broadcast(element), tile.Pixels > 1 ? "w0" : Weight(0, tap), $"sum{pixel}_0")};");
                        continue;
                    }

                    writer.Line($"var a{pixel} = {isa.Broadcast(element)};");
                    for (var vector = 0; vector < tile.Vectors; vector++)
                        writer.Line($"sum{pixel}_{vector} = {isa.FusedMultiplyAdd($"a{pixel}", tile.Pixels > 1 ? $"w{vector}" : Weight(vector, tap), $"sum{pixel}_{vector}")};");
                }
            }
        }

        string Weight(int vector, int tap) => isa.Load(AtTap(
            tile, Place("weight", "blockStep", vector / tile.VectorsPerBlock), tap, vector % tile.VectorsPerBlock * isa.Lanes));
    }

    /// <summary>Floats of the weights of some elements.</summary>
    private static string Weights(StridedTile tile, int elements) =>
        tile.WeightStep > 0 ? Literal.Number(elements * tile.WeightStep) : elements == 1 ? "weightStep" : $"{Literal.Number(elements)} * weightStep";

    /// <summary>A lane of an element's weights.</summary>
    private static string AtTap(StridedTile tile, string pointer, int tap, int lane) => tile.WeightStep > 0
        ? Literal.At(pointer, (tap * tile.WeightStep) + lane)
        : Literal.At(tap == 0 ? pointer : $"{pointer} + weightStep{(tap == 1 ? "" : Literal.Number(tap))}", lane);

    /// <summary>One turn's part of the next weights. They lie where this run's end, unless the caller says where.</summary>
    private static void EmitFetches(CodeWriter writer, VectorIsa isa, StridedTile tile)
    {
        if (!tile.FetchesElsewhere)
        {
            EmitLines(0, tile.Unroll);
            writer.Line($"next += {Weights(tile, tile.Unroll)};");
            return;
        }

        // A memory answers so many requests at a time: those for one block are spread over all that is computed before it.
        if (StridedTile.SpreadsFetching(isa))
        {
            writer.Line(VectorIsa.Prefetch("next"));
            using (writer.Block($"if (fetched > {VectorIsa.CacheLine})"))
                writer.Line(VectorIsa.Prefetch(Literal.At("next", VectorIsa.CacheLine)));
            writer.Line("next += fetched;");
            return;
        }

        EmitLines(0, tile.HalfTurn);
        if (tile.HalfTurn < tile.Unroll)
        {
            using (writer.Block($"if (fetched > {Weights(tile, tile.HalfTurn)})"))
                EmitLines(tile.HalfTurn, tile.Unroll);
        }

        writer.Line("next += fetched;");

        void EmitLines(int from, int to)
        {
            for (var tap = from; tap < to; tap++)
            {
                for (var lane = 0; lane < tile.VectorsPerBlock * isa.Lanes; lane += VectorIsa.CacheLine)
                    writer.Line(VectorIsa.Prefetch(AtTap(tile, "next", tap, lane)));
            }
        }
    }

    private static void EmitStores(CodeWriter writer, VectorIsa isa, StridedTile tile, string? distances)
    {
        for (var pixel = 0; pixel < tile.Pixels; pixel++)
        {
            if (pixel > 0)
                writer.Line("output += outputStep;");
            for (var vector = 0; vector < tile.Vectors; vector++)
            {
                var place = Literal.At("output", vector * isa.Lanes);
                var sum = $"sum{pixel}_{vector}";
                writer.Line(isa.Store(place, distances is null ? sum : $"TAfter.Finish({sum}, {Literal.Address(place)}{distances})"));
            }
        }
    }
}
