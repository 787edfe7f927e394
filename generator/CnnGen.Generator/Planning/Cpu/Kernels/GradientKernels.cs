using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// Adds one image's share to the weight gradient of <see cref="ConvPixelsKernel"/>: gradient[tap, channel][lane] += input * output gradient.
/// Arguments: input, output gradient, weight gradient.
/// </summary>
internal sealed record WeightGradientPixelsKernel(Storage Input, Storage OutputGradient, Taps Taps, LaneBlocks Blocks) : Kernel
{
    /// <summary>Output gradients of one block of lanes that stay in the first-level cache while the tiles pass over them, in floats.</summary>
    private const int CachedGradients = 6 * 1024;

    /// <summary>Rows of the map over which all tiles pass before the next rows.</summary>
    public int RowsPerBlock => OutputGradient.Height * OutputGradient.Width * Blocks.BlockLanes <= CachedGradients ? OutputGradient.Height : Math.Min(OutputGradient.Height, 8);

    /// <summary>
    /// Rows of the kernel that one tile takes together: of planes, a row alone is a few taps, whose additions would wait for one another.
    /// </summary>
    /// <param name="lanes">Floats of a vector.</param>
    public int KernelRowsTogether(int lanes)
    {
        var taps = Taps.Kernel;
        var rows = Input.Kind == StorageKind.Planar ? taps.Height : 1;
        while (rows > 1 && (taps.Height % rows > 0 || Tiling.ForWeightGradient(rows * taps.Width, Blocks.BlockLanes, lanes).Columns < rows * taps.Width))
            rows--;
        return rows;
    }

    public override string Name => Text($"WeightGradient{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{OutputGradient.Channels}x{OutputGradient.Height}x{OutputGradient.Width}");

    public override string Comment => Text(
        $"Weight gradient of the {Taps} convolution {Input.Channels}x{Input.Height}x{Input.Width} -> {OutputGradient.Channels}x{OutputGradient.Height}x{OutputGradient.Width}: vectors over filters.");
}

/// <summary>
/// Adds one image's share to the weight gradient of <see cref="ConvPlanarKernel"/>.
/// Arguments: input, output gradient, weight gradient.
/// </summary>
internal sealed record WeightGradientPlanarKernel(Storage Input, Storage OutputGradient, Taps Taps, int Groups) : Kernel
{
    public override string Name => Text($"WeightGradient{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{OutputGradient.Channels}x{OutputGradient.Height}x{OutputGradient.Width}");

    public override string Comment => Text(
        $"Weight gradient of the {Taps} convolution {Input.Channels}x{Input.Height}x{Input.Width} -> {OutputGradient.Channels}x{OutputGradient.Height}x{OutputGradient.Width}: vectors along the width.");
}

/// <summary>
/// Adds one image's share to the weight gradient of <see cref="DepthwiseKernel"/>.
/// Arguments: input, output gradient, weight gradient.
/// </summary>
internal sealed record DepthwiseWeightGradientKernel(Storage Input, Storage OutputGradient, Taps Taps) : Kernel
{
    public override string Name => Text($"DepthwiseWeightGradient{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text(
        $"Weight gradient of the depthwise {Taps} convolution of {Input.Channels}x{Input.Height}x{Input.Width}.");
}

/// <summary>
/// The input gradient of <see cref="DepthwiseKernel"/>; the input gradient is zeroed first.
/// Arguments: output gradient, weight, input gradient.
/// </summary>
internal sealed record DepthwiseInputGradientKernel(Storage InputGradient, Storage OutputGradient, Taps Taps) : Kernel
{
    public override string Name => Text($"DepthwiseInputGradient{Taps.Kernel}_{InputGradient.Channels}x{InputGradient.Height}x{InputGradient.Width}");

    public override string Comment => Text(
        $"Input gradient of the depthwise {Taps} convolution of {InputGradient.Channels}x{InputGradient.Height}x{InputGradient.Width}.");
}

/// <summary>
/// The weight gradient of <see cref="ProductKernel"/> over all rows, for a range of units, each a tile of <see cref="UnitDepth"/> inputs: units are independent, so the result
/// doesn't depend on how threads share them.
/// Arguments: input, output gradient, weight gradient, rows.
/// </summary>
internal sealed record ProductWeightGradientKernel(int Depth, LaneBlocks Blocks, int InputStride, int OutputStride, bool Adds = false) : Kernel
{
    /// <summary>Of sizes that every instruction set's tile divides, the largest; where none divides the depth, a smaller unit is left, with a tile of its own.</summary>
    private const int MostUnitDepth = 24;

