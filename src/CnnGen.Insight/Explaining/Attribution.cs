using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>What integrated gradients found.</summary>
/// <param name="Values">C x H x W floats: each number's share in the difference of the scores.</param>
/// <param name="Score">The unit's activation for the image.</param>
/// <param name="BaselineScore">Its activation for the baseline.</param>
public sealed record IntegratedGradients(float[] Values, double Score, double BaselineScore)
{
    /// <summary>How far the values' sum is from the difference of both scores, which it equals where there are steps enough (completeness).</summary>
    public double CompletenessGap
    {
        get
        {
            var sum = 0.0;
            foreach (var value in Values)
                sum += value;
            return sum - (Score - BaselineScore);
        }
    }
}

/// <summary>Which numbers of an image a unit's activation hangs on, by gradients. All return C x H x W floats in the order of the image; <see cref="Heatmap"/> makes maps of them.</summary>
public static class Attribution
{
    private const int BatchLength = 16;

    /// <summary>The gradient of the unit by the image (Baehrens et al. 2010; Simonyan, Vedaldi, Zisserman 2014, "Deep Inside Convolutional Networks", section 3).</summary>
    /// <param name="network">The network.</param>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="unit">What is explained.</param>
    /// <exception cref="ArgumentException">The image has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    public static float[] Gradient(IExplainable network, ReadOnlySpan<float> image, Unit unit) => Backward(network, image, unit, RectifierRule.Gradient);

    /// <summary>
    /// Guided backpropagation (Springenberg et al. 2015, "Striving for Simplicity", section 3.4): the gradient, of which each ReLU lets pass only what is positive and where its own result is: what speaks for the unit, sharply,
    /// though it tells classes apart less well than the gradient.
    /// </summary>
    /// <inheritdoc cref="Gradient"/>
    public static float[] GuidedBackpropagation(IExplainable network, ReadOnlySpan<float> image, Unit unit) => Backward(network, image, unit, RectifierRule.Guided);

    /// <summary>
    /// The deconvolutional network's projection of the unit's activation to the image (Zeiler, Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 2.1): backwards through the filters and the switches of
    /// maximum pools, with a ReLU on the way back in place of each ReLU's derivative. All other activations of the layer count as zero.
    /// </summary>
    /// <inheritdoc cref="Gradient"/>
    public static float[] Deconvolution(IExplainable network, ReadOnlySpan<float> image, Unit unit)
    {
        Check(network, image, unit);
        var activation = ScoreOf(network, image, unit);
        var projection = Backward(network, image, unit, RectifierRule.Deconvolution);
        for (var i = 0; i < projection.Length; i++)
            projection[i] *= activation;
        return projection;
    }

