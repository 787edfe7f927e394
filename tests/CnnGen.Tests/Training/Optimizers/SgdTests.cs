using CnnGen.Runtime;
using CnnGen.Tests.Memory;
using CnnGen.Tests.Threading;

namespace CnnGen.Tests.Training.Optimizers;

[Collection(ThreadsCollection.Name)]
public class SgdTests
{
    private static ParameterStore Store(int trained, int total, float value = 1, float gradient = 0)
    {
        var store = new ParameterStore([new ParameterDefinition("p", [total], 0, [new Axis(total, 1)], Initialization.Zeros)], trained, total);
        for (var i = 0; i < total; i++)
            store.All[0][i] = value;
        store.Gradients.Fill(gradient);
        return store;
    }

    /// <summary>Three steps on w = 1 with gradients 0.5, -0.25, 1: every number worked out by hand from the rule.</summary>
    [Theory]

    // w = 1 - 0.1 * 0.5 = 0.95; + 0.1 * 0.25 = 0.975; - 0.1 * 1 = 0.875
    [InlineData(0, false, 0, 0.95, 0.975, 0.875)]

    // v = 0.5, 0.9 * 0.5 - 0.25 = 0.2, 0.9 * 0.2 + 1 = 1.18
    [InlineData(0.9, false, 0, 0.95, 0.93, 0.812)]

    // The steps are g + 0.9 v: 0.5 + 0.45 = 0.95, -0.25 + 0.18 = -0.07, 1 + 1.062 = 2.062
    [InlineData(0.9, true, 0, 0.905, 0.912, 0.7058)]

    // g = 0.5 + 0.1 * 1 = 0.6 -> 0.94; -0.25 + 0.094 = -0.156 -> 0.9556; 1 + 0.09556 = 1.09556 -> 0.846044
    [InlineData(0, false, 0.1, 0.94, 0.9556, 0.846044)]

    // v = 0.6 -> 0.94; 0.54 - 0.156 = 0.384 -> 0.9016; 0.3456 + 1.09016 = 1.43576 -> 0.758024
    [InlineData(0.9, false, 0.1, 0.94, 0.9016, 0.758024)]

    // 0.6 + 0.54 = 1.14 -> 0.886; g = -0.1614, v = 0.3786, -0.1614 + 0.34074 = 0.17934 -> 0.868066;
    // g = 1.0868066, v = 1.4275466, 1.0868066 + 1.28479194 = 2.37159854 -> 0.630906146
    [InlineData(0.9, true, 0.1, 0.886, 0.868066, 0.630906146)]
    public void Steps_are_those_of_the_rule(double momentum, bool nesterov, double weightDecay, double first, double second, double third)
    {
        var sgd = new Sgd(0.1f, (float)momentum, nesterov, (float)weightDecay);

        // 37 is no multiple of a vector: the loop's end is checked too.
        var store = Store(37, 40);
        foreach (var (gradient, expected) in new[] { (0.5f, first), (-0.25f, second), (1f, third) })
        {
            store.Gradients.Fill(gradient);
            sgd.Step(store);
            foreach (var value in store.Values)
                Assert.Equal(expected, value, 6);
        }

        for (var i = 37; i < 40; i++)
            Assert.Equal(1f, store.All[0][i]); // Running statistics are left alone.
    }

    [Theory]
    [InlineData(0f, false)]
    [InlineData(0.9f, false)]
    [InlineData(0.9f, true)]
    public void All_elements_take_the_same_steps_bit_for_bit_with_any_number_of_threads(float momentum, bool nesterov)
    {
        const int length = 300_003;
        uint[]? expected = null;
        foreach (var threads in new[] { 1, 2, 3, 4 })
        {
            using var with = new WithThreads(threads);
            var store = Store(length, length);
            var sgd = new Sgd(0.05f, momentum, nesterov, 0.01f);
            for (var step = 0; step < 4; step++)
            {
                for (var i = 0; i < length; i++)
                    store.Gradients[i] = MathF.Sin((i % 1000) + (0.1f * step));
                sgd.Step(store);
            }

            var bits = store.Values.ToArray().Select(BitConverter.SingleToUInt32Bits).ToArray();
            for (var i = 1000; i < length; i++)
            {
                if (bits[i] != bits[i % 1000])
                    Assert.Fail($"Element {i} took another step than element {i % 1000}."); // In a vector or in the loop's end: the same.
            }

            expected ??= bits;
            Assert.Equal(expected, bits);
        }
    }

    [Theory]
    [InlineData(0f, false)]
    [InlineData(0.9f, true)]
    public void Unused_lanes_stay_zero(float momentum, bool nesterov)
    {
        var store = Store(100, 100, value: 0);
        var sgd = new Sgd(0.1f, momentum, nesterov, 0.1f);
        for (var step = 0; step < 3; step++)
            sgd.Step(store);
        Assert.All(store.Values.ToArray(), value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Doubles_are_taken_for_the_floats_of_the_same_digits()
    {
        var sgd = new Sgd(0.001, momentum: 0.9, weightDecay: 0.0005);

        Assert.Equal((0.001f, 0.9f, 0.0005f), (sgd.LearningRate, sgd.Momentum, sgd.WeightDecay));
    }

    [Fact]
    public void Each_store_has_momentum_of_its_own()
    {
        var sgd = new Sgd(0.1f, momentum: 0.9f);
        var (one, other) = (Store(4, 4, gradient: 1), Store(4, 4, gradient: 1));
        sgd.Step(one);
        sgd.Step(one);
        sgd.Step(other);
        Assert.Equal(1 - 0.1 - 0.19, one.Values[0], 6);
        Assert.Equal(0.9, other.Values[0], 6);
    }

    [Fact]
    public void A_step_takes_the_rate_it_is_given()
    {
        var store = Store(4, 4, gradient: 1);
        new Sgd(0.1).Step(store, 0.5f);
        Assert.Equal(0.5f, store.Values[0]);
    }

    [Fact]
    public void A_step_allocates_nothing_after_the_first()
    {
        using var with = new WithThreads(2);
        var store = Store(200_000, 200_000);
        var sgd = new Sgd(0.1f, 0.9f);
        for (var i = 0; i < 50; i++)
            sgd.Step(store);
        Assert.Equal(0, Allocations.Least(100, () => sgd.Step(store)));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        foreach (var rate in new[] { -0.1f, float.NaN, float.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Sgd(rate));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Sgd(1).Step(Store(1, 1), rate));
            Assert.Throws<ArgumentOutOfRangeException>("weightDecay", () => new Sgd(1, weightDecay: rate));
            Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new Sgd(1, rate));
        }

        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new Sgd(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Sgd(0));
        Assert.Throws<ArgumentException>("nesterov", () => new Sgd(1, nesterov: true));
        Assert.Throws<ArgumentNullException>("parameters", () => new Sgd(1).Step(null!));
    }
}