    /// <summary>Such sizes, in the order in which they are tried: 20 does for most, so that few tiles differ.</summary>
    private static readonly int[] s_unitDepths = [20, MostUnitDepth, 12];

    /// <summary>Inputs of one unit: where it can be, a part of the depth that leaves no rest.</summary>
    public int UnitDepth => s_unitDepths.Where(depth => Depth % depth == 0).DefaultIfEmpty(MostUnitDepth).First();

    public int Units => (Depth + UnitDepth - 1) / UnitDepth;

    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => Units;

    public override string Name => Text($"ProductWeightGradient_{Depth}_To_{Blocks.TotalLanes}");

    public override string Comment => Text($"Weight gradient {Depth} x {Blocks.TotalLanes}, summed over rows: vectors over outputs.");
}

/// <summary>
/// Adds one image's output gradient, summed over its pixels, to the bias gradient.
/// Arguments: output gradient, bias gradient.
/// </summary>
internal sealed record BiasGradientKernel(Storage OutputGradient) : Kernel
{
    public override string Name => Text($"BiasGradient_{OutputGradient.Channels}x{OutputGradient.Height}x{OutputGradient.Width}");

    public override string Comment => Text(
        $"Sums {OutputGradient.Channels}x{OutputGradient.Height}x{OutputGradient.Width} over its pixels.");
}

/// <summary>
/// Sums rows: the bias gradient of a dense layer.
/// Arguments: output gradient, bias gradient, rows.
/// </summary>
internal sealed record RowSumKernel(int Lanes, bool Adds = false) : Kernel
{
    public override string Name => Text($"RowSum_{Lanes}");

    public override string Comment => Text($"Sums rows of {Lanes}.");
}

/// <summary>
/// Copies weights into the order that the input gradient's kernel reads: filters and channels exchanged, the kernel turned by 180 degrees.
/// Arguments: weight, target. A unit is one filter; of a dense layer's weights, one block of outputs.
/// </summary>
internal sealed record TransposeWeightsKernel(PackedWeights Source, PackedWeights Target, int Groups, int FiltersPerGroup, int ChannelsPerGroup, bool Turn) : Kernel
{
    /// <summary>Weights that are copied in about 5 microseconds.</summary>
    private const int Few = 16_384;

    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => Units;

    public int Units => IsMatrix ? (FiltersPerGroup + Source.Filters[1].Count - 1) / Source.Filters[1].Count : Groups * FiltersPerGroup;

    /// <summary>Whether there are enough weights that threads should share them.</summary>
    public bool IsWorthSharing => Units > 1 && Source.Length > Few;

    /// <summary>Whether both lie as [block][tap][channel][lane] with the channels in order: then small matrices are turned, one of each pair of blocks at each tap.</summary>
    public bool IsMatrix => Groups == 1 && IsBlocked(Source) && IsBlocked(Target);

    private static bool IsBlocked(PackedWeights weights) =>
        weights.Filters.Count == 2
        && weights.Filters[1].Stride == 1
        && weights.Channels.Count == 1
        && weights.Channels[0].Stride == weights.Filters[1].Count;

    public override string Name => Text($"TransposeWeights_{Groups * FiltersPerGroup}x{ChannelsPerGroup}x{Source.Kernel}");

    public override string Comment => Text(
        $"Weights {Groups * FiltersPerGroup}x{ChannelsPerGroup}x{Source.Kernel} with filters and channels exchanged{(Turn ? ", the kernel turned" : "")}: for the input's gradient.");
}

/// <summary>
/// Zeros the weight gradients between groups, where a block of lanes holds filters of several groups.
/// Arguments: weight gradient.
/// </summary>
internal sealed record ClearBetweenGroupsKernel(LaneBlocks Blocks, int Groups, int FiltersPerGroup, int ChannelsPerGroup, int TapCount, bool ChannelsOutermost) : Kernel
{
    public override string Name => Text($"ClearBetweenGroups_{Groups}x{FiltersPerGroup}x{ChannelsPerGroup}x{TapCount}");

    public override string Comment => Text(
        $"Keeps the weights between the {Groups} groups at zero.");
}
