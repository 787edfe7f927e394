using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Costs;

/// <summary>
/// Estimates what a 3x3 or 5x5 convolution of one image costs directly and by Winograd's algorithms, and chooses. The unit is a cycle of one core with two
/// 512-bit multiply-add units; only ratios count, and those of 256-bit vectors are much the same. docs/kernels.md compares estimates and measurements.
/// </summary>
/// <remarks>
/// <code>
/// direct    = max(pixels * taps * channels * lanes / (32 * rate),  bytes of the weights beyond the cache)
/// Winograd  = max(tiles * points * channels * lanes / (32 * rate),  bytes of the transformed weights beyond the cache)
///           + tiles * (channel vectors * input's transform + filter vectors * output's transform)
/// </code>
/// where tiles are whole blocks of them, partial ones included: a 7x7 map has as many 4x4 tiles as an 8x8 one. Weights are transformed when parameters
/// change, which predictions don't pay for.
/// </remarks>
internal static class ConvolutionCost
{
    /// <summary>Floats of scratch memory that stay in a level 2 cache of 1 MiB beside the weights that pass through it.</summary>
    private const int ScratchFloats = 144 * 1024;

    /// <summary>
    /// Tiles of a block across images: its transformed tiles and products are larger than a level 2 cache then, but pass through it in order, once for all weights.
    /// </summary>
    private const int BlockAcrossImages = 56;

    /// <summary>Tiles that fill the registers of a product of two vectors (of three, 8 do).</summary>
    private const int RegisterTiles = 14;

    /// <summary>Multiply-adds a cycle: two vectors of 16.</summary>
    private const double MultiplyAddsPerCycle = 32;

    /// <summary>The share of that peak which tiles of two or three vectors reach, and which tiles of one vector do, since they are bound by loads.</summary>
    private const double TwoVectorRate = 0.92;

    private const double OneVectorRate = 0.8;

    /// <summary>Bytes of weights that stay in the level 2 cache, and the rates at which others arrive: from level 3, and from memory.</summary>
    private const double CachedBytes = 512 * 1024;

    private const double SharedCacheBytes = 16 * 1024 * 1024;

    private const double SharedCacheRate = 22;

    private const double MemoryRate = 6;

    /// <summary>A change of algorithm has to gain this much: estimates are no better.</summary>
    private const double Margin = 0.93;

    /// <summary>The tiles of the algorithm that is used, or null for the direct form.</summary>
    /// <param name="spec">The convolution.</param>
    /// <param name="input">The layout of its input: only pixels are worth transforming.</param>
    /// <param name="blocks">How its filters (or, for the gradient by its input, its channels) spread over lanes.</param>
    /// <param name="height">Rows of the output.</param>
    /// <param name="width">Columns of the output.</param>
    /// <param name="precision">Whether F(4x4, 3x3) may be chosen.</param>
    public static WinogradTiles? Choose(
        ConvolutionSpec spec, StorageKind input, LaneBlocks blocks, int height, int width, PrecisionKind precision)
    {
        if (!spec.SuitsWinograd)
            return null;

        var kernel = spec.Window.Kernel.Height;

        // Transformed weights that no index could tell apart: a convolution of such a size stays direct.
        if (36L * (blocks.RunChannels + Storage.Lanes) * blocks.TotalLanes > int.MaxValue / 2)
            return null;
        switch (spec.Algorithm)
        {
            case ConvAlgorithm.Winograd2x2:
                return Tiles(2, kernel, blocks, height, width, input);
            case ConvAlgorithm.Winograd4x4:
                return Tiles(4, kernel, blocks, height, width, input);
            case ConvAlgorithm.Auto when input == StorageKind.Pixels:
                break;
            default:
                return null;
        }

        WinogradTiles? best = null;
        var least = Margin * Direct(kernel, blocks, height, width);
        foreach (var outputTile in precision == PrecisionKind.Fast && spec.SuitsWinogradTile(4) ? new[] { 2, 4 } : [2])
        {
            var tiles = Tiles(outputTile, kernel, blocks, height, width, input);
            var cost = Winograd(tiles, blocks);
            if (cost < least)
                (best, least) = (tiles, cost);
        }

        return best;
    }

    /// <summary>Cycles of the direct form.</summary>
    public static double Direct(int kernel, LaneBlocks blocks, int height, int width)
    {
        var weights = (double)kernel * kernel * blocks.RunChannels * blocks.TotalLanes;

        // The direct kernel passes all weights for every tile of pixels that a row (or several short ones) makes.
        var tile = Tiling.ForPixels(height, width, blocks.BlockLanes, Storage.Lanes);
        var passes = Math.Ceiling((double)height / tile.Rows);
        return Math.Max(height * width * weights / (MultiplyAddsPerCycle * Rate(blocks)), passes * Arrival(weights));
    }

