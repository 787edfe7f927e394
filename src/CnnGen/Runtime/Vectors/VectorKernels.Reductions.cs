using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>
    /// Partial sums that a reduction over adjacent elements has: element i of a row goes to sum i mod 32. The number is the same for all instruction
    /// sets, so that the order of additions, and with it the rounding, is too. They are doubles: a million floats sum to the last bit of a float.
    /// </summary>
    private const int Strands = 32;

    /// <summary>What each element adds to a sum.</summary>
    private interface ITerm
    {
        TWide AddTo(TWide sum, TWide x, TWide g, TWide mean);

        double AddTo(double sum, double x, double g, double mean);
    }

    // Up to here a sum is taken one by one: a classifier's ten scores are not worth the strands.
    private const int Few = 16;

    /// <summary>The sum of x * y.</summary>
    [MethodImpl(Inline)]
    private static float Dot(float* x, float* y, nint n)
    {
        if (n > Few)
            return (float)Accumulate(x, 0, y, 0, 1, n, 0, default(ProductTerm));
        double sum = 0;
        for (nint i = 0; i < n; i++)
            sum = Math.FusedMultiplyAdd(x[i], y[i], sum);
        return (float)sum;
    }

    [MethodImpl(Inline)]
    private static float Sum(float* x, nint n)
    {
        if (n > Few)
            return (float)Accumulate(x, 0, x, 0, 1, n, 0, default(PlainTerm));
        double sum = 0;
        for (nint i = 0; i < n; i++)
            sum += x[i];
        return (float)sum;
    }

    [MethodImpl(Kernel)]
    private static double Accumulate<TTerm>(float* x, nint xRowStride, float* g, nint gRowStride, nint rows, nint width, double mean, TTerm term)
        where TTerm : struct, ITerm
    {
        var strands = stackalloc double[Strands];
        new Span<double>(strands, Strands).Clear();
        var wideMean = TUnit.BroadcastWide(mean);
        for (nint row = 0; row < rows; row++)
        {
            var xs = x + (row * xRowStride);
            var gs = g + (row * gRowStride);
            nint i = 0;
            for (; i <= width - TUnit.Lanes; i += TUnit.Lanes)
            {
                var strand = strands + (i & (Strands - 1));
                var values = TUnit.Load(xs + i);
                var gradients = TUnit.Load(gs + i);
                TUnit.StoreLow(strand, term.AddTo(TUnit.LoadLow(strand), TUnit.WidenLow(values), TUnit.WidenLow(gradients), wideMean));
                TUnit.StoreHigh(strand, term.AddTo(TUnit.LoadHigh(strand), TUnit.WidenHigh(values), TUnit.WidenHigh(gradients), wideMean));
            }

            for (; i < width; i++)
                strands[i & (Strands - 1)] = term.AddTo(strands[i & (Strands - 1)], xs[i], gs[i], mean);
        }

        for (var half = Strands / 2; half > 0; half /= 2)
        {
            for (var j = 0; j < half; j++)
                strands[j] += strands[j + half];
        }

        return strands[0];
    }

    [MethodImpl(Kernel)]
    private static float Largest(float* x, nint n)
    {
        // The maximum is the same in every order. A NaN may be passed over here: the exponential of its own element brings it back.
        var largest = float.NegativeInfinity;
        nint i = 0;
        if (TUnit.Lanes > 1 && n >= TUnit.Lanes)
        {
            var lanes = stackalloc float[TUnit.Lanes];
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
        public TWide AddTo(TWide sum, TWide x, TWide g, TWide mean) => TUnit.AddWide(sum, x);

        [MethodImpl(Inline)]
        public double AddTo(double sum, double x, double g, double mean) => sum + x;
    }

    private readonly struct DeviationTerm : ITerm
    {
        [MethodImpl(Inline)]
        public TWide AddTo(TWide sum, TWide x, TWide g, TWide mean)
        {
            var difference = TUnit.SubtractWide(x, mean);
            return TUnit.MultiplyAddWide(difference, difference, sum);
        }

        [MethodImpl(Inline)]
        public double AddTo(double sum, double x, double g, double mean) => Math.FusedMultiplyAdd(x - mean, x - mean, sum);
    }

    private readonly struct ProductTerm : ITerm
    {
        [MethodImpl(Inline)]
        public TWide AddTo(TWide sum, TWide x, TWide g, TWide mean) => TUnit.MultiplyAddWide(g, TUnit.SubtractWide(x, mean), sum);

        [MethodImpl(Inline)]
        public double AddTo(double sum, double x, double g, double mean) => Math.FusedMultiplyAdd(g, x - mean, sum);
    }
}
