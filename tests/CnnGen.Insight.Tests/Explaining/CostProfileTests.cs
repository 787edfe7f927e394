using System.Diagnostics;
using CnnGen.Insight.Tests.Models;

namespace CnnGen.Insight.Tests.Explaining;

/// <summary>What layers cost: numbers from the table, and times of which the clock is the tests'.</summary>
public sealed class CostProfileTests
{
    [Fact]
    public void A_layer_s_time_is_what_a_run_up_to_it_takes_longer()
    {
        // Three rounds of three layers: medians of 5, 6, 4; of 3, 2, 2; and of -1, 0, -2, which is noise.
        Assert.Equal([5, 2, 0], CostProfile.Steps([[5, 8, 7], [6, 8, 8], [4, 6, 4]]));
        Assert.Equal([1.5], CostProfile.Steps([[1], [2]]));
    }

    [Fact]
    public void Costs_are_those_of_the_table_and_of_the_clock()
    {
        var clock = 0L;
        var summary = ShapeNet.Summary;
        var runs = new int[summary.Layers.Count + 1];

        // A run through layer n takes n microseconds and one more.
        var costs = CostProfile.Of(summary, layer =>
        {
            runs[layer]++;
            clock += (layer + 1) * Stopwatch.Frequency / 1_000_000;
        }, seconds: 1e-9, () => clock);

        Assert.Equal(3, costs.Rounds);
        Assert.All(Enumerable.Range(1, summary.Layers.Count - 1), layer => Assert.Equal(3, runs[layer]));
        Assert.Equal(2000, costs.Layers[0].Nanoseconds, 1e-6);
        Assert.All(costs.Layers.Skip(1), layer => Assert.Equal(1000, layer.Nanoseconds, 1e-6));

        // Conv1: 6 filters of 3 x 3 over one channel, 16 x 16 places; Add1 reads two maps of 8 x 8 x 8 and writes one.
        Assert.Equal((6 * 9 * 256, 60), (costs.Layers[0].MultiplyAdds, costs.Layers[0].Parameters));
        Assert.Equal(4 * (256 + (6 * 256) + 60), costs.Layers[0].Bytes);
        Assert.Equal(4 * 3 * 512, costs.Layers.Single(layer => layer.Name == "Add1").Bytes);
        Assert.Equal(costs.Layers[0].MultiplyAdds / 2e-6 / costs.PeakMultiplyAdds, costs.Layers[0].PeakShare, 1e-9);
        Assert.Equal(0, costs.Layers[1].PeakShare);
        Assert.Equal("2.0 µs", costs.Notes["Conv1"]);
        Assert.Equal(summary.MultiplyAdds, costs.Total.MultiplyAdds);
        Assert.Contains("Add1", costs.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CostProfile.Of(summary, _ => { }, 0, () => 0));
    }

    [Fact]
    public void A_model_is_measured()
    {
        using var net = Shapes.Trained;
        var costs = net.Profile(new float[256], seconds: 0.01);

        Assert.Equal(ShapeNet.Summary.Layers.Select(layer => layer.Name), costs.Layers.Select(layer => layer.Name));
        Assert.All(costs.Layers, layer => Assert.True(layer.Nanoseconds >= 0 && double.IsFinite(layer.Nanoseconds)));
        Assert.True(costs.Total.Nanoseconds > 0);
        Assert.True(costs.PeakMultiplyAdds > 1e8);
        Assert.Throws<ArgumentException>(() => net.Profile(new float[255]));
    }
}
