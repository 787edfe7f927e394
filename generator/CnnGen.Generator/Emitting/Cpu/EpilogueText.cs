using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// Prints what kernels do to their sums before they store them. A further tensor lies as the output does, so that one distance from the output's elements to its own is all that the
/// methods of a kernel hand on.
/// </summary>
internal static class EpilogueText
{
    /// <summary>Further parameters of the method that a pass calls: <c>, float* operand1</c>.</summary>
    public static string PointerParameters(KernelEpilogue after) =>
        string.Concat(Enumerable.Range(1, after.Operands).Select(i => $", float* operand{Literal.Number(i)}"));

    /// <summary>The distances from the output to the further tensors, as locals of that method.</summary>
    public static void EmitDistances(CodeWriter writer, KernelEpilogue after)
    {
        for (var i = 1; i <= after.Operands; i++)
            writer.Line($"var to{i} = (nint)(operand{i} - output);");
    }

    /// <summary>Further parameters of the methods that store: <c>, nint to1</c>.</summary>
    public static string Parameters(KernelEpilogue after) =>
        string.Concat(Enumerable.Range(1, after.Operands).Select(i => $", nint to{Literal.Number(i)}"));

    /// <summary>What is handed to them: <c>, to1</c>.</summary>
    public static string Arguments(KernelEpilogue after) =>
        string.Concat(Enumerable.Range(1, after.Operands).Select(i => $", to{Literal.Number(i)}"));

    /// <summary>Prints what has to be done to the sums of one window (or to the one sum) and returns the expression that is stored.</summary>
    /// <param name="writer">Where locals are printed.</param>
    /// <param name="isa">The instruction set.</param>
    /// <param name="after">What is done.</param>
    /// <param name="window">Variables that hold the window's sums, row by row; they may be changed.</param>
    /// <param name="offset">Where the result is stored, in floats from <c>output</c>.</param>
    public static string Finish(CodeWriter writer, VectorIsa isa, KernelEpilogue after, IReadOnlyList<string> window, int offset) =>
        Finish(writer, isa, after, window, "output", offset);

    /// <inheritdoc cref="Finish(CodeWriter, VectorIsa, KernelEpilogue, IReadOnlyList{string}, int)"/>
    public static string Finish(CodeWriter writer, VectorIsa isa, KernelEpilogue after, IReadOnlyList<string> window, string output, int offset)
    {
        if (after.Pool is not { } pool)
            return Each(writer, isa, after, window[0], output, offset);
        if (!after.PoolsFirst && after.Each != Expression.X)
        {
            foreach (var element in window)
                writer.Line($"{element} = {Each(writer, isa, after, element, output, offset)};");
        }

        EmitPool(writer, isa, pool, window);
        return after.PoolsFirst ? Each(writer, isa, after, window[0], output, offset) : window[0];
    }

    /// <summary>What becomes of one sum.</summary>
    public static string Each(CodeWriter writer, VectorIsa isa, KernelEpilogue after, string sum) => Each(writer, isa, after, sum, "output", 0);

    private static string Each(CodeWriter writer, VectorIsa isa, KernelEpilogue after, string sum, string output, int offset) => ExpressionText.Print(
        writer,
        isa,
        after.Each,
        operand => operand == 0 ? sum : isa.Load(Literal.At($"{output} + to{Literal.Number(operand)}", offset)),
        sum + "_");

    /// <summary>Pools the elements of a window into the first.</summary>
    private static void EmitPool(CodeWriter writer, VectorIsa isa, TilingPool pool, IReadOnlyList<string> window)
    {
        var result = window[0];
        foreach (var element in window.Skip(1))
            writer.Line($"{result} = {(pool.Function == PoolFunction.Max ? isa.Maximum(result, element) : isa.Add(result, element))};");
        if (pool.Function != PoolFunction.Max)
            writer.Line($"{result} = {isa.Multiply(result, isa.Broadcast($"1f / {Literal.Number(window.Count)}"))};");
    }
}
