using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Gradients by weights and biases, and weights turned for gradients by inputs.</summary>
internal static class GradientMeanings
{
    public static void Clear(Map map)
    {
        for (var c = 0; c < map.Channels; c++)
        {
            for (var h = 0; h < map.Height; h++)
            {
                for (var w = 0; w < map.Width; w++)
                    map[c, h, w] = 0;
            }
        }
    }

    /// <summary>All lanes of a block get a gradient: those without a filter have to find zeros.</summary>
    public static void Pixels(WeightGradientPixelsKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var gradient = arguments.Map(kernel.OutputGradient);
        AddPixels(input, kernel.Input.Kind, gradient, kernel.OutputGradient, kernel.Taps, kernel.Blocks, arguments.Memory());
    }

    public static void AddPixels(Map input, StorageKind kind, Map gradient, Storage by, Taps taps, LaneBlocks blocks, Piece weights)
    {
        for (var pixel = 0; pixel < by.Height * by.Width; pixel++)
        {
            var (row, column) = (pixel / by.Width, pixel % by.Width);
            for (var block = 0; block < blocks.BlockCount; block++)
            {
                var lanes = gradient.Lanes(block * blocks.BlockLanes, row, column, blocks.BlockLanes);
                var firstChannel = block / blocks.BlocksPerStep * blocks.ChannelsPerStep;
                for (var tap = 0; tap < taps.Count; tap++)
                {
                    var (h, w) = ConvolutionMeanings.Read(taps, row, column, tap);
                    if (kind != StorageKind.Planar)
                    {
                        var x = input.Lanes(firstChannel, h, w, blocks.RunChannels);
                        var sums = weights.Run(ConvolutionMeanings.BlockedRow(kind, taps, blocks, block, tap, 0), x.Length * lanes.Length);
                        for (var c = 0; c < x.Length; c++)
                            Vectors.AddProduct(x[c], lanes, sums.Slice(c * lanes.Length, lanes.Length));
                        continue;
                    }

                    for (var c = 0; c < blocks.RunChannels; c++)
                    {
                        var place = ConvolutionMeanings.BlockedRow(kind, taps, blocks, block, tap, c);
                        Vectors.AddProduct(input.WithHalo(firstChannel + c, h, w), lanes, weights.Run(place, blocks.BlockLanes));
                    }
                }
            }
        }
    }

    public static void Planar(WeightGradientPlanarKernel kernel, KernelArguments arguments)
    {
        var (taps, by) = (kernel.Taps, kernel.OutputGradient);
        var input = arguments.Map(kernel.Input);
        var gradient = arguments.Map(by);
        var weights = arguments.Memory();
        var (filters, channels) = (by.Channels / kernel.Groups, kernel.Input.Channels / kernel.Groups);
        for (var filter = 0; filter < by.Channels; filter++)
        {
            for (var c = 0; c < channels; c++)
            {
                for (var tap = 0; tap < taps.Count; tap++)
                {
                    double sum = 0;
                    for (var row = 0; row < by.Height; row++)
                    {
                        var (h, w) = ConvolutionMeanings.Read(taps, row, 0, tap);
                        sum += Vectors.Product(input.Columns((filter / filters * channels) + c, h, w, by.Width), gradient.Columns(filter, row, 0, by.Width));
                    }

                    weights[(((c * taps.Count) + tap) * by.Channels) + filter] += sum;
                }
            }
        }
    }

    public static void Depthwise(DepthwiseWeightGradientKernel kernel, KernelArguments arguments)
    {
        var (taps, by) = (kernel.Taps, kernel.OutputGradient);
        var input = arguments.Map(kernel.Input);
        var gradient = arguments.Map(by);
        var weights = arguments.Memory();
        var lanes = Storage.RoundUp(kernel.Input.Channels);
        ForEachTap(by, taps, (row, column, tap, h, w) =>
            Vectors.AddEach(input.Lanes(0, h, w, lanes), gradient.Lanes(0, row, column, lanes), weights.Run(tap * lanes, lanes)));
    }

    public static void DepthwiseInput(DepthwiseInputGradientKernel kernel, KernelArguments arguments)
    {
        var (taps, by) = (kernel.Taps, kernel.OutputGradient);
        var gradient = arguments.Map(by);
        var weights = arguments.Memory();
        var result = arguments.Map(kernel.InputGradient);
        var lanes = Storage.RoundUp(kernel.InputGradient.Channels);
        Clear(result);
        ForEachTap(by, taps, (row, column, tap, h, w) =>
        {
            for (var c = 0; result.Contains(h, w) && c < result.Channels; c++)
                result[c, h, w] += gradient[c, row, column] * weights[(tap * lanes) + c];
        });
    }

    private static void ForEachTap(Storage output, Taps taps, Action<int, int, int, int, int> visit)
    {
        for (var row = 0; row < output.Height; row++)
        {
            for (var column = 0; column < output.Width; column++)
            {
                for (var tap = 0; tap < taps.Count; tap++)
                {
                    var (h, w) = ConvolutionMeanings.Read(taps, row, column, tap);
                    visit(row, column, tap, h, w);
                }
            }
        }
    }

