using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>
    /// Partial sums that every reduction over adjacent elements has: element i goes to sum i mod 16. The number is the same for all instruction sets, so
    /// that the order of additions, and with it the rounding, is too.
    /// </summary>
    private const int Strands = 16;

    /// <summary>What a reduction adds up.</summary>
    private interface ITerm
    {
        /// <summary>The partial sum with one more term in it.</summary>
        TVector AddTo(TVector sum, TVector a, TVector b);

        /// <summary>The same for one element.</summary>
        float AddTo(float sum, float a, float b);
    }

    [MethodImpl(Inline)]
    private static float Sum<TTerm>(float* a, float* b, nint n, TTerm term)
        where TTerm : struct, ITerm
    {
        var strands = stackalloc float[Strands];
        for (var j = 0; j < Strands; j += TUnit.Lanes)
            TUnit.Store(strands + j, TUnit.Broadcast(0f));
        nint i = 0;
        if (TUnit.Lanes == Strands)
        {
            var sum = TUnit.Broadcast(0f);
            for (; i <= n - Strands; i += Strands)
                sum = term.AddTo(sum, TUnit.Load(a + i), TUnit.Load(b + i));
            TUnit.Store(strands, sum);
        }
        else if (TUnit.Lanes == Strands / 2)
        {
            var low = TUnit.Broadcast(0f);
            var high = TUnit.Broadcast(0f);
            for (; i <= n - Strands; i += Strands)
            {
                low = term.AddTo(low, TUnit.Load(a + i), TUnit.Load(b + i));
                high = term.AddTo(high, TUnit.Load(a + i + TUnit.Lanes), TUnit.Load(b + i + TUnit.Lanes));
            }

            TUnit.Store(strands, low);
            TUnit.Store(strands + TUnit.Lanes, high);
        }

        for (; i < n; i++)
            strands[i & (Strands - 1)] = term.AddTo(strands[i & (Strands - 1)], a[i], b[i]);
        return Total(strands);
    }

    /// <summary>Adds the strands pairwise.</summary>
    [MethodImpl(Inline)]
    private static float Total(float* strands)
    {
        for (var half = Strands / 2; half > 0; half /= 2)
        {
            for (var j = 0; j < half; j++)
                strands[j] += strands[j + half];
        }

        return strands[0];
    }

    [MethodImpl(Inline)]
    private static float Largest(float* x, nint n)
    {
        // The maximum is the same in every order. A NaN may be passed over here: the exponential of its own element brings it back.
        var largest = float.NegativeInfinity;
        nint i = 0;
        if (TUnit.Lanes > 1 && n >= TUnit.Lanes)
        {
            var lanes = stackalloc float[Strands];
            var vector = TUnit.Load(x);
            for (i = TUnit.Lanes; i <= n - TUnit.Lanes; i += TUnit.Lanes)
                vector = TUnit.Max(TUnit.Load(x + i), vector);
            TUnit.Store(lanes, vector);
            for (var j = 0; j < TUnit.Lanes; j++)
                largest = lanes[j] > largest ? lanes[j] : largest;
        }

        for (; i < n; i++)
            largest = x[i] > largest ? x[i] : largest;
        return largest;
    }

    private readonly struct PlainTerm : ITerm
    {
        [MethodImpl(Inline)]
        public TVector AddTo(TVector sum, TVector a, TVector b) => TUnit.Add(sum, a);

        [MethodImpl(Inline)]
        public float AddTo(float sum, float a, float b) => sum + a;
    }

    private readonly struct ProductTerm : ITerm
    {
        [MethodImpl(Inline)]
        public TVector AddTo(TVector sum, TVector a, TVector b) => TUnit.MultiplyAdd(a, b, sum);

        [MethodImpl(Inline)]
        public float AddTo(float sum, float a, float b) => MathF.FusedMultiplyAdd(a, b, sum);
    }
}