    /// <summary>Cycles of a Winograd algorithm.</summary>
    public static double Winograd(WinogradTiles tiles, LaneBlocks blocks)
    {
        var weights = (double)tiles.Points * blocks.RunChannels * blocks.TotalLanes;
        var multiplied = tiles.AcrossImages ? tiles.Count : (double)tiles.Units * tiles.BlockTiles;
        var products = Math.Max(multiplied * weights / (MultiplyAddsPerCycle * Rate(blocks)), tiles.Units * Arrival(weights));

        // Vectors stored are what bounds the transforms: a tile's once by rows and once by columns.
        double input = 2.5 * tiles.Points;
        double output = 2.0 * ((tiles.OutputTile * tiles.InputTile) + (tiles.OutputTile * tiles.OutputTile));
        var (channelVectors, laneVectors) = (Vectors(blocks.RunChannels), Vectors(blocks.TotalLanes));
        return products + (tiles.Count * ((channelVectors * input) + (laneVectors * output)));
    }

    /// <summary>
    /// Cuts an image's tiles into equal blocks, as large as the scratch memory allows: a block's products read all transformed weights once. Few tiles
    /// are taken together with those of other images, where the input lies in memory that each image has its own of.
    /// </summary>
    public static WinogradTiles Tiles(int outputTile, int kernel, LaneBlocks blocks, int height, int width, StorageKind input)
    {
        var whole = new WinogradTiles(outputTile, kernel, height, width, 1);
        var weightBytes = 4.0 * whole.Points * blocks.RunChannels * blocks.TotalLanes;
        if (input == StorageKind.Pixels && (whole.Count < RegisterTiles || (whole.Count < 2 * RegisterTiles && weightBytes > CachedBytes)))
            return whole with { AcrossImages = true, BlockTiles = BlockAcrossImages };
        var floatsPerTile = whole.Points * (Storage.RoundUp(blocks.RunChannels) + blocks.TotalLanes);
        var most = Math.Max(2 * RegisterTiles, ScratchFloats / floatsPerTile / RegisterTiles * RegisterTiles);
        var count = (whole.Count + most - 1) / most;

        // Enough blocks for all threads, where there are too few blocks of lanes to share.
        var enough = (WinogradKernel.EnoughUnits + blocks.BlockCount - 1) / blocks.BlockCount;
        count = Math.Max(count, Math.Min(enough, whole.Count / WinogradKernel.LeastTiles));
        return whole with { BlockTiles = (whole.Count + count - 1) / count };
    }

    /// <summary>
    /// The tiles of a convolution in a pass over batches where those of all images are better multiplied together, else null: where one image has few of them and the weights
    /// are too many to stay near a core. They pass by once for all images then, so that another algorithm may be worth its larger weights.
    /// </summary>
    /// <param name="spec">The convolution.</param>
    /// <param name="tiles">Those that are chosen for an image by itself.</param>
    /// <param name="blocks">How its filters (or, for the gradient by its input, its channels) spread over lanes.</param>
    /// <param name="precision">Whether F(4x4, 3x3) may be chosen.</param>
    public static WinogradTiles? OfBatch(ConvolutionSpec spec, WinogradTiles tiles, LaneBlocks blocks, PrecisionKind precision)
    {
        if (!tiles.AcrossImages)
            return null;
        var sizes = spec.Algorithm != ConvAlgorithm.Auto ? [tiles.OutputTile]
            : precision == PrecisionKind.Fast && spec.SuitsWinogradTile(4) ? new[] { 2, 4 } : [2];
        var best = sizes
            .Select(size => new WinogradTiles(size, tiles.Kernel, tiles.Height, tiles.Width, 1))
            .Select(ofImage => ofImage with { BlockTiles = ofImage.Count, OfBatch = true })
            .OrderBy(ofBatch => InBatch(ofBatch, blocks))
            .First();
        return InBatch(best, blocks) < Margin * InBatch(tiles, blocks) ? best : null;
    }

    /// <summary>Cycles of an image in a batch.</summary>
    private static double InBatch(WinogradTiles tiles, LaneBlocks blocks)
    {
        var weights = (double)tiles.Points * blocks.RunChannels * blocks.TotalLanes;
        var products = tiles.Count * weights / (MultiplyAddsPerCycle * Rate(blocks));

        // The weights are transformed for each batch. In chunks they go to memory first, and pass by for each chunk.
        if (!tiles.OfBatch)
            return Math.Max(products, Arrival(weights) / ChunkImages) + (Arrival(weights) / BatchImages);

        // Here they stay in the level 3 cache, and so do tiles and products.
        var transform = 2 * weights / Storage.Lanes * (1 + (64 / SharedCacheRate));
        var tile = 2 * 64 / SharedCacheRate * tiles.Points * (Vectors(blocks.RunChannels) + Vectors(blocks.TotalLanes));
        return products + (transform / BatchImages) + (tiles.Count * tile);
    }

    /// <summary>Images of a batch that is taken for usual.</summary>
    public const int BatchImages = 64;

    /// <summary>Images of the smallest chunk.</summary>
    public const int ChunkImages = 4;

    private static double Rate(LaneBlocks blocks) => Tiling.VectorsOf(blocks.BlockLanes, Storage.Lanes) > 1 ? TwoVectorRate : OneVectorRate;

    private static int Vectors(int floats) => Storage.RoundUp(floats) / Storage.Lanes;

    /// <summary>Cycles in which so many floats of weights arrive.</summary>
    private static double Arrival(double floats)
    {
        var bytes = 4 * floats;
        return bytes <= CachedBytes ? 0 : bytes <= SharedCacheBytes ? bytes / SharedCacheRate : bytes / MemoryRate;
    }
}
