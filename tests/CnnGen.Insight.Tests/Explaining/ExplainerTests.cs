using CnnGen.Insight.Tests.Models;

namespace CnnGen.Insight.Tests.Explaining;

/// <summary>The methods over a compiled and trained network: what they say is true of it.</summary>
public sealed class ExplainerTests
{
    private static readonly ImageShape s_shape = new(1, Shapes.Side, Shapes.Side);

    /// <summary>Each method as a map of the image, H x W: of a network, an image and a class.</summary>
    private static readonly Dictionary<string, Func<ShapeNet, float[], int, float[]>> s_methods = new()
    {
        ["gradient"] = (net, image, label) => With(net, network => Heatmap.Largest(Attribution.Gradient(network, image, Unit.OfClass(network, label)), s_shape)),
        ["SmoothGrad"] = (net, image, label) => With(net, network => Heatmap.Largest(Attribution.SmoothGrad(network, image, Unit.OfClass(network, label), samples: 16), s_shape)),
        ["gradient x input"] = (net, image, label) => With(net, network => Heatmap.Sum(Attribution.GradientTimesInput(network, image, Unit.OfClass(network, label)), s_shape)),
        ["integrated gradients"] = (net, image, label) => With(net, network => Heatmap.Sum(Attribution.Integrated(network, image, Unit.OfClass(network, label), steps: 32).Values, s_shape)),
        ["Grad-CAM"] = (net, image, label) => With(net, network => Enlarged(ClassActivation.GradCam(network, image, net.ReLU3.Index, Unit.OfClass(network, label)), 6)),
        ["Grad-CAM++"] = (net, image, label) => With(net, network => Enlarged(ClassActivation.GradCamPlusPlus(network, image, net.ReLU3.Index, Unit.OfClass(network, label)), 6)),
        ["occlusion"] = (net, image, label) => Occlusion.Of(net.Predict, 4, image, s_shape, label, size: 4, stride: 2).Pixels,
        ["guided Grad-CAM"] = (net, image, label) => With(net, network => Heatmap.Sum(ClassActivation.GuidedGradCam(network, image, net.ReLU3.Index, Unit.OfClass(network, label)), s_shape)),
        ["guided backpropagation"] = (net, image, label) => With(net, network => Heatmap.Largest(Attribution.GuidedBackpropagation(network, image, Unit.OfClass(network, label)), s_shape)),
    };

    public static TheoryData<string> Methods => [.. s_methods.Keys];

    [Fact]
    public void The_network_has_learnt_the_patterns()
    {
        using var net = Shapes.Trained;
        Assert.True(net.Evaluate(Shapes.Make(200, seed: 2)).Accuracy > 0.95);
    }

