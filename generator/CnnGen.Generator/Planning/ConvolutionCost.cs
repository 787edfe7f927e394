using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Planning;

/// <summary>
/// Decides between the direct form and Winograd's for 3x3 convolutions.
/// </summary>
internal static class ConvolutionCost
{
    /// <summary>Floats of scratch memory that stay in a level 2 cache of 1 MiB beside the weights that pass through it.</summary>
    private const int ScratchFloats = 144 * 1024;

    /// <summary>Tiles that fill the registers of a product: 14 pixels x 2 vectors.</summary>
    private const int RegisterTiles = 14;

    public static WinogradTiles? Choose(Conv2DLayer layer, LaneBlocks blocks, int height, int width)
    {
        if (!layer.SuitsWinograd)
            return null;
        return layer.Algorithm switch
        {
            ConvAlgorithm.Winograd2x2 => Tiles(2, blocks, height, width),
            ConvAlgorithm.Winograd4x4 => Tiles(4, blocks, height, width),
            _ => null,
        };
    }

    /// <summary>
    /// Cuts an image's tiles into equal blocks, as large as the scratch memory allows: a block's products read all transformed weights once.
    /// </summary>
    public static WinogradTiles Tiles(int outputTile, LaneBlocks blocks, int height, int width)
    {
        var whole = new WinogradTiles(outputTile, height, width, 1);
        var floatsPerTile = whole.Points * (Storage.RoundUp(blocks.RunChannels) + blocks.TotalLanes);
        var most = Math.Max(RegisterTiles, ScratchFloats / floatsPerTile / RegisterTiles * RegisterTiles);
        var count = (whole.Count + most - 1) / most;
        return whole with { BlockTiles = (whole.Count + count - 1) / count };
    }
}
