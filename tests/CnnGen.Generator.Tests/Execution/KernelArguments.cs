using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>The value of one argument of a call: memory, or a number.</summary>
internal readonly record struct Value(Piece Memory, double Number = 0, ulong Bits = 0);

/// <summary>
/// The arguments of a call, which its meaning takes one after the other, in the order that the kernel documents; and the units that the call is for.
/// </summary>
/// <param name="values">The values of the arguments.</param>
/// <param name="from">The first unit.</param>
/// <param name="to">The unit behind the last one.</param>
internal sealed class KernelArguments(IReadOnlyList<Value> values, int from, int to)
{
    private int _next;

    /// <summary>The units that the call is for; all of a kernel that has no units.</summary>
    public int From => from;

    public int To => to;

    /// <summary>Whether arguments are left.</summary>
    public bool HasMore => _next < values.Count;

    public Piece Memory() => values[_next++].Memory;

    public Map Map(Storage storage) => new(Memory(), storage);

    public double Number() => values[_next++].Number;

    public int Count() => (int)Number();

    public ulong Bits() => values[_next++].Bits;

    /// <summary>A memory that is only given where a kernel has it.</summary>
    public Piece? MemoryIf(bool isGiven) => isGiven ? Memory() : null;
}
