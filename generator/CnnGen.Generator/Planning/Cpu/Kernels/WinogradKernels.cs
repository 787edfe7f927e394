using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// The geometry of a convolution of stride 1 by Winograd's minimal filtering F(m x m, r x r) (Winograd 1980; Lavin, Gray 2016, "Fast Algorithms for
/// Convolutional Neural Networks"): each tile of m x m outputs comes from (m + r - 1) x (m + r - 1) inputs by as many products as there are inputs,
/// instead of r x r an output.
/// </summary>
/// <param name="OutputTile">m: 2 or 4.</param>
/// <param name="Kernel">r: 3 or 5.</param>
/// <param name="Height">Rows of the output.</param>
/// <param name="Width">Columns of the output.</param>
/// <param name="BlockTiles">Tiles that are transformed and multiplied at a time.</param>
/// <param name="AcrossImages">
/// Whether a block holds tiles of several images, where one has too few to be worth the weights that pass by: such a kernel takes the images of a chunk as rows.
/// </param>
/// <param name="OfBatch">
/// Whether the tiles of all images of a batch are multiplied together, between transforms of each image's by themselves: where the weights are so many that even a chunk is not
/// worth their passing by.
/// </param>
internal sealed record WinogradTiles(int OutputTile, int Kernel, int Height, int Width, int BlockTiles, bool AcrossImages = false, bool OfBatch = false)
{
    /// <summary>Rows and columns of the inputs of one tile.</summary>
    public int InputTile => OutputTile + Kernel - 1;

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
    public string Algorithm => FormattableString.Invariant($"F({OutputTile}x{OutputTile}, {Kernel}x{Kernel})");
}

/// <summary>
/// Where the transformed weights lie: [point][block][channel][lane], a matrix of channels x filters for each point.
/// </summary>
/// <param name="OutputTile">m: 2 or 4.</param>
/// <param name="Kernel">r: 3 or 5.</param>
/// <param name="Blocks">How filters spread over lanes.</param>
internal sealed record WinogradWeights(int OutputTile, int Kernel, LaneBlocks Blocks)
{
    /// <summary>Rows and columns of a transformed tile.</summary>
    public int Tile => OutputTile + Kernel - 1;

