namespace CnnGen.Runtime;

public static unsafe partial class ChannelKernels
{
    /// <summary>The number of an element, uniform in [0, 1), by which a pooling draws: a function of the key, the image and the element's index, whatever the layout.</summary>
    /// <param name="key">Names the numbers: another key for each layer and step.</param>
    /// <param name="image">The image's number in the batch, 0 or more.</param>
    /// <param name="element">The element's index in C x H x W order of the result.</param>
    public static float Uniform(ulong key, long image, long element) =>
        (CounterRandom.At(CounterRandom.Mix(key + CounterRandom.Mix((ulong)image)), (ulong)element) >> 40) * (1f / (1 << 24));

    /// <summary>
    /// Draws an element of each window with a probability that is its share of the sum of those above 0 (Zeiler, Fergus 2013, equations 2 and 3); 0 where there is none, and not a number where one
    /// of them is none.
    /// </summary>
    /// <param name="input">The first element.</param>
    /// <param name="output">The first element of the result.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="window">The windows.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the output's lie.</param>
    /// <param name="key">Names the draws: another key for each layer and step.</param>
    /// <param name="image">The image's number in the batch, 0 or more.</param>
    public static void StochasticPool(float* input, float* output, int channels, PoolWindow window, MapStrides from, MapStrides to, ulong key, long image)
    {
        for (nint c = 0; c < channels; c++)
        {
            var x = input + (c * from.Channel);
            for (var row = 0; row < to.Height; row++)
            {
                for (var column = 0; column < to.Width; column++)
                {
                    var drawn = Draw(x, window, from, row, column, Uniform(key, image, (((c * to.Height) + row) * to.Width) + column), out var sum);
                    output[(c * to.Channel) + (row * to.Row) + (column * to.Pixel)] = float.IsNaN(sum) ? sum : drawn < 0 ? 0 : x[drawn];
                }
            }
        }
    }

    /// <summary>The gradient through <see cref="StochasticPool"/>: to the elements that were drawn; what several windows give is added.</summary>
    /// <param name="input">The first element that was read.</param>
    /// <param name="gradient">The gradient by what was drawn.</param>
    /// <param name="inputGradient">Receives the gradient by the input, laid out as it.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="window">The windows.</param>
    /// <param name="from">Where the input's elements lie.</param>
    /// <param name="to">Where the gradient's lie.</param>
    /// <param name="key">That of the draws.</param>
    /// <param name="image">The image's number in the batch.</param>
    public static void StochasticPoolBackward(
        float* input, float* gradient, float* inputGradient, int channels, PoolWindow window, MapStrides from, MapStrides to, ulong key, long image)
    {
        for (nint c = 0; c < channels; c++)
        {
            var x = input + (c * from.Channel);
            var dx = inputGradient + (c * from.Channel);
            for (nint row = 0; row < from.Height; row++)
            {
                for (nint column = 0; column < from.Width; column++)
                    dx[(row * from.Row) + (column * from.Pixel)] = 0;
            }

            for (var row = 0; row < to.Height; row++)
            {
                for (var column = 0; column < to.Width; column++)
                {
                    var drawn = Draw(x, window, from, row, column, Uniform(key, image, (((c * to.Height) + row) * to.Width) + column), out _);
                    if (drawn >= 0)
                        dx[drawn] += gradient[(c * to.Channel) + (row * to.Row) + (column * to.Pixel)];
                }
            }
        }
    }

    /// <summary>Where the element lies at which the sum of the elements above 0, row by row, passes a share of the whole; -1 where there is none.</summary>
    private static nint Draw(float* x, PoolWindow window, MapStrides from, int row, int column, float share, out float sum)
    {
        var (top, left) = ((row * window.StrideHeight) - window.Top, (column * window.StrideWidth) - window.Left);
        sum = 0;
        for (var h = 0; h < window.KernelHeight; h++)
        {
            for (var v = 0; v < window.KernelWidth; v++)
            {
                var (i, j) = (top + (h * window.DilationHeight), left + (v * window.DilationWidth));
                if ((uint)i < (uint)from.Height && (uint)j < (uint)from.Width && !(x[(i * from.Row) + (j * from.Pixel)] <= 0))
                    sum += x[(i * from.Row) + (j * from.Pixel)];
            }
        }

        var (bound, passed, last) = (share * sum, 0f, (nint)(-1));
        for (var h = 0; h < window.KernelHeight; h++)
        {
            for (var v = 0; v < window.KernelWidth; v++)
            {
                var (i, j) = (top + (h * window.DilationHeight), left + (v * window.DilationWidth));
                if ((uint)i >= (uint)from.Height || (uint)j >= (uint)from.Width)
                    continue;
                var place = (i * from.Row) + (j * from.Pixel);
                if (!(x[place] > 0))
                    continue;
                passed += x[place];
                last = place;
                if (passed > bound)
                    return place;
            }
        }

        return last;
    }
}

/// <summary>The windows of a pooling.</summary>
/// <param name="KernelHeight">Rows of a window.</param>
/// <param name="KernelWidth">Columns of a window.</param>
/// <param name="StrideHeight">Rows from a window to the next.</param>
/// <param name="StrideWidth">Columns from a window to the next.</param>
/// <param name="DilationHeight">Rows from an element to the next.</param>
/// <param name="DilationWidth">Columns from an element to the next.</param>
/// <param name="Top">Rows of padding above.</param>
/// <param name="Left">Columns of padding to the left.</param>
public readonly record struct PoolWindow(int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, int DilationHeight, int DilationWidth, int Top, int Left);
