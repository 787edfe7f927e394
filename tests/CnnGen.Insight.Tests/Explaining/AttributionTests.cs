namespace CnnGen.Insight.Tests.Explaining;

/// <summary>Each method against its formula, over a network whose gradients are known in closed form.</summary>
public sealed class AttributionTests
{
    private const int Side = 3;
    private static readonly float[] s_w = [1, -2, 0.5f, 0, 3, -1, 2, 0.25f, -0.5f];
    private static readonly float[] s_v = [0.5f, 1, -1, 2, 0, -0.5f, 1.5f, -2, 0.25f];
    private static readonly float[] s_image = [0.5f, -1, 2, 0.25f, -0.75f, 1.5f, -2, 1, 3];
    private static readonly Unit s_first = new(2, 0);

    private static QuadraticNetwork Net => new(Side, s_w, s_v);

    [Fact]
    public void The_gradient_and_its_product_with_the_input()
    {
        var gradient = Attribution.Gradient(Net, s_image, s_first);
        var product = Attribution.GradientTimesInput(Net, s_image, s_first);
        for (var i = 0; i < gradient.Length; i++)
        {
            Assert.Equal((2 * s_w[i]) + (2 * s_v[i] * s_image[i]), gradient[i], 1e-5);
            Assert.Equal(gradient[i] * s_image[i], product[i], 1e-5);
        }

        Assert.All(Attribution.Gradient(Net, s_image, Unit.OfClass(Net, 1)), number => Assert.Equal(-6, number));

        // A unit within the network: element (1, 2) of the map x^2.
        var inner = Attribution.Gradient(Net, s_image, Unit.Of(Net, 1, 1, 1, 2));
        Assert.Equal(2 * s_image[5], inner[5], 1e-6);
        Assert.Equal(8, inner.Count(number => number == 0));
    }

    [Fact]
    public void Integrated_gradients_share_the_score_out_completely()
    {
        var network = Net;
        float[] baseline = [1, 1, 0, 0, -1, 0.5f, 2, 0, 1];
        foreach (var steps in new[] { 1, 7, 64 })
        {
            var result = Attribution.Integrated(network, s_image, s_first, baseline, steps);
            for (var i = 0; i < s_image.Length; i++)
            {
                // Of a quadratic the middle of each step is exact.
                var expected = (2 * s_w[i] * (s_image[i] - baseline[i])) + (s_v[i] * ((s_image[i] * s_image[i]) - (baseline[i] * baseline[i])));
                Assert.Equal(expected, result.Values[i], 1e-4);
            }

            Assert.Equal(0, result.CompletenessGap, 1e-4);
            Assert.Equal(s_image.Select((x, i) => (2.0 * s_w[i] * x) + (s_v[i] * x * x)).Sum(), result.Score, 1e-4);
        }

        Assert.Equal(0, Attribution.Integrated(network, s_image, s_first).BaselineScore, 1e-9);
    }

    [Fact]
    public void SmoothGrad_is_the_mean_gradient_of_noisy_copies()
    {
        // The gradient is linear in the image, so that its mean over noise is the gradient; the error shrinks with the root of the samples.
        var gradient = Attribution.Gradient(Net, s_image, s_first);
        var network = Net;
        var smooth = Attribution.SmoothGrad(network, s_image, s_first, samples: 4000, noise: 0.1);
        Assert.Equal((4000 + 15) / 16, network.Forwards);
        for (var i = 0; i < gradient.Length; i++)
            Assert.Equal(gradient[i], smooth[i], 6 * 2 * Math.Abs(s_v[i]) * 0.5 / Math.Sqrt(4000) + 1e-5);
        Assert.NotEqual(gradient, smooth);
        Assert.Equal(gradient, Attribution.SmoothGrad(Net, s_image, s_first, samples: 3, noise: 0));
        Assert.Equal(Attribution.SmoothGrad(Net, s_image, s_first, seed: 5), Attribution.SmoothGrad(Net, s_image, s_first, seed: 5));
        Assert.NotEqual(Attribution.SmoothGrad(Net, s_image, s_first, seed: 5), Attribution.SmoothGrad(Net, s_image, s_first, seed: 6));
    }

