using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>y = x - ln(sum e^x), the largest x subtracted first, so that nothing overflows. A NaN among x makes all of y NaN.</summary>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void LogSoftmax(float* x, float* y, int n)
    {
        if (n <= 0)
            return;
        const int Block = 256;
        var exponentials = stackalloc float[Block];
        var largest = Largest(x, n);
        double sum = 0;
        for (nint i = 0; i < n; i += Block)
        {
            var count = Math.Min(Block, n - i);
            Map(x + i, exponentials, count, new ShiftedExp(largest));
            sum += Sum(exponentials, count);
        }

        Map(x, y, n, new ShiftTwice(largest, (float)Math.Log(sum)));
    }

    /// <summary>The logarithm of the softmax over the channels at each pixel of a map.</summary>
    /// <param name="x">The map: channel c of pixel p is at c * channelStride + p * pixelStride.</param>
    /// <param name="y">Receives the map, in the same layout; may be <paramref name="x"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="pixels">The number of pixels.</param>
    /// <param name="channelStride">Floats between neighbouring channels.</param>
    /// <param name="pixelStride">Floats between neighbouring pixels; this or <paramref name="channelStride"/> is 1 where it should be fast.</param>
    [MethodImpl(Kernel)]
    public static void LogSoftmax(float* x, float* y, int channels, int pixels, int channelStride, int pixelStride)
    {
        if (channels <= 0)
            return;
        if (channelStride == 1)
        {
            for (nint p = 0; p < pixels; p++)
                LogSoftmax(x + (p * pixelStride), y + (p * pixelStride), channels);
            return;
        }

        if (pixelStride != 1 && TUnit.Lanes > 1)
        {
            ScalarKernels.LogSoftmax(x, y, channels, pixels, channelStride, pixelStride);
            return;
        }

        for (nint p = 0; p < pixels; p += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, pixels - p);
            var from = x + (p * pixelStride);
            var to = y + (p * pixelStride);
            var largest = LoadCount(from, count);
            for (nint c = 1; c < channels; c++)
                largest = TUnit.Max(LoadCount(from + (c * channelStride), count), largest);
            var sum = TUnit.Broadcast(0f);
            for (nint c = 0; c < channels; c++)
                sum = TUnit.Add(sum, Exp(TUnit.Subtract(LoadCount(from + (c * channelStride), count), largest)));
            var log = Log(sum);
            for (nint c = 0; c < channels; c++)
                StoreCount(to + (c * channelStride), TUnit.Subtract(TUnit.Subtract(LoadCount(from + (c * channelStride), count), largest), log), count);
        }
    }

    /// <summary>The gradient through <see cref="LogSoftmax(float*, float*, int)"/>, in place: g - e^y * sum g.</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="g">n gradients by the outputs; receives those by the inputs.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void LogSoftmaxBackward(float* y, float* g, int n) => Zip(y, g, g, n, new LogSoftmaxGradient(Sum(g, n)));

    /// <summary>The gradient through <see cref="LogSoftmax(float*, float*, int, int, int, int)"/>, in place.</summary>
    /// <param name="y">The output map.</param>
    /// <param name="g">The gradient by the output, in the same layout; receives the gradient by the input.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="pixels">The number of pixels.</param>
    /// <param name="channelStride">Floats between neighbouring channels.</param>
    /// <param name="pixelStride">Floats between neighbouring pixels.</param>
    [MethodImpl(Kernel)]
    public static void LogSoftmaxBackward(float* y, float* g, int channels, int pixels, int channelStride, int pixelStride)
    {
        if (channelStride == 1)
        {
            for (nint p = 0; p < pixels; p++)
                LogSoftmaxBackward(y + (p * pixelStride), g + (p * pixelStride), channels);
            return;
        }

        if (pixelStride != 1 && TUnit.Lanes > 1)
        {
            ScalarKernels.LogSoftmaxBackward(y, g, channels, pixels, channelStride, pixelStride);
            return;
        }

        for (nint p = 0; p < pixels; p += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, pixels - p);
            var output = y + (p * pixelStride);
            var gradient = g + (p * pixelStride);
            var sum = TUnit.Broadcast(0f);
            for (nint c = 0; c < channels; c++)
                sum = TUnit.Add(sum, LoadCount(gradient + (c * channelStride), count));
            for (nint c = 0; c < channels; c++)
            {
                var share = Exp(LoadCount(output + (c * channelStride), count));
                StoreCount(gradient + (c * channelStride), TUnit.MultiplySubtractFrom(share, sum, LoadCount(gradient + (c * channelStride), count)), count);
            }
        }
    }

    private readonly struct ShiftTwice(float first, float second) : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => TUnit.Subtract(TUnit.Subtract(x, TUnit.Broadcast(first)), TUnit.Broadcast(second));
    }

    private readonly struct LogSoftmaxGradient(float sum) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector g) => TUnit.MultiplySubtractFrom(Exp(y), TUnit.Broadcast(sum), g);
    }
}
