using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <remarks>
/// Dropout (Srivastava et al. 2014, in its inverted form): zeros each element with probability <c>rate</c> and multiplies the others by 1 / (1 - rate). Which ones is a
/// function of the key (the step's seed and the layer), the image and the element's index within the image in C x H x W order alone. So neither the memory's layout nor the
/// cutting among threads changes the mask, and the gradient's pass is this same method over the gradient, with nothing remembered.
/// <para>
/// The decision is a 32-bit hash of (index, key), kept where it is at least rate * 2^32. The multipliers and shifts are those of "lowbias32"
/// (C. Wellons, "Prospecting for Hash Functions", 2018), between whose rounds the second half of the mixed key enters.
/// </para>
/// </remarks>
public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>Dropout of elements whose neighbours in memory are neighbours in C x H x W order.</summary>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="n">The number of elements.</param>
    /// <param name="key">Names the mask: another key for each layer and step.</param>
    /// <param name="image">The image's number in the batch, 0 or more.</param>
    /// <param name="first">The index of x[0] within the image, 0 or more.</param>
    /// <param name="rate">The fraction zeroed, in [0, 1).</param>
    [MethodImpl(Kernel)]
    public static void Dropout(float* x, float* y, int n, ulong key, long image, int first, float rate)
    {
        var mask = new DropoutMask(key, image, rate, 1);
        mask.Run(x, y, n, (uint)first);
    }

    /// <summary>Dropout of one image's planes.</summary>
    /// <param name="x">The first element.</param>
    /// <param name="y">Receives the first element; may be <paramref name="x"/>.</param>
    /// <param name="channels">Planes.</param>
    /// <param name="height">Rows of a plane.</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="run">Floats of a row that are computed, the width or more: those past it are zeros and stay so.</param>
    /// <param name="channelStride">Floats from a plane to the next.</param>
    /// <param name="rowStride">Floats from a row to the next.</param>
    /// <param name="key">Names the mask: another key for each layer and step.</param>
    /// <param name="image">The image's number in the batch, 0 or more.</param>
    /// <param name="rate">The fraction zeroed, in [0, 1).</param>
    [MethodImpl(Kernel)]
    public static void DropoutPlanes(
        float* x, float* y, int channels, int height, int width, int run, int channelStride, int rowStride, ulong key, long image, float rate)
    {
        var mask = new DropoutMask(key, image, rate, 1);
        for (nint channel = 0; channel < channels; channel++)
        {
            for (nint row = 0; row < height; row++)
            {
                var offset = (channel * channelStride) + (row * rowStride);
                mask.Run(x + offset, y + offset, run, (uint)(((channel * height) + row) * width));
            }
        }
    }

    /// <summary>Dropout of one image whose channels are neighbours in memory.</summary>
    /// <param name="x">The first element.</param>
    /// <param name="y">Receives the first element; may be <paramref name="x"/>.</param>
    /// <param name="run">Floats of a pixel that are computed, its channels or more: those past them are zeros and stay so.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="rowStride">Floats from a row to the next.</param>
    /// <param name="pixelStride">Floats from a pixel to the next.</param>
    /// <param name="key">Names the mask: another key for each layer and step.</param>
    /// <param name="image">The image's number in the batch, 0 or more.</param>
    /// <param name="rate">The fraction zeroed, in [0, 1).</param>
    [MethodImpl(Kernel)]
    public static void DropoutPixels(
        float* x, float* y, int run, int height, int width, int rowStride, int pixelStride, ulong key, long image, float rate)
    {
        var mask = new DropoutMask(key, image, rate, (uint)(height * width));
        for (nint row = 0; row < height; row++)
        {
            for (nint column = 0; column < width; column++)
            {
                var offset = (row * rowStride) + (column * pixelStride);
                mask.Run(x + offset, y + offset, run, (uint)((row * width) + column));
            }
        }
    }

    /// <summary>What the runs of one image have in common.</summary>
    private readonly struct DropoutMask
    {
        private readonly TInts _indices;
        private readonly TInts _step;
        private readonly TInts _keyHigh;
        private readonly TInts _threshold;
        private readonly TVector _factor;

        /// <param name="key">Names the mask.</param>
        /// <param name="image">The image's number.</param>
        /// <param name="rate">The fraction zeroed.</param>
        /// <param name="stride">From an element's index to that of its neighbour in memory.</param>
        [MethodImpl(Inline)]
        public DropoutMask(ulong key, long image, float rate, uint stride)
        {
            var mixed = CounterRandom.Mix(key + CounterRandom.Mix((ulong)image));
            _indices = TUnit.AddInts(TUnit.MultiplyInts(TUnit.LaneIndices(), TUnit.BroadcastInts(stride)), TUnit.BroadcastInts((uint)mixed));
            _step = TUnit.BroadcastInts((uint)TUnit.Lanes * stride);
            _keyHigh = TUnit.BroadcastInts((uint)(mixed >> 32));
            _threshold = TUnit.BroadcastInts((uint)(rate * 4294967296.0));
            _factor = TUnit.Broadcast(1f / (1f - rate));
        }

        /// <summary>Elements side by side, of which the first has that index.</summary>
        [MethodImpl(Inline)]
        public void Run(float* x, float* y, int n, uint first)
        {
            var indices = TUnit.AddInts(_indices, TUnit.BroadcastInts(first));
            nint i = 0;
            for (; i <= n - TUnit.Lanes; i += TUnit.Lanes)
            {
                TUnit.Store(y + i, Of(TUnit.Load(x + i), indices));
                indices = TUnit.AddInts(indices, _step);
            }

            if (TUnit.Lanes > 1 && i < n)
                TUnit.StorePartial(y + i, Of(TUnit.LoadPartial(x + i, (int)(n - i)), indices), (int)(n - i));
        }

        [MethodImpl(Inline)]
        private TVector Of(TVector x, TInts index)
        {
            var h = TUnit.MultiplyInts(TUnit.Xor(index, TUnit.ShiftRight(index, 16)), TUnit.BroadcastInts(0x7FEB352D));
            h = TUnit.Xor(h, _keyHigh);
            h = TUnit.MultiplyInts(TUnit.Xor(h, TUnit.ShiftRight(h, 15)), TUnit.BroadcastInts(0x846CA68B));
            h = TUnit.Xor(h, TUnit.ShiftRight(h, 16));
            return TUnit.SelectAtLeast(h, _threshold, TUnit.Multiply(x, _factor), TUnit.Broadcast(0f));
        }
    }
}
