namespace MnistSample.Digits;

/// <summary>
/// The random numbers of one image, a function of (seed, image) alone, so that images can be drawn in any order on any thread.
/// SplitMix64 (Steele, Lea, Flood 2014, figure 19).
/// </summary>
internal struct DigitRandom(int seed, int image)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _state = Mix(((ulong)(uint)seed << 32) | (uint)image);

    /// <summary>Uniform in [0, 1), 24 bits.</summary>
    public float NextSingle() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform between the two.</summary>
    public float Between(float least, float most) => least + ((most - least) * NextSingle());

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>
    /// Near enough to normal with mean 0 and variance 1: four 16-bit uniform numbers added (Irwin, Hall 1927), which never
    /// exceeds 3.5 and so tears no digit apart.
    /// </summary>
    public float NextNormal()
    {
        var bits = Next();
        var sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return ((sum * (1f / 65536)) - 2) * 1.7320508f;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private ulong Next() => Mix(_state += GoldenGamma);
}
