using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Planning.Kernels;

/// <summary>
/// The geometry of a 3x3 convolution of stride 1 by Winograd's minimal filtering F(m x m, 3 x 3) (Winograd 1980; Lavin, Gray 2016, "Fast Algorithms for
/// Convolutional Neural Networks"): each tile of m x m outputs comes from (m + 2) x (m + 2) inputs by as many products as there are inputs, instead of 9 an output.
/// </summary>
/// <param name="OutputTile">m: 2 or 4.</param>
/// <param name="Height">Rows of the output.</param>
/// <param name="Width">Columns of the output.</param>
/// <param name="BlockTiles">Tiles that one unit of work transforms and multiplies at a time.</param>
internal sealed record WinogradTiles(int OutputTile, int Height, int Width, int BlockTiles)
{
    /// <summary>Rows and columns of the inputs of one tile.</summary>
    public int InputTile => OutputTile + 2;

    /// <summary>Products of one tile: the positions of a transformed tile.</summary>
    public int Points => InputTile * InputTile;

    public int Rows => (Height + OutputTile - 1) / OutputTile;

    public int Columns => (Width + OutputTile - 1) / OutputTile;

    /// <summary>Tiles of one image.</summary>
    public int Count => Rows * Columns;

    /// <summary>
    /// Blocks of one image. The last one has as many tiles as the others: where they don't divide, it begins with tiles of the block before it,
    /// which it multiplies again but doesn't store.
    /// </summary>
    public int Units => (Count + BlockTiles - 1) / BlockTiles;

    /// <summary>Whether tiles reach past the output.</summary>
    public bool HasPartialTiles => Height % OutputTile != 0 || Width % OutputTile != 0;

    /// <summary>As a diagnostic, a comment or a document writes it.</summary>
    public string Algorithm => OutputTile == 2 ? "F(2x2, 3x3)" : "F(4x4, 3x3)";
}

/// <summary>
/// Where the transformed weights lie: [point][block][channel][lane], a matrix of channels x filters for each point.
/// </summary>
/// <param name="OutputTile">m: 2 or 4.</param>
/// <param name="Blocks">How filters spread over lanes.</param>
internal sealed record WinogradWeights(int OutputTile, LaneBlocks Blocks)
{
    public int Points => (OutputTile + 2) * (OutputTile + 2);

    public int BlockLength => Blocks.RunChannels * Blocks.BlockLanes;

    public int PointStride => WinogradMemory.Spread(checked(Blocks.BlockCount * BlockLength));

    public int Length => checked(Points * PointStride);
}

/// <summary>Strides of the scratch memory of Winograd's kernels.</summary>
internal static class WinogradMemory
{
    private const int AliasingStride = 1024;

    /// <summary>Points are written side by side: strides that are multiples of 4 KiB would overflow the L1 cache's ways.</summary>
    public static int Spread(int stride) => stride % AliasingStride == 0 ? stride + Storage.Lanes : stride;
}

/// <summary>
/// A 3x3 convolution of stride 1 by Winograd's algorithm: transforms blocks of input tiles, multiplies each point of the transformed tiles by its
/// matrix of transformed weights (see <see cref="WinogradWeightsKernel"/>), transforms the products back and applies bias and activation.
/// Arguments: input, transformed weights, bias (when there is one), output, all of one image; scratch (<see cref="ScratchLength"/> floats).
/// A unit is a block of tiles (or some of the filters of one): units are independent, but each call needs scratch of its own.
/// </summary>
internal sealed record WinogradKernel(
    Storage Input,
    Storage Output,
    Taps Taps,
    WinogradTiles Tiles,
    LaneBlocks Blocks,
    bool HasBias,
    FusedActivation? Activation) : Kernel
{
    public override bool HasUnits => true;

    /// <summary>Of the direct form: what sharing it among threads is judged by.</summary>
    public override long MultiplyAdds => (long)Output.Height * Output.Width * Blocks.TotalLanes * Taps.Count * Blocks.RunChannels;

    /// <summary>Units that are enough to share among threads.</summary>
    private const int EnoughUnits = 8;

    /// <summary>Parts that the lanes are cut into where there are few blocks of tiles: equal numbers of whole blocks of lanes.</summary>
    public int LaneGroups
    {
        get
        {
            var groups = Math.Min(Blocks.BlockCount, (EnoughUnits + Tiles.Units - 1) / Tiles.Units);
            while (Blocks.BlockCount % groups != 0)
                groups--;
            return groups;
        }
    }

    /// <summary>Lanes of one part.</summary>
    public int GroupLanes => Blocks.TotalLanes / LaneGroups;

    public int Units => Tiles.Units * LaneGroups;

    /// <summary>Floats from one transformed input tile to the next.</summary>
    public int InputTileStride => Storage.RoundUp(Input.Channels) is var lanes && lanes % 512 == 0 ? lanes + Storage.Lanes : lanes;

    /// <summary>Floats from one tile's products to the next one's.</summary>
    public int ProductTileStride => Blocks.TotalLanes;

    /// <summary>Floats from one point's transformed input tiles to the next one's.</summary>
    public int InputPointStride => WinogradMemory.Spread(Tiles.BlockTiles * InputTileStride);

    /// <summary>Floats from one point's products to the next one's.</summary>
    public int ProductPointStride => WinogradMemory.Spread(Tiles.BlockTiles * ProductTileStride);

    /// <summary>Where the products lie in the scratch memory, after the transformed input tiles.</summary>
    public int ProductOffset => checked(Tiles.Points * InputPointStride);

    /// <summary>Where half-transformed vectors lie.</summary>
    public int HalfOffset => checked(ProductOffset + (Tiles.Points * ProductPointStride));

    /// <summary>Where a tile that reaches past the output lies whole: first its inputs, later its outputs.</summary>
    public int EdgeOffset => HalfOffset + (Tiles.Points * Storage.Lanes);

    public int ScratchLength => checked(EdgeOffset + (Tiles.HasPartialTiles
        ? Math.Max(Tiles.Points * Input.PixelStride, Tiles.OutputTile * Tiles.OutputTile * Output.PixelStride)
        : 0));

    public override string Name => Text($"Winograd{Tiles.OutputTile}x{Tiles.OutputTile}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{Output.Channels}x{Output.Height}x{Output.Width}");

    public override string Comment => Text(
        $"Convolution {Taps}, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}{(HasBias ? " + bias" : "")}{(Activation is { } a ? " + " + a : "")}: Winograd {Tiles.Algorithm}, {Tiles.Count} tiles in blocks of {Tiles.BlockTiles}.");
}

/// <summary>
/// Transforms the weights of a 3x3 convolution for <see cref="WinogradKernel"/>: G g G^T for each filter and channel.
/// Arguments: weight, transformed weights. A unit is one channel of one block of filters.
/// </summary>
internal sealed record WinogradWeightsKernel(PackedWeights Source, int ChannelStride, WinogradWeights Target) : Kernel
{
    public override bool HasUnits => true;

    public int Units => Target.Blocks.BlockCount * Target.Blocks.RunChannels;

    public override string Name => Text($"Winograd{Target.OutputTile}x{Target.OutputTile}Weights_{Target.Blocks.RunChannels}_To_{Target.Blocks.TotalLanes}");

    public override string Comment => Text(
        $"Transforms 3x3 weights, {Target.Blocks.RunChannels} channels -> {Target.Blocks.TotalLanes} lanes, for Winograd F({new Size2(Target.OutputTile, Target.OutputTile)}, 3x3).");
}
