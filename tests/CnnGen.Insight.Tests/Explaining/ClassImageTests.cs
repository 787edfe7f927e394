namespace CnnGen.Insight.Tests.Explaining;

/// <summary>Gradient ascent over a network whose best image is known.</summary>
public sealed class ClassImageTests
{
    private const int Side = 6;
    private static readonly Unit s_first = new(2, 0);

    [Fact]
    public void It_climbs_to_the_top()
    {
        // The score is the sum of 2 w x - x^2: its top is x = w.
        var random = new Random(1);
        var w = new float[Side * Side];
        for (var i = 0; i < w.Length; i++)
            w[i] = (random.NextSingle() * 2) - 1;
        var network = new QuadraticNetwork(Side, w, [.. Enumerable.Repeat(-1f, w.Length)]);
        var plain = new ClassImageOptions { L2 = 0, TotalVariation = 0, BlurEvery = 0, Jitter = 0, Rate = 0.01, Steps = 400 };

        var result = ClassImage.Maximize(network, s_first, plain);

        Assert.True(result.After > result.Before);
        for (var i = 0; i < w.Length; i++)
            Assert.Equal(w[i], result.Image[i], 0.05);
        Assert.Equal(result.Image, ClassImage.Maximize(network, s_first, plain).Image);
        Assert.NotEqual(result.Image, ClassImage.Maximize(network, s_first, plain with { Seed = 1 }).Image);
    }

    [Fact]
    public void Each_penalty_does_what_it_says()
    {
        var w = new float[Side * Side];
        for (var i = 0; i < w.Length; i++)
            w[i] = ((i / Side) + (i % Side)) % 2 == 0 ? 1.5f : 0.5f; // A chessboard on a grey ground.
        var network = new QuadraticNetwork(Side, w, new float[w.Length]);
        var plain = new ClassImageOptions { L2 = 0, TotalVariation = 0, BlurEvery = 0, Jitter = 0, Noise = 0, Rate = 0.05, Steps = 60 };
        float[] Make(ClassImageOptions options) => ClassImage.Maximize(network, s_first, options).Image;
        static double Size(float[] image) => Math.Sqrt(image.Sum(x => (double)x * x));
        static double Rough(float[] image) => Enumerable.Range(0, image.Length - 1).Where(i => i % Side != Side - 1).Sum(i => Math.Pow(image[i + 1] - image[i], 2)) / Math.Pow(Size(image), 2);

        var free = Make(plain);
        Assert.True(Size(Make(plain with { L2 = 1 })) < 0.5 * Size(free));
        Assert.True(Rough(Make(plain with { TotalVariation = 0.2 })) < 0.5 * Rough(free));
        Assert.True(Rough(Make(plain with { BlurEvery = 1, Blur = 0.7 })) < 0.5 * Rough(free));
        Assert.True(Rough(Make(plain with { Jitter = 3 })) < 0.5 * Rough(free));
        Assert.All(Make(plain with { Low = -0.1f, High = 0.2f }), x => Assert.InRange(x, -0.1f, 0.2f));
        Assert.InRange(Make(plain with { Mean = 7, L2 = 5 }).Average(), 6.5f, 7.5f);
    }

    [Fact]
    public void Options_out_of_range_and_gradients_that_are_no_number_are_said()
    {
        var network = new QuadraticNetwork(1, [float.NaN], [0]);
        Assert.Contains("step 0", Assert.Throws<InvalidOperationException>(() => ClassImage.Maximize(network, s_first)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassImage.Maximize(network, s_first, new ClassImageOptions { Rate = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassImage.Maximize(network, s_first, new ClassImageOptions { L2 = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassImage.Maximize(network, s_first, new ClassImageOptions { Low = 2, High = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassImage.Maximize(network, new Unit(2, 5)));
    }
}