    [Fact]
    public void Class_activation_maps_are_those_of_the_papers()
    {
        var (wMean, vMean) = (s_w.Average(), s_v.Average());
        var map = ClassActivation.GradCam(Net, s_image, 1, s_first);
        for (var i = 0; i < map.Length; i++)
            Assert.Equal(Math.Max(0, (wMean * 2 * s_image[i]) + (vMean * s_image[i] * s_image[i])), map[i], 1e-5);

        double Weight(float[] gradients, double sum) => gradients.Where(g => g > 0).Sum(g => (double)g * g * g / ((2.0 * g * g) + ((double)g * g * g * sum)));
        var (first, second) = (Weight(s_w, s_image.Sum(x => 2.0 * x)), Weight(s_v, s_image.Sum(x => (double)x * x)));
        var plus = ClassActivation.GradCamPlusPlus(Net, s_image, 1, s_first);
        for (var i = 0; i < map.Length; i++)
            Assert.Equal(Math.Max(0, (first * 2 * s_image[i]) + (second * s_image[i] * s_image[i])), plus[i], 1e-4);

        Assert.Contains("take a layer before it", Assert.Throws<ArgumentException>(() => ClassActivation.GradCam(Net, s_image, 2, s_first)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Occlusion_says_what_covering_costs()
    {
        var network = Net;
        void Predict(ReadOnlySpan<float> images, Span<float> scores, int count)
        {
            network.Forward(images, count);
            network.CopyActivations(2, scores);
        }

        double Part(int i, double x) => (2 * s_w[i] * x) + (s_v[i] * x * x);
        var map = Occlusion.Of(Predict, 2, s_image, network.ShapeOf(0), 0, size: 1, fill: [0.5f]);
        Assert.Equal((3, 3), (map.Rows, map.Columns));
        for (var i = 0; i < 9; i++)
            Assert.Equal(Part(i, s_image[i]) - Part(i, 0.5), map.Drops[i], 1e-4);
        Assert.Equal(map.Drops, map.Pixels);

        // Squares of 2 x 2, of which the last one lies at the border though the stride is 2; covered with the image's mean.
        var mean = s_image.Average();
        var wide = Occlusion.Of(Predict, 2, s_image, network.ShapeOf(0), 0, size: 2, stride: 2);
        Assert.Equal((2, 2), (wide.Rows, wide.Columns));
        int[] corner = [4, 5, 7, 8];
        Assert.Equal(corner.Sum(i => Part(i, s_image[i]) - Part(i, mean)), wide.Drops[3], 1e-3);
        Assert.Equal(wide.Drops[0], wide.Pixels[0], 1e-5);
        Assert.Equal(wide.Drops.Average(), wide.Pixels[4], 1e-5);
        Assert.Throws<ArgumentOutOfRangeException>(() => Occlusion.Of(Predict, 2, s_image, network.ShapeOf(0), 0, size: 4));
        Assert.Throws<ArgumentException>(() => Occlusion.Of(Predict, 2, s_image, network.ShapeOf(0), 0, size: 1, fill: [1, 2]));
    }

    [Fact]
    public void Maps_take_the_largest_or_the_sum_over_the_channels_and_are_enlarged_between_centres()
    {
        var shape = new ImageShape(2, 1, 2);
        Assert.Equal([3, 4], Heatmap.Largest([1, -4, -3, 2], shape));
        Assert.Equal([-2, -2], Heatmap.Sum([1, -4, -3, 2], shape));
        Assert.Equal([0, 0.25f, 0.75f, 1], Heatmap.Resize([0, 1], 1, 2, 1, 4));
        Assert.Equal([5, 5, 5, 5], Heatmap.Resize([5], 1, 1, 2, 2));
        Assert.Equal([0.5f], Heatmap.Resize([0, 1], 2, 1, 1, 1));
        Assert.Throws<ArgumentException>(() => Heatmap.Sum([1, 2, 3], shape));
    }

    [Fact]
    public void What_can_t_be_explained_is_said()
    {
        Assert.Contains("An image of 1x3x3 has 9 floats, but 4 were given", Assert.Throws<ArgumentException>(() => Attribution.Gradient(Net, new float[4], s_first)).Message, StringComparison.Ordinal);
        Assert.Contains("numbered from 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => Unit.OfClass(Net, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("numbered from 1 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => Attribution.Gradient(Net, s_image, new Unit(3, 0))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Unit.Of(Net, 1, 2, 0, 0));
        Assert.Throws<ArgumentException>(() => Attribution.Integrated(Net, s_image, s_first, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Attribution.SmoothGrad(Net, s_image, s_first, noise: double.NaN));
    }
}
