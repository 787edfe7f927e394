using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>y = e^x / sum e^x, the largest x subtracted first, so that nothing overflows. A NaN among x makes all of y NaN.</summary>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void Softmax(float* x, float* y, int n)
    {
        if (n > 0)
            SoftmaxOf(x, y, n, 1f);
    }

    /// <summary>The softmax over the channels at each pixel of a map.</summary>
    /// <param name="x">The map: channel c of pixel p is at c * channelStride + p * pixelStride.</param>
    /// <param name="y">Receives the map, in the same layout; may be <paramref name="x"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="pixels">The number of pixels.</param>
    /// <param name="channelStride">Floats between neighbouring channels.</param>
    /// <param name="pixelStride">Floats between neighbouring pixels; this or <paramref name="channelStride"/> is 1 where it should be fast.</param>
    [MethodImpl(Kernel)]
    public static void Softmax(float* x, float* y, int channels, int pixels, int channelStride, int pixelStride)
    {
        if (channels <= 0)
            return;
        if (channelStride == 1)
        {
            for (nint p = 0; p < pixels; p++)
                SoftmaxOf(x + (p * pixelStride), y + (p * pixelStride), channels, 1f);
            return;
        }

        if (pixelStride != 1 && TUnit.Lanes > 1)
        {
            ScalarKernels.Softmax(x, y, channels, pixels, channelStride, pixelStride);
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
            {
                var e = Exp(TUnit.Subtract(LoadCount(from + (c * channelStride), count), largest));
                StoreCount(to + (c * channelStride), e, count);
                sum = TUnit.Add(sum, e);
            }

            var factor = TUnit.Divide(TUnit.Broadcast(1f), sum);
            for (nint c = 0; c < channels; c++)
                StoreCount(to + (c * channelStride), TUnit.Multiply(LoadCount(to + (c * channelStride), count), factor), count);
        }
    }

    /// <summary>The gradient through <see cref="Softmax(float*, float*, int)"/>, in place: y * (g - sum g * y).</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="g">n gradients by the outputs; receives those by the inputs.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void SoftmaxBackward(float* y, float* g, int n) =>
        Zip(y, g, g, n, new SoftmaxGradient(Dot(y, g, n)));

    /// <summary>The gradient through <see cref="Softmax(float*, float*, int, int, int, int)"/>, in place.</summary>
    /// <param name="y">The output map.</param>
    /// <param name="g">The gradient by the output, in the same layout; receives the gradient by the input.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="pixels">The number of pixels.</param>
    /// <param name="channelStride">Floats between neighbouring channels.</param>
    /// <param name="pixelStride">Floats between neighbouring pixels.</param>
    [MethodImpl(Kernel)]
    public static void SoftmaxBackward(float* y, float* g, int channels, int pixels, int channelStride, int pixelStride)
    {
        if (channelStride == 1)
        {
            for (nint p = 0; p < pixels; p++)
                SoftmaxBackward(y + (p * pixelStride), g + (p * pixelStride), channels);
            return;
        }

        if (pixelStride != 1 && TUnit.Lanes > 1)
        {
            ScalarKernels.SoftmaxBackward(y, g, channels, pixels, channelStride, pixelStride);
            return;
        }

        for (nint p = 0; p < pixels; p += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, pixels - p);
            var output = y + (p * pixelStride);
            var gradient = g + (p * pixelStride);
            var dot = TUnit.Broadcast(0f);
            for (nint c = 0; c < channels; c++)
                dot = TUnit.MultiplyAdd(LoadCount(output + (c * channelStride), count), LoadCount(gradient + (c * channelStride), count), dot);
            for (nint c = 0; c < channels; c++)
            {
                var difference = TUnit.Subtract(LoadCount(gradient + (c * channelStride), count), dot);
                StoreCount(gradient + (c * channelStride), TUnit.Multiply(LoadCount(output + (c * channelStride), count), difference), count);
            }
        }
    }

    /// <summary>Writes scale * softmax(x) to y; returns ln(sum e^x).</summary>
    [MethodImpl(Inline)]
    private static double SoftmaxOf(float* x, float* y, nint n, float scale)
    {
        var largest = Largest(x, n);
        Map(x, y, n, new ShiftedExp(largest));
        var sum = Sum(y, n);
        Map(y, y, n, new ScaleMap(scale / sum));
        return largest + Math.Log(sum);
    }

    private readonly struct ShiftedExp(float largest) : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => Exp(TUnit.Subtract(x, TUnit.Broadcast(largest)));
    }

    private readonly struct ScaleMap(float factor) : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => TUnit.Multiply(x, TUnit.Broadcast(factor));
    }

    private readonly struct SoftmaxGradient(float dot) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector g) => TUnit.Multiply(y, TUnit.Subtract(g, TUnit.Broadcast(dot)));
    }
}
