using CnnGen.Generator.Planning.Cpu;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>A method of the library's vector kernels that programs call as a member of their kernels' type, since each instruction set has its own.</summary>
/// <param name="Name">In the library and in the type.</param>
/// <param name="Parameters">As the type declares them.</param>
/// <param name="Arguments">As they are handed on.</param>
internal sealed record LibraryMethod(string Name, string Parameters, string Arguments)
{
    private static readonly LibraryMethod s_clear = new("Clear", "float* values, int count", "values, count");

    private static readonly LibraryMethod s_sumPartials = new(
        "SumPartials",
        "float* partials, int count, int stride, float* result, int length, int from, int to",
        "partials, count, stride, result, length, from, to");

    /// <summary>The method that a step calls; null where all instruction sets call one.</summary>
    public static LibraryMethod? Of(RunTimeMethod method) => method switch
    {
        RunTimeMethod.Clear => s_clear,
        RunTimeMethod.SumPartials => s_sumPartials,
        _ => null,
    };
}
