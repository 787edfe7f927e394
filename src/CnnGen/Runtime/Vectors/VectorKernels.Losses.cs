using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>
    /// The cross-entropy of one image, from the logits (before softmax), and its gradient: -sum t * ln softmax(x), computed as
    /// sum t * (ln(sum e^x) - x), which neither overflows nor takes the logarithm of 0. A class whose target is 0 adds nothing, whatever its logit.
    /// </summary>
    /// <param name="logits">n floats.</param>
    /// <param name="target">The n wanted probabilities, one-hot or soft.</param>
    /// <param name="gradient">Receives n floats, scale * (softmax(x) * sum t - t); may be <paramref name="logits"/>.</param>
    /// <param name="n">The number of classes.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double CrossEntropy(float* logits, float* target, float* gradient, int n, float scale)
    {
        if (n <= 0)
            return 0;

        double total = 0;
        double dot = 0;
        for (nint i = 0; i < n; i++)
        {
            if (target[i] == 0)
                continue;
            total += target[i];
            dot += (double)target[i] * logits[i];
        }

        var logOfSum = SoftmaxOf(logits, gradient, n, (float)total * scale);
        Zip(gradient, target, gradient, n, new CrossEntropyGradient(scale));
        return (total * logOfSum) - dot;
    }

    /// <summary>Half the squared error of one image and its gradient: sum (y - t)^2 / 2.</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="target">The n wanted outputs.</param>
    /// <param name="gradient">Receives n floats, scale * (y - t); may be <paramref name="y"/>.</param>
    /// <param name="n">The number of outputs.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double HalfSquaredError(float* y, float* target, float* gradient, int n, float scale)
    {
        double sum = 0;
        for (nint i = 0; i < n; i++)
        {
            var difference = (double)y[i] - target[i];
            sum += difference * difference;
        }

        Zip(y, target, gradient, n, new ScaledDifference(scale));
        return sum / 2;
    }

    private readonly struct CrossEntropyGradient(float scale) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector softmax, TVector target) => TUnit.MultiplySubtractFrom(TUnit.Broadcast(scale), target, softmax);
    }

    private readonly struct ScaledDifference(float scale) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector target) => TUnit.Multiply(TUnit.Broadcast(scale), TUnit.Subtract(y, target));
    }
}
