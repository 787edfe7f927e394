using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Products that each pixel has of its own. Weights are [pixel][tap][channel][filter], biases [pixel][filter].</summary>
internal static class LocalMeanings
{
    public static void Product(LocalProductKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var weights = arguments.Memory();
        var bias = arguments.MemoryIf(kernel.HasBias);
        var output = arguments.Map(kernel.Output);
        for (var pixel = 0; pixel < output.Height * output.Width; pixel++)
        {
            for (var f = 0; f < output.Channels; f++)
                output[f, pixel / output.Width, pixel % output.Width] = bias?[(pixel * output.Channels) + f] ?? 0;
        }

        ForEach(kernel.Input, kernel.Output, kernel.Taps, 0, output.Height * output.Width, (place, c, h, w, f, row, column) => output[f, row, column] += weights[place] * input[c, h, w]);
    }

    public static void InputGradient(LocalInputGradientKernel kernel, KernelArguments arguments)
    {
        var by = arguments.Map(kernel.Output);
        var weights = arguments.Memory();
        var result = arguments.Map(kernel.Input);
        GradientMeanings.Clear(result);
        ForEach(kernel.Input, kernel.Output, kernel.Taps, 0, by.Height * by.Width, (place, c, h, w, f, row, column) => result[c, h, w] += weights[place] * by[f, row, column]);
    }

    /// <summary>Summed over images; a unit is a pixel of the output.</summary>
    public static void WeightGradient(LocalWeightGradientKernel kernel, KernelArguments arguments)
    {
        var inputs = arguments.Memory();
        var gradients = arguments.Memory();
        var weights = arguments.Memory();
        var bias = arguments.MemoryIf(kernel.HasBias);
        var images = arguments.Count();
        var filters = kernel.Output.Channels;
        var perPixel = kernel.Taps.Count * kernel.Input.Channels * filters;
        for (var pixel = arguments.From; pixel < arguments.To; pixel++)
        {
            weights.Run(pixel * perPixel, perPixel).Clear();
            bias?.Run(pixel * filters, filters).Clear();
            for (var image = 0; image < images; image++)
            {
                var input = new Map(inputs.From(image * kernel.Input.Length), kernel.Input);
                var by = new Map(gradients.From(image * kernel.Output.Length), kernel.Output);
                for (var f = 0; bias is { } sums && f < filters; f++)
                    sums[(pixel * filters) + f] += by[f, pixel / by.Width, pixel % by.Width];
                ForEach(kernel.Input, kernel.Output, kernel.Taps, pixel, pixel + 1, (place, c, h, w, f, row, column) => weights[place] += input[c, h, w] * by[f, row, column]);
            }
        }
    }

    private delegate void Visit(int place, int channel, int h, int w, int filter, int row, int column);

    private static void ForEach(Storage input, Storage output, Taps taps, int from, int to, Visit visit)
    {
        for (var pixel = from; pixel < to; pixel++)
        {
            var (row, column) = (pixel / output.Width, pixel % output.Width);
            for (var tap = 0; tap < taps.Count; tap++)
            {
                // The last windows may reach past the map, where there are zeros.
                var (h, w) = ConvolutionMeanings.Read(taps, row, column, tap);
                if (h >= input.Height || w >= input.Width)
                    continue;
                for (var c = 0; c < input.Channels; c++)
                {
                    for (var f = 0; f < output.Channels; f++)
                        visit((((((pixel * taps.Count) + tap) * input.Channels) + c) * output.Channels) + f, c, h, w, f, row, column);
                }
            }
        }
    }
}
