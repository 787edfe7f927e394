using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Costs;

/// <summary>When the weights that are read next are fetched while others are multiplied.</summary>
internal static class WeightFetching
{
    /// <summary>
    /// Floats of a block and of the next one that a second-level cache keeps beside maps on processors without 512-bit vectors, of which many have 512 KB. Measured there: 1024 channels in blocks
    /// of 32 filters take 10 to 20 % longer with the next block fetched, 2048 channels 50 %, 512 as long.
    /// </summary>
    private const int NarrowCache = 48 * 1024;

    /// <summary>Whether the next block's weights don't push out those at hand, which every row reads again.</summary>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="blockLength">Floats of a block's weights.</param>
    public static bool LeavesRoom(int lanes, long blockLength) => lanes == Storage.Lanes || 2 * blockLength <= NarrowCache;
}
