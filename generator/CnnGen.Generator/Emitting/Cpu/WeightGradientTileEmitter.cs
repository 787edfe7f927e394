using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// A register tile of a weight gradient: for some elements of the input a row of gradients each, in registers while the output's pixels pass. How far apart pixels lie and how many there are
/// are parameters of its method, which layers of all sizes call.
/// </summary>
/// <param name="Inputs">Where the elements lie, from the tile's first.</param>
/// <param name="Vectors">Vectors of a row.</param>
/// <param name="WeightStep">Floats from one element's row of gradients to the next; 0 in a method that has them as a parameter, and where there is one row only.</param>
/// <param name="Unroll">Pixels of one turn of the loop over a map's row; 0 where a batch's rows pass.</param>
/// <param name="Adds">Whether the sums begin with what is there: a map's share is added to the images before it.</param>
internal sealed record WeightGradientTile(EquatableArray<int> Inputs, int Vectors, int WeightStep, int Unroll, bool Adds)
{
    /// <summary>The tile that walks over a map.</summary>
    public static WeightGradientTile OfMap(VectorIsa isa, IReadOnlyList<int> inputs, int vectors, int weightStep, int width, int inputStep)
    {
        if (isa.IsScalar)
            return new WeightGradientTile(inputs.ToEquatableArray(), vectors, Distance(inputs, weightStep), 1, Adds: true);

        // Two pixels that share elements in a full tile would have the compiler keep those in registers that there aren't.
        var sharesElements = inputs.Any(input => inputs.Contains(input + inputStep));
        var unroll = width % 2 == 0 && inputs.Count * vectors <= (sharesElements ? 16 : 32) ? 2 : 1;
        return new WeightGradientTile(inputs.ToEquatableArray(), vectors, Distance(inputs, weightStep), unroll, Adds: true);
    }

    /// <summary>The tile that walks over the rows of a batch.</summary>
    public static WeightGradientTile OfRows(IReadOnlyList<int> inputs, int vectors, int weightStep, bool adds) =>
        new(inputs.ToEquatableArray(), vectors, Distance(inputs, weightStep), 0, adds);

    public bool IsOfMap => Unroll > 0;

    /// <summary>The tile of the method: two 256-bit vectors are blocks of any number of filters, elsewhere another distance is another tile.</summary>
    public WeightGradientTile MethodOf(VectorIsa isa) => isa.Lanes == 8 ? this with { WeightStep = 0 } : this;

    /// <summary>Whether the method has the distance as a parameter.</summary>
    public bool TakesStep => WeightStep == 0 && Inputs.Count > 1;

    // One row of gradients has no distance to the next: one method for all.
    private static int Distance(IReadOnlyList<int> inputs, int weightStep) => inputs.Count > 1 ? weightStep : 0;
}

/// <summary>Prints calls of <see cref="WeightGradientTile"/>s, and their methods.</summary>
internal static class WeightGradientTileEmitter
{
    /// <summary>The text of a call over a map's rows, of which the caller has the number in <c>rows</c>.</summary>
    public static string CallOfMap(
        PartList parts,
        VectorIsa isa,
        WeightGradientTile tile,
        string input,
        int inputStep,
        int inputRowStep,
        string gradient,
        int gradientStep,
        int gradientRowStep,
        string weightGradient,
        int width) =>
        $"{NameOf(parts, isa, tile)}({Literal.Address(input)}, {Literal.Number(inputStep)}, {Literal.Number(inputRowStep)}, {Literal.Address(gradient)}, {Literal.Number(gradientStep)}, {Literal.Number(gradientRowStep)}, "
        + $"{Literal.Address(weightGradient)}{Step(isa, tile)}, rows, {Literal.Number(width / tile.Unroll)});";

    /// <summary>The text of a call over a batch's rows, of which the caller has the number in <c>rows</c>.</summary>
    public static string CallOfRows(
        PartList parts, VectorIsa isa, WeightGradientTile tile, string input, int inputStep, string gradient, int gradientStep, string weightGradient) =>
        $"{NameOf(parts, isa, tile)}({Literal.Address(input)}, {Literal.Number(inputStep)}, {Literal.Address(gradient)}, {Literal.Number(gradientStep)}, {Literal.Address(weightGradient)}{Step(isa, tile)}, rows);";

