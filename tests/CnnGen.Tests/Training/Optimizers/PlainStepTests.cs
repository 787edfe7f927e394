namespace CnnGen.Tests.Training.Optimizers;

/// <summary>Ten steps of each optimiser that PyTorch 1.13 lacks, on packed tensors, against <see cref="PlainOptimizers"/>.</summary>
public class PlainStepTests
{
    [Theory]
    [InlineData("Lion")]
    [InlineData("Lars")]
    [InlineData("Lamb")]
    [InlineData("Muon")]
    [InlineData("Muon AdamW")]
    [InlineData("Lookahead")]
    [InlineData("Lookahead Muon")]
    public void Ten_steps_are_those_of_the_rule(string name)
    {
        // Sgd's momentum within Muon, at a rate of its own; Lookahead's steps fall between two ends of its rounds too.
        Optimizer MuonOf(bool matchAdamW) => new Muon(0.02, 0.9, nesterov: !matchAdamW, 0.1, 5, matchAdamW, new Sgd(0.05, 0.8));
        PlainOptimizers.Step PlainMuon(bool matchAdamW) => PlainOptimizers.Muon(0.02, 0.9, !matchAdamW, 0.1, 5, matchAdamW, PlainOptimizers.Sgd(0.05, 0.8));
        (Optimizer Optimizer, PlainOptimizers.Step Plain) pair = name switch
        {
            "Lion" => (new Lion(0.01, 0.9, 0.99, 0.1), PlainOptimizers.Lion(0.01, 0.9, 0.99, 0.1)),
            "Lars" => (new Lars(0.5, 0.9, 0.01, 0.02), PlainOptimizers.Lars(0.5, 0.9, 0.01, 0.02)),
            "Lamb" => (new Lamb(0.02, weightDecay: 0.05), PlainOptimizers.Lamb(0.02, 0.9, 0.999, 1e-6, 0.05)),
            "Muon" => (MuonOf(false), PlainMuon(false)),
            "Muon AdamW" => (MuonOf(true), PlainMuon(true)),
            "Lookahead" => (new Lookahead(new Sgd(0.05, 0.8), 3, 0.4), PlainOptimizers.Lookahead(PlainOptimizers.Sgd(0.05, 0.8), 3, 0.4)),
            _ => (new Lookahead(MuonOf(false), 4), PlainOptimizers.Lookahead(PlainMuon(false), 4, 0.5)),
        };

        var store = OptimizerStores.Packed();
        var expected = OptimizerStores.Values(store);
        for (var step = 1; step <= 10; step++)
        {
            foreach (var (tensor, gradient) in OptimizerStores.Gradients(store, step))
                pair.Plain(tensor, expected[tensor], gradient, store[tensor].Dimensions.Length > 1 ? store[tensor].Dimensions[0] : 1, step);
            pair.Optimizer.Step(store);
            var found = OptimizerStores.Values(store);
            foreach (var (tensor, values) in expected)
            {
                for (var i = 0; i < values.Length; i++)
                    Assert.True(Math.Abs(values[i] - found[tensor][i]) < 1e-5, $"step {step}, {tensor}[{i}]: {found[tensor][i]:R}, the rule gives {values[i]:R}");
            }
        }
    }

    [Fact]
    public void Muon_brings_singular_values_to_about_one()
    {
        // Of rank one but for little: without iterations most directions would stay tiny.
        var store = OptimizerStores.Packed();
        var before = store["dense1.weight"].ToArray();
        OptimizerStores.Gradients(store, 1);
        new Muon(1, 0, nesterov: false, weightDecay: 0, iterations: 10, inner: new Sgd(1)).Step(store);
        var step = store["dense1.weight"].ToArray().Zip(before, (after, earlier) => (after - earlier) / 1.5).ToArray();

        // sqrt(9 / 4) = 1.5 is the step's factor. The sum of squares is that of four singular values between 0.7 and 1.2.
        Assert.InRange(step.Sum(value => value * value), 4 * 0.5, 4 * 1.44);
    }
}