    public int Points => Tile * Tile;

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
/// A convolution of stride 1 by Winograd's algorithm: transforms blocks of input tiles, multiplies each point of the transformed tiles by its
/// matrix of transformed weights (see <see cref="WinogradWeightsKernel"/>), transforms the products back and does what comes after.
/// Arguments: input, transformed weights, bias (when there is one), output, the further tensors of what it does after, all of one image; scratch (<see cref="ScratchLength"/> floats); and, where tiles
/// come from several images, how many.
/// A unit is a block of tiles, or some of the filters of one, or some of the filters of all: units are independent, but each call needs scratch of its own.
/// </summary>
internal sealed record WinogradKernel(
    Storage Input,
    Storage Output,
    Taps Taps,
    WinogradTiles Tiles,
    LaneBlocks Blocks,
    KernelEpilogue After) : Kernel
{
    /// <summary>Whether the weights come from a cache, so that a product of the fewest tiles does better not to fetch the next ones.</summary>
    public bool WeightsAreNear { get; init; }

    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => Units;

    /// <summary>The groups of filters of one block of tiles, which is transformed once for those that a thread computes together.</summary>
    public override int UnitsTogether => Loop.Part == WinogradPart.Block ? LaneGroups : 1;

    /// <summary>Of the direct form: what sharing it among threads is judged by.</summary>
    public override long MultiplyAdds => (long)Tiles.Height * Tiles.Width * Blocks.TotalLanes * Taps.Count * Blocks.RunChannels;

    /// <summary>Units that are enough to share among threads.</summary>
    public const int EnoughUnits = 8;

    /// <summary>Tiles that are worth a unit of their own.</summary>
    public const int LeastTiles = 8;

    /// <summary>Parts that the lanes are cut into where there are few blocks of tiles: equal numbers of whole blocks of lanes.</summary>
    public int LaneGroups
    {
        get
        {
            if (Tiles.OfBatch)
                return 1;
            var groups = Math.Min(Blocks.BlockCount, (EnoughUnits + BlocksOfTiles - 1) / BlocksOfTiles);
            while (Blocks.BlockCount % groups != 0)
                groups--;
            return groups;
        }
    }

    /// <summary>Lanes of one part.</summary>
    public int GroupLanes => Blocks.TotalLanes / LaneGroups;

    public int Units => Loop.Count;

    /// <summary>Which tiles and filters the units are. A call of all units of several images' tiles takes these together.</summary>
    public WinogradUnits Loop => Tiles.AcrossImages
        ? new WinogradUnits(WinogradPart.OfImages, TileParts, TileParts == 1 ? WinogradLanes.OfCall : WinogradLanes.OneGroup, LaneGroups)
        : new WinogradUnits(WinogradPart.Block, Tiles.Units, LaneGroups == 1 ? WinogradLanes.All : WinogradLanes.OneGroup, LaneGroups);

    /// <summary>The same of the second phase, where there are two.</summary>
    public WinogradUnits MultiplyLoop => new(WinogradPart.Transformed, TileParts, WinogradLanes.OneGroup, LaneGroups);

    /// <summary>
    /// Parts that the tiles of all images are cut into, where they are few and the groups of lanes too: unit u has part u / <see cref="LaneGroups"/> of them. A call of all units
    /// takes them together.
    /// </summary>
    public int TileParts => Tiles.AcrossImages ? Math.Max(1, Math.Min(EnoughUnits / LaneGroups, Tiles.Count / LeastTiles)) : 1;

    /// <summary>
    /// Whether threads that share an image transform its tiles first, each some of them for all, and then multiply; otherwise each transforms what it multiplies, which costs
    /// less than a wait for all where tiles and channels are few.
    /// </summary>
    public bool HasPhases => Tiles.AcrossImages && Tiles.Count * Storage.RoundUp(Input.Channels) >= PhaseElements;

    /// <summary>The input is transformed, a tile at a time; then weights, bias, output and further tensors are for the products of all units.</summary>
    public override IReadOnlyList<KernelPhase> Phases => HasPhases
        ? [new KernelPhase("Transform", 0, 1, Tiles.Count), new KernelPhase("Multiply", 1, 2 + (After.HasBias ? 1 : 0) + After.Operands)]
        : [];

    private const int PhaseElements = 2048;

    private int BlocksOfTiles => Tiles.AcrossImages ? 1 : Tiles.Units;

    /// <summary>Floats from one image's input to the next one's.</summary>
    public int InputImageStride => Storage.RoundUp(Input.Length);

    /// <summary>Floats from one image's output to the next one's.</summary>
    public int OutputImageStride => Storage.RoundUp(Output.Length);

    /// <summary>Floats from one transformed input tile to the next.</summary>
    public int InputTileStride => Storage.RoundUp(Input.Channels) is var lanes && Tiles.OfBatch
        ? WinogradMemory.Spread(checked(Tiles.Points * lanes))
        : lanes % 512 == 0 ? lanes + Storage.Lanes : lanes;

    /// <summary>Floats from one tile's products to the next one's.</summary>
    public int ProductTileStride => Tiles.OfBatch ? WinogradMemory.Spread(checked(Tiles.Points * Blocks.TotalLanes)) : Blocks.TotalLanes;

    /// <summary>Floats from one point's transformed input tiles to the next one's: those of a batch have a tile's points side by side.</summary>
    public int InputPointStride => Tiles.OfBatch ? Storage.RoundUp(Input.Channels) : WinogradMemory.Spread(Tiles.BlockTiles * InputTileStride);

    /// <summary>Floats from one point's products to the next one's.</summary>
    public int ProductPointStride => Tiles.OfBatch ? Blocks.TotalLanes : WinogradMemory.Spread(Tiles.BlockTiles * ProductTileStride);

    /// <summary>Where the products lie in the scratch memory, after the transformed input tiles.</summary>
    public int ProductOffset => checked(Tiles.Points * InputPointStride);

    /// <summary>Where half-transformed vectors lie.</summary>
    public int HalfOffset => checked(ProductOffset + (Tiles.Points * ProductPointStride));

    /// <summary>Where a tile that reaches past the output lies whole: first its inputs, later its outputs.</summary>
    public int EdgeOffset => HalfOffset + (Tiles.Points * Storage.Lanes);

    public int ScratchLength => checked(EdgeOffset + (Tiles.HasPartialTiles
        ? Math.Max(Tiles.Points * Input.PixelStride, EdgeTileLength * (1 + After.Operands))
        : 0));

    /// <summary>Floats of a whole tile of outputs at the edge, after which come those of the further tensors.</summary>
    public int EdgeTileLength => Tiles.OutputTile * Tiles.OutputTile * Output.PixelStride;

    public override string Name => Text($"Winograd{Tiles.OutputTile}x{Tiles.OutputTile}Of{Tiles.Kernel}x{Tiles.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{Output.Channels}x{Output.Height}x{Output.Width}");

    public override string Comment => Text(
        $"Convolution {Taps}, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}{After}: Winograd {Tiles.Algorithm}, {Tiles.Count} tiles{(Tiles.OfBatch ? " an image, those of a batch together." : $"{(Tiles.AcrossImages ? " an image, of several images" : "")} in blocks of {(Tiles.AcrossImages ? "up to " : "")}{Tiles.BlockTiles}.")}");
}

/// <summary>
/// The first of three kernels that take a whole batch together: transforms the tiles of one image, to [tile][point][channel].
/// Arguments: input, transformed tiles (<see cref="TilesLength"/> floats), scratch (<see cref="ScratchLength"/> floats).
/// </summary>
/// <param name="Of">The convolution, of the tiles of a batch; a block of them is an image's.</param>
internal sealed record WinogradInputsKernel(WinogradKernel Of) : Kernel
{
    public int TilesLength => checked(Of.Tiles.Count * Of.InputTileStride);

