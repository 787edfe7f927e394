using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    // Adding 1.5 * 2^23 to a float below 2^22 rounds it to an integer, which then stands in the low bits of the sum.
    private const float RoundingShift = 12582912f;
    private const float LogBase2OfE = 1.442695f;

    // ln 2 = high + low; the high part's product with an integer is exact inside the fused multiply-add.
    private const float Ln2High = 0.6931472f;
    private const float Ln2Low = -1.9046542e-9f;

    // (e^r - 1 - r) / r^2 over |r| <= ln(2) / 2, minimax of degree 4 (Remez exchange, relative error of e^r below 4e-9).
    private const float Exp2 = 0.5f;
    private const float Exp3 = 0.16666518f;
    private const float Exp4 = 0.041666206f;
    private const float Exp5 = 0.008368996f;
    private const float Exp6 = 0.0013950531f;

    // log2(1 + f) / f over sqrt(1/2) <= 1 + f <= sqrt(2), minimax of degree 8 (absolute error of the logarithm below 7e-9).
    private const float Log0 = 1.4426949f;
    private const float Log1 = -0.72134715f;
    private const float Log2 = 0.48092237f;
    private const float Log3 = -0.36072096f;
    private const float Log4 = 0.28765997f;
    private const float Log5 = -0.23852517f;
    private const float Log6 = 0.21735856f;
    private const float Log7 = -0.21026038f;
    private const float Log8 = 0.12541072f;

    /// <summary>e^r - 1 for |r| up to about ln(2) / 2.</summary>
    [MethodImpl(Inline)]
    private static TVector ReducedExpM1(TVector r)
    {
        var q = TUnit.MultiplyAdd(TUnit.Broadcast(Exp6), r, TUnit.Broadcast(Exp5));
        q = TUnit.MultiplyAdd(q, r, TUnit.Broadcast(Exp4));
        q = TUnit.MultiplyAdd(q, r, TUnit.Broadcast(Exp3));
        q = TUnit.MultiplyAdd(q, r, TUnit.Broadcast(Exp2));
        return TUnit.MultiplyAdd(TUnit.Multiply(r, r), q, r);
    }

    /// <summary>2^(n + offset), where <paramref name="shifted"/> is n + <see cref="RoundingShift"/>.</summary>
    [MethodImpl(Inline)]
    private static TVector PowerOf2(TVector shifted, int offset) =>
        TUnit.AsFloats(TUnit.ShiftLeft(TUnit.AddInts(TUnit.AsInts(shifted), TUnit.BroadcastInts((uint)(127 + offset))), 23));

    /// <summary>e^x to 2e-7 relative; 0 below -86.99 (1.7e-38), infinity above 88.72, NaN for NaN.</summary>
    [MethodImpl(Inline)]
    public static TVector Exp(TVector x)
    {
        // The bounds stand first: Max and Min then hand a NaN on.
        x = TUnit.Min(TUnit.Broadcast(88.8f), TUnit.Max(TUnit.Broadcast(-87.3f), x));
        var shifted = TUnit.MultiplyAdd(x, TUnit.Broadcast(LogBase2OfE), TUnit.Broadcast(RoundingShift));
        var n = TUnit.Subtract(shifted, TUnit.Broadcast(RoundingShift));
        var r = TUnit.MultiplySubtractFrom(n, TUnit.Broadcast(Ln2High), x);
        r = TUnit.MultiplySubtractFrom(n, TUnit.Broadcast(Ln2Low), r);
        var e = TUnit.Add(ReducedExpM1(r), TUnit.Broadcast(1f));

        // 2^(n-1) times 2: n reaches 128, which has no float; n = -126 gives the bits of 0.
        return TUnit.Multiply(TUnit.Add(e, e), PowerOf2(shifted, -1));
    }

    /// <summary>1 / (1 + e^-x) to 1e-6 relative (0 where the result would be below 3e-39); NaN for NaN.</summary>
    [MethodImpl(Inline)]
    public static TVector Sigmoid(TVector x)
    {
        var one = TUnit.Broadcast(1f);
        return TUnit.Divide(one, TUnit.Add(one, Exp(TUnit.Subtract(TUnit.Broadcast(0f), x))));
    }

    /// <summary>tanh(x) to 1e-6 relative, near 0 too; NaN for NaN.</summary>
    [MethodImpl(Inline)]
    public static TVector Tanh(TVector x)
    {
        // With u = e^(-2|x|) - 1: tanh|x| = -u / (2 + u).
        var u = ExpM1OfNegative(TUnit.Multiply(TUnit.Broadcast(-2f), TUnit.Abs(x)));
        return TUnit.CopySign(TUnit.Divide(u, TUnit.Add(TUnit.Broadcast(2f), u)), x);
    }

    /// <summary>e^x - 1 for x up to 0, to 3e-7 relative however near 0; 0 for larger ones, NaN for NaN.</summary>
    [MethodImpl(Inline)]
    public static TVector ExpM1OfNegative(TVector x)
    {
        x = TUnit.Max(TUnit.Broadcast(-20f), TUnit.Min(TUnit.Broadcast(0f), x));
        var shifted = TUnit.MultiplyAdd(x, TUnit.Broadcast(LogBase2OfE), TUnit.Broadcast(RoundingShift));
        var n = TUnit.Subtract(shifted, TUnit.Broadcast(RoundingShift));
        var r = TUnit.MultiplySubtractFrom(n, TUnit.Broadcast(Ln2High), x);
        r = TUnit.MultiplySubtractFrom(n, TUnit.Broadcast(Ln2Low), r);
        var scale = PowerOf2(shifted, 0);

        // 2^n (e^r - 1) + (2^n - 1): near 0, n is 0 and nothing cancels.
        return TUnit.MultiplyAdd(scale, ReducedExpM1(r), TUnit.Subtract(scale, TUnit.Broadcast(1f)));
    }

    /// <summary>
    /// x^power to 1e-6 relative, for |power| up to 10; a base below the smallest normal number (negative ones too) counts as 0, NaN gives NaN.
    /// </summary>
    [MethodImpl(Inline)]
    private static TVector Pow(TVector x, float power)
    {
        // x = 2^e * m with m in [sqrt(1/2), sqrt(2)): the bits of sqrt(1/2) are taken off before the exponent is cut out.
        var bits = TUnit.SubtractInts(TUnit.AsInts(x), TUnit.BroadcastInts(0x3F3504F3));
        var e = TUnit.ConvertSigned(TUnit.ShiftRightSigned(bits, 23));
        var m = TUnit.AsFloats(TUnit.AddInts(TUnit.And(bits, TUnit.BroadcastInts(0x007F_FFFF)), TUnit.BroadcastInts(0x3F3504F3)));
        var f = TUnit.Subtract(m, TUnit.Broadcast(1f));
        var q = TUnit.MultiplyAdd(TUnit.Broadcast(Log8), f, TUnit.Broadcast(Log7));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log6));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log5));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log4));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log3));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log2));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log1));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log0));
        var log = TUnit.Multiply(q, f);

        // power * (e + log) = whole + rest. The product with e is kept exactly, as high + low, so that a large exponent costs no digits.
        var p = TUnit.Broadcast(power);
        var high = TUnit.Multiply(p, e);
        var low = TUnit.MultiplySubtractFrom(p, e, high);
        var rounded = TUnit.Min(TUnit.Broadcast(140f), TUnit.Max(TUnit.Broadcast(-140f), TUnit.MultiplyAdd(p, log, high)));
        var shifted = TUnit.Add(rounded, TUnit.Broadcast(RoundingShift));
        var whole = TUnit.Subtract(shifted, TUnit.Broadcast(RoundingShift));
        var rest = TUnit.Subtract(TUnit.MultiplyAdd(p, log, TUnit.Subtract(high, whole)), low);
        var y = TUnit.Add(ReducedExpM1(TUnit.Multiply(rest, TUnit.Broadcast(Ln2High))), TUnit.Broadcast(1f));

        // In two halves, each of which is a float for every whole in +-140.
        var half = TUnit.Add(TUnit.Multiply(whole, TUnit.Broadcast(0.5f)), TUnit.Broadcast(RoundingShift));
        var other = TUnit.Add(TUnit.Subtract(whole, TUnit.Subtract(half, TUnit.Broadcast(RoundingShift))), TUnit.Broadcast(RoundingShift));
        y = TUnit.Multiply(TUnit.Multiply(y, PowerOf2(half, 0)), PowerOf2(other, 0));

        y = TUnit.Add(y, TUnit.Subtract(x, x));
        y = TUnit.SelectGreater(x, TUnit.Broadcast(float.MaxValue), TUnit.Broadcast(power > 0 ? float.PositiveInfinity : 0f), y);
        return TUnit.SelectGreater(TUnit.Broadcast(1.17549435e-38f), x, TUnit.Broadcast(power > 0 ? 0f : float.PositiveInfinity), y);
    }
}
