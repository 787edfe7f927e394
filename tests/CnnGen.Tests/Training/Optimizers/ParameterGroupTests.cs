namespace CnnGen.Tests.Training.Optimizers;

public class ParameterGroupTests
{
    /// <summary>One step of plain descent: what each weight moved by, over its gradient.</summary>
    private static Dictionary<string, double> Rates(Optimizer optimizer, int steps = 1)
    {
        var store = OptimizerStores.Packed();
        var rates = new Dictionary<string, double>();
        for (var step = 0; step < steps; step++)
        {
            var before = OptimizerStores.Values(store);
            store.Gradients.Fill(1);
            optimizer.Step(store);
            foreach (var (name, values) in OptimizerStores.Values(store))
                rates[name] = before[name][0] - values[0];
        }

        return rates;
    }

    [Fact]
    public void Groups_are_chosen_by_handle_range_pattern_and_kind()
    {
        var model = OptimizerStores.Packed();
        Assert.Equal(["conv1.bias", "conv1.weight"], ParameterGroup.Of(model["conv1.weight"], model["conv1.bias"]).Choose(model).Order(StringComparer.Ordinal));
        Assert.Equal(["conv1.weight", "dense1.weight"], ParameterGroup.Named("*.weight").Choose(model).Order(StringComparer.Ordinal));
        Assert.Equal(["conv1.bias", "dense1.bias"], ParameterGroup.BiasesAndNorms().Choose(model).Order(StringComparer.Ordinal));
        Assert.Equal(["conv1.bias", "conv1.weight"], ParameterGroup.UpTo("norm1").Choose(model).Order(StringComparer.Ordinal));
        Assert.Equal(["dense1.bias", "dense1.weight"], ParameterGroup.Layers("norm1", "dense1").Choose(model).Order(StringComparer.Ordinal));
        Assert.Equal(["conv1.bias", "conv1.weight"], ParameterGroup.Below("dense1").Choose(model).Order(StringComparer.Ordinal));
        Assert.Equal("parameters below the layer 'dense1': rate x 0.1", (ParameterGroup.Below("dense1") with { RateFactor = 0.1 }).ToString());
        Assert.Contains("has no trained parameter", Assert.Throws<ArgumentException>(() => ParameterGroup.Below("conv1").Choose(model)).Message);
        Assert.Contains("no layer 'dense2'", Assert.Throws<ArgumentException>(() => ParameterGroup.Below("dense2").Choose(model)).Message);
    }

    [Fact]
    public void A_block_is_named_for_all_of_its_layers()
    {
        var model = TransferSample.FiveClassNet.Create(1).Parameters;
        Assert.All(ParameterGroup.UpTo("stage2").Choose(model), name => Assert.Matches("^stage[12]\\.", name));
        Assert.Equal(6, ParameterGroup.UpTo("stage2").Choose(model).Count);
        Assert.Equal(6, ParameterGroup.Below("stage3").Choose(model).Count);
        Assert.Equal(3, ParameterGroup.Layers("stage2", "stage2").Choose(model).Count);
        Assert.Contains("no layer 'stage'", Assert.Throws<ArgumentException>(() => ParameterGroup.UpTo("stage").Choose(model)).Message);
    }

    [Fact]
    public void Each_parameter_has_the_rate_and_decay_of_its_groups()
    {
        var rates = Rates(new Sgd(0.1)
        {
            Groups = [ParameterGroup.Named("*.weight") with { RateFactor = 0.5 }, ParameterGroup.UpTo("conv1") with { RateFactor = 0.1 }],
        });
        Assert.Equal(0.005, rates["conv1.weight"], 6);
        Assert.Equal(0.01, rates["conv1.bias"], 6);
        Assert.Equal(0.05, rates["dense1.weight"], 6);
        Assert.Equal(0.1, rates["dense1.bias"], 6);

        var first = OptimizerStores.Values(OptimizerStores.Packed());
        var decayed = Rates(new Sgd(0.1, weightDecay: 0.5) { Groups = [ParameterGroup.BiasesAndNorms() with { WeightDecay = 0 }] });
        Assert.Equal(0.1, decayed["conv1.bias"], 6);
        Assert.Equal(0.1 * (1 + (0.5 * first["conv1.weight"][0])), decayed["conv1.weight"], 6);
    }

