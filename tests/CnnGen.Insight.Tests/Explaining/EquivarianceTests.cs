using CnnGen.Insight.Tests.Models;

namespace CnnGen.Insight.Tests.Explaining;

/// <summary>Whether maps go along with the image, and which pixels move them, of networks of which it is known.</summary>
public sealed class EquivarianceTests
{
    [Fact]
    public void Maps_go_along_with_moves_by_whole_strides_and_with_nothing_else()
    {
        using var net = Shapes.Trained;
        using var network = net.Explain();
        var image = Shapes.Image(Shapes.Make(1, seed: 31), 0);
        var moved = Equivariance.Of(network, network.Fields, image, ImageChange.MoveRight, [-2, -1, 0, 1, 2], [(net.ReLU1.Index, "ReLU1"), (net.MaxPool1.Index, "MaxPool1")]);

        // Stride 1 goes along with each move; a pool of 2 with every other.
        Assert.All(moved.Distances[0].Distances, distance => Assert.Equal(0, distance, 1e-6));
        Assert.All((int[])[0, 2, 4], i => Assert.Equal(0, moved.Distances[1].Distances[i], 1e-6));
        Assert.All((int[])[1, 3], i => Assert.True(moved.Distances[1].Distances[i] > 0.01));
        var turned = Equivariance.Of(network, network.Fields, image, ImageChange.Rotate, [0, 90], [(net.ReLU1.Index, "ReLU1")]);
        Assert.Equal(0, turned.Distances[0].Distances[0], 1e-6);
        Assert.True(turned.Distances[0].Distances[1] > 0.1);
        Assert.Contains("degrees", turned.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("Dense1 makes 4x1x1", Assert.Throws<ArgumentException>(() => Equivariance.Of(network, network.Fields, image, ImageChange.MoveDown, [1], [(net.Dense1.Index, "Dense1")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_of_equal_weights_goes_along_with_a_quarter_turn()
    {
        using var net = BoxNet.Create();
        net.Conv1.Weight.Set([1, 1, 1, 1, 1, 1, 1, 1, 1]);
        using var network = net.Explain();
        var random = new Random(3);
        var image = Enumerable.Range(0, 121).Select(_ => random.NextSingle()).ToArray();
        var turned = Equivariance.Of(network, network.Fields, image, ImageChange.Rotate, [90, 180], [(net.Conv1.Index, "Conv1")]);

        Assert.All(turned.Distances[0].Distances, distance => Assert.Equal(0, distance, 1e-4));
    }

    /// <summary>Two convolutions of ones: the ways from a pixel to the element are counted by 1 2 3 2 1, down and across.</summary>
    [Fact]
    public void The_effective_field_counts_the_ways()
    {
        using var net = BoxNet.Create();
        net.Conv1.Weight.Set([1, 1, 1, 1, 1, 1, 1, 1, 1]);
        net.Conv2.Weight.Set([1, 1, 1, 1, 1, 1, 1, 1, 1]);
        using var network = net.Explain();
        var images = new ByteImageDataset(new ImageShape(1, 11, 11), new byte[2 * 121], new int[2], 2);
        var field = EffectiveField.Of(network, net.Conv2.Index, 3, 4, images, BoxNet.Normalization);

        int[] ways = [1, 2, 3, 2, 1];
        for (var y = 0; y < 11; y++)
        {
            for (var x = 0; x < 11; x++)
                Assert.Equal(y is >= 3 and < 8 && x is >= 4 and < 9 ? ways[y - 3] * ways[x - 4] : 0, field.Values[(y * 11) + x], 1e-5);
        }

        Assert.Equal(5, field.Side(), 1e-9);
        Assert.Equal(3, field.Side(0.4), 1e-9);
        Assert.Equal(Math.Sqrt(13), field.Side(0.3), 1e-9);
        Assert.Equal((11, 11), (field.Draw(isLogarithmic: true).Width, field.Draw().Height));
        Assert.Throws<ArgumentOutOfRangeException>(() => field.Side(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectiveField.Of(network, net.Conv2.Index, 7, 0, images, BoxNet.Normalization));
    }

    [Fact]
    public void Nothing_outside_the_field_moves_an_element()
    {
        using var net = Shapes.Trained;
        using var network = net.Explain();
        var data = Shapes.Make(6, seed: 32);
        var area = network.Fields.Of(net.ReLU2.Index, 2, 5);
        var field = EffectiveField.Of(network, net.ReLU2.Index, 2, 5, data, ShapeNet.Normalization);
        for (var i = 0; i < field.Values.Count; i++)
        {
            var (y, x) = (i / Shapes.Side, i % Shapes.Side);
            Assert.True(field.Values[i] == 0 || (y >= area.Top && y < area.Top + area.Height && x >= area.Left && x < area.Left + area.Width));
        }

        Assert.InRange(field.Side(), 1, Math.Sqrt(area.Height * area.Width));
    }

    [Fact]
    public void The_numbers_of_a_layer_are_counted_over_the_images()
    {
        float[] w = [1, -2, 0.5f, 0, 3, -1, 2, 0.25f, -0.5f];
        var network = new QuadraticNetwork(3, w, new float[9]);
        var images = new FloatImageDataset(new ImageShape(1, 3, 3), (float[])[.. Enumerable.Range(0, 9).Select(i => -(float)i), .. Enumerable.Range(0, 9).Select(i => -2f * i)], (int[])[0, 1], 2);
        var spread = LayerSpread.Of(network, 1, images, new Normalization([0], [1]), bins: 8);

        // The maps 2x and x^2 of all x at and below 0: 2x is never above it.
        Assert.Equal(36, spread.Activations.Total);
        Assert.Equal((-32, 256), (spread.Activations.Low, spread.Activations.High));
        Assert.Equal(1, spread.SilentMaps);

        // The score -3 (sum of 2x) is the larger one: its gradient by 2x is -3, and 0 by the squares.
        Assert.Equal((-3, 0), (spread.Gradients!.Low, spread.Gradients.High));
        Assert.Equal((18, 18), (spread.Gradients.Counts[0], spread.Gradients.Counts[^1]));
        Assert.Null(LayerSpread.Of(network, 2, images, new Normalization([0], [1])).Gradients);
    }
}
