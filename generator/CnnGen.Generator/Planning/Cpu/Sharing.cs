using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

/// <summary>What threads share of a call, and how much of it each takes at a time.</summary>
internal static class Sharing
{
    /// <summary>Parts that a call's units are shared in: enough that threads end together, each of which takes several.</summary>
    public const int Parts = 32;

    /// <summary>Multiply-adds that an element counts as which is moved, with little or nothing done to it.</summary>
    public const long PerMovedElement = 8;

    /// <summary>Multiply-adds that an element counts as which is read, for what is stored once for several of them.</summary>
    public const long PerReadElement = 4;

    /// <summary>Multiply-adds below which handing a layer to other threads costs more than it brings: about 5 microseconds.</summary>
    public const long LeastMultiplyAdds = 400_000;

    /// <summary>Floats whose sums over 16 chunks take about 5 microseconds.</summary>
    private const int LeastSums = 2048;

    /// <summary>Whether threads share one image's call: it has units, by some instruction set, and work enough.</summary>
    public static bool IsShared(Step step) => step.Call.Kernel is { HasUnits: true } kernel
        && kernel.MultiplyAdds >= LeastMultiplyAdds
        && Tiling.VectorLanes.Any(lanes => kernel.UnitsFor(lanes) > 1);

    /// <summary>The units that a thread takes at least at a time.</summary>
    public static int GrainOf(int units) => Math.Max(1, units / Parts);

    /// <summary>The floats that a thread takes at least at a time of sums over chunks: whole cache lines, and enough of them that sharing pays.</summary>
    public static int GrainOfSums(int floats) => Math.Max(LeastSums, Storage.RoundUp(floats / Parts));
}
