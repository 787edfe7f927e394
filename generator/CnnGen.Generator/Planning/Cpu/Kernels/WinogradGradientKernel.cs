using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// Adds images' shares to the weight gradient of a convolution of stride 1 by Winograd's algorithm. The algorithm's outputs are A^T [(G g G^T) . (B^T d B)] A, with . the
/// products of each point by itself; so the gradient by the taps g is G^T [(A y A^T) . (B^T d B)] G for gradients y by the outputs, and since G is the same for all tiles, the sum
/// over tiles (and over images) may be taken first: a product of channels x tiles and tiles x filters for each point.
/// Arguments: input, output gradient, weight gradient, scratch (<see cref="ScratchLength"/> floats), images.
/// </summary>
/// <remarks>
/// Tiles are transformed in blocks, to [point][group of channels][tile][channel] and [point][block of filters][tile][filter]. Then, for a group of channels and a block of filters
/// after the other, all points are multiplied and their sums transformed at once: the sums of all channels and filters together would be larger than any cache
/// (36 x 512 x 512 floats are 38 MB).
/// </remarks>
internal sealed record WinogradWeightGradientKernel(Storage Input, Storage OutputGradient, Taps Taps, WinogradTiles Tiles, LaneBlocks Blocks) : Kernel
{
    /// <summary>Channels whose sums are taken together: a cache line of them.</summary>
    public const int GroupChannels = Storage.Lanes;

    private const int AliasingStride = 256;

    /// <summary>Groups of channels, the last of which may have fewer.</summary>
    public int Groups => (Blocks.RunChannels + GroupChannels - 1) / GroupChannels;

    /// <summary>Floats from one image's input to the next one's.</summary>
    public int InputImageStride => Storage.RoundUp(Input.Length);

    /// <summary>Floats from one image's output gradient to the next one's.</summary>
    public int GradientImageStride => Storage.RoundUp(OutputGradient.Length);

    /// <summary>Floats from one group's transformed inputs to the next one's.</summary>
    public int InputGroupStride => Tiles.BlockTiles * GroupChannels;

    /// <summary>Floats from one point's transformed inputs to the next one's.</summary>
    public int InputPointStride => Spread(checked(Groups * InputGroupStride));

    /// <summary>Floats from one block's transformed output gradients to the next one's.</summary>
    public int GradientBlockStride => Tiles.BlockTiles * Blocks.BlockLanes;

    /// <summary>Floats from one point's transformed output gradients to the next one's.</summary>
    public int GradientPointStride => Spread(checked(Blocks.BlockCount * GradientBlockStride));

    /// <summary>Floats from one point's sums, [channel][filter], to the next one's.</summary>
    public int SumPointStride => Spread(GroupChannels * Blocks.BlockLanes);

    /// <summary>Where transformed output gradients lie in the scratch memory, after the transformed inputs.</summary>
    public int GradientOffset => checked(Tiles.Points * InputPointStride);

    /// <summary>Where the sums of a group of channels and a block of filters lie.</summary>
    public int SumOffset => checked(GradientOffset + (Tiles.Points * GradientPointStride));

    /// <summary>Where half-transformed vectors lie.</summary>
    public int HalfOffset => checked(SumOffset + (Tiles.Points * SumPointStride));

    /// <summary>Where a tile that reaches past the map lies whole.</summary>
    public int EdgeOffset => checked(HalfOffset + (Tiles.Points * Storage.Lanes));

    public int ScratchLength => checked(EdgeOffset + (Tiles.HasPartialTiles
        ? Math.Max(Tiles.Points * Input.PixelStride, Tiles.OutputTile * Tiles.OutputTile * OutputGradient.PixelStride)
        : 0));

    /// <summary>Floats of a block's transformed inputs.</summary>
    public int InputPointsLength => GradientOffset;

    /// <summary>Floats of a block's transformed output gradients.</summary>
    public int GradientPointsLength => SumOffset - GradientOffset;

    public override string Name => Text($"Winograd{Tiles.OutputTile}x{Tiles.OutputTile}WeightGradient{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{OutputGradient.Channels}x{OutputGradient.Height}x{OutputGradient.Width}");

    public override string Comment => Text(
        $"Weight gradient of the {Taps} convolution {Input.Channels}x{Input.Height}x{Input.Width} -> {OutputGradient.Channels}x{OutputGradient.Height}x{OutputGradient.Width}: Winograd {Tiles.Algorithm}, {Tiles.Count} tiles an image in blocks of up to {Tiles.BlockTiles}.");

    /// <summary>A tile's points are written and read side by side: at such distances they would fall on a few sets of the level 1 cache.</summary>
    private static int Spread(int stride) => stride % AliasingStride == 0 ? checked(stride + Storage.Lanes) : stride;
}

/// <summary>
/// The first half of a weight gradient that is summed over the whole batch: transforms the tiles of one image, which are one block.
/// Arguments: input, output gradient, transformed input, transformed output gradient, scratch (<see cref="ScratchLength"/> floats).
/// </summary>
internal sealed record WinogradGradientPointsKernel(WinogradWeightGradientKernel Of) : Kernel
{
    public int ScratchLength => Of.ScratchLength - Of.HalfOffset;

    public override string Name => Of.Name + "_Points";

    public override string Comment => Of.Comment + " An image's tiles are transformed.";
}

/// <summary>
/// The second half: sums the products of all images' tiles, for a range of units, each a group of channels and a block of filters. Where weights are many and maps small, a chunk
/// would have its own sums of more floats than its tiles have; so there is one for the batch. Units are independent: the result doesn't depend on how threads share them.
/// Arguments: transformed inputs, transformed output gradients, weight gradient, scratch (<see cref="ScratchLength"/> floats), images.
/// </summary>
internal sealed record WinogradGradientSumsKernel(WinogradWeightGradientKernel Of) : Kernel
{
    public int ScratchLength => Of.EdgeOffset - Of.SumOffset;

    public int Units => Of.Blocks.BlockCount * Of.Groups;

    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => Units;

    public override string Name => Of.Name + "_Sums";

    public override string Comment => Of.Comment + " Their products are summed over the batch.";
}
