using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>
    /// <see cref="SmoothedCrossEntropy"/> whose classes have weights: -sum w[i] * t'[i] * ln softmax(x)[i], t' being the smoothed targets.
    /// </summary>
    /// <param name="logits">n floats.</param>
    /// <param name="target">The n wanted probabilities, one-hot or soft.</param>
    /// <param name="gradient">Receives n floats; may be <paramref name="logits"/>.</param>
    /// <param name="n">The number of classes.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <param name="smoothing">The part of a target that is spread over all classes, from 0 to below 1.</param>
    /// <param name="weights">n weights.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double WeightedCrossEntropy(float* logits, float* target, float* gradient, int n, float scale, float smoothing, ReadOnlySpan<float> weights)
    {
        if (n <= 0)
            return 0;
        double targets = 0;
        for (nint i = 0; i < n; i++)
            targets += target[i];
        var floor = (float)(smoothing * targets / n);
        double total = 0, dot = 0;
        for (var i = 0; i < n; i++)
        {
            // What is not wanted adds nothing, whatever its logit.
            var wanted = weights[i] * (((1 - smoothing) * target[i]) + floor);
            if (wanted == 0)
                continue;
            total += wanted;
            dot += (double)wanted * logits[i];
        }

        var logOfSum = SoftmaxOf(logits, gradient, n, (float)total * scale);
        for (var i = 0; i < n; i++)
            gradient[i] -= scale * (weights[i] * (((1 - smoothing) * target[i]) + floor));
        return (total * logOfSum) - dot;
    }

    /// <summary>
    /// The cross-entropy of a map with a distribution over its channels at each pixel, the mean over the pixels, and its gradient. A pixel whose targets are all 0 adds nothing.
    /// </summary>
    /// <param name="logits">The map before the softmax: channel c of pixel p is at c * pixels + p.</param>
    /// <param name="target">The wanted probabilities, in the same layout.</param>
    /// <param name="gradient">Receives the gradient, in the same layout; not <paramref name="logits"/>.</param>
    /// <param name="channels">The number of classes.</param>
    /// <param name="pixels">The number of pixels.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <param name="smoothing">The part of a pixel's targets that is spread over all classes, from 0 to below 1.</param>
    /// <param name="weights">A weight for each class, or nothing, which is 1 for all.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double PixelCrossEntropy(
        float* logits, float* target, float* gradient, int channels, int pixels, float scale, float smoothing, ReadOnlySpan<float> weights)
    {
        if (channels <= 0 || pixels <= 0)
            return 0;
        var each = stackalloc float[TUnit.Lanes];
        var zero = TUnit.Broadcast(0f);
        var share = TUnit.Broadcast(1 - smoothing);
        var scales = TUnit.Broadcast(scale / pixels);
        double loss = 0;
        for (nint p = 0; p < pixels; p += TUnit.Lanes)
        {
            var count = (int)Math.Min(TUnit.Lanes, pixels - p);
            var x = logits + p;
            var t = target + p;
            var g = gradient + p;
            var largest = LoadCount(x, count);
            var targets = LoadCount(t, count);
            for (nint c = 1; c < channels; c++)
            {
                largest = TUnit.Max(LoadCount(x + (c * pixels), count), largest);
                targets = TUnit.Add(targets, LoadCount(t + (c * pixels), count));
            }

            var sum = zero;
            for (nint c = 0; c < channels; c++)
            {
                var e = Exp(TUnit.Subtract(LoadCount(x + (c * pixels), count), largest));
                StoreCount(g + (c * pixels), e, count);
                sum = TUnit.Add(sum, e);
            }

            var log = Log(sum);
            var floor = TUnit.Multiply(targets, TUnit.Broadcast(smoothing / channels));
            var (total, losses) = (zero, zero);
            for (var c = 0; c < channels; c++)
            {
                var wanted = Wanted(LoadCount(t + ((nint)c * pixels), count), share, floor, weights, c);
                var minusLog = TUnit.Subtract(log, TUnit.Subtract(LoadCount(x + ((nint)c * pixels), count), largest));
                total = TUnit.Add(total, wanted);

                // What is not wanted adds nothing, whatever its logit.
                losses = TUnit.Add(losses, TUnit.SelectGreater(TUnit.Abs(wanted), zero, TUnit.Multiply(wanted, minusLog), zero));
            }

            var factor = TUnit.Divide(TUnit.Multiply(total, scales), sum);
            for (var c = 0; c < channels; c++)
            {
                var at = g + ((nint)c * pixels);
                StoreCount(at, TUnit.MultiplySubtractFrom(scales, Wanted(LoadCount(t + ((nint)c * pixels), count), share, floor, weights, c), TUnit.Multiply(LoadCount(at, count), factor)), count);
            }

            StoreCount(each, losses, count);
            for (var i = 0; i < count; i++)
                loss += each[i];
        }

        return loss / pixels;
    }

    /// <summary>What counts as a class's target: smoothed, and weighed.</summary>
    [MethodImpl(Inline)]
    private static TVector Wanted(TVector target, TVector share, TVector floor, ReadOnlySpan<float> weights, int index)
    {
        var wanted = TUnit.MultiplyAdd(share, target, floor);
        return weights.Length == 0 ? wanted : TUnit.Multiply(TUnit.Broadcast(weights[index]), wanted);
    }

    /// <summary><see cref="Hinge"/> over the channels at each pixel of a map, the mean over the pixels.</summary>
    /// <param name="scores">The map: channel c of pixel p is at c * pixels + p.</param>
    /// <param name="target">The wanted probabilities, in the same layout.</param>
    /// <param name="gradient">Receives the gradient, in the same layout; not <paramref name="scores"/>.</param>
    /// <param name="channels">The number of classes.</param>
    /// <param name="pixels">The number of pixels.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double PixelHinge(float* scores, float* target, float* gradient, int channels, int pixels, float scale)
    {
        new Span<float>(gradient, channels * pixels).Clear();
        double sum = 0;
        for (nint p = 0; p < pixels; p++)
            sum += HingeOf(scores + p, target + p, gradient + p, channels, pixels, scale / pixels);
        return sum / pixels;
    }

    /// <summary>The hinge loss of n scores at a distance; adds to a gradient that is 0.</summary>
    [MethodImpl(Inline)]
    private static double HingeOf(float* scores, float* target, float* gradient, nint n, nint stride, float scale)
    {
        double sum = 0;
        for (nint y = 0; y < n; y++)
        {
            if (target[y * stride] == 0)
                continue;
            var within = 0;
            var share = scale * target[y * stride];
            for (nint j = 0; j < n; j++)
            {
                var margin = 1 + (double)scores[j * stride] - scores[y * stride];
                if (j == y || margin <= 0)
                    continue;
                sum += target[y * stride] * margin;
                gradient[j * stride] += share;
                within++;
            }

            gradient[y * stride] -= share * within;
        }

        return sum;
    }
}
