using CnnGen.Insight.Tests.Models;

namespace CnnGen.Insight.Tests.Explaining;

/// <summary>What excites a compiled network's maps, and what their elements see.</summary>
public sealed class TopPatchesTests
{
    /// <summary>The rectangle that has a gradient for any of some images is what the table's windows say; it is not beyond it for any element.</summary>
    [Fact]
    public void Receptive_fields_are_where_the_gradient_is()
    {
        using var net = Shapes.Trained;
        using var network = net.Explain();
        const int Count = 24;
        var data = Shapes.Make(Count, seed: 12);
        var images = Enumerable.Range(0, Count).SelectMany(n => Shapes.Image(data, n)).ToArray();
        network.Forward(images, Count);
        foreach (var (layer, y, x) in new[] { (net.Conv1.Index, 0, 7), (net.ReLU1.Index, 9, 15), (net.MaxPool1.Index, 3, 4), (net.Conv2.Index, 0, 5), (net.Conv3.Index, 2, 2), (net.ReLU2.Index, 4, 4), (net.Conv4.Index, 1, 2), (net.Dense1.Index, 0, 0) })
        {
            var shape = network.ShapeOf(layer);
            var seed = new float[Count * shape.Length];
            for (var i = 0; i < Count * shape.Channels; i++)
                seed[(i * shape.Height * shape.Width) + (y * shape.Width) + x] = 1 + (i % 7);
            network.Backward(layer, seed);
            var gradient = new float[images.Length];
            network.CopyGradients(0, gradient);
            var seen = Enumerable.Range(0, gradient.Length).Where(i => gradient[i] != 0).Select(i => (Y: i / Shapes.Side % Shapes.Side, X: i % Shapes.Side)).ToList();
            var (top, left) = (seen.Min(one => one.Y), seen.Min(one => one.X));
            var area = new ImageArea(top, left, seen.Max(one => one.Y) - top + 1, seen.Max(one => one.X) - left + 1);
            Assert.Equal(network.Fields.Of(layer, y, x).Within(network.ShapeOf(0)), area);
        }
    }

    [Fact]
    public void The_strongest_patches_are_found_and_drawn_with_their_projections()
    {
        using var net = Shapes.Trained;
        using var network = net.Explain();
        var data = Shapes.Make(70, seed: 13);
        var layer = net.ReLU3.Index;
        var top = TopPatches.Find(network, layer, data, ShapeNet.Normalization, most: 4);

        // Against each image by itself.
        var shape = network.ShapeOf(layer);
        var best = new List<Excitement>[shape.Channels];
        var activations = new float[shape.Length];
        for (var n = 0; n < data.Count; n++)
        {
            network.Forward(Shapes.Image(data, n), 1);
            network.CopyActivations(layer, activations);
            for (var channel = 0; channel < shape.Channels; channel++)
            {
                var map = activations.AsSpan(channel * shape.Height * shape.Width, shape.Height * shape.Width).ToArray();
                var at = Array.IndexOf(map, map.Max());
                (best[channel] ??= []).Add(new Excitement(n, map[at], at / shape.Width, at % shape.Width));
            }
        }

        Assert.Equal(data.Count, top.Count);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var expected = best[channel].OrderByDescending(one => one.Value).Take(4).Select(one => one.Value).ToArray();
            var found = top.Of(channel).Select(one => one.Value).ToArray();
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], found[i], 1e-4);
        }

        var strongest = Enumerable.Range(0, shape.Channels).MaxBy(channel => top.Of(channel)[0].Value);
        var picture = TopPatches.Draw(network, layer, strongest, top, network.Fields, data, ShapeNet.Normalization, name: "ReLU3");
        var plain = TopPatches.Draw(network, layer, strongest, top, network.Fields, data, ShapeNet.Normalization, hasProjections: false, name: "ReLU3");
        Assert.True(picture.Height > plain.Height + 40);

        // The first patch is the part of its image that the element sees, each pixel a square.
        var first = top.Of(strongest)[0];
        var area = network.Fields.Of(layer, first.Y, first.X).Within(data.Shape);
        var pixels = Enumerable.Range(0, plain.Width * plain.Height).Select(i => plain[i % plain.Width, i / plain.Width]).ToHashSet();
        for (var y = area.Top; y < area.Top + area.Height; y++)
        {
            for (var x = area.Left; x < area.Left + area.Width; x++)
                Assert.Contains(Rgb.Grey(data.GetBytes(first.Image)[(y * Shapes.Side) + x]), pixels);
        }

        Assert.Contains("reads 1x16x16", Assert.Throws<ArgumentException>(() => TopPatches.Find(network, layer, new ByteImageDataset(new ImageShape(1, 2, 2), new byte[4], new int[1], 1), ShapeNet.Normalization)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TopPatches.Draw(network, net.Conv1.Index, 0, top, network.Fields, data, ShapeNet.Normalization));
    }

    /// <summary>Of a layer before any ReLU the projection is the gradient times the activation; of a later one all ReLUs count.</summary>
    [Fact]
    public void A_projection_is_the_transposed_network()
    {
        using var net = Shapes.Trained;
        using var network = net.Explain();
        var image = Shapes.Image(Shapes.Make(1, seed: 14), 0);
        var unit = Unit.Of(network, net.Conv1.Index, 2, 5, 6);
        var (activation, weights) = (Attribution.ScoreOf(network, image, unit), net.Conv1.Weight.ToArray());

        var projection = Attribution.Deconvolution(network, image, unit);
        for (var i = 0; i < projection.Length; i++)
        {
            var (y, x) = ((i / Shapes.Side) - 4, (i % Shapes.Side) - 5);
            var expected = y is >= 0 and < 3 && x is >= 0 and < 3 ? activation * weights[(2 * 9) + (y * 3) + x] : 0;
            Assert.Equal(expected, projection[i], 1e-4);
        }

        var deep = Unit.OfClass(network, 1);
        Assert.NotEqual(Attribution.Gradient(network, image, deep), Attribution.Deconvolution(network, image, deep));
        Assert.NotEqual(Attribution.GuidedBackpropagation(network, image, deep), Attribution.Gradient(network, image, deep));
    }
}
