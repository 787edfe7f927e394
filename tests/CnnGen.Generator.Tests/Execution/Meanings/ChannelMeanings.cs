using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Constants, mixed and compared channels, and moments within an image.</summary>
internal static class ChannelMeanings
{
    public static void Constants(ConstantsKernel kernel, KernelArguments arguments)
    {
        var result = arguments.Memory();
        for (var i = 0; i < kernel.Values.Count; i++)
            result[i] = kernel.Values[i];
    }

    /// <summary>The first of each group, then the second of each.</summary>
    public static void Shuffle(ShuffleKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var output = arguments.Map(kernel.Output);
        var perGroup = kernel.Input.Channels / kernel.Groups;
        for (var c = 0; c < output.Channels; c++)
        {
            for (var row = 0; row < output.Height; row++)
            {
                for (var column = 0; column < output.Width; column++)
                    output[c, row, column] = input[(c % kernel.Groups * perGroup) + (c / kernel.Groups), row, column];
            }
        }
    }

    /// <summary>The gradient goes to the first channel that equals the largest.</summary>
    public static void Maxout(MaxoutKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var output = arguments.Map(kernel.Output);
        var isForward = kernel.Pass == PassKind.Forward;
        var by = isForward ? default : arguments.Map(kernel.Output);
        var result = isForward ? default : arguments.Map(kernel.Input);
        for (var c = 0; c < output.Channels; c++)
        {
            for (var row = 0; row < output.Height; row++)
            {
                for (var column = 0; column < output.Width; column++)
                {
                    var (largest, isGiven) = (double.NegativeInfinity, false);
                    for (var piece = c * kernel.Pieces; piece < (c + 1) * kernel.Pieces; piece++)
                    {
                        largest = Math.Max(largest, input[piece, row, column]);
                        if (isForward)
                            continue;
                        var isFirst = !isGiven && input[piece, row, column] == output[c, row, column];
                        result[piece, row, column] = isFirst ? by[c, row, column] : 0;
                        isGiven |= isFirst;
                    }

                    if (isForward)
                        output[c, row, column] = largest;
                }
            }
        }
    }

    /// <summary>With n = (x - mean) / d, d the root of the variance and epsilon: n; backward (g - mean of g - n * mean of (g n)) / d.</summary>
    public static void Standardize(StandardizeKernel kernel, KernelArguments arguments)
    {
        var (storage, isForward) = (kernel.Storage, kernel.Pass == PassKind.Forward);
        var input = arguments.Memory();
        var by = isForward ? default : arguments.Memory();
        var result = arguments.Memory();
        foreach (var group in Groups(storage, kernel.Spec.Groups))
        {
            var mean = group.Average(place => input[place]);
            var deviation = Math.Sqrt(group.Average(place => (input[place] - mean) * (input[place] - mean)) + kernel.Spec.Epsilon);
            var (meanOfGradients, meanOfProducts) = isForward
                ? (0.0, 0.0)
                : (group.Average(place => by[place]), group.Average(place => by[place] * (input[place] - mean) / deviation));
            foreach (var place in group)
            {
                var normalised = (input[place] - mean) / deviation;
                result[place] = isForward ? normalised : (by[place] - meanOfGradients - (normalised * meanOfProducts)) / deviation;
            }
        }
    }

    /// <summary>The places of what has moments of its own: of some channels over all pixels, or, without groups, of all channels of a pixel.</summary>
    private static IEnumerable<List<int>> Groups(Storage storage, int groups)
    {
        var elements =
            from c in Enumerable.Range(0, storage.Channels)
            from row in Enumerable.Range(0, storage.Height)
            from column in Enumerable.Range(0, storage.Width)
            group storage.Origin + (c * storage.ChannelStride) + (row * storage.RowStride) + (column * storage.PixelStride)
                by groups == 0 ? (row * storage.Width) + column : c / (storage.Channels / groups);
        return elements.Select(group => group.ToList());
    }
}
