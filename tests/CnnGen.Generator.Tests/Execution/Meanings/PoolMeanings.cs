using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Poolings of windows and of parts, drawn ones among them, and their gradients.</summary>
internal static class PoolMeanings
{
    /// <summary>A unit is a row of the output.</summary>
    public static void Pool(PoolKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var output = arguments.Map(kernel.Output);
        for (var row = arguments.From; row < arguments.To; row++)
        {
            for (var column = 0; column < output.Width; column++)
            {
                var (window, count) = (Window(kernel.Taps, input, row, column), Counted(kernel.Function, kernel.Taps, kernel.PaddingEnd, input, row, column));
                for (var c = 0; c < output.Channels; c++)
                {
                    var (largest, sum) = (double.NegativeInfinity, 0.0);
                    foreach (var (h, w) in window)
                    {
                        largest = Math.Max(largest, input[c, h, w]);
                        sum += input[c, h, w];
                    }

                    output[c, row, column] = kernel.Function == PoolFunction.Max ? largest : sum / count;
                }
            }
        }
    }

    public static void Gradient(PoolGradientKernel kernel, KernelArguments arguments)
    {
        var isMax = kernel.Function == PoolFunction.Max;
        var input = isMax ? arguments.Map(kernel.Input) : default;
        var output = isMax ? arguments.Map(kernel.Output) : default;
        var by = arguments.Map(kernel.OutputGradient);
        var result = arguments.Map(kernel.InputGradient);
        GradientMeanings.Clear(result);
        for (var row = 0; row < by.Height; row++)
        {
            for (var column = 0; column < by.Width; column++)
            {
                var (window, count) = (Window(kernel.Taps, result, row, column), Counted(kernel.Function, kernel.Taps, kernel.PaddingEnd, result, row, column));
                for (var c = 0; c < by.Channels; c++)
                {
                    foreach (var (h, w) in window)
                    {
                        if (!isMax)
                        {
                            result[c, h, w] += by[c, row, column] / count;
                        }
                        else if (input[c, h, w] == output[c, row, column])
                        {
                            result[c, h, w] += by[c, row, column];
                            break;
                        }
                    }
                }
            }
        }
    }

    /// <summary>The elements of a window that lie on the map, row by row.</summary>
    private static List<(int Row, int Column)> Window(Taps taps, Map map, int row, int column)
    {
        var window = new List<(int, int)>(taps.Count);
        for (var tap = 0; tap < taps.Count; tap++)
        {
            var (h, w) = ConvolutionMeanings.Read(taps, row, column, tap);
            if (map.Contains(h, w))
                window.Add((h, w));
        }

        return window;
    }

    /// <summary>The elements that a mean is of: those on the map, or on the map and its padding.</summary>
    private static int Counted(PoolFunction function, Taps taps, Size2 paddingEnd, Map map, int row, int column) => Enumerable.Range(0, taps.Count).Count(tap =>
    {
        var (h, w) = ConvolutionMeanings.Read(taps, row, column, tap);
        return function == PoolFunction.AverageWithPadding ? h < map.Height + paddingEnd.Height && w < map.Width + paddingEnd.Width : map.Contains(h, w);
    });

    /// <summary>Part i of n of a length L begins at floor(i L / n) and ends before ceil((i + 1) L / n).</summary>
    public static void Parts(PartsKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var output = arguments.Map(kernel.Output);
        var isForward = kernel.Pass == PassKind.Forward;
        var by = isForward ? default : arguments.Map(kernel.Output);
        var result = isForward ? default : arguments.Map(kernel.Input);
        if (!isForward)
            Clear();
        for (var c = 0; c < output.Channels; c++)
        {
            for (var row = 0; row < output.Height; row++)
            {
                for (var column = 0; column < output.Width; column++)
                {
                    var part = Part(row, input.Height, output.Height).SelectMany(h => Part(column, input.Width, output.Width).Select(w => (h, w))).ToList();
                    if (isForward)
                        output[c, row, column] = part.Max(e => input[c, e.h, e.w]);
                    else
                        Give(c, row, column, part);
                }
            }
        }

        void Clear() => GradientMeanings.Clear(result);

        void Give(int c, int row, int column, List<(int H, int W)> part)
        {
            foreach (var (h, w) in part)
            {
                if (input[c, h, w] != output[c, row, column])
                    continue;
                result[c, h, w] += by[c, row, column];
                return;
            }
        }

        static IEnumerable<int> Part(int i, int length, int parts)
        {
            var (from, to) = (i * length / parts, (((i + 1) * length) + parts - 1) / parts);
            return Enumerable.Range(from, to - from);
        }
    }

    /// <summary>Draws the element at which the sum of those above 0, row by row, passes a share of the whole.</summary>
    public static void Random(RandomPoolKernel kernel, KernelArguments arguments)
    {
        var isForward = kernel.Pass == PassKind.Forward;
        var input = arguments.Map(kernel.Input);
        var small = arguments.Map(kernel.Output);
        var large = isForward ? default : arguments.Map(kernel.Input);
        var key = RandomKey(arguments.Bits(), kernel.Stream);
        var image = arguments.Count();
        if (!isForward)
            GradientMeanings.Clear(large);
        var element = 0;
        for (var c = 0; c < small.Channels; c++)
        {
            for (var row = 0; row < small.Height; row++)
            {
                for (var column = 0; column < small.Width; column++, element++)
                {
                    var drawn = Drawn(input, kernel.Taps, c, row, column, ChannelKernels.Uniform(key, image, element));
                    if (isForward)
                        small[c, row, column] = drawn is { } one ? input[c, one.Row, one.Column] : 0;
                    else if (drawn is { } there)
                        large[c, there.Row, there.Column] += small[c, row, column];
                }
            }
        }
    }

    private static (int Row, int Column)? Drawn(Map input, Taps taps, int c, int row, int column, double share)
    {
        var (sum, passed) = (0.0, 0.0);
        foreach (var (h, w) in Window(taps, input, row, column))
            sum += Math.Max(0, input[c, h, w]);
        (int, int)? last = null;
        foreach (var (h, w) in Window(taps, input, row, column))
        {
            if (!(input[c, h, w] > 0))
                continue;
            passed += input[c, h, w];
            last = (h, w);
            if (passed > share * sum)
                break;
        }

        return last;
    }

    /// <summary>The key of one layer's random numbers in a step of training.</summary>
    public static ulong RandomKey(ulong seed, int stream) => unchecked(seed + ((ulong)stream * 0x9E3779B97F4A7C15UL));
}
