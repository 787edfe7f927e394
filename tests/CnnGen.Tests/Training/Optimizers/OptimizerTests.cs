using CnnGen.Runtime;
using CnnGen.Tests.Memory;
using CnnGen.Tests.Threading;

namespace CnnGen.Tests.Training.Optimizers;

/// <summary>What all optimisers have in common.</summary>
[Collection(ThreadsCollection.Name)]
public class OptimizerTests
{
    private static readonly Dictionary<string, Func<Optimizer>> s_all = new()
    {
        ["Sgd"] = () => new Sgd(0.05, 0.9, true, 0.01),
        ["Adagrad"] = () => new Adagrad(0.05, 0.1, 0.01),
        ["RmsProp"] = () => new RmsProp(0.01, 0.9, 1e-8, 0.01, 0.5, true),
        ["Adam"] = () => new Adam(0.01, weightDecay: 0.01, amsGrad: true),
        ["AdamW"] = () => new AdamW(0.01),
        ["Nadam"] = () => new Nadam(0.01),
        ["Lion"] = () => new Lion(0.01, weightDecay: 0.1),
        ["Lars"] = () => new Lars(0.5, weightDecay: 0.01),
        ["Lamb"] = () => new Lamb(0.01),
        ["Muon"] = () => new Muon(0.02, inner: new Adam()),
        ["Lookahead"] = () => new Lookahead(new Lamb(0.01), 2),
    };

