using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>Each pixel of the result from its window by weights of its own: y[p, f] = bias[p, f] + sum over t of weight[p, t, f] * window(p)[t], t running over rows, columns, channels.</summary>
    /// <param name="input">The map, channels side by side.</param>
    /// <param name="weight">Pixels x taps x filters.</param>
    /// <param name="bias">Pixels x filters; null for none.</param>
    /// <param name="output">Receives the map, filters side by side; not <paramref name="input"/>.</param>
    /// <param name="windows">The sizes.</param>
    [MethodImpl(Kernel)]
    public static void LocallyConnected(float* input, float* weight, float* bias, float* output, LocalWindows windows)
    {
        var filters = windows.Filters;
        for (nint p = 0; p < windows.Pixels; p++)
        {
            var x = input + windows.InputOf(p);
            var y = output + windows.OutputOf(p);
            var w = weight + (p * windows.Taps * filters);
            var b = bias == null ? null : bias + (p * filters);
            var (rows, columns) = (windows.RowsOf(p), windows.ColumnsOf(p));
            nint f = 0;

            // Four vectors at once: a single one would wait for its own sums.
            for (; f <= filters - (4 * TUnit.Lanes); f += 4 * TUnit.Lanes)
            {
                var zero = TUnit.Broadcast(0f);
                var (s0, s1, s2, s3) = b == null
                    ? (zero, zero, zero, zero)
                    : (TUnit.Load(b + f), TUnit.Load(b + f + TUnit.Lanes), TUnit.Load(b + f + (2 * TUnit.Lanes)), TUnit.Load(b + f + (3 * TUnit.Lanes)));
                for (nint h = 0; h < rows; h++)
                {
                    for (nint v = 0; v < columns; v++)
                    {
                        var at = x + (h * windows.InputRow) + (v * windows.InputPixel);
                        var from = w + (windows.TapOf(h, v) * filters) + f;
                        for (nint c = 0; c < windows.Channels; c++)
                        {
                            var element = TUnit.Broadcast(at[c]);
                            s0 = TUnit.MultiplyAdd(element, TUnit.Load(from), s0);
                            s1 = TUnit.MultiplyAdd(element, TUnit.Load(from + TUnit.Lanes), s1);
                            s2 = TUnit.MultiplyAdd(element, TUnit.Load(from + (2 * TUnit.Lanes)), s2);
                            s3 = TUnit.MultiplyAdd(element, TUnit.Load(from + (3 * TUnit.Lanes)), s3);
                            from += filters;
                        }
                    }
                }

                TUnit.Store(y + f, s0);
                TUnit.Store(y + f + TUnit.Lanes, s1);
                TUnit.Store(y + f + (2 * TUnit.Lanes), s2);
                TUnit.Store(y + f + (3 * TUnit.Lanes), s3);
            }

            for (; f < filters; f += TUnit.Lanes)
            {
                var count = (int)Math.Min(TUnit.Lanes, filters - f);
                var sum = b == null ? TUnit.Broadcast(0f) : LoadCount(b + f, count);
                for (nint h = 0; h < rows; h++)
                {
                    for (nint v = 0; v < columns; v++)
                    {
                        var at = x + (h * windows.InputRow) + (v * windows.InputPixel);
                        var from = w + (windows.TapOf(h, v) * filters) + f;
                        for (nint c = 0; c < windows.Channels; c++)
                        {
                            sum = TUnit.MultiplyAdd(TUnit.Broadcast(at[c]), LoadCount(from, count), sum);
                            from += filters;
                        }
                    }
                }

                StoreCount(y + f, sum, count);
            }
        }
    }

    /// <summary>The gradient of <see cref="LocallyConnected"/> by its input; what several windows give is added.</summary>
    /// <param name="gradient">The gradient by the output, filters side by side.</param>
    /// <param name="weight">Pixels x taps x filters.</param>
    /// <param name="inputGradient">Receives the gradient by the input, channels side by side.</param>
    /// <param name="windows">The sizes.</param>
    [MethodImpl(Kernel)]
    public static void LocallyConnectedInputGradient(float* gradient, float* weight, float* inputGradient, LocalWindows windows)
    {
        for (nint row = 0; row < windows.InputHeight; row++)
        {
            for (nint column = 0; column < windows.InputWidth; column++)
                new Span<float>(inputGradient + (row * windows.InputRow) + (column * windows.InputPixel), windows.Channels).Clear();
        }

        for (nint p = 0; p < windows.Pixels; p++)
        {
            var dx = inputGradient + windows.InputOf(p);
            var g = gradient + windows.OutputOf(p);
            var w = weight + (p * windows.Taps * windows.Filters);
            var (rows, columns) = (windows.RowsOf(p), windows.ColumnsOf(p));
            for (nint h = 0; h < rows; h++)
            {
                for (nint v = 0; v < columns; v++)
                {
                    var at = dx + (h * windows.InputRow) + (v * windows.InputPixel);
                    var from = w + (windows.TapOf(h, v) * windows.Filters);
                    for (nint c = 0; c < windows.Channels; c++)
                    {
                        at[c] += Dot(g, from, windows.Filters);
                        from += windows.Filters;
                    }
                }
            }
        }
    }

    /// <summary>The gradients of <see cref="LocallyConnected"/> by the weights and biases of some pixels, summed over the images in their order.</summary>
    /// <param name="input">The first image's map.</param>
    /// <param name="gradient">The gradient by the first image's output.</param>
    /// <param name="weightGradient">Receives the gradient by the weights of pixels <paramref name="from"/> to <paramref name="to"/>: pixels x taps x filters.</param>
    /// <param name="biasGradient">Receives the gradient by their biases: pixels x filters; null for none.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="inputStride">Floats from one image's map to the next.</param>
    /// <param name="gradientStride">Floats from one image's gradient to the next.</param>
    /// <param name="from">The first pixel.</param>
    /// <param name="to">The end of the pixels.</param>
    /// <param name="windows">The sizes.</param>
    [MethodImpl(Kernel)]
    public static void LocallyConnectedWeightGradient(
        float* input, float* gradient, float* weightGradient, float* biasGradient, nint images, nint inputStride, nint gradientStride, nint from, nint to, LocalWindows windows)
    {
        var filters = windows.Filters;
        for (var p = from; p < to; p++)
        {
            var x = input + windows.InputOf(p);
            var g = gradient + windows.OutputOf(p);
            var w = weightGradient + (p * windows.Taps * filters);
            var (rows, columns) = (windows.RowsOf(p), windows.ColumnsOf(p));
            for (nint f = 0; f < filters; f += TUnit.Lanes)
            {
                var count = (int)Math.Min(TUnit.Lanes, filters - f);
                if (biasGradient != null)
                {
                    var sum = TUnit.Broadcast(0f);
                    for (nint image = 0; image < images; image++)
                        sum = TUnit.Add(sum, LoadCount(g + (image * gradientStride) + f, count));
                    StoreCount(biasGradient + (p * filters) + f, sum, count);
                }

                var target = w + f;
                for (nint h = 0; h < windows.KernelHeight; h++)
                {
                    for (nint v = 0; v < windows.KernelWidth; v++)
                    {
                        // A tap past the map reads nothing, and its weights have no gradient.
                        var at = x + (h * windows.InputRow) + (v * windows.InputPixel);
                        var read = h < rows && v < columns ? images : 0;
                        for (nint c = 0; c < windows.Channels; c++)
                        {
                            var sum = TUnit.Broadcast(0f);
                            for (nint image = 0; image < read; image++)
                                sum = TUnit.MultiplyAdd(TUnit.Broadcast(at[(image * inputStride) + c]), LoadCount(g + (image * gradientStride) + f, count), sum);
                            StoreCount(target, sum, count);
                            target += filters;
                        }
                    }
                }
            }
        }
    }
}

