using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Planning.Cpu.Layouts;

/// <summary>One digit of an index: how many values it takes and how far one step moves in memory.</summary>
internal sealed record Digit(int Count, int Stride);

/// <summary>
/// Where the weights of a convolution (or of a dense layer, a 1x1 convolution of one pixel) lie: the position of weight (group, filter in the group,
/// channel in the group, kh, kw) is the sum of what each index contributes.
/// </summary>
/// <param name="Groups">The group's digits, the most significant first.</param>
/// <param name="Filters">The filter's digits within its group, the most significant first.</param>
/// <param name="Channels">The channel's digits within its group, the most significant first.</param>
/// <param name="RowStride">Floats from one kernel row to the next.</param>
/// <param name="ColumnStride">Floats from one kernel column to the next.</param>
/// <param name="Kernel">The kernel's size.</param>
/// <param name="Length">Floats in all, unused lanes included.</param>
internal sealed record PackedWeights(
    EquatableArray<Digit> Groups,
    EquatableArray<Digit> Filters,
    EquatableArray<Digit> Channels,
    int RowStride,
    int ColumnStride,
    Size2 Kernel,
    int Length)
{
    /// <summary>The digits of the logical O x I/groups x H x W index, as a parameter's axes.</summary>
    public IEnumerable<Digit> LogicalAxes =>
    [
        .. Groups,
        .. Filters,
        .. Channels,
        new Digit(Kernel.Height, RowStride),
        new Digit(Kernel.Width, ColumnStride),
    ];
}

/// <summary>
/// How a convolution's filters spread over vector lanes. A block is what stands side by side in memory for one tap: <see cref="BlockLanes"/> filters.
/// Every block reads a run of <see cref="RunChannels"/> input channels, which starts
/// <see cref="ChannelsPerStep"/> channels further every <see cref="BlocksPerStep"/> blocks (grouped convolutions).
/// </summary>
internal sealed record LaneBlocks(int BlockLanes, int BlockCount, int RunChannels, int BlocksPerStep, int ChannelsPerStep)
{
    /// <summary>Lanes in all: the filters, rounded up to whole blocks.</summary>
    public int TotalLanes => BlockLanes * BlockCount;

    /// <summary>
    /// Whether a block holds filters of several groups, so that it has weights for channels of other groups, which are zero and must stay so.
    /// </summary>
    public bool MixesGroups { get; init; }

    public static LaneBlocks For(int filters, int channels, int groups)
    {
        var filtersPerGroup = filters / groups;
        var channelsPerGroup = channels / groups;
        if (groups == 1)
        {
            var lanes = Storage.RoundUp(filters);
            var block = BlockFor(lanes);
            return new LaneBlocks(block, lanes / block, channels, lanes / block, 0);
        }

        if (filtersPerGroup % Storage.Lanes == 0)
        {
            var block = BlockFor(filtersPerGroup);
            return new LaneBlocks(block, filters / block, channelsPerGroup, filtersPerGroup / block, channelsPerGroup);
        }

        var groupsPerBlock = Storage.Lanes / filtersPerGroup;
        if (Storage.Lanes % filtersPerGroup == 0 && groups % groupsPerBlock == 0)
        {
            var run = groupsPerBlock * channelsPerGroup;
            return new LaneBlocks(Storage.Lanes, filters / Storage.Lanes, run, 1, run) { MixesGroups = true };
        }

        // Groups that straddle vectors: one block over all filters, as if the convolution had no groups, with zeros between them.
        return new LaneBlocks(Storage.RoundUp(filters), 1, channels, 1, 0) { MixesGroups = true };
    }

    /// <summary>
    /// Of a product of few rows, which reads its weights hardly more than once: blocks of one or two vectors, of which it takes several side by side.
    /// </summary>
    public static LaneBlocks ForRows(int units, int depth)
    {
        var lanes = Storage.RoundUp(units);
        var block = Tiling.VectorsOf(lanes, Storage.Lanes) == 2 ? 2 * Storage.Lanes : Storage.Lanes;
        return new LaneBlocks(block, lanes / block, depth, lanes / block, 0);
    }

