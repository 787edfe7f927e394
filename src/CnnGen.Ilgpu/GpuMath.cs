namespace CnnGen.Ilgpu;

/// <summary>
/// The functions that emitted kernels call: the formulas of the CPU's, in operations that every device has, so that all devices agree to rounding. Nothing here allocates, branches on anything but numbers, or calls what a
/// kernel could not.
/// </summary>
public static class GpuMath
{
    private const float LogBase2OfE = 1.442695f;

    // ln 2 = high + low, the high part with so few digits that its product with an exponent is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float Ln2 = 0.6931472f;

    /// <summary>The larger; not a number where either isn't one.</summary>
    public static float Larger(float a, float b) => a > b || float.IsNaN(a) ? a : b;

    /// <summary>How many of so many taps, the first at some place and each further one a step behind the one before, lie from one place on and before another.</summary>
    /// <param name="first">The place of the first tap.</param>
    /// <param name="step">From a tap to the next.</param>
    /// <param name="taps">The number of taps.</param>
    /// <param name="from">The first place that counts.</param>
    /// <param name="to">The first place that no longer counts.</param>
    public static int TapsWithin(int first, int step, int taps, int from, int to)
    {
        int count = 0;
        for (int tap = 0; tap < taps; tap++)
        {
            int place = first + tap * step;
            if (place >= from && place < to)
                count++;
        }

        return count;
    }

    /// <summary>e^x to 3e-7 relative; 0 below -87.3, infinity above 88.8, NaN for NaN.</summary>
    public static float Exp(float x)
    {
        // Bounds by comparisons that are false of what is not a number, so that it is handed on.
        float bounded = x > 88.8f ? 88.8f : x < -87.3f ? -87.3f : x;
        int n = Rounded(bounded * LogBase2OfE);
        float r = bounded - n * Ln2High - n * Ln2Low;
        float e = ReducedExpM1(r) + 1f;

        // 2^(n-1) times 2: n reaches 128, which has no float.
        float result = (e + e) * PowerOf2(n - 1);
        return x < -87.3f ? 0f : result;
    }

    /// <summary>e^x - 1 for x up to 0, to 3e-7 relative however near 0; 0 for larger ones, NaN for NaN.</summary>
    public static float ExpM1OfNegative(float x)
    {
        float bounded = x > 0f ? 0f : x < -20f ? -20f : x;
        int n = Rounded(bounded * LogBase2OfE);
        float r = bounded - n * Ln2High - n * Ln2Low;
        float scale = PowerOf2(n);

        // 2^n (e^r - 1) + (2^n - 1): near 0, n is 0 and nothing cancels.
        return scale * ReducedExpM1(r) + (scale - 1f);
    }

    /// <summary>1 / (1 + e^-x), NaN for NaN.</summary>
    public static float Sigmoid(float x) => 1f / (1f + Exp(-x));

    /// <summary>The hyperbolic tangent, near 0 too; NaN for NaN.</summary>
    public static float Tanh(float x)
    {
        // With u = e^(-2|x|) - 1: tanh|x| = -u / (2 + u).
        float u = ExpM1OfNegative(-2f * MathF.Abs(x));
        float size = -u / (2f + u);
        return x < 0f ? -size : size;
    }

    /// <summary>ln(1 + e^x); NaN for NaN.</summary>
    public static float Softplus(float x)
    {
        // max(x, 0) + ln(1 + t) of t = e^-|x|, which is at most 1: nothing overflows. 1 + t = 2^k (1 + f).
        float t = Exp(-MathF.Abs(x));
        float k = t > 0.41421357f ? 1f : 0f;
        float f = t > 0.41421357f ? t * 0.5f - 0.5f : t;
        return (x > 0f ? x : 0f * x) + (ReducedLogQuotient(f) * f + k) * Ln2;
    }

    /// <summary>x / (1 + |x|), 1 with the sign of x at the infinities; NaN for NaN.</summary>
    public static float Softsign(float x)
    {
        float size = MathF.Abs(x);
        return size > float.MaxValue ? (x > 0f ? 1f : -1f) : x / (1f + size);
    }

