using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints what is done to a tile's sums as a type, for tiles that are generic over it: layers that differ in nothing else have one text, and each type has machine code of its own.
/// </summary>
internal static class AfterEmitter
{
    private const string Inlined = "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]";

    /// <summary>The interface of what may be done where so many further tensors are read.</summary>
    public static string InterfaceOf(PartList parts, VectorIsa isa, int operands) => parts.NameOf((nameof(AfterEmitter), operands), "IAfter", (writer, name) =>
    {
        writer.Line($"/// <summary>What sums begin with, and what becomes of them; {(operands == 1 ? "to1 is" : "to1, to2... are")} how far from the output further tensors lie, where some are read.</summary>");
        using (writer.Block($"private interface {name}"))
        {
            writer.Line($"static abstract {isa.VectorType} Start(float* bias);");
            writer.Line();
            writer.Line($"static abstract {isa.VectorType} Finish({isa.VectorType} sum, float* output{Parameters(operands)});");
        }

        writer.Line();
    });

    /// <summary>The type of one such thing.</summary>
    public static string NameOf(PartList parts, VectorIsa isa, KernelEpilogue after, string type, int operands) => parts.NameOf((nameof(AfterEmitter), after, operands), NameOf(after), (writer, name) =>
    {
        using (writer.Block($"private readonly struct {name} : {type}"))
        {
            writer.Line(Inlined);
            writer.Line($"public static {isa.VectorType} Start(float* bias) => {(after.HasBias ? isa.Load("bias") : isa.Zero)};");
            writer.Line();
            writer.Line(Inlined);
            using (writer.Method($"public static {isa.VectorType} Finish({isa.VectorType} sum, float* output{Parameters(operands)})"))
                writer.Line($"return {EpilogueText.Each(writer, isa, after, "sum")};");
        }

        writer.Line();
    });

    /// <summary>Parameters for the distances of further tensors; one at least, so that tiles with and without them are one text.</summary>
    public static string Parameters(int operands) => string.Concat(Enumerable.Range(1, operands).Select(i => $", nint to{Literal.Number(i)}"));

    /// <summary>How many there are of such a thing.</summary>
    public static int Distances(KernelEpilogue after) => Math.Max(1, after.Operands);

    /// <summary>What a tile hands on of them.</summary>
    public static string HandedOn(int operands) => string.Concat(Enumerable.Range(1, operands).Select(i => $", to{Literal.Number(i)}"));

    /// <summary>What a tile is called with for them.</summary>
    public static string Arguments(KernelEpilogue after, int operands) => after.Operands > 0 ? EpilogueText.Arguments(after) : string.Concat(Enumerable.Repeat(", 0", operands));

    private static string NameOf(KernelEpilogue after)
    {
        var each = after.Each == Expression.X ? "" : Activations.NameOf(after.Each) ?? "Pointwise";
        return after.HasBias || each.Length > 0 ? (after.HasBias ? "Bias" : "") + each : "Nothing";
    }
}
