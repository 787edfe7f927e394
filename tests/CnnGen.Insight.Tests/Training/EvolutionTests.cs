using System.Xml.Linq;
using CnnGen.Insight.Tests.Models;

namespace CnnGen.Insight.Tests.Training;

/// <summary>How weights and features come about, by callbacks of a training.</summary>
public sealed class EvolutionTests
{
    [Fact]
    public void A_training_is_looked_at_after_its_epochs_and_goes_as_without()
    {
        var data = Shapes.Make(96, seed: 20);
        using var alone = ShapeNet.Create(seed: 5);
        new Trainer<ShapeNet>(alone, new Adam(), seed: 2).Fit(data, epochs: 3, batchSize: 32);

        using var model = ShapeNet.Create(seed: 5);
        using var network = model.Explain();
        var weights = new WeightEvolution(bins: 16);
        var features = new FeatureEvolution(network, model.ReLU2.Index, [1, 4], network.Fields, data.Subset(0, 20), ShapeNet.Normalization, epoch => epoch != 2);
        Assert.Contains("No epoch is finished", Assert.Throws<ArgumentException>(() => weights.ValuesOf("conv1.weight")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => features.Draw());
        new Trainer<ShapeNet>(model, new Adam(), seed: 2) { Callbacks = [weights, features] }.Fit(data, epochs: 3, batchSize: 32);

        Assert.Equal(alone.Parameters.Values.ToArray(), model.Parameters.Values.ToArray());
        Assert.Equal(model.Parameters.All.Where(one => one.IsTrained).Select(one => one.Name), weights.Names);
        Assert.Equal(3, weights.ValuesOf("conv1.weight").Count);
        Assert.Equal(Histogram.Of(model.Conv1.Weight.ToArray(), 16).Counts, weights.ValuesOf("conv1.weight")[^1].Counts);
        Assert.Equal(54, weights.GradientsOf("conv1.weight")[0].Total);
        Assert.Equal(5, XDocument.Parse(weights.ToSvg("conv1.weight", ofGradients: true)).Descendants("{http://www.w3.org/2000/svg}polyline").Count());
        Assert.Contains("conv1.weight, conv1.bias", Assert.Throws<ArgumentException>(() => weights.ToSvg("conv9.weight")).Message, StringComparison.Ordinal);


        // A training that goes on counts its epochs on.
        var later = new WeightEvolution();
        foreach (var epoch in (int[])[7, 9])
            later.OnEpoch(new Trainer<ShapeNet>(model, new Adam()), new EpochResult(epoch, 0, 0, null, null, 0, 0, 0));
        var axis = XDocument.Parse(later.ToSvg("conv1.weight")).Descendants("{http://www.w3.org/2000/svg}text").Select(text => text.Value).ToList();
        Assert.Contains("7", axis);
        Assert.Contains("9", axis);

        Assert.Equal([1, 3], features.Epochs);
        Assert.Equal(TopPatches.Find(network, model.ReLU2.Index, data.Subset(0, 20), ShapeNet.Normalization, 1).Of(4)[0], features.TopsOf(1)[1]);
        Assert.NotEqual(features.TopsOf(0)[0].Value, features.TopsOf(1)[0].Value);
        Assert.True(features.Draw().Width >= 2 * 64);
        Assert.NotEqual(features.Draw().Pixels, features.Draw(ofPatches: true, name: "ReLU2").Pixels);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureEvolution(network, model.ReLU2.Index, [8], network.Fields, data, ShapeNet.Normalization));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightEvolution(0));
    }

    [Fact]
    public void What_layers_compute_is_counted_after_each_epoch()
    {
        var data = Shapes.Make(64, seed: 20);
        using var model = ShapeNet.Create(seed: 5);
        using var network = model.Explain();
        var few = data.Subset(0, 8);
        var evolution = new ActivationEvolution(network, [(model.ReLU1.Index, "ReLU1"), (ShapeNet.Summary.Layers.Count, "scores")], few, ShapeNet.Normalization, bins: 16);
        Assert.Throws<InvalidOperationException>(() => evolution.ToSvg("ReLU1"));
        Assert.Throws<InvalidOperationException>(evolution.SilentToSvg);

        // Of a network without weights every activation is zero, and no map ever is above it.
        var weights = model.Parameters.Values.ToArray();
        model.Parameters.Values.Clear();
        evolution.OnEpoch(new Trainer<ShapeNet>(model, new Adam()), new EpochResult(1, 0, 0, null, null, 0, 0, 0));
        weights.CopyTo(model.Parameters.Values);
        new Trainer<ShapeNet>(model, new Adam(), seed: 2) { Callbacks = [evolution] }.Fit(data, epochs: 2, batchSize: 32);

        Assert.Equal([1, 1, 2], evolution.Epochs);
        var spreads = evolution.Of("ReLU1");
        var maps = model.ReLU1.OutputShape;
        Assert.Equal(maps.Channels, spreads[0].SilentMaps);
        Assert.InRange(spreads[2].SilentMaps, 0, maps.Channels - 1);
        Assert.All(spreads, spread => Assert.Equal(few.Count * maps.Length, spread.Activations.Total));
        Assert.Equal(LayerSpread.Of(network, model.ReLU1.Index, few, ShapeNet.Normalization, 16).Activations.Counts, spreads[2].Activations.Counts);
        Assert.NotEqual(spreads[1].Activations.High, spreads[2].Activations.High);
        Assert.Equal(5, Lines(evolution.ToSvg("ReLU1")));
        Assert.Equal(5, Lines(evolution.ToSvg("ReLU1", ofGradients: true)));
        Assert.Equal(2, Lines(evolution.SilentToSvg()));

        Assert.Contains("ReLU1, scores", Assert.Throws<ArgumentException>(() => evolution.Of("ReLU9")).Message, StringComparison.Ordinal);
        Assert.Contains("behind the scores", Assert.Throws<ArgumentException>(() => evolution.ToSvg("scores", ofGradients: true)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ActivationEvolution(network, [], few, ShapeNet.Normalization));
        Assert.Throws<ArgumentException>(() => new ActivationEvolution(network, [(1, "one")], data.Subset(0, 0), ShapeNet.Normalization));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationEvolution(network, [(99, "none")], few, ShapeNet.Normalization));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationEvolution(network, [(1, "one")], few, ShapeNet.Normalization, bins: 0));
    }

    private static int Lines(string svg) => XDocument.Parse(svg).Descendants("{http://www.w3.org/2000/svg}polyline").Count();
}