    [Fact]
    public void Layers_are_known_by_their_places_and_scores_are_those_before_the_softmax()
    {
        using var net = Shapes.Trained;
        using var network = net.Explain();

        Assert.Equal(net.Dense1.Index, network.ScoreLayer);
        Assert.Equal(ShapeNet.Summary.Layers.Count, network.LayerCount);
        Assert.Equal(net.ReLU2.Index, network.PlaceOf("ReLU2"));
        Assert.Equal(net.ReLU2.OutputShape, network.ShapeOf(net.ReLU2.Index));
        Assert.Contains("Its layers are Conv1, ReLU1", Assert.Throws<ArgumentException>(() => network.PlaceOf("Conv9")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.ShapeOf(network.LayerCount + 1));
        Assert.Throws<InvalidOperationException>(() => network.CopyActivations(1, new float[6 * 256]));

        var image = Shapes.Image(Shapes.Make(1, seed: 4), 0);
        var (scores, activations) = (new float[4], new float[4]);
        net.Predict(image, scores);
        network.Forward(image, 1);
        network.CopyActivations(network.LayerCount, activations);
        for (var i = 0; i < 4; i++)
            Assert.Equal(scores[i], activations[i], 1e-5);
    }

    [Fact]
    public void The_output_is_that_of_the_prediction_also_where_a_head_of_the_training_stands_behind_it()
    {
        using var net = HeadNet.Create(seed: 2);
        using var network = net.Explain();
        var image = Shapes.Image(Shapes.Make(1, seed: 4), 0);
        var (scores, activations) = (new float[4], new float[4]);
        net.Predict(image, scores);
        network.Forward(image, 1);
        network.CopyActivations(network.OutputLayer, activations);

        Assert.Equal(net.Dense1.Index, HeadNet.Summary.OutputLayer);
        Assert.NotEqual(HeadNet.Summary.Layers.Count, HeadNet.Summary.OutputLayer);
        Assert.Equal((net.Dense1.Index, net.Dense1.Index), (network.OutputLayer, network.ScoreLayer));
        for (var i = 0; i < 4; i++)
            Assert.Equal(scores[i], activations[i], 1e-5);
        Assert.Equal(scores[1], Invariance.Of(network, image, ImageChange.MoveRight, [0], [], index: 1).Probabilities![0], 1e-5);
        Assert.Equal(ShapeNet.Summary.Layers.Count, ShapeNet.Summary.OutputLayer);
    }

    [Fact]
    public void The_gradient_is_how_the_score_changes()
    {
        using var net = Shapes.Trained;
        using var network = net.Explain();
        var random = new Random(6);
        var data = Shapes.Make(5, seed: 5);
        for (var n = 0; n < 5; n++)
        {
            var image = Shapes.Image(data, n);
            var unit = Unit.OfClass(network, data.GetLabel(n));
            var gradient = Attribution.Gradient(network, image, unit);
            var direction = gradient.Select(number => number + (0.1f * (random.NextSingle() - 0.5f))).ToArray();
            const float Step = 2e-3f;
            double At(float way) => Attribution.ScoreOf(network, image.Select((x, i) => x + (way * direction[i])).ToArray(), unit);
            var expected = gradient.Zip(direction, (g, d) => (double)g * d).Sum();
            Assert.Equal(expected, (At(Step) - At(-Step)) / (2 * Step), 0.05 * Math.Abs(expected));
        }
    }

    [Fact]
    public void Integrated_gradients_are_complete()
    {
        using var net = Shapes.Trained;
        using var network = net.Explain();
        var data = Shapes.Make(4, seed: 7);
        for (var n = 0; n < 4; n++)
        {
            var result = Attribution.Integrated(network, Shapes.Image(data, n), Unit.OfClass(network, data.GetLabel(n)), steps: 256);
            Assert.True(Math.Abs(result.Score - result.BaselineScore) > 0.5);
            Assert.Equal(0, result.CompletenessGap, 0.01 * Math.Abs(result.Score - result.BaselineScore));
        }
    }

    /// <summary>The pointing game (Zhang et al. 2016): the map is strongest on the pattern, or within two pixels of it.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Each_method_points_to_the_pattern(string method)
    {
        using var net = Shapes.Trained;
        var data = Shapes.Make(24, seed: 8, out var places);
        var hits = 0;
        for (var n = 0; n < data.Count; n++)
        {
            var map = s_methods[method](net, Shapes.Image(data, n), data.GetLabel(n));
            var best = Enumerable.Range(0, map.Length).MaxBy(i => map[i]);
            var (y, x) = ((best / Shapes.Side) - places[n].Y, (best % Shapes.Side) - places[n].X);
            hits += y is >= -2 and < 7 && x is >= -2 and < 7 ? 1 : 0;
        }

        // By chance it would be about 7.
        Assert.True(hits >= 18, $"{method}: {hits} of {data.Count}");
    }

    /// <summary>
    /// The sanity check (Adebayo et al. 2018, "Sanity Checks for Saliency Maps", section 3): a map that explains the network changes when the network's weights are made random, from the last layer on. Guided backpropagation is the one
    /// that the paper finds wanting, and the weights of Grad-CAM++ are never below zero: these are looked at with all weights random only.
    /// </summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Each_method_changes_when_the_weights_are_made_random(string method)
    {
        using var trained = Shapes.Trained;
        var data = Shapes.Make(12, seed: 9);
        string[][] parts = [["dense1."], ["dense1.", "conv4."], [""]];
        foreach (var randomized in method is "guided backpropagation" or "guided Grad-CAM" or "Grad-CAM++" ? parts[2..] : parts)
        {
            using var net = ShapeNet.Create(seed: 11);
            foreach (var parameter in net.Parameters.All.Where(one => !randomized.Any(start => one.Name.StartsWith(start, StringComparison.Ordinal))))
                parameter.Set(trained.Parameters[parameter.Name].ToArray());
            var similarity = 0.0;
            for (var n = 0; n < data.Count; n++)
            {
                var image = Shapes.Image(data, n);
                similarity += RankCorrelation(s_methods[method](trained, image, data.GetLabel(n)), s_methods[method](net, image, data.GetLabel(n))) / data.Count;
            }

            Assert.True(similarity < 0.85, $"{method} with [{string.Join(", ", randomized)}] random: rank correlation {similarity:F2}");
        }

        // The same weights give the same map.
        var first = Shapes.Image(data, 0);
        Assert.Equal(s_methods[method](trained, first, 0), s_methods[method](trained, first, 0));
    }

    /// <summary>Of the images made for the four classes, the one made for a class has its highest score. That the class wins is not said: an image may excite another one even more.</summary>
    [Fact]
    public void An_image_made_for_a_class_has_its_highest_score()
    {
        using var net = Shapes.Trained;
        using var network = net.Explain();
        var made = Enumerable.Range(0, 4).Select(label => ClassImage.Maximize(network, Unit.OfClass(network, label), new ClassImageOptions { Steps = 48, Jitter = 1 })).ToList();
        for (var label = 0; label < 4; label++)
        {
            Assert.True(made[label].After > made[label].Before + 1, $"{label}: {made[label].Before} to {made[label].After}");
            for (var other = 0; other < 4; other++)
            {
                var score = Attribution.ScoreOf(network, made[other].Image, Unit.OfClass(network, label));
                Assert.True(other == label || score < made[label].After, $"class {label}: {made[label].After} of its own, {score} of the image for {other}");
            }
        }
    }

    private static T With<T>(ShapeNet net, Func<Explainer<ShapeNet>, T> method)
    {
        using var network = net.Explain();
        return method(network);
    }

    private static float[] Enlarged(float[] map, int side) => Heatmap.Resize(map, side, side, Shapes.Side, Shapes.Side);

    /// <summary>Spearman's, with equal numbers at the mean of their ranks; 0 where a map is constant.</summary>
    private static double RankCorrelation(float[] a, float[] b)
    {
        var (first, second) = (Ranks(a), Ranks(b));
        var mean = (a.Length - 1) / 2.0;
        var (product, left, right) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            product += (first[i] - mean) * (second[i] - mean);
            left += (first[i] - mean) * (first[i] - mean);
            right += (second[i] - mean) * (second[i] - mean);
        }

        return left > 0 && right > 0 ? product / Math.Sqrt(left * right) : 0;
    }

    private static double[] Ranks(float[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end + 1 < order.Length && values[order[end + 1]] == values[order[start]])
                end++;
            for (var i = start; i <= end; i++)
                ranks[order[i]] = (start + end) / 2.0;
            start = end + 1;
        }

        return ranks;
    }
}
