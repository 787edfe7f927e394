using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Direct convolutions, products, and the matrices of unrolled windows.</summary>
internal static class ConvolutionMeanings
{
    /// <summary>A unit is a row of the output and a block of filters.</summary>
    public static int PixelUnits(ConvPixelsKernel kernel) => kernel.Output.Height * kernel.Blocks.BlockCount;

    public static void Pixels(ConvPixelsKernel kernel, KernelArguments arguments)
    {
        var (taps, blocks) = (kernel.Taps, kernel.Blocks);
        var input = arguments.Map(kernel.Input);
        var weights = arguments.Memory();
        var bias = arguments.MemoryIf(kernel.After.HasBias);
        var stored = arguments.Memory();
        var output = new Map(stored, kernel.Output);
        var after = new EpilogueMeaning(kernel.After, arguments);
        var (window, lanes) = (after.Window, blocks.BlockLanes);
        var sums = new double[window.Height * window.Width * lanes];
        var ofLane = new double[window.Height * window.Width];
        for (var unit = arguments.From; unit < arguments.To; unit++)
        {
            var (row, block) = (unit / blocks.BlockCount, unit % blocks.BlockCount);
            var firstChannel = block / blocks.BlocksPerStep * blocks.ChannelsPerStep;
            for (var column = 0; column < kernel.Output.Width; column++)
            {
                for (var i = 0; i < ofLane.Length; i++)
                    Sum((row * window.Height) + (i / window.Width), (column * window.Width) + (i % window.Width), firstChannel, block, sums.AsSpan(i * lanes, lanes));
                var place = output.Place(block * lanes, row, column);
                for (var lane = 0; lane < lanes; lane++)
                {
                    for (var i = 0; i < ofLane.Length; i++)
                        ofLane[i] = sums[(i * lanes) + lane];
                    stored[place + lane] = after.Of(ofLane, place + lane);
                }
            }
        }

        void Sum(int row, int column, int firstChannel, int block, Span<double> sum)
        {
            sum.Clear();
            bias?.Run(block * lanes, lanes).CopyTo(sum);
            for (var tap = 0; tap < taps.Count; tap++)
            {
                var (h, w) = Read(taps, row, column, tap);
                if (kernel.Input.Kind != StorageKind.Planar)
                {
                    // Channels are neighbours, and so are their weights.
                    var x = input.Lanes(firstChannel, h, w, blocks.RunChannels);
                    Vectors.AddProducts(x, weights.Run(BlockedRow(kernel.Input.Kind, taps, blocks, block, tap, 0), x.Length * lanes), sum);
                    continue;
                }

                for (var c = 0; c < blocks.RunChannels; c++)
                    Vectors.AddProduct(input.WithHalo(firstChannel + c, h, w), weights.Run(BlockedRow(kernel.Input.Kind, taps, blocks, block, tap, c), lanes), sum);
            }
        }
    }

    /// <summary>
    /// Where a block's weights of one tap and channel lie: [block][kh][kw][channel][lane] where the input's channels are neighbours,
    /// [block][channel][kh][kw][lane] where they are planes.
    /// </summary>
    public static int BlockedRow(StorageKind input, Taps taps, LaneBlocks blocks, int block, int tap, int channel)
    {
        var row = input == StorageKind.Planar ? (channel * taps.Count) + tap : (tap * blocks.RunChannels) + channel;
        return ((block * taps.Count * blocks.RunChannels) + row) * blocks.BlockLanes;
    }

    /// <summary>Weights are [channel of the group][kh][kw][filter].</summary>
    public static void Planar(ConvPlanarKernel kernel, KernelArguments arguments)
    {
        var taps = kernel.Taps;
        var input = arguments.Map(kernel.Input);
        var weights = arguments.Memory();
        var bias = arguments.MemoryIf(kernel.After.HasBias);
        var stored = arguments.Memory();
        var output = new Map(stored, kernel.Output);
        var after = new EpilogueMeaning(kernel.After, arguments);
        var (window, filters) = (after.Window, kernel.Output.Channels);
        var channels = kernel.Input.Channels / kernel.Groups;
        if (taps.Stride != Size2.One)
            throw new InvalidOperationException($"{kernel.Name} has a stride, which no convolution along the width has.");
        var (sums, length) = (new double[window.Height * window.Width], kernel.Output.Width * window.Width);
        var rows = new double[window.Height * length];
        for (var filter = 0; filter < filters; filter++)
        {
            var firstChannel = filter / (filters / kernel.Groups) * channels;
            for (var row = 0; row < kernel.Output.Height; row++)
            {
                for (var i = 0; i < window.Height; i++)
                    Sum(filter, firstChannel, (row * window.Height) + i, rows.AsSpan(i * length, length));
                for (var column = 0; column < kernel.Output.Width; column++)
                {
                    for (var i = 0; i < sums.Length; i++)
                        sums[i] = rows[(i / window.Width * length) + (column * window.Width) + (i % window.Width)];
                    var place = output.Place(filter, row, column);
                    stored[place] = after.Of(sums, place);
                }
            }
        }

        void Sum(int filter, int firstChannel, int row, Span<double> sum)
        {
            sum.Fill(bias?[filter] ?? 0);
            for (var c = 0; c < channels; c++)
            {
                for (var tap = 0; tap < taps.Count; tap++)
                {
                    var (h, w) = Read(taps, row, 0, tap);
                    Vectors.AddProduct(weights[(((c * taps.Count) + tap) * filters) + filter], input.Columns(firstChannel + c, h, w, length), sum);
                }
            }
        }
    }

