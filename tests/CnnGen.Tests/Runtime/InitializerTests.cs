using CnnGen.Runtime;
using CnnGen.Tests.Threading;

namespace CnnGen.Tests.Runtime;

/// <summary>The starts of parameters: distributed as they should be, and the same bits on every machine.</summary>
[Collection(ThreadsCollection.Name)]
public sealed class InitializerTests
{
    private const int Units = 200;
    private const int Features = 3000;

    [Fact]
    public void He_is_normal_with_variance_2_by_fan_in()
    {
        var values = Start(Initialization.He, 50, 70).Select(value => value / Math.Sqrt(2.0 / 50)).ToArray();

        AssertMoments(values, 1, 3);
        foreach (var (limit, fraction) in new[] { (1.0, 0.682689), (2, 0.954500), (3, 0.997300) })
            Assert.Equal(fraction, values.Count(value => Math.Abs(value) < limit) / (double)values.Length, 0.003);

        // The two numbers of a point, and neighbouring points, have nothing to do with each other.
        for (var lag = 1; lag <= 24; lag++)
            Assert.Equal(0, values.Skip(lag).Zip(values, (a, b) => a * b).Average(), 0.006);
        Assert.InRange(values.Max(Math.Abs), 4.2, 5.8);
    }

    [Fact]
    public void Glorot_is_uniform_with_variance_2_by_both_fans()
    {
        var values = Start(Initialization.Glorot, 50, 70).Select(value => (double)value).ToArray();

        AssertMoments(values.Select(value => value / Math.Sqrt(2.0 / 120)).ToArray(), 1, 1.8);
        var bound = Math.Sqrt(6.0 / 120);
        Assert.All(values, value => Assert.InRange(value, -bound * 1.0000001, bound));
        Assert.InRange(values.Max(), 0.9999 * bound, bound);
        for (var lag = 1; lag <= 24; lag++)
            Assert.Equal(0, values.Skip(lag).Zip(values, (a, b) => a * b).Average() / (bound * bound), 0.003);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads_and_another_others()
    {
        foreach (var kind in new[] { Initialization.He, Initialization.Glorot })
        {
            float[] one;
            using (new WithThreads(1))
                one = Start(kind, 10, 10);
            using (new WithThreads(3))
                Assert.Equal(one, Start(kind, 10, 10));
            Assert.NotEqual(one, Start(kind, 10, 10, seed: 2));
        }
    }

    /// <summary>By the definition, in double precision: a group of 16 numbers comes from eight words of the stream, two from each.</summary>
    [Fact]
    public void Every_number_is_what_its_words_of_the_stream_say()
    {
        var normal = Start(Initialization.He, 2, 2);
        var uniform = Start(Initialization.Glorot, 3, 3);
        var random = new CounterRandom(1, 0);
        for (var group = 0; group < 2000; group++)
        {
            for (var i = 0; i < 8; i++)
            {
                var word = random.NextUInt64();
                var (first, second) = ((uint)word >> 8, (uint)(word >> 40));
                Assert.Equal((first / 8388608.0) - 1, uniform[(16 * group) + i], 1e-7);
                Assert.Equal((second / 8388608.0) - 1, uniform[(16 * group) + 8 + i], 1e-7);

                var radius = Math.Sqrt(-2 * Math.Log((first + 1) / 16777216.0));

                // The quarters go x, y, -x, -y, the odd ones mirrored.
                var turned = (second >> 22) % 2 == 1;
                var within = (Math.PI / 2) * (((second & 0x3FFFFF) / 4194304.0) - 0.5);
                var sign = second >> 22 >= 2 ? -1 : 1;
                Assert.Equal(sign * radius * (turned ? Math.Sin(within) : Math.Cos(within)), normal[(16 * group) + i], 2e-6);
                Assert.Equal(sign * radius * (turned ? Math.Cos(within) : Math.Sin(within)), normal[(16 * group) + 8 + i], 2e-6);
            }
        }
    }

    /// <summary>Bits, not values: a fused multiply-add or another order would change some of them. The same on every instruction set.</summary>
    [Fact]
    public void The_bits_are_the_same_on_every_machine()
    {
        var hashes = (Hash(Start(Initialization.He, 50, 70)), Hash(Start(Initialization.Glorot, 50, 70)));

        Assert.Equal((413181283u, 2695282960u), hashes);
    }

    [Fact]
    public void A_parameter_of_any_length_starts_as_the_longest_does()
    {
        var all = Start(Initialization.He, 10, 10);
        foreach (var length in new[] { 1, 7, 15, 16, 17, 31, 33, 255, 257, 1000 })
        {
            var store = new ParameterStore([new("a", [length], 0, [new(length, 1)], Initialization.He, 10, 10)], length, length);
            store.Initialize(1);
            Assert.Equal(all[..length], store["a"].ToArray());
        }
    }

    private static float[] Start(Initialization kind, int fanIn, int fanOut, int seed = 1)
    {
        // Blocks of 32 units, the last not full.
        var size = (Units + 31) / 32 * 32 * Features;
        var store = new ParameterStore(
            [new("a", [Units, Features], 0, [new((Units + 31) / 32, 32 * Features), new(32, 1), new(Features, 32)], kind, fanIn, fanOut)], size, size);
        store.Initialize(seed);
        return store["a"].ToArray();
    }

    private static uint Hash(float[] values) =>
        values.Aggregate(2166136261u, (hash, value) => unchecked((hash ^ BitConverter.SingleToUInt32Bits(value)) * 16777619u));

    private static void AssertMoments(double[] values, double variance, double kurtosis)
    {
        Assert.Equal(0, values.Average(), 0.006);
        Assert.Equal(0, values.Average(value => value * value * value), 0.02);
        Assert.Equal(variance, values.Average(value => value * value), 0.006);
        Assert.Equal(kurtosis, values.Average(value => Math.Pow(value, 4)), 0.06);
    }
}