    [Fact]
    public void Frozen_parameters_keep_their_bits_in_every_optimiser_around_or_within()
    {
        ParameterGroup[] groups = [ParameterGroup.UpTo("conv1") with { IsFrozen = true }];
        foreach (var optimizer in new Optimizer[]
        {
            new Adam { Groups = groups }, new Lamb { Groups = groups }, new Muon { Groups = groups }, new Lookahead(new Muon(), 2) { Groups = groups },
            new Lookahead(new Adam { Groups = groups }, 2),
        })
        {
            var store = OptimizerStores.Packed();
            var before = OptimizerStores.Values(store);
            for (var step = 0; step < 3; step++)
            {
                OptimizerStores.Gradients(store, step);
                optimizer.Step(store);
            }

            var after = OptimizerStores.Values(store);
            Assert.Equal(before["conv1.weight"], after["conv1.weight"]);
            Assert.Equal(before["conv1.bias"], after["conv1.bias"]);
            Assert.NotEqual(before["dense1.weight"], after["dense1.weight"]);
            Assert.NotEqual(before["dense1.bias"], after["dense1.bias"]);
        }
    }

    [Fact]
    public void A_warm_up_rises_in_a_line()
    {
        var group = ParameterGroup.Named("dense1.*") with { WarmUpSteps = 4 };
        foreach (var (steps, part) in new[] { (1, 0.25), (2, 0.5), (4, 1), (6, 1) })
        {
            var rates = Rates(new Sgd(0.1) { Groups = [group] }, steps);
            Assert.Equal(0.1 * part, rates["dense1.weight"], 6);
            Assert.Equal(0.1, rates["conv1.weight"], 6);
        }
    }

    [Fact]
    public void An_optimiser_that_has_stepped_keeps_what_it_has_within_another_but_leaves_to_that_one_what_is_its()
    {
        var (one, other) = (OptimizerStores.Packed(), OptimizerStores.Packed());
        var adam = new Adam(0.1);
        OptimizerStores.Gradients(one, 1);
        adam.Step(one);
        one.Values.CopyTo(other.Values);
        var (around, fresh) = (new Muon(inner: adam), new Muon(inner: new Adam(0.1)));
        OptimizerStores.Gradients(one, 2);
        OptimizerStores.Gradients(other, 2);
        around.Step(one);
        fresh.Step(other);
        foreach (var name in new[] { "conv1.weight", "dense1.weight" })
            Assert.Equal(other[name].ToArray(), one[name].ToArray());
        Assert.NotEqual(other["dense1.bias"].ToArray(), one["dense1.bias"].ToArray());
    }

    [Fact]
    public void Groups_of_an_optimiser_within_are_checked_before_anything_is_changed()
    {
        Adam Bad() => new() { Groups = [ParameterGroup.Named("cnov*")] };
        foreach (var optimizer in new Optimizer[] { new Muon(inner: Bad()), new Lookahead(Bad()), new Lookahead(new Muon(inner: Bad())) })
        {
            var store = OptimizerStores.Packed();
            var before = OptimizerStores.Bits(store);
            OptimizerStores.Gradients(store, 1);
            Assert.Throws<ArgumentException>(() => optimizer.Step(store));
            Assert.Equal(before, OptimizerStores.Bits(store));
            var trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(), optimizer);
            Assert.Throws<ArgumentException>(() => trainer.Fit(Images.Easy(10), 1, 5));
            Assert.Empty(trainer.Model.BatchSizes);
        }
    }

    [Fact]
    public void What_names_nothing_or_freezes_all_is_refused_with_what_there_is()
    {
        var store = OptimizerStores.Packed();
        Assert.Contains("conv1.weight", Assert.Throws<ArgumentException>(() => new Adam { Groups = [ParameterGroup.Named("cnov*")] }.Step(store)).Message);
        Assert.Contains("it has conv1, norm1, dense1", Assert.Throws<ArgumentException>(() => new Adam { Groups = [ParameterGroup.UpTo("conv2")] }.Step(store)).Message);
        Assert.Throws<ArgumentException>(() => new Adam { Groups = [ParameterGroup.Layers("dense1", "conv1")] }.Step(store));
        Assert.Throws<ArgumentException>(() => ParameterGroup.Of());
        var all = ParameterGroup.Named("*") with { IsFrozen = true };
        foreach (var optimizer in new Optimizer[] { new Adam { Groups = [all] }, new Muon { Groups = [all] } })
            Assert.Contains("nothing is left to train", Assert.Throws<InvalidOperationException>(() => optimizer.Step(store)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("RateFactor", () => all with { RateFactor = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("WeightDecay", () => all with { WeightDecay = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>("WarmUpSteps", () => all with { WarmUpSteps = -1 });
    }
}
