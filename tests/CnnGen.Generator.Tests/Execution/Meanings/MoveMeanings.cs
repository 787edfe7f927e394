using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Copies, resampled maps, halos, dropout, and what goes from channel to channel at each pixel.</summary>
internal static class MoveMeanings
{
    /// <summary>Elements keep their C x H x W index. A unit is a row of the map, or of one of its planes.</summary>
    public static void Copy(CopyKernel kernel, KernelArguments arguments)
    {
        var source = arguments.Memory();
        var target = arguments.Memory();
        var map = kernel.Map;
        for (var unit = arguments.From; unit < arguments.To; unit++)
        {
            for (var c = 0; c < map.Channels; c++)
            {
                var row = kernel.CopiesRows ? unit - (c * map.Height) : unit;
                if (row < 0 || row >= map.Height)
                    continue;
                for (var column = 0; column < map.Width; column++)
                    target[Place(kernel.Target, map, c, row * kernel.Spread.Height, column * kernel.Spread.Width)] = source[Place(kernel.Source, map, c, row, column)];
            }
        }
    }

    /// <summary>A vector has the map's elements in C x H x W order.</summary>
    private static int Place(Storage storage, Storage map, int c, int row, int column) => storage.Kind == StorageKind.Vector && map.Kind != StorageKind.Vector
        ? (((c * map.Height) + row) * map.Width) + column
        : storage.Origin + (c * storage.ChannelStride) + (row * storage.RowStride) + (column * storage.PixelStride);

