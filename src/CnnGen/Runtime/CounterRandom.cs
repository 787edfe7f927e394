namespace CnnGen.Runtime;

/// <summary>
/// Random numbers as a function of (seed, stream, position): the same on every machine and for every number of threads.
/// The mixing function is SplitMix64's finaliser (Steele, Lea, Flood 2014, figure 19).
/// </summary>
internal struct CounterRandom(ulong seed, ulong stream)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private readonly ulong _key = Key(seed, stream);
    private ulong _counter;

    /// <summary>What tells a stream from all others.</summary>
    public static ulong Key(ulong seed, ulong stream) => Mix(seed + (GoldenGamma * (stream + 1)));

    /// <summary>The number of a stream at a position, 0 or more.</summary>
    public static ulong At(ulong key, ulong position) => Mix(key + (GoldenGamma * (position + 1)));

    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public ulong NextUInt64() => At(_key, _counter++);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int NextInt(int bound) => (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    /// <summary>Normal with mean 0 and variance 1 (Box, Muller 1958).</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }
}
