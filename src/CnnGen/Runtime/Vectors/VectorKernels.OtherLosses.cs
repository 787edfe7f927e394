using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>
    /// <see cref="CrossEntropy"/> with a part of each target spread over all classes (Szegedy et al. 2016, section 7): t counts as
    /// (1 - smoothing) * t + smoothing * (sum of targets) / n.
    /// </summary>
    /// <param name="logits">n floats.</param>
    /// <param name="target">The n wanted probabilities, one-hot or soft.</param>
    /// <param name="gradient">Receives n floats; may be <paramref name="logits"/>.</param>
    /// <param name="n">The number of classes.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <param name="smoothing">The part that is spread, from 0 to below 1.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double SmoothedCrossEntropy(float* logits, float* target, float* gradient, int n, float scale, float smoothing)
    {
        if (n <= 0)
            return 0;
        double total = 0, dot = 0, all = 0;
        for (nint i = 0; i < n; i++)
        {
            all += logits[i];
            if (target[i] == 0)
                continue;
            total += target[i];
            dot += (double)target[i] * logits[i];
        }

        var logOfSum = SoftmaxOf(logits, gradient, n, (float)total * scale);
        Zip(gradient, target, gradient, n, new SmoothedGradient((1 - smoothing) * scale, (float)(smoothing * total / n) * scale));
        return (total * logOfSum) - ((1 - smoothing) * dot) - (smoothing * total / n * all);
    }

    /// <summary>
    /// The binary cross-entropy of one image, from the logits (before the sigmoid), and its gradient: t ln(1 + e^-x) + (1 - t) ln(1 + e^x), summed, which neither
    /// overflows nor takes the logarithm of 0.
    /// </summary>
    /// <param name="logits">n floats.</param>
    /// <param name="target">The n wanted probabilities.</param>
    /// <param name="gradient">Receives n floats, scale * (sigmoid(x) - t); may be <paramref name="logits"/>.</param>
    /// <param name="n">The number of outputs.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double BinaryCrossEntropy(float* logits, float* target, float* gradient, int n, float scale)
    {
        double sum = 0;
        for (nint i = 0; i < n; i++)
        {
            double x = logits[i], t = target[i];
            var log = Math.Log(1 + Math.Exp(-Math.Abs(x)));

            // What is certain adds nothing, however large the logit.
            sum += t == 0 ? 0 : t * (Math.Max(-x, 0) + log);
            sum += t == 1 ? 0 : (1 - t) * (Math.Max(x, 0) + log);
        }

        Zip(logits, target, gradient, n, new BinaryCrossEntropyGradient(scale));
        return sum;
    }

    /// <summary>
    /// The hinge loss of one image with several classes and its gradient (Weston, Watkins 1999): of each wanted class y, t[y] times the sum over the others of
    /// max(0, 1 + x[j] - x[y]).
    /// </summary>
    /// <param name="scores">n floats.</param>
    /// <param name="target">The n wanted probabilities, one-hot as a rule: each that is not 0 costs a pass over the scores.</param>
    /// <param name="gradient">Receives n floats; not <paramref name="scores"/>.</param>
    /// <param name="n">The number of classes.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double Hinge(float* scores, float* target, float* gradient, int n, float scale)
    {
        new Span<float>(gradient, n).Clear();
        return HingeOf(scores, target, gradient, n, 1, scale);
    }

    /// <summary>The absolute error of one image and its gradient: sum |y - t|. At 0 the gradient is 0.</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="target">The n wanted outputs.</param>
    /// <param name="gradient">Receives n floats, scale times the error's sign; may be <paramref name="y"/>.</param>
    /// <param name="n">The number of outputs.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double AbsoluteError(float* y, float* target, float* gradient, int n, float scale)
    {
        double sum = 0;
        for (nint i = 0; i < n; i++)
            sum += Math.Abs((double)y[i] - target[i]);
        Zip(y, target, gradient, n, new ScaledSign(scale));
        return sum;
    }

    /// <summary>The Huber loss of one image and its gradient: of an error e, e^2 / 2 up to delta, and delta * (|e| - delta / 2) beyond.</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="target">The n wanted outputs.</param>
    /// <param name="gradient">Receives n floats, scale times the error within plus and minus delta; may be <paramref name="y"/>.</param>
    /// <param name="n">The number of outputs.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <param name="delta">Where it becomes linear, above 0.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double Huber(float* y, float* target, float* gradient, int n, float scale, float delta)
    {
        double sum = 0;
        for (nint i = 0; i < n; i++)
        {
            var error = Math.Abs((double)y[i] - target[i]);
            sum += error <= delta ? error * error / 2 : delta * (error - (delta / 2.0));
        }

        Zip(y, target, gradient, n, new BoundedDifference(scale, delta));
        return sum;
    }

    private readonly struct SmoothedGradient(float share, float floor) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector softmax, TVector target) =>
            TUnit.Subtract(TUnit.MultiplySubtractFrom(TUnit.Broadcast(share), target, softmax), TUnit.Broadcast(floor));
    }

    private readonly struct BinaryCrossEntropyGradient(float scale) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x, TVector target) => TUnit.Multiply(TUnit.Broadcast(scale), TUnit.Subtract(Sigmoid(x), target));
    }

    private readonly struct ScaledSign(float scale) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector target)
        {
            // What is neither above nor below is 0, or not a number and stays so.
            var otherwise = TUnit.Multiply(TUnit.Broadcast(0f), TUnit.Subtract(y, target));
            return TUnit.SelectGreater(y, target, TUnit.Broadcast(scale), TUnit.SelectGreater(target, y, TUnit.Broadcast(-scale), otherwise));
        }
    }

    private readonly struct BoundedDifference(float scale, float delta) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector target) => TUnit.Multiply(
            TUnit.Broadcast(scale),
            TUnit.Min(TUnit.Broadcast(delta), TUnit.Max(TUnit.Broadcast(-delta), TUnit.Subtract(y, target))));
    }
}