    /// <summary>As many vectors as a tile of 512-bit ones takes.</summary>
    private static int BlockFor(int lanes) => Tiling.VectorsOf(lanes, Storage.Lanes) * Storage.Lanes;
}

/// <summary>The packings that the kernels read.</summary>
internal static class WeightPacking
{
    /// <summary>
    /// For kernels that vectorise over filters: [block][kh][kw][channel][lane] where the input's channels are neighbours,
    /// [block][channel][kh][kw][lane] where they are planes.
    /// </summary>
    public static PackedWeights Blocked(int filters, int channels, int groups, Size2 kernel, StorageKind input)
    {
        var blocks = LaneBlocks.For(filters, channels, groups);
        var filtersPerGroup = filters / groups;
        var channelsPerGroup = channels / groups;
        var taps = kernel.Height * kernel.Width;
        var lane = blocks.BlockLanes;
        var (channelStride, columnStride) = input == StorageKind.Planar ? (taps * lane, lane) : (lane, blocks.RunChannels * lane);
        var blockLength = checked(taps * blocks.RunChannels * lane);
        var channelDigit = new Digit(channelsPerGroup, channelStride);
        EquatableArray<Digit> groupDigits;
        EquatableArray<Digit> filterDigits;
        if (!blocks.MixesGroups)
        {
            groupDigits = [new Digit(groups, blocks.BlocksPerStep * blockLength)];
            filterDigits = [new Digit(blocks.BlocksPerStep, blockLength), new Digit(lane, 1)];
        }
        else
        {
            // Within a block, the next group is the next filters' lanes and the next channels' rows.
            var groupsPerBlock = blocks.BlockCount == 1 ? groups : lane / filtersPerGroup;
            groupDigits =
            [
                new Digit(groups / groupsPerBlock, blockLength),
                new Digit(groupsPerBlock, (channelsPerGroup * channelStride) + filtersPerGroup),
            ];
            filterDigits = [new Digit(filtersPerGroup, 1)];
        }

        return new PackedWeights(
            groupDigits,
            filterDigits,
            [channelDigit],
            kernel.Width * columnStride,
            columnStride,
            kernel,
            checked(blocks.BlockCount * blockLength));
    }

    /// <summary>For kernels that vectorise over the width and broadcast weights: [channel][kh][kw][filter].</summary>
    public static PackedWeights Broadcast(int filters, int channels, int groups, Size2 kernel) => new(
        [new Digit(groups, filters / groups)],
        [new Digit(filters / groups, 1)],
        [new Digit(channels / groups, kernel.Height * kernel.Width * filters)],
        kernel.Width * filters,
        filters,
        kernel,
        Storage.RoundUp(checked(channels / groups * kernel.Height * kernel.Width * filters)));

    /// <summary>For depthwise kernels, which vectorise over channels: [kh][kw][channel].</summary>
    public static PackedWeights Depthwise(int channels, Size2 kernel)
    {
        var lanes = Storage.RoundUp(channels);
        return new PackedWeights(
            [new Digit(channels, 1)],
            [new Digit(1, 0)],
            [new Digit(1, 0)],
            kernel.Width * lanes,
            lanes,
            kernel,
            kernel.Height * kernel.Width * lanes);
    }

    /// <summary>
    /// For a dense layer: [block][feature][lane], the features in the order in which the input's memory has them.
    /// <paramref name="features"/> are the logical index's digits.
    /// </summary>
    public static PackedWeights Dense(int units, int inputLength, EquatableArray<Digit> features) => Dense(LaneBlocks.ForRows(units, inputLength), features);

    /// <summary>The same in blocks of other sizes: a convolution's weights, seen as those of its unrolled windows.</summary>
    public static PackedWeights Dense(LaneBlocks blocks, EquatableArray<Digit> features)
    {
        var blockLength = checked(blocks.RunChannels * blocks.BlockLanes);
        return new PackedWeights(
            [new Digit(1, 0)],
            [new Digit(blocks.BlockCount, blockLength), new Digit(blocks.BlockLanes, 1)],
            features.Select(digit => digit with { Stride = digit.Stride * blocks.BlockLanes }).ToEquatableArray(),
            0,
            0,
            Size2.One,
            checked(blocks.BlockCount * blockLength));
    }
}
