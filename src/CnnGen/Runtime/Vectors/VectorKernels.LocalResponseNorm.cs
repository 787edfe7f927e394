using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    // 32 KiB of scratch on the stack; what needs more takes native memory for the call.
    private const int StackFloats = 8192;

    /// <summary>
    /// Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3) as PyTorch defines it: y = x / s^beta with
    /// s = k + alpha / size * the sum of x^2 over the channels from c - size / 2 to c + (size - 1) / 2. To 1e-6 relative (times beta, where that is above 1; beta is at most 10)
    /// for windows of up to a hundred channels.
    /// </summary>
    /// <param name="x">The map: channel c of pixel p is at c * channelStride + p * pixelStride.</param>
    /// <param name="y">Receives the map, in the same layout; may be <paramref name="x"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="pixels">The number of pixels.</param>
    /// <param name="channelStride">Floats between neighbouring channels.</param>
    /// <param name="pixelStride">Floats between neighbouring pixels; this or <paramref name="channelStride"/> is 1 where it should be fast.</param>
    /// <param name="size">Channels in the window, 1 or more.</param>
    /// <param name="alpha">The weight of the mean square.</param>
    /// <param name="beta">The exponent; 0.5, 0.75 and 1 are faster than others.</param>
    /// <param name="k">What is added.</param>
    [MethodImpl(Kernel)]
    [SkipLocalsInit]
    public static void LocalResponseNorm(
        float* x, float* y, int channels, int pixels, int channelStride, int pixelStride, int size, float alpha, float beta, float k)
    {
        if (channels <= 0 || pixels <= 0)
            return;
        var window = new ChannelWindow(size, channels, alpha);
        if (channelStride != 1 && pixelStride != 1 && TUnit.Lanes > 1)
        {
            ScalarKernels.LocalResponseNorm(x, y, channels, pixels, channelStride, pixelStride, size, alpha, beta, k);
            return;
        }

        var alongChannels = channelStride == 1 && TUnit.Lanes > 1;
        var length = alongChannels ? window.Padded(channels) : window.Length * (nint)TUnit.Lanes;
        var heap = length > StackFloats ? (float*)NativeMemory.Alloc((nuint)length, sizeof(float)) : null;
        var stack = stackalloc float[heap == null ? (int)length : 0];
        var scratch = heap == null ? stack : heap;
        if (alongChannels)
        {
            new Span<float>(scratch, (int)length).Clear();
            for (nint p = 0; p < pixels; p++)
                NormAlongChannels(x + (p * pixelStride), y + (p * pixelStride), channels, scratch, window, beta, k);
        }
        else
        {
            for (nint p = 0; p < pixels; p += TUnit.Lanes)
            {
                var count = (int)Math.Min(TUnit.Lanes, pixels - p);
                NormAlongPixels(x + (p * pixelStride), y + (p * pixelStride), count, channels, channelStride, scratch, window, beta, k);
            }
        }

        NativeMemory.Free(heap);
    }

    /// <summary>
    /// The gradient through <see cref="LocalResponseNorm"/>: dx = g / s^beta - 2 * alpha * beta / size * x * the sum of g * x / s^(beta + 1) over the
    /// channels whose windows hold this one.
    /// </summary>
    /// <param name="x">The input map, as it was before the forward pass.</param>
    /// <param name="g">The gradient by the output, in the same layout.</param>
    /// <param name="dx">Receives the gradient by the input, in the same layout; may be <paramref name="g"/>, not <paramref name="x"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="pixels">The number of pixels.</param>
    /// <param name="channelStride">Floats between neighbouring channels.</param>
    /// <param name="pixelStride">Floats between neighbouring pixels.</param>
    /// <param name="size">Channels in the window, 1 or more.</param>
    /// <param name="alpha">The weight of the mean square.</param>
    /// <param name="beta">The exponent.</param>
    /// <param name="k">What is added.</param>
    [MethodImpl(Kernel)]
    [SkipLocalsInit]
    public static void LocalResponseNormBackward(
        float* x, float* g, float* dx, int channels, int pixels, int channelStride, int pixelStride, int size, float alpha, float beta, float k)
    {
        if (channels <= 0 || pixels <= 0)
            return;
        var window = new ChannelWindow(size, channels, alpha);
        if (channelStride != 1 && pixelStride != 1 && TUnit.Lanes > 1)
        {
            ScalarKernels.LocalResponseNormBackward(x, g, dx, channels, pixels, channelStride, pixelStride, size, alpha, beta, k);
            return;
        }

        var alongChannels = channelStride == 1 && TUnit.Lanes > 1;
        var part = alongChannels ? window.Padded(channels) : window.Length * (nint)TUnit.Lanes;
        var length = part * (alongChannels ? 3 : 2);
        var heap = length > StackFloats ? (float*)NativeMemory.Alloc((nuint)length, sizeof(float)) : null;
        var stack = stackalloc float[heap == null ? (int)length : 0];
        var scratch = heap == null ? stack : heap;
        if (alongChannels)
        {
            new Span<float>(scratch, (int)length).Clear();
            for (nint p = 0; p < pixels; p++)
            {
                var offset = p * pixelStride;
                NormBackwardAlongChannels(x + offset, g + offset, dx + offset, channels, scratch, part, window, beta, k);
            }
        }
        else
        {
            for (nint p = 0; p < pixels; p += TUnit.Lanes)
            {
                var count = (int)Math.Min(TUnit.Lanes, pixels - p);
                var offset = p * pixelStride;
                NormBackwardAlongPixels(x + offset, g + offset, dx + offset, count, channels, channelStride, scratch, window, beta, k);
            }
        }

        NativeMemory.Free(heap);
    }

    /// <summary>One pixel; scratch holds the squares, with zeros on both sides of them.</summary>
    [MethodImpl(Inline)]
    private static void NormAlongChannels(float* x, float* y, nint channels, float* scratch, ChannelWindow window, float beta, float k)
    {
        Map(x, scratch + window.Before, channels, default(SquareMap));
        for (nint c = 0; c < channels; c += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, channels - c);
            var s = TUnit.MultiplyAdd(TUnit.Broadcast(window.Weight), WindowSum(scratch + c, window.Length), TUnit.Broadcast(k));
            StoreCount(y + c, TUnit.Divide(LoadCount(x + c, count), NormPower(s, beta)), count);
        }
    }

    /// <summary>Some neighbouring pixels; scratch is a ring of the squares of the window's channels.</summary>
    [MethodImpl(Inline)]
    private static void NormAlongPixels(float* x, float* y, int count, nint channels, nint channelStride, float* scratch, ChannelWindow window, float beta, float k)
    {
        for (nint i = 0; i < window.After + channels; i++)
        {
            if (i < channels)
            {
                var value = LoadCount(x + (i * channelStride), count);
                TUnit.Store(scratch + (i % window.Length * TUnit.Lanes), TUnit.Multiply(value, value));
            }

            var c = i - window.After;
            if (c < 0)
                continue;
            var s = TUnit.MultiplyAdd(TUnit.Broadcast(window.Weight), RingSum(scratch, c - window.Before, c + window.After, channels, window.Length), TUnit.Broadcast(k));
            StoreCount(y + (c * channelStride), TUnit.Divide(LoadCount(x + (c * channelStride), count), NormPower(s, beta)), count);
        }
    }

    /// <summary>One pixel; scratch holds the squares, then the terms of the window's sum (each with zeros on both sides), then g / s^beta.</summary>
    [MethodImpl(Inline)]
    private static void NormBackwardAlongChannels(
        float* x, float* g, float* dx, nint channels, float* scratch, nint part, ChannelWindow window, float beta, float k)
    {
        var terms = scratch + part;
        var direct = terms + part;
        Map(x, scratch + window.Before, channels, default(SquareMap));
        for (nint c = 0; c < channels; c += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, channels - c);
            var s = TUnit.MultiplyAdd(TUnit.Broadcast(window.Weight), WindowSum(scratch + c, window.Length), TUnit.Broadcast(k));
            var q = TUnit.Divide(LoadCount(g + c, count), NormPower(s, beta));
            StoreCount(direct + c, q, count);
            StoreCount(terms + window.After + c, TUnit.Divide(TUnit.Multiply(q, LoadCount(x + c, count)), s), count);
        }

        var factor = TUnit.Broadcast(2 * beta * window.Weight);
        for (nint c = 0; c < channels; c += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, channels - c);
            var sum = TUnit.Multiply(factor, WindowSum(terms + c, window.Length));
            StoreCount(dx + c, TUnit.MultiplySubtractFrom(LoadCount(x + c, count), sum, TUnit.Load(direct + c)), count);
        }
    }

    /// <summary>Some neighbouring pixels; scratch is a ring of the terms of the window's sum, then one of g / s^beta.</summary>
    [MethodImpl(Inline)]
    private static void NormBackwardAlongPixels(
        float* x, float* g, float* dx, int count, nint channels, nint channelStride, float* scratch, ChannelWindow window, float beta, float k)
    {
        var direct = scratch + (window.Length * TUnit.Lanes);
        var factor = TUnit.Broadcast(2 * beta * window.Weight);
        for (nint i = 0; i < window.Before + channels; i++)
        {
            if (i < channels)
            {
                var squares = TUnit.Broadcast(0f);
                for (var j = Math.Max(0, i - window.Before); j <= Math.Min(channels - 1, i + window.After); j++)
                {
                    var neighbour = LoadCount(x + (j * channelStride), count);
                    squares = TUnit.Add(squares, TUnit.Multiply(neighbour, neighbour));
                }

                var s = TUnit.MultiplyAdd(TUnit.Broadcast(window.Weight), squares, TUnit.Broadcast(k));
                var q = TUnit.Divide(LoadCount(g + (i * channelStride), count), NormPower(s, beta));
                var slot = i % window.Length * TUnit.Lanes;
                TUnit.Store(direct + slot, q);
                TUnit.Store(scratch + slot, TUnit.Divide(TUnit.Multiply(q, LoadCount(x + (i * channelStride), count)), s));
            }

            var c = i - window.Before;
            if (c < 0)
                continue;
            var sum = TUnit.Multiply(factor, RingSum(scratch, c - window.After, c + window.Before, channels, window.Length));
            var value = TUnit.MultiplySubtractFrom(LoadCount(x + (c * channelStride), count), sum, TUnit.Load(direct + (c % window.Length * TUnit.Lanes)));
            StoreCount(dx + (c * channelStride), value, count);
        }
    }

    [MethodImpl(Inline)]
    private static TVector WindowSum(float* first, nint length)
    {
        var sum = TUnit.Broadcast(0f);
        for (nint i = 0; i < length; i++)
            sum = TUnit.Add(sum, TUnit.Load(first + i));
        return sum;
    }

    [MethodImpl(Inline)]
    private static TVector RingSum(float* ring, nint first, nint last, nint channels, nint length)
    {
        var sum = TUnit.Broadcast(0f);
        var i = Math.Max(0, first);
        var slot = i % length;
        for (last = Math.Min(channels - 1, last); i <= last; i++)
        {
            sum = TUnit.Add(sum, TUnit.Load(ring + (slot * TUnit.Lanes)));
            slot = slot + 1 == length ? 0 : slot + 1;
        }

        return sum;
    }

    /// <summary>s^beta.</summary>
    [MethodImpl(Inline)]
    private static TVector NormPower(TVector s, float beta)
    {
        if (beta == 0.75f)
        {
            var root = TUnit.SquareRoot(s);
            return TUnit.Multiply(root, TUnit.SquareRoot(root));
        }

        if (beta == 0.5f)
            return TUnit.SquareRoot(s);
        return beta == 1f ? s : Pow(s, beta);
    }

    /// <summary>The channels that a channel's window holds: no further than there are channels, whatever the size asked for.</summary>
    private readonly struct ChannelWindow(int size, int channels, float alpha)
    {
        public readonly nint Before = Math.Min(size / 2, channels - 1);
        public readonly nint After = Math.Min((size - 1) / 2, channels - 1);
        public readonly float Weight = alpha / size;

        public nint Length => Before + 1 + After;

        /// <summary>Channels with the window's zeros beside them, and room for a last whole vector.</summary>
        public nint Padded(nint count) => Before + count + After + TUnit.Lanes;
    }

    private readonly struct SquareMap : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => TUnit.Multiply(x, x);
    }
}