    public static void Resample(ResampleKernel kernel, KernelArguments arguments)
    {
        var input = arguments.Map(kernel.Input);
        var output = arguments.Map(kernel.Output);
        var (rows, columns) = (kernel.Rows, kernel.Columns);
        for (var c = 0; c < output.Channels; c++)
        {
            for (var row = 0; row < output.Height; row++)
            {
                for (var column = 0; column < output.Width; column++)
                {
                    double sum = 0;
                    for (var i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
                    {
                        for (var j = columns.Starts[column]; j < columns.Starts[column + 1]; j++)
                            sum += (double)rows.Factors[i] * columns.Factors[j] * input[c, rows.Positions[i], columns.Positions[j]];
                    }

                    output[c, row, column] = sum;
                }
            }
        }
    }

    /// <summary>Zeros above, between and below the rows of the map.</summary>
    public static void ClearHalo(ClearHaloKernel kernel, KernelArguments arguments)
    {
        var storage = kernel.Storage;
        var memory = arguments.Memory();
        var planes = storage.Kind == StorageKind.Planar ? storage.Channels : 1;
        var rowLength = storage.Width * storage.PixelStride;
        var length = storage.Kind == StorageKind.Planar ? storage.ChannelStride : storage.Length;
        for (var plane = 0; plane < planes; plane++)
        {
            for (var i = 0; i < length; i++)
            {
                var place = i - storage.Origin;
                var isInside = place >= 0 && place / storage.RowStride < storage.Height && place % storage.RowStride < rowLength;
                if (!isInside)
                    memory[(plane * length) + i] = 0;
            }
        }
    }

    public static void Dropout(DropoutKernel kernel, KernelArguments arguments)
    {
        var source = arguments.Memory();
        var target = arguments.Memory();
        var key = PoolMeanings.RandomKey(arguments.Bits(), kernel.Stream);
        var image = arguments.Count();
        var storage = kernel.Storage;
        if (kernel.PixelOrder is { } order)
        {
            for (var place = 0; place < order.Length; place++)
            {
                var (pixel, c) = (place / order.Channels, place % order.Channels);
                Mask(place, (c * order.Height * order.Width) + pixel);
            }

            return;
        }

        var element = 0;
        for (var c = 0; c < storage.Channels; c++)
        {
            for (var row = 0; row < storage.Height; row++)
            {
                for (var column = 0; column < storage.Width; column++)
                    Mask(storage.Origin + (c * storage.ChannelStride) + (row * storage.RowStride) + (column * storage.PixelStride), element++);
            }
        }

        unsafe void Mask(int place, int element)
        {
            var factor = 1f;
            ScalarKernels.Dropout(&factor, &factor, 1, key, image, element, kernel.Rate);
            target[place] = source[place] * factor;
        }
    }

    /// <summary>Backward, in place: y (g - sum of y g), and for the logarithm g - e^y * sum of g.</summary>
    public static void Softmax(SoftmaxKernel kernel, KernelArguments arguments)
    {
        var source = arguments.Map(kernel.Storage);
        var target = arguments.Map(kernel.Storage);
        ForEachPixel(kernel.Storage, (row, column, channels) =>
        {
            if (kernel.Pass == PassKind.Forward)
            {
                var largest = double.NegativeInfinity;
                foreach (var c in channels)
                    largest = Math.Max(largest, source[c, row, column]);
                double sum = 0;
                foreach (var c in channels)
                    sum += Math.Exp(source[c, row, column] - largest);
                foreach (var c in channels)
                {
                    var logarithm = source[c, row, column] - largest - Math.Log(sum);
                    target[c, row, column] = kernel.IsLogarithm ? logarithm : Math.Exp(logarithm);
                }

                return;
            }

            double total = 0;
            foreach (var c in channels)
                total += target[c, row, column] * (kernel.IsLogarithm ? 1 : source[c, row, column]);
            foreach (var c in channels)
            {
                target[c, row, column] = kernel.IsLogarithm
                    ? target[c, row, column] - (Math.Exp(source[c, row, column]) * total)
                    : source[c, row, column] * (target[c, row, column] - total);
            }
        });
    }

    /// <summary>
    /// y = x s^-beta of s = k + alpha / size * the sum of squares from c - size / 2 to c + (size - 1) / 2; backward
    /// g[c] s[c]^-beta - 2 alpha beta / size * x[c] * the sum of g x s^(-beta - 1) over the channels whose window has c.
    /// </summary>
    public static void LocalResponseNorm(LocalResponseNormKernel kernel, KernelArguments arguments)
    {
        var (storage, spec) = (kernel.Storage, kernel.Spec);
        var isForward = kernel.Pass == PassKind.Forward;
        var input = arguments.Map(storage);
        var by = isForward ? default : arguments.Map(storage);
        var result = arguments.Map(storage);
        var x = new double[storage.Channels];
        var (g, s) = (new double[x.Length], new double[x.Length]);
        ForEachPixel(storage, (row, column, channels) =>
        {
            foreach (var c in channels)
                (x[c], g[c]) = (input[c, row, column], isForward ? 0 : by[c, row, column]);
            foreach (var c in channels)
                s[c] = spec.K + ((double)spec.Alpha / spec.Size * Sum(other => Sees(c, other) ? x[other] * x[other] : 0));
            foreach (var c in channels)
            {
                result[c, row, column] = isForward
                    ? x[c] * Math.Pow(s[c], -spec.Beta)
                    : (g[c] * Math.Pow(s[c], -spec.Beta))
                        - (2.0 * spec.Alpha * spec.Beta / spec.Size * x[c] * Sum(other => Sees(other, c) ? g[other] * x[other] * Math.Pow(s[other], -spec.Beta - 1.0) : 0));
            }
        });

        double Sum(Func<int, double> term)
        {
            double sum = 0;
            for (var c = 0; c < x.Length; c++)
                sum += term(c);
            return sum;
        }

        bool Sees(int c, int other) => other >= c - (spec.Size / 2) && other <= c + ((spec.Size - 1) / 2);
    }

    private static void ForEachPixel(Storage storage, Action<int, int, int[]> visit)
    {
        var channels = Enumerable.Range(0, storage.Channels).ToArray();
        for (var row = 0; row < storage.Height; row++)
        {
            for (var column = 0; column < storage.Width; column++)
                visit(row, column, channels);
        }
    }
}