    private static string Step(VectorIsa isa, WeightGradientTile tile) => tile.MethodOf(isa).TakesStep ? ", " + Literal.Number(tile.WeightStep) : "";

    private static string NameOf(PartList parts, VectorIsa isa, WeightGradientTile tile) => parts.NameOf(
        tile.MethodOf(isa), $"WeightGradientTile{Literal.Number(tile.Inputs.Count)}x{Literal.Number(tile.Vectors)}", (writer, name) => Emit(writer, isa, name, tile.MethodOf(isa)));

    private static void Emit(CodeWriter writer, VectorIsa isa, string name, WeightGradientTile tile)
    {
        var step = tile.TakesStep ? ", nint weightStep" : "";
        var parameters = tile.IsOfMap
            ? $"float* input, nint inputStep, nint inputRowStep, float* outputGradient, nint gradientStep, nint gradientRowStep, float* weightGradient{step}, nint rows, nint turns"
            : $"float* input, nint inputStep, float* outputGradient, nint gradientStep, float* weightGradient{step}, nint rows";
        var pixels = tile.IsOfMap ? "a map's pixels" : "a batch's rows";
        var filters = tile.WeightStep > 0 ? $" of {Literal.Number(tile.WeightStep)} filters" : "";
        writer.Line($"// Weight gradients of {Literal.Number(tile.Inputs.Count)} inputs x {Literal.Number(tile.Vectors)} vectors{filters}, summed over {pixels}.");
        writer.Line(TileEmitter.KernelAttribute);
        using (writer.Block($"private static void {name}({parameters})"))
        {
            for (var i = 0; i < tile.Inputs.Count; i++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, tile.Vectors).Select(v =>
                    $"var sum{i}_{v} = {(tile.Adds ? isa.Load(Gradient(i, v)) : isa.Zero)};")));
            }

            using (writer.Block("for (; rows > 0; rows--)"))
            {
                if (tile.IsOfMap)
                    EmitRow();
                else
                    EmitPixel("input", "outputGradient");
            }

            for (var i = 0; i < tile.Inputs.Count; i++)
            {
                for (var v = 0; v < tile.Vectors; v++)
                    writer.Line(isa.Store(Gradient(i, v), $"sum{i}_{v}"));
            }
        }

        writer.Line();

        string Gradient(int input, int vector) => tile.TakesStep && input > 0
            ? Literal.At($"weightGradient + {(input == 1 ? "" : Literal.Number(input) + " * ")}weightStep", vector * isa.Lanes)
            : Literal.At("weightGradient", (input * tile.WeightStep) + (vector * isa.Lanes));

        void EmitRow()
        {
            writer.Line("var x = input;");
            writer.Line("var g = outputGradient;");
            using (writer.Block("for (nint n = turns; n > 0; n--)"))
            {
                for (var pixel = 0; pixel < tile.Unroll; pixel++)
                    EmitPixel("x", "g");
            }

            writer.Line("input += inputRowStep;");
            writer.Line("outputGradient += gradientRowStep;");
        }

        void EmitPixel(string x, string g)
        {
            using (writer.Block())
            {
                // The gradients of a single input are operands of its multiplications.
                var single = tile.Inputs.Count == 1;
                for (var v = 0; v < tile.Vectors && !single; v++)
                    writer.Line($"var g{v} = {isa.Load(Literal.At(g, v * isa.Lanes))};");
                for (var i = 0; i < tile.Inputs.Count; i++)
                {
                    var element = isa.Broadcast($"{x}[{Literal.Number(tile.Inputs[i])}]");
                    if (tile.Vectors == 1)
                    {
                        writer.Line($"sum{i}_0 = {isa.FusedMultiplyAdd(element, single ? isa.Load(g) : "g0", $"sum{i}_0")};");
                        continue;
                    }

                    writer.Line($"var a{i} = {element};");
                    for (var v = 0; v < tile.Vectors; v++)
                        writer.Line($"sum{i}_{v} = {isa.FusedMultiplyAdd($"a{i}", single ? isa.Load(Literal.At(g, v * isa.Lanes)) : $"g{v}", $"sum{i}_{v}")};");
                }

                writer.Line($"{x} += inputStep;");
                writer.Line($"{g} += gradientStep;");
            }
        }
    }
}