    /// <summary>The gradient, each number multiplied with the image's (Shrikumar et al. 2016, "Not Just a Black Box", section 2): for a linear network the shares in the score.</summary>
    /// <inheritdoc cref="Gradient"/>
    public static float[] GradientTimesInput(IExplainable network, ReadOnlySpan<float> image, Unit unit)
    {
        var gradient = Gradient(network, image, unit);
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] *= image[i];
        return gradient;
    }

    /// <summary>The mean of the gradients of noisy copies of the image (Smilkov et al. 2017, "SmoothGrad", section 3).</summary>
    /// <param name="network">The network.</param>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="unit">What is explained.</param>
    /// <param name="samples">The number of copies, 1 or more.</param>
    /// <param name="noise">The noise's standard deviation as a part of the image's range (largest minus least number), 0 or more.</param>
    /// <param name="seed">Of the noise: the same seed gives the same bits again.</param>
    /// <exception cref="ArgumentException">The image has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit, or a number is out of its range.</exception>
    public static float[] SmoothGrad(IExplainable network, ReadOnlySpan<float> image, Unit unit, int samples = 48, double noise = 0.15, int seed = 0)
    {
        Check(network, image, unit);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        if (!(noise >= 0 && double.IsFinite(noise)))
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "The noise is a part of the image's range, 0 or more.");
        var range = ValueRange.Of(image, ColorMap.Grey);
        var deviation = noise * ((double)range.High - range.Low);
        var random = new CounterRandom((ulong)(uint)seed, 0);
        var original = image.ToArray();
        return MeanGradient(network, original, unit, samples, (_, copy) =>
        {
            for (var i = 0; i < copy.Length; i++)
                copy[i] = original[i] + (float)(deviation * random.NextNormal());
        });
    }

    /// <summary>
    /// The gradients along the straight way from a baseline to the image, integrated, times the difference of both (Sundararajan, Taly, Yan 2017, "Axiomatic Attribution for Deep Networks", section 3):
    /// their sum is the difference of the scores. The integral is a sum over the middles of equal steps.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="unit">What is explained.</param>
    /// <param name="baseline">C x H x W floats that stand for "nothing"; empty for zeros.</param>
    /// <param name="steps">The number of steps, 1 or more.</param>
    /// <exception cref="ArgumentException">The image or the baseline has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit, or there are no steps.</exception>
    public static IntegratedGradients Integrated(IExplainable network, ReadOnlySpan<float> image, Unit unit, ReadOnlySpan<float> baseline = default, int steps = 64)
    {
        Check(network, image, unit);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!baseline.IsEmpty && baseline.Length != image.Length)
            throw new ArgumentException(FormattableString.Invariant($"The baseline has {baseline.Length} numbers, but the image has {image.Length}."), nameof(baseline));
        var (from, to) = (baseline.IsEmpty ? new float[image.Length] : baseline.ToArray(), image.ToArray());
        var values = MeanGradient(network, to, unit, steps, (step, copy) =>
        {
            var way = (step + 0.5) / steps;
            for (var i = 0; i < copy.Length; i++)
                copy[i] = (float)(from[i] + (way * ((double)to[i] - from[i])));
        });
        for (var i = 0; i < values.Length; i++)
            values[i] *= to[i] - from[i];
        return new IntegratedGradients(values, ScoreOf(network, to, unit), ScoreOf(network, from, unit));
    }

    /// <summary>The unit's activation for one image.</summary>
    internal static float ScoreOf(IExplainable network, ReadOnlySpan<float> image, Unit unit)
    {
        network.Forward(image, 1);
        var activations = new float[network.ShapeOf(unit.Layer).Length];
        network.CopyActivations(unit.Layer, activations);
        return activations[unit.Index];
    }

    private static float[] Backward(IExplainable network, ReadOnlySpan<float> image, Unit unit, RectifierRule rule)
    {
        Check(network, image, unit);
        var gradient = new float[image.Length];
        network.Forward(image, 1);
        network.Backward(unit.Layer, unit.Seed(network, 1), rule);
        network.CopyGradients(0, gradient);
        return gradient;
    }

    internal static void Check(IExplainable network, ReadOnlySpan<float> image, Unit unit)
    {
        ArgumentNullException.ThrowIfNull(network);
        unit.Check(network);
        CheckImage(image, network.ShapeOf(0));
    }

    internal static void CheckImage(ReadOnlySpan<float> image, ImageShape shape)
    {
        if (image.Length != shape.Length)
            throw new ArgumentException(FormattableString.Invariant($"An image of {shape} has {shape.Length} floats, but {image.Length} were given."), nameof(image));
    }

    private delegate void Fill(int sample, Span<float> copy);

    /// <summary>The mean of the gradients of copies of an image, several at once.</summary>
    private static float[] MeanGradient(IExplainable network, float[] image, Unit unit, int samples, Fill fill)
    {
        var sum = new double[image.Length];
        var batch = Math.Min(samples, BatchLength);
        var (images, gradients) = (new float[batch * image.Length], new float[batch * image.Length]);
        for (var first = 0; first < samples; first += batch)
        {
            var count = Math.Min(batch, samples - first);
            for (var i = 0; i < count; i++)
                fill(first + i, images.AsSpan(i * image.Length, image.Length));
            network.Forward(images.AsSpan(0, count * image.Length), count);
            network.Backward(unit.Layer, unit.Seed(network, count));
            network.CopyGradients(0, gradients.AsSpan(0, count * image.Length));
            for (var i = 0; i < count * image.Length; i++)
                sum[i % image.Length] += gradients[i];
        }

        var mean = new float[image.Length];
        for (var i = 0; i < mean.Length; i++)
            mean[i] = (float)(sum[i] / samples);
        return mean;
    }
}