    /// <summary>The probability that a standard normal variable is below x, to 2e-6 relative; NaN for NaN.</summary>
    public static float NormalCdf(float x)
    {
        // Below 0 it is e^(-x^2 / 2) times a function that falls slowly, a polynomial in w = 1 / (1 + 0.21 |x|); above, 1 less that.
        float absolute = MathF.Abs(x);
        float size = absolute > 14f ? 14f : absolute;
        float w = 1f / (size * 0.21f + 1f);
        float q = -0.07203342f * w + 0.28545064f;
        q = q * w - 0.33418387f;
        q = q * w + 0.35402688f;
        q = q * w - 0.097240895f;
        q = q * w + 0.12635301f;
        q = q * w + 0.068790615f;
        q = q * w + 0.08512932f;
        q = q * w + 0.083707705f;

        // The square of what is left when the last digits are cut off is exact, so that a large one costs the exponential none.
        float high = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(size) & -4096);
        float low = size - high;
        float e = Exp(-0.5f * high * high) * Exp(-0.5f * low * (size + high));
        float tail = q * w * e;
        return x > 0f ? 1f - tail : tail;
    }

    /// <summary>ln(x) of a positive normal number.</summary>
    public static float Log(float x)
    {
        // x = 2^e (1 + f) of f from sqrt(1/2) - 1 to sqrt(2) - 1: the bits of sqrt(1/2) are taken off before the exponent is cut out.
        int bits = BitConverter.SingleToInt32Bits(x) - 0x3F3504F3;
        float f = BitConverter.Int32BitsToSingle((bits & 0x007FFFFF) + 0x3F3504F3) - 1f;
        return (ReducedLogQuotient(f) * f + (bits >> 23)) * Ln2 + (x - x);
    }

    /// <summary>|x|^power for |power| up to 10; 0 where |x| is below the smallest normal number, of negative powers too; NaN for NaN.</summary>
    public static float Power(float x, float power)
    {
        float size = MathF.Abs(x);
        if (size < 1.17549435e-38f)
            return 0f;
        if (size > float.MaxValue)
            return power > 0f ? size : 0f;
        int bits = BitConverter.SingleToInt32Bits(size) - 0x3F3504F3;
        float exponent = bits >> 23;
        float f = BitConverter.Int32BitsToSingle((bits & 0x007FFFFF) + 0x3F3504F3) - 1f;
        float log = ReducedLogQuotient(f) * f;

        // power * (exponent + log) = whole + rest. The power's first digits times the exponent are exact, so that a large one costs no digits.
        float high = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(power) & -4096);
        float turns = power * exponent + power * log;
        int whole = Rounded(turns > 140f ? 140f : turns < -140f ? -140f : turns);
        float rest = high * exponent - whole + ((power - high) * exponent + power * log);
        rest = rest > 1f ? 1f : rest < -1f ? -1f : rest;

        // In two halves, each of which is a float.
        int half = whole >> 1;
        float y = (ReducedExpM1(rest * Ln2) + 1f) * PowerOf2(half) * PowerOf2(whole - half);
        return y + (x - x);
    }

    /// <summary><see cref="Power"/> with the sign of x.</summary>
    public static float SignedPower(float x, float power)
    {
        float size = Power(x, power);
        return x < 0f ? -size : size;
    }

    /// <summary>
    /// What dropout draws for an element: a function of the step's seed and the layer (the key), the image and the element's index in C x H x W order, with the bits of the CPU's. The element is kept where it is at
    /// least the rate times 2^32.
    /// </summary>
    public static uint Draw(ulong key, int image, int element)
    {
        // ILGPU multiplies and adds unsigned numbers as signed ones, whose overflow C leaves open: an OpenCL compiler may draw conclusions from the sign of such a product, which is what a rate of 0.5
        // looks at. So what is drawn is multiplied in 64 bits, where it doesn't overflow; the second factor is 0x846CA68B, less 2^32.
        ulong mixed = Mix(key + Mix((ulong)image));
        uint index = (uint)((uint)element + (mixed & uint.MaxValue));
        uint h = (uint)((index ^ (index >> 16)) * 0x7FEB352DL);
        h ^= (uint)(mixed >> 32);
        h = (uint)((h ^ (h >> 15)) * -0x7B935975L);
        return h ^ (h >> 16);
    }

    /// <summary>What a pooling draws for an element of its result, uniform in [0, 1) by 24 bits: a function of the step's seed and the layer (the key), the image and the element's index in C x H x W order, with the bits of the CPU's.</summary>
    public static float Uniform(ulong key, int image, int element)
    {
        ulong mixed = Mix(Mix(key + Mix((ulong)image)) + 0x9E3779B97F4A7C15UL * ((ulong)element + 1UL));
        return (uint)(mixed >> 40) * (1f / 16777216f);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>e^r - 1 for |r| up to about ln(2) / 2, with the CPU's polynomial.</summary>
    private static float ReducedExpM1(float r)
    {
        float q = 0.0013950531f * r + 0.008368996f;
        q = q * r + 0.041666206f;
        q = q * r + 0.16666518f;
        q = q * r + 0.5f;
        return r * r * q + r;
    }

    /// <summary>log2(1 + f) / f for 1 + f from sqrt(1/2) to sqrt(2), with the CPU's polynomial.</summary>
    private static float ReducedLogQuotient(float f)
    {
        float q = 0.12541072f * f - 0.21026038f;
        q = q * f + 0.21735856f;
        q = q * f - 0.23852517f;
        q = q * f + 0.28765997f;
        q = q * f - 0.36072096f;
        q = q * f + 0.48092237f;
        q = q * f - 0.72134715f;
        return q * f + 1.4426949f;
    }

    /// <summary>The nearest integer of a number of a few hundred at most; of what is not a number anything, since it then is multiplied with.</summary>
    private static int Rounded(float x) => (int)(x < 0f ? x - 0.5f : x + 0.5f);

    /// <summary>2^n for n from -126 to 127; 0 for -127.</summary>
    private static float PowerOf2(int n) => BitConverter.Int32BitsToSingle((n + 127) << 23);
}
