using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Costs;

/// <summary>
/// Estimates what the weight gradient of a 3x3 or 5x5 convolution costs directly and by Winograd's algorithms, and chooses; in the unit of <see cref="ConvolutionCost"/>, for
/// the images of the smallest chunk of a batch together, which are summed before anything is transformed back.
/// </summary>
/// <remarks>
/// <code>
/// direct   = pixels * taps * channels * lanes / (32 * rate)
/// Winograd = tiles * (points * channels * lanes / (32 * rate) + channel vectors * input's transform + filter vectors * output gradient's transform)
///          + blocks of tiles * channels * filter vectors * transform of the sums
/// </code>
/// </remarks>
internal static class WeightGradientCost
{
    /// <summary>Chunks of a batch of 64 images or more.</summary>
    private const int MostChunks = 16;

    /// <summary>Floats of a block's transformed tiles: what stays near the core while all pairs of channels and filters pass over it.</summary>
    private const int BlockFloats = 256 * 1024;

    /// <summary>Tiles over which sums are worth their transform, where a chunk has as many.</summary>
    private const int LeastTiles = 32;

    /// <summary>Tiles whose points of some channels and filters stay in the level 1 cache.</summary>
    private const int MostTiles = 128;

    /// <summary>Multiply-adds a cycle: two vectors of 16, and the share of it that tiles of two vectors or of one reach.</summary>
    private const double MultiplyAddsPerCycle = 32;

    private const double TwoVectorRate = 0.88;

    private const double OneVectorRate = 0.8;

    /// <summary>A change of algorithm has to gain this much: estimates are no better.</summary>
    private const double Margin = 0.9;

    /// <summary>The tiles of the algorithm that is used, or null for the direct form.</summary>
    /// <param name="spec">The convolution.</param>
    /// <param name="blocks">How its filters spread over lanes.</param>
    /// <param name="height">Rows of the output.</param>
    /// <param name="width">Columns of the output.</param>
    /// <param name="precision">Whether F(4x4, 3x3) may be chosen.</param>
    public static WinogradTiles? Choose(ConvolutionSpec spec, LaneBlocks blocks, int height, int width, PrecisionKind precision)
    {
        if (!spec.SuitsWinograd || (long)LeastTiles * 36 * (Storage.RoundUp(blocks.RunChannels) + blocks.TotalLanes) > int.MaxValue / 2)
            return null;
        var kernel = spec.Window.Kernel.Height;
        switch (spec.Algorithm)
        {
            case ConvAlgorithm.Winograd2x2:
                return Tiles(2, kernel, blocks, height, width);
            case ConvAlgorithm.Winograd4x4:
                return Tiles(4, kernel, blocks, height, width);
            case ConvAlgorithm.Auto:
                break;
            default:
                return null;
        }

        WinogradTiles? best = null;
        var least = Margin * Direct(kernel, blocks, height, width);
        foreach (var outputTile in precision == PrecisionKind.Fast && spec.SuitsWinogradTile(4) ? new[] { 2, 4 } : [2])
        {
            var tiles = Tiles(outputTile, kernel, blocks, height, width);
            var cost = Winograd(tiles, blocks);
            if (cost < least)
                (best, least) = (tiles, cost);
        }

        return best;
    }

    /// <summary>Blocks of tiles: of one image where it has enough of them, else of all images of a chunk together.</summary>
    public static WinogradTiles Tiles(int outputTile, int kernel, LaneBlocks blocks, int height, int width)
    {
        var whole = new WinogradTiles(outputTile, kernel, height, width, 1);
        var floatsPerTile = whole.Points * (Storage.RoundUp(blocks.RunChannels) + blocks.TotalLanes);
        var most = Math.Min(MostTiles, Math.Max(LeastTiles, BlockFloats / floatsPerTile));
        return whole with { BlockTiles = most, AcrossImages = true };
    }

    /// <summary>
    /// Whether the sums are taken over a whole batch rather than in each chunk: where the chunks' sums would be more floats than the transformed tiles of so many images. They are
    /// cleared, read and written through memory for each chunk, and added up in the end.
    /// </summary>
    /// <param name="ofImages">The gradient with an image's tiles as a block.</param>
    public static bool IsOfBatch(WinogradWeightGradientKernel ofImages) =>
        (long)MostChunks * ofImages.Taps.Count * ofImages.Blocks.RunChannels * ofImages.Blocks.TotalLanes
        > (long)ConvolutionCost.BatchImages * (ofImages.InputPointsLength + ofImages.GradientPointsLength);

    private static double Direct(int kernel, LaneBlocks blocks, int height, int width) =>
        (double)ConvolutionCost.ChunkImages * height * width * kernel * kernel * blocks.RunChannels * blocks.TotalLanes / (MultiplyAddsPerCycle * Rate(blocks));

    private static double Winograd(WinogradTiles tiles, LaneBlocks blocks)
    {
        // Vectors stored are what bounds the transforms.
        var (channelVectors, laneVectors) = (Vectors(blocks.RunChannels), Vectors(blocks.TotalLanes));
        var input = 2.5 * tiles.Points;
        var gradient = (1.5 * tiles.Points) + (tiles.OutputTile * tiles.InputTile);
        var sums = 2.0 * tiles.Points;
        var count = ConvolutionCost.ChunkImages * tiles.Count;
        return (count * ((tiles.Points * (double)blocks.RunChannels * blocks.TotalLanes / (MultiplyAddsPerCycle * Rate(blocks))) + (channelVectors * input) + (laneVectors * gradient)))
            + ((count + tiles.BlockTiles - 1) / tiles.BlockTiles * blocks.RunChannels * laneVectors * sums);
    }

    private static double Rate(LaneBlocks blocks) => Tiling.VectorsOf(blocks.BlockLanes, Storage.Lanes) > 1 ? TwoVectorRate : OneVectorRate;

    private static int Vectors(int floats) => Storage.RoundUp(floats) / Storage.Lanes;
}