    public int ScratchLength => Of.ScratchLength - Of.HalfOffset;

    public override string Name => Of.Name + "_Inputs";

    public override string Comment => Of.Comment + " An image's tiles are transformed.";
}

/// <summary>
/// The second: transforms the weights, for a block of filters a row of points after the other, and multiplies all tiles of a batch by them; so the transformed weights never go to memory.
/// A unit is a block of filters; units are independent.
/// Arguments: transformed tiles, weights, products ([tile][point][filter]), scratch (<see cref="WeightsLength"/> floats), images.
/// </summary>
/// <param name="Of">The convolution.</param>
/// <param name="Source">Where the weights lie.</param>
/// <param name="ChannelStride">Floats from the weights of a channel to those of the next one.</param>
internal sealed record WinogradProductsKernel(WinogradKernel Of, PackedWeights Source, int ChannelStride) : Kernel
{
    /// <summary>Floats of one image's products.</summary>
    public int ProductsLength => checked(Of.Tiles.Count * Of.ProductTileStride);

    /// <summary>Floats of a block's weights at one point, [channel][filter].</summary>
    public int BlockLength => Of.Blocks.RunChannels * Of.Blocks.BlockLanes;

    /// <summary>Floats from one point's weights of a block to the next one's.</summary>
    public int WeightPointStride => WinogradMemory.Spread(BlockLength);

    /// <summary>Floats of a block's transformed weights at one row of points.</summary>
    public int WeightsLength => checked(Of.Tiles.InputTile * WeightPointStride);

    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => Units;

    public int Units => Of.Blocks.BlockCount;

    public override string Name => Of.Name + "_Products";

    public override string Comment => Of.Comment + " The tiles of all images are multiplied.";
}

/// <summary>
/// The third: transforms an image's products back and does what comes after.
/// Arguments: products, bias (when there is one), output, the further tensors of what it does after, scratch (<see cref="ScratchLength"/> floats).
/// </summary>
internal sealed record WinogradOutputsKernel(WinogradKernel Of) : Kernel
{
    public int ScratchLength => Of.ScratchLength - Of.HalfOffset;

    public override string Name => Of.Name + "_Outputs";

    public override string Comment => Of.Comment + " An image's products are transformed back.";
}

/// <summary>
/// Transforms the weights of a convolution for <see cref="WinogradKernel"/>: G g G^T for each filter and channel.
/// Arguments: weight, scales (where a batch norm is folded), transformed weights. A unit is one channel of one block of filters.
/// </summary>
internal sealed record WinogradWeightsKernel(PackedWeights Source, int ChannelStride, WinogradWeights Target, bool HasScales = false) : Kernel
{
    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => Units;

    public int Units => Target.Blocks.BlockCount * Target.Blocks.RunChannels;

    public override string Name => Text($"Winograd{Target.OutputTile}x{Target.OutputTile}Of{Target.Kernel}x{Target.Kernel}Weights_{Target.Blocks.RunChannels}_To_{Target.Blocks.TotalLanes}");

    public override string Comment => Text(
        $"Transforms {Size2.Square(Target.Kernel)} weights, {Target.Blocks.RunChannels} channels -> {Target.Blocks.TotalLanes} lanes, for Winograd F({Size2.Square(Target.OutputTile)}, {Size2.Square(Target.Kernel)}).");
}
