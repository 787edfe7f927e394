using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>
    /// Dropout (Srivastava et al. 2014, in its inverted form): zeros each element with probability <paramref name="rate"/> and multiplies the others by
    /// 1 / (1 - rate). Which ones is a function of the key and the element's index alone, so the gradient's pass is this same method over
    /// the gradient, with nothing remembered, and the result does not depend on how a tensor is cut among threads.
    /// </summary>
    /// <remarks>
    /// The decision is a 32-bit hash of (index, key), kept where it is at least rate * 2^32. The multipliers and shifts are those of "lowbias32"
    /// (C. Wellons, "Prospecting for Hash Functions", 2018), between whose rounds the second half of the mixed key enters.
    /// </remarks>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="n">The number of elements.</param>
    /// <param name="key">Names the mask: another key for each layer and step.</param>
    /// <param name="firstIndex">The index of x[0] in the whole tensor (over the batch), 0 or more.</param>
    /// <param name="rate">The fraction zeroed, in [0, 1).</param>
    [MethodImpl(Kernel)]
    public static void Dropout(float* x, float* y, int n, ulong key, long firstIndex, float rate)
    {
        // Indices that share their high 32 bits share a mixed key.
        while (n > 0)
        {
            var run = (int)Math.Min(n, (1L << 32) - (firstIndex & uint.MaxValue));
            var mixed = CounterRandom.Mix(key + CounterRandom.Mix((ulong)firstIndex >> 32));
            DropoutRun(x, y, run, (uint)mixed, (uint)(mixed >> 32), (uint)firstIndex, rate);
            x += run;
            y += run;
            firstIndex += run;
            n -= run;
        }
    }

    [MethodImpl(Inline)]
    private static void DropoutRun(float* x, float* y, int n, uint keyLow, uint keyHigh, uint firstIndex, float rate)
    {
        var threshold = TUnit.BroadcastInts((uint)(rate * 4294967296.0));
        var factor = TUnit.Broadcast(1f / (1f - rate));
        var high = TUnit.BroadcastInts(keyHigh);
        var indices = TUnit.AddInts(TUnit.LaneIndices(), TUnit.BroadcastInts(firstIndex + keyLow));
        nint i = 0;
        for (; i <= n - TUnit.Lanes; i += TUnit.Lanes)
        {
            TUnit.Store(y + i, DropoutOf(TUnit.Load(x + i), indices, high, threshold, factor));
            indices = TUnit.AddInts(indices, TUnit.BroadcastInts((uint)TUnit.Lanes));
        }

        if (TUnit.Lanes > 1 && i < n)
            TUnit.StorePartial(y + i, DropoutOf(TUnit.LoadPartial(x + i, (int)(n - i)), indices, high, threshold, factor), (int)(n - i));
    }

    [MethodImpl(Inline)]
    private static TVector DropoutOf(TVector x, TInts index, TInts keyHigh, TInts threshold, TVector factor)
    {
        var h = TUnit.MultiplyInts(TUnit.Xor(index, TUnit.ShiftRight(index, 16)), TUnit.BroadcastInts(0x7FEB352D));
        h = TUnit.Xor(h, keyHigh);
        h = TUnit.MultiplyInts(TUnit.Xor(h, TUnit.ShiftRight(h, 15)), TUnit.BroadcastInts(0x846CA68B));
        h = TUnit.Xor(h, TUnit.ShiftRight(h, 16));
        return TUnit.SelectAtLeast(h, threshold, TUnit.Multiply(x, factor), TUnit.Broadcast(0f));
    }
}
