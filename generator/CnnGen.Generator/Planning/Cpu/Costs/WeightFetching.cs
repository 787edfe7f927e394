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

    /// <summary>
    /// Parameters of a model whose weights, transformed for Winograd's algorithm (36 of 9), stay in a level 3 cache of 16 MiB. The processor's own fetching brings them as fast as that cache can;
    /// ours beside it delays the products of a few tiles, which take as long as their weights' arrival (the CIFAR network's 128 filters on 4 tiles: 27 microseconds, 36 with fetching).
    /// </summary>
    private const int NearParameters = 16 * 1024 * 1024 / sizeof(float) / 4;

    /// <summary>Whether all weights stay in a cache that the processor's cores share, from one prediction to the next.</summary>
    /// <param name="parameters">Floats of the model's parameters.</param>
    public static bool AreNear(int parameters) => parameters <= NearParameters;
}