/// <summary>The windows of products that each pixel has of its own, over maps whose channels are side by side; strides in floats.</summary>
/// <param name="Channels">Channels of the input.</param>
/// <param name="InputHeight">Rows of the input.</param>
/// <param name="InputWidth">Columns of the input.</param>
/// <param name="KernelHeight">Rows of a window.</param>
/// <param name="KernelWidth">Columns of a window.</param>
/// <param name="StrideHeight">Rows from a window to the next.</param>
/// <param name="StrideWidth">Columns from a window to the next.</param>
/// <param name="Filters">Channels of the output.</param>
/// <param name="Height">Rows of the output.</param>
/// <param name="Width">Columns of the output.</param>
/// <param name="InputRow">From one row of the input to the next.</param>
/// <param name="InputPixel">From one pixel of the input to the next.</param>
/// <param name="OutputRow">From one row of the output to the next.</param>
/// <param name="OutputPixel">From one pixel of the output to the next.</param>
public readonly record struct LocalWindows(
    int Channels,
    int InputHeight,
    int InputWidth,
    int KernelHeight,
    int KernelWidth,
    int StrideHeight,
    int StrideWidth,
    int Filters,
    int Height,
    int Width,
    nint InputRow,
    nint InputPixel,
    nint OutputRow,
    nint OutputPixel)
{
    /// <summary>The pixels of the output.</summary>
    public nint Pixels => (nint)Height * Width;

    /// <summary>The elements of a window.</summary>
    public nint Taps => (nint)KernelHeight * KernelWidth * Channels;

    /// <summary>Where an output pixel's window begins in the input.</summary>
    internal nint InputOf(nint pixel) => (pixel / Width * StrideHeight * InputRow) + (pixel % Width * StrideWidth * InputPixel);

    /// <summary>Where a tap's first channel stands among the elements of a window.</summary>
    internal nint TapOf(nint row, nint column) => ((row * KernelWidth) + column) * Channels;

    /// <summary>The rows of an output pixel's window that lie on the input: with <c>Rounding.Ceiling</c> the last ones may reach past it.</summary>
    internal nint RowsOf(nint pixel) => Math.Min(KernelHeight, InputHeight - (pixel / Width * StrideHeight));

    /// <summary>The columns of an output pixel's window that lie on the input.</summary>
    internal nint ColumnsOf(nint pixel) => Math.Min(KernelWidth, InputWidth - (pixel % Width * StrideWidth));

    /// <summary>Where an output pixel lies.</summary>
    internal nint OutputOf(nint pixel) => (pixel / Width * OutputRow) + (pixel % Width * OutputPixel);
}