    /// <summary>[block][k][lane], summed over rows; a unit is <see cref="ProductWeightGradientKernel.UnitDepth"/> inputs.</summary>
    public static void Product(ProductWeightGradientKernel kernel, KernelArguments arguments)
    {
        var (blocks, lanes) = (kernel.Blocks, kernel.Blocks.BlockLanes);
        var input = arguments.Memory();
        var gradient = arguments.Memory();
        var weights = arguments.Memory();
        var rows = arguments.Count();
        var last = Math.Min(kernel.Depth, arguments.To * kernel.UnitDepth);
        for (var k = arguments.From * kernel.UnitDepth; k < last; k++)
        {
            for (var block = 0; block < blocks.BlockCount; block++)
            {
                var sums = weights.Run(((block * kernel.Depth) + k) * lanes, lanes);
                if (!kernel.Adds)
                    sums.Clear();
                for (var row = 0; row < rows; row++)
                    Vectors.AddProduct(input[(row * kernel.InputStride) + k], gradient.Run((row * kernel.OutputStride) + (block * lanes), lanes), sums);
            }
        }
    }

    /// <summary>Lanes without a channel have to find zeros, as have those of planes past their width.</summary>
    public static void Bias(BiasGradientKernel kernel, KernelArguments arguments)
    {
        var by = kernel.OutputGradient;
        var gradient = arguments.Map(by);
        var bias = arguments.Memory();
        for (var row = 0; row < by.Height; row++)
        {
            if (by.Kind == StorageKind.Planar)
            {
                for (var c = 0; c < by.Channels; c++)
                {
                    for (var w = 0; w < Storage.RoundUp(by.Width); w++)
                        bias[c] += gradient.Floats(c, row, w);
                }
            }
            else
            {
                for (var column = 0; column < by.Width; column++)
                    Vectors.AddProduct(1, gradient.Lanes(0, row, column, Storage.RoundUp(by.Channels)), bias.Run(0, Storage.RoundUp(by.Channels)));
            }
        }
    }

    public static void Rows(RowSumKernel kernel, KernelArguments arguments)
    {
        var gradient = arguments.Memory();
        var sums = arguments.Memory().Run(0, kernel.Lanes);
        var rows = arguments.Count();
        if (!kernel.Adds)
            sums.Clear();
        for (var row = 0; row < rows; row++)
            Vectors.AddProduct(1, gradient.Run(row * kernel.Lanes, kernel.Lanes), sums);
    }

    /// <summary>A unit is a filter, or a block of a dense layer's outputs.</summary>
    public static void Transpose(TransposeWeightsKernel kernel, KernelArguments arguments)
    {
        var (source, target) = (kernel.Source, kernel.Target);
        var weights = arguments.Memory();
        var turned = arguments.Memory();
        var perUnit = kernel.IsMatrix ? source.Filters[1].Count : 1;
        var filters = kernel.Groups * kernel.FiltersPerGroup;
        var (channels, taps) = (kernel.ChannelsPerGroup, source.Kernel.Height * source.Kernel.Width);
        var fromChannels = Enumerable.Range(0, channels).Select(c => Digits.Place(source.Channels, c)).ToArray();
        var toFilters = Enumerable.Range(0, channels).Select(c => Digits.Place(target.Filters, c)).ToArray();
        for (var filter = arguments.From * perUnit; filter < Math.Min(filters, arguments.To * perUnit); filter++)
        {
            var (group, f) = (filter / kernel.FiltersPerGroup, filter % kernel.FiltersPerGroup);
            for (var tap = 0; tap < taps; tap++)
            {
                var (kh, kw) = (tap / source.Kernel.Width, tap % source.Kernel.Width);
                var (row, column) = kernel.Turn ? (source.Kernel.Height - 1 - kh, source.Kernel.Width - 1 - kw) : (kh, kw);
                var from = Digits.Place(source.Groups, group) + Digits.Place(source.Filters, f) + (kh * source.RowStride) + (kw * source.ColumnStride);
                var to = Digits.Place(target.Groups, group) + Digits.Place(target.Channels, f) + (row * target.RowStride) + (column * target.ColumnStride);
                for (var c = 0; c < channels; c++)
                    turned[to + toFilters[c]] = weights[from + fromChannels[c]];
            }
        }
    }

    public static void ClearBetweenGroups(ClearBetweenGroupsKernel kernel, KernelArguments arguments)
    {
        var blocks = kernel.Blocks;
        var weights = arguments.Memory();
        for (var block = 0; block < blocks.BlockCount; block++)
        {
            for (var tap = 0; tap < kernel.TapCount; tap++)
            {
                for (var c = 0; c < blocks.RunChannels; c++)
                {
                    var row = kernel.ChannelsOutermost ? (c * kernel.TapCount) + tap : (tap * blocks.RunChannels) + c;
                    for (var lane = 0; lane < blocks.BlockLanes; lane++)
                    {
                        if (lane / kernel.FiltersPerGroup != c / kernel.ChannelsPerGroup)
                            weights[(((block * kernel.TapCount * blocks.RunChannels) + row) * blocks.BlockLanes) + lane] = 0;
                    }
                }
            }
        }
    }
}

/// <summary>Places by digits of a mixed radix.</summary>
internal static class Digits
{
    /// <summary>What an index contributes to a place; the digits begin with the most significant.</summary>
    public static int Place(IReadOnlyList<Digit> digits, int index)
    {
        var place = 0;
        for (var i = digits.Count - 1; i >= 0; i--)
        {
            place += index % digits[i].Count * digits[i].Stride;
            index /= digits[i].Count;
        }

        return place;
    }
}