    public static TheoryData<string> Names => [.. s_all.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_give_the_same_bits_on_any_number_of_threads(string name)
    {
        uint[]? expected = null;
        foreach (var threads in new[] { 1, 2, 3, 4 })
        {
            using var with = new WithThreads(threads);
            var store = new ParameterStore(
                [
                    new ParameterDefinition("a.weight", [401, 500], 0, [new Axis(401, 500), new Axis(500, 1)], Initialization.Zeros),
                    new ParameterDefinition("a.bias", [401], 200_512, [new Axis(401, 1)], Initialization.Zeros),
                ],
                200_928,
                200_928);
            for (var i = 0; i < 200_500; i++)
                store.Values[i] = MathF.Sin(i % 1013);
            var optimizer = s_all[name]();
            for (var step = 0; step < 3; step++)
            {
                for (var i = 0; i < 200_500; i++)
                    store.Gradients[i] = MathF.Cos((i % 1009) + (0.1f * step));
                optimizer.Step(store);
            }

            var bits = OptimizerStores.Bits(store);
            Assert.Contains(bits, bit => float.IsFinite(BitConverter.UInt32BitsToSingle(bit)) && bit != 0);
            Assert.DoesNotContain(bits, bit => !float.IsFinite(BitConverter.UInt32BitsToSingle(bit)));
            expected ??= bits;
            Assert.Equal(expected, bits);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Unused_lanes_and_running_statistics_stay_as_they_are(string name)
    {
        var store = OptimizerStores.Packed();
        var mean = store["norm1.running_mean"].ToArray();
        var used = store.All.SelectMany(parameter => Enumerable.Range(0, parameter.Length).Select(parameter.Layout.PackedIndex)).ToHashSet();
        var optimizer = s_all[name]();
        for (var step = 0; step < 4; step++)
        {
            OptimizerStores.Gradients(store, step);
            optimizer.Step(store);
        }

        Assert.Equal(mean, store["norm1.running_mean"].ToArray());
        for (var i = 0; i < store.ValuesAndStatistics.Length; i++)
            Assert.True(used.Contains(i) || store.ValuesAndStatistics[i] == 0, $"lane {i} holds {store.ValuesAndStatistics[i]}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_of_zero_is_no_division_by_zero(string name)
    {
        var store = OptimizerStores.Packed();
        var optimizer = s_all[name]();
        store.Gradients.Clear();
        optimizer.Step(store);
        optimizer.Step(store);
        Assert.All(store.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_store_has_a_state_of_its_own_and_a_step_says_that_parameters_changed(string name)
    {
        var (one, other, alone) = (OptimizerStores.Packed(), OptimizerStores.Packed(), OptimizerStores.Packed());
        var (shared, own) = (s_all[name](), s_all[name]());
        for (var step = 0; step < 3; step++)
        {
            OptimizerStores.Gradients(one, step + 7);
            OptimizerStores.Gradients(other, step);
            OptimizerStores.Gradients(alone, step);
            var version = one.Version;
            shared.Step(one);
            Assert.NotEqual(version, one.Version);
            shared.Step(other);
            own.Step(alone);
        }

        Assert.Equal(OptimizerStores.Bits(alone), OptimizerStores.Bits(other));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        foreach (var rate in new[] { 0, -0.1, double.NaN, double.PositiveInfinity, 1e-60, 1e60 })
        {
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Adagrad(rate));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new RmsProp(rate));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Adam(rate));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new AdamW(rate));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Nadam(rate));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Lion(rate));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Lars(rate));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Lamb(rate));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Muon(rate));
            Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new Adam(epsilon: rate));
            Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new RmsProp(epsilon: rate));
            Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new Adagrad(epsilon: rate));
            Assert.Throws<ArgumentOutOfRangeException>("trust", () => new Lars(1, trust: rate));
        }

        foreach (var part in new[] { -0.1, 1, double.NaN, 1 - 1e-12 })
        {
            Assert.Throws<ArgumentOutOfRangeException>("beta1", () => new Adam(beta1: part));
            Assert.Throws<ArgumentOutOfRangeException>("beta2", () => new AdamW(beta2: part));
            Assert.Throws<ArgumentOutOfRangeException>("alpha", () => new RmsProp(alpha: part));
            Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new Muon(momentum: part));
        }

        Assert.Throws<ArgumentOutOfRangeException>("weightDecay", () => new Lamb(weightDecay: -1));
        Assert.Throws<ArgumentOutOfRangeException>("iterations", () => new Muon(iterations: 0));
        Assert.Throws<ArgumentOutOfRangeException>("steps", () => new Lookahead(new Adam(), 0));
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => new Lookahead(new Adam(), 5, 1.5));
        Assert.Throws<ArgumentNullException>("inner", () => new Lookahead(null!));
        var adam = new Adam();
        _ = new Lookahead(adam);
        Assert.Contains("within a Lookahead", Assert.Throws<ArgumentException>("inner", () => new Muon(inner: adam)).Message);
        Assert.Throws<ArgumentNullException>("parameters", () => new Adam().Step(null!));
        Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Adam().Step(OptimizerStores.Packed(), float.NaN));
    }

    [Fact]
    public void Lion_shows_a_gradient_that_is_NaN_in_its_weight_and_no_other()
    {
        var store = OptimizerStores.Packed();
        OptimizerStores.Gradients(store, 1);
        store.Gradients[store["dense1.weight"].Layout.PackedIndex(7)] = float.NaN;
        new Lion().Step(store);
        for (var i = 0; i < store["dense1.weight"].Length; i++)
            Assert.Equal(i == 7, float.IsNaN(store["dense1.weight"][i]));
        Assert.DoesNotContain(store["conv1.weight"].ToArray(), float.IsNaN);
    }

    /// <summary>A matrix of a length above 1e-7, however small, is brought to the length 1.</summary>
    [Fact]
    public void Muon_s_step_does_not_depend_on_how_small_gradients_are()
    {
        var (one, other) = (OptimizerStores.Packed(), OptimizerStores.Packed());
        OptimizerStores.Gradients(one, 1);
        OptimizerStores.Gradients(other, 1);
        foreach (ref var gradient in other.Gradients)
            gradient *= 1e-6f;
        new Muon(0.1, iterations: 1).Step(one);
        new Muon(0.1, iterations: 1).Step(other);
        var (expected, values) = (one["conv1.weight"].ToArray(), other["conv1.weight"].ToArray());
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(expected[i], values[i], 1e-6);
    }

    [Fact]
    public void A_step_allocates_nothing_after_the_first()
    {
        using var with = new WithThreads(2);
        foreach (var name in new[] { "Adam", "Lamb", "Lars", "Nadam", "RmsProp" })
        {
            var store = OptimizerStores.Packed();
            var optimizer = s_all[name]();
            var clipping = GradientClipping.ByNorm(1);
            for (var i = 0; i < 50; i++)
                Step();
            Assert.True(Allocations.Least(100, Step) == 0, name);

            void Step()
            {
                clipping.Apply(store, optimizer);
                optimizer.Step(store);
            }
        }
    }
}