    /// <summary>Weights are [kh][kw][channel]. All lanes of a pixel are computed, those without a channel too. A unit is a row of the output.</summary>
    public static void Depthwise(DepthwiseKernel kernel, KernelArguments arguments)
    {
        var taps = kernel.Taps;
        var input = arguments.Map(kernel.Input);
        var weights = arguments.Memory();
        var bias = arguments.MemoryIf(kernel.After.HasBias);
        var stored = arguments.Memory();
        var output = new Map(stored, kernel.Output);
        var after = new EpilogueMeaning(kernel.After, arguments);
        var lanes = Storage.RoundUp(kernel.Input.Channels);
        var sums = new double[lanes];
        for (var row = arguments.From; row < arguments.To; row++)
        {
            for (var column = 0; column < kernel.Output.Width; column++)
            {
                Array.Clear(sums);
                bias?.Run(0, lanes).CopyTo(sums);
                for (var tap = 0; tap < taps.Count; tap++)
                {
                    var (h, w) = Read(taps, row, column, tap);
                    Vectors.AddEach(input.Lanes(0, h, w, lanes), weights.Run(tap * lanes, lanes), sums);
                }

                var place = output.Place(0, row, column);
                for (var lane = 0; lane < lanes; lane++)
                    stored[place + lane] = after.Of(sums.AsSpan(lane, 1), place + lane);
            }
        }
    }

    /// <summary>Weights are [block][k][lane]. A unit is a block, for all rows.</summary>
    public static void Product(ProductKernel kernel, KernelArguments arguments)
    {
        var blocks = kernel.Blocks;
        var input = arguments.Memory();
        var weights = arguments.Memory();
        var bias = arguments.MemoryIf(kernel.After.HasBias);
        var output = arguments.Memory();
        var after = new EpilogueMeaning(kernel.After, arguments);
        var rows = arguments.Count();
        var lanes = blocks.BlockLanes;
        var sums = new double[lanes];
        for (var block = arguments.From; block < arguments.To; block++)
        {
            for (var row = 0; row < rows; row++)
            {
                Array.Clear(sums);
                bias?.Run(block * lanes, lanes).CopyTo(sums);
                Vectors.AddProducts(input.Run(row * kernel.InputStride, kernel.Depth), weights.Run(block * kernel.Depth * lanes, kernel.Depth * lanes), sums);
                var place = (row * kernel.OutputStride) + (block * lanes);
                for (var lane = 0; lane < lanes; lane++)
                    output[place + lane] = after.Of(sums.AsSpan(lane, 1), place + lane);
            }
        }
    }

    /// <summary>A row has the weights' order: kh, kw, channel of pixels; channel, kh, kw of planes.</summary>
    public static void Im2Col(Im2ColKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var matrix = arguments.Memory();
        ForEachWindow(kernel.Input, kernel.Taps, kernel.OutputHeight, kernel.OutputWidth, kernel.RowStride, (place, c, h, w) => matrix[place] = input.WithHalo(c, h, w));
    }

    public static void Col2Im(Col2ImKernel kernel, KernelArguments arguments)
    {
        var matrix = arguments.Memory();
        var output = arguments.Map(kernel.Output);
        GradientMeanings.Clear(output);
        ForEachWindow(kernel.Output, kernel.Taps, kernel.OutputHeight, kernel.OutputWidth, kernel.RowStride, (place, c, h, w) =>
        {
            if (output.Contains(h, w))
                output[c, h, w] += matrix[place];
        });
    }

    private static void ForEachWindow(Storage map, Taps taps, int height, int width, int rowStride, Action<int, int, int, int> visit)
    {
        for (var pixel = 0; pixel < height * width; pixel++)
        {
            for (var tap = 0; tap < taps.Count; tap++)
            {
                var (h, w) = Read(taps, pixel / width, pixel % width, tap);
                for (var c = 0; c < map.Channels; c++)
                    visit((pixel * rowStride) + (map.Kind == StorageKind.Planar ? (c * taps.Count) + tap : (tap * map.Channels) + c), c, h, w);
            }
        }
    }

    /// <summary>The input pixel that a tap of an output pixel reads.</summary>
    public static (int Row, int Column) Read(Taps taps, int row, int column, int tap) => (
        (row * taps.Stride.Height) + (tap / taps.Kernel.Width * taps.Dilation.Height) - taps.Padding.Height,
        (column * taps.Stride.Width) + (tap % taps.Kernel.Width * taps.Dilation.Width) - taps.Padding.Width);
}
