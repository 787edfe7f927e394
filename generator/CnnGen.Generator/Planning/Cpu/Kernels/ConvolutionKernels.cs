using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// Direct convolution that vectorises over filters and broadcasts input elements; the output is stored pixel by pixel.
/// Arguments: input, weight, bias (when there is one), output, the further tensors of what it does after, all of one image.
/// </summary>
internal sealed record ConvPixelsKernel(
    Storage Input,
    Storage Output,
    Taps Taps,
    LaneBlocks Blocks,
    KernelEpilogue After) : Kernel
{
    /// <summary>Weights that stay in the second-level cache while the rows pass over them, in floats.</summary>
    private const int CachedWeights = 96 * 1024;

    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => new PixelGrid(this, lanes).Strips * Blocks.BlockCount;

    public override long MultiplyAdds =>
        (long)Output.Height * Output.Width * (After.Pool?.Count ?? 1) * Blocks.TotalLanes * Taps.Count * Blocks.RunChannels;

    /// <summary>
    /// Whether a block of lanes takes all rows before the next block: where the weights are too many to be read again for every row.
    /// </summary>
    public bool IsBlockOuter => (long)Taps.Count * Blocks.RunChannels * Blocks.TotalLanes > CachedWeights;

    /// <summary>
    /// Whether a block's weights are fetched while the one before it is multiplied: where all of them together don't stay in a cache of their own. So with tiles of the kernel's own; a tile that
    /// layers of all sizes share fetches wherever there is room, unless it has one pixel or several blocks.
    /// </summary>
    public bool FetchesNextBlock(int lanes) =>
        IsBlockOuter && Blocks.BlockCount > 1 && WeightFetching.LeavesRoom(lanes, (long)Taps.Count * Blocks.RunChannels * Blocks.BlockLanes);

    public override string Name => Text($"Conv{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{Output.Channels}x{Output.Height}x{Output.Width}");

    public override string Comment => Text(
        $"Convolution {Taps}, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}{After}: direct, vectors over filters.");
}

/// <summary>
/// Direct convolution of stride 1 that vectorises over the width and broadcasts weights: for few filters.
/// Arguments: input, weight, bias (when there is one), output, the further tensors of what it does after, all of one image.
/// </summary>
internal sealed record ConvPlanarKernel(
    Storage Input,
    Storage Output,
    Taps Taps,
    int Groups,
    KernelEpilogue After) : Kernel
{
    public override string Name => Text($"Conv{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{Output.Channels}x{Output.Height}x{Output.Width}");

    public override string Comment => Text(
        $"Convolution {Taps}, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}{After}: direct, vectors along the width.");
}

/// <summary>
/// Depthwise convolution: one filter a channel, vectors over channels.
/// Arguments: input, weight, bias (when there is one), output, the further tensors of what it does after, all of one image.
/// </summary>
internal sealed record DepthwiseKernel(Storage Input, Storage Output, Taps Taps, KernelEpilogue After) : Kernel
{
    /// <summary>Floats of a map that stays in a level 2 cache beside what is computed of it.</summary>
    private const int CachedInput = 128 * 1024;

    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => Units;

    /// <summary>Rows of the output.</summary>
    public int Units => Output.Height;

    /// <summary>Whether the input comes from beyond a processor's own cache.</summary>
    public bool InputIsLarge => Input.Length > CachedInput;

    public override long MultiplyAdds => (long)Output.Height * Output.Width * Output.Channels * Taps.Count;

    public override string Name => Text($"Depthwise{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{Output.Channels}x{Output.Height}x{Output.Width}");

    public override string Comment => Text(
        $"Depthwise convolution {Taps}, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}{After}.");
}

/// <summary>
/// A product of rows with packed weights: output[r][lane] = bias[lane] + sum over k of input[r][k] * weight[k][lane]: dense layers (a row an image)
/// and convolutions unrolled by <see cref="Im2ColKernel"/> (a row a pixel).
/// Arguments: input, weight, bias (when there is one), output, the further tensors of what it does after, rows.
/// </summary>
internal sealed record ProductKernel(
    int Depth,
    LaneBlocks Blocks,
    int InputStride,
    int OutputStride,
    KernelEpilogue After) : Kernel
{
    public override bool HasUnits => true;

    /// <summary>Groups of vectors, each of which one thread computes for all rows.</summary>
    public override int UnitsFor(int lanes)
    {
        var (vectors, group) = (Blocks.TotalLanes / lanes, GroupVectors(lanes));
        return (vectors + group - 1) / group;
    }

    /// <summary>
    /// Vectors of a unit. One row alone needs several blocks side by side: eight or more independent sums, so that additions don't wait for one another. Where the weights are many, their arrival takes
    /// longer than additions that wait, and a few outputs more are worth less than units for all threads.
    /// </summary>
    /// <param name="lanes">Floats of a vector.</param>
    public int GroupVectors(int lanes)
    {
        const int Sums = 8;
        const int Units = 8;
        var block = Blocks.BlockLanes / lanes;
        var group = IsWide ? Math.Min(Sums, Blocks.TotalLanes / lanes / Units) : Sums;
        return Storage.RoundUp(Math.Max(group, block), block);
    }

    public override long MultiplyAdds => (long)Depth * Blocks.TotalLanes;

    /// <summary>
    /// Whether the weights are so many that all rows of a batch should pass over them at once: threads then share the outputs, not the rows.
    /// </summary>
    public bool IsWide => MultiplyAdds >= 1 << 18;

    public override string Name => Text($"Product_{Depth}_To_{Blocks.TotalLanes}");

    public override string Comment => Text(
        $"Rows x {Depth} times {Depth} x {Blocks.TotalLanes}{After}: vectors over outputs.");
}

/// <summary>
/// Unrolls the windows of one image into rows: [output pixel][weights' order of taps and channels], the matrix that a product multiplies.
/// Arguments: input, matrix.
/// </summary>
internal sealed record Im2ColKernel(Storage Input, Taps Taps, int OutputHeight, int OutputWidth, int RowStride) : Kernel
{
    public override string Name => Text($"Im2Col{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text(
        $"Unrolls the {Taps} windows of {Input.Channels}x{Input.Height}x{Input.Width} into {OutputHeight * OutputWidth} rows of {Taps.Count * Input.Channels}.");
}

/// <summary>
/// Adds the rows of a matrix back to the pixels that <see cref="Im2ColKernel"/> takes them from; the pixels are zeroed first.
/// Arguments: matrix, output.
/// </summary>
internal sealed record Col2ImKernel(Storage Output, Taps Taps, int OutputHeight, int OutputWidth, int RowStride) : Kernel
{
    public override string Name => Text($"Col2Im{Taps.Kernel}_{Output.Channels}x{Output.Height}x{Output.Width}");

    public override string Comment => Text(
        $"Adds {OutputHeight * OutputWidth} rows of {Taps.Count * Output.Channels} back to the {Taps} windows of {Output.Channels}x{Output.Height}x{Output.Width}.");
}
