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

    // e^(t^2 / 2) times the normal distribution's tail beyond t, over w = 1 / (1 + 0.21 t), for t from 0 to 13.5: least squares with weights raised where the relative
    // error is largest, until it is even (below 2e-8).
    private const float Tail0 = 0.083707705f;
    private const float Tail1 = 0.08512932f;
    private const float Tail2 = 0.068790615f;
    private const float Tail3 = 0.12635301f;
    private const float Tail4 = -0.097240895f;
    private const float Tail5 = 0.35402688f;
    private const float Tail6 = -0.33418387f;
    private const float Tail7 = 0.28545064f;
    private const float Tail8 = -0.07203342f;

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

    /// <summary>log2(1 + f) / f for 1 + f from sqrt(1/2) to sqrt(2).</summary>
    [MethodImpl(Inline)]
    private static TVector ReducedLogQuotient(TVector f)
    {
        var q = TUnit.MultiplyAdd(TUnit.Broadcast(Log8), f, TUnit.Broadcast(Log7));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log6));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log5));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log4));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log3));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log2));
        q = TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log1));
        return TUnit.MultiplyAdd(q, f, TUnit.Broadcast(Log0));
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

    /// <summary>ln(1 + e^x) to 1e-6 relative (0 below -86.99, where it would be 1.7e-38); NaN for NaN.</summary>
    [MethodImpl(Inline)]
    public static TVector Softplus(TVector x)
    {
        // max(x, 0) + ln(1 + t) of t = e^-|x|, which is at most 1: nothing overflows. 1 + t = 2^k (1 + f).
        var zero = TUnit.Broadcast(0f);
        var t = Exp(TUnit.Subtract(zero, TUnit.Abs(x)));
        var bound = TUnit.Broadcast(0.41421357f);
        var k = TUnit.SelectGreater(t, bound, TUnit.Broadcast(1f), zero);
        var f = TUnit.SelectGreater(t, bound, TUnit.MultiplyAdd(t, TUnit.Broadcast(0.5f), TUnit.Broadcast(-0.5f)), t);
        var log = TUnit.Multiply(TUnit.MultiplyAdd(ReducedLogQuotient(f), f, k), TUnit.Broadcast(Ln2High));
        return TUnit.Add(TUnit.Max(zero, x), log);
    }

    /// <summary>x / (1 + |x|), 1 with the sign of x at the infinities; NaN for NaN.</summary>
    [MethodImpl(Inline)]
    public static TVector Softsign(TVector x)
    {
        var (one, size) = (TUnit.Broadcast(1f), TUnit.Abs(x));
        return TUnit.SelectGreater(size, TUnit.Broadcast(float.MaxValue), TUnit.CopySign(one, x), TUnit.Divide(x, TUnit.Add(one, size)));
    }

    /// <summary>
    /// The probability that a standard normal variable is below x, to 1e-6 relative (0 where it would be below 2e-39); NaN for NaN.
    /// </summary>
    [MethodImpl(Inline)]
    public static TVector NormalCdf(TVector x)
    {
        // Below 0 it is e^(-x^2 / 2) times a function that falls slowly, a polynomial in w = 1 / (1 + 0.21 |x|); above, 1 less that.
        var size = TUnit.Min(TUnit.Broadcast(14f), TUnit.Abs(x));
        var one = TUnit.Broadcast(1f);
        var w = TUnit.Divide(one, TUnit.MultiplyAdd(size, TUnit.Broadcast(0.21f), one));
        var q = TUnit.MultiplyAdd(TUnit.Broadcast(Tail8), w, TUnit.Broadcast(Tail7));
        q = TUnit.MultiplyAdd(q, w, TUnit.Broadcast(Tail6));
        q = TUnit.MultiplyAdd(q, w, TUnit.Broadcast(Tail5));
        q = TUnit.MultiplyAdd(q, w, TUnit.Broadcast(Tail4));
        q = TUnit.MultiplyAdd(q, w, TUnit.Broadcast(Tail3));
        q = TUnit.MultiplyAdd(q, w, TUnit.Broadcast(Tail2));
        q = TUnit.MultiplyAdd(q, w, TUnit.Broadcast(Tail1));
        q = TUnit.MultiplyAdd(q, w, TUnit.Broadcast(Tail0));

        // The square is exact as square - excess, so that a large one costs the exponential no digits.
        var square = TUnit.Multiply(size, size);
        var excess = TUnit.MultiplySubtractFrom(size, size, square);
        var e = Exp(TUnit.Multiply(square, TUnit.Broadcast(-0.5f)));
        e = TUnit.MultiplyAdd(e, TUnit.Multiply(excess, TUnit.Broadcast(0.5f)), e);
        var tail = TUnit.Multiply(TUnit.Multiply(q, w), e);
        return TUnit.SelectGreater(x, TUnit.Broadcast(0f), TUnit.Subtract(one, tail), tail);
    }

    /// <summary>|x|^power to 1e-6 relative, for |power| up to 10; 0 where |x| is below the smallest normal number, of negative powers too; NaN for NaN.</summary>
    [MethodImpl(Inline)]
    public static TVector Power(TVector x, float power)
    {
        var size = TUnit.Abs(x);
        return TUnit.SelectGreater(TUnit.Broadcast(1.17549435e-38f), size, TUnit.Broadcast(0f), Pow(size, power));
    }

    /// <summary><see cref="Power"/> with the sign of x.</summary>
    [MethodImpl(Inline)]
    public static TVector SignedPower(TVector x, float power) => TUnit.CopySign(Power(x, power), x);

    /// <summary>ln(x) of a positive normal number to 1e-6 absolute; NaN for NaN.</summary>
    [MethodImpl(Inline)]
    private static TVector Log(TVector x)
    {
        var bits = TUnit.SubtractInts(TUnit.AsInts(x), TUnit.BroadcastInts(0x3F3504F3));
        var e = TUnit.ConvertSigned(TUnit.ShiftRightSigned(bits, 23));
        var m = TUnit.AsFloats(TUnit.AddInts(TUnit.And(bits, TUnit.BroadcastInts(0x007F_FFFF)), TUnit.BroadcastInts(0x3F3504F3)));
        var f = TUnit.Subtract(m, TUnit.Broadcast(1f));
        var log = TUnit.Multiply(TUnit.MultiplyAdd(ReducedLogQuotient(f), f, e), TUnit.Broadcast(Ln2High));
        return TUnit.Add(log, TUnit.Subtract(x, x));
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
        var log = TUnit.Multiply(ReducedLogQuotient(f), f);

        // power * (e + log) = whole + rest. The product with e is kept exactly, as high + low, so that a large exponent costs no digits.
        var p = TUnit.Broadcast(power);
        var high = TUnit.Multiply(p, e);
        var low = TUnit.MultiplySubtractFrom(p, e, high);
        var rounded = TUnit.Min(TUnit.Broadcast(140f), TUnit.Max(TUnit.Broadcast(-140f), TUnit.MultiplyAdd(p, log, high)));
        var shifted = TUnit.Add(rounded, TUnit.Broadcast(RoundingShift));
        var whole = TUnit.Subtract(shifted, TUnit.Broadcast(RoundingShift));
        var rest = TUnit.Subtract(TUnit.MultiplyAdd(p, log, TUnit.Subtract(high, whole)), low);

        // Where the exponent was cut off, so is what is left of it: the result is too small or too large for a float by the exponent alone.
        rest = TUnit.Min(TUnit.Broadcast(1f), TUnit.Max(TUnit.Broadcast(-1f), rest));
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
