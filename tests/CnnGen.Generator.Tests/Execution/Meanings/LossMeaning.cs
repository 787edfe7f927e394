using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>One image's loss and its gradient. What compares classes does so at each pixel, and takes the pixels' mean.</summary>
internal static class LossMeaning
{
    public static void Of(LossKernel kernel, KernelArguments arguments)
    {
        var outputs = arguments.Memory().Run(0, kernel.Length);
        var targets = arguments.Memory().Run(0, kernel.Length);
        var gradient = arguments.Memory().Run(0, kernel.Length);
        var loss = arguments.Memory();
        var scale = arguments.Number();
        double sum = 0;
        var (x, t, g) = (new double[kernel.Classes], new double[kernel.Classes], new double[kernel.Classes]);
        for (var pixel = 0; pixel < kernel.Pixels; pixel++)
        {
            for (var c = 0; c < kernel.Classes; c++)
                (x[c], t[c]) = (outputs[(c * kernel.Pixels) + pixel], targets[(c * kernel.Pixels) + pixel]);
            sum += OfPixel(kernel, x, t, g) / kernel.Pixels;
            for (var c = 0; c < kernel.Classes; c++)
                gradient[(c * kernel.Pixels) + pixel] = kernel.Weight * scale * g[c] / kernel.Pixels;
        }

        loss[0] = (kernel.IsFirst ? 0 : loss[0]) + (kernel.Weight * sum);
    }

    private static double OfPixel(LossKernel kernel, double[] x, double[] t, double[] g) => kernel.Loss switch
    {
        LossKind.CrossEntropy => CrossEntropy(kernel.Settings, x, t, g),
        LossKind.Hinge => Hinge(x, t, g),
        LossKind.BinaryCrossEntropy => Each(x, t, g, (x, t) => ((t * Softplus(-x)) + ((1 - t) * Softplus(x)), (1 / (1 + Math.Exp(-x))) - t)),
        LossKind.HalfSquaredError => Each(x, t, g, (x, t) => (Math.Pow(x - t, 2) / 2, x - t)),
        LossKind.AbsoluteError => Each(x, t, g, (x, t) => (Math.Abs(x - t), Math.Sign(x - t))),
        LossKind.Huber => Each(x, t, g, (x, t) => Huber(x - t, kernel.Settings.HuberDelta)),
        _ => throw new NotSupportedException($"No meaning for the loss {kernel.Loss}."),
    };

    private static double Each(double[] x, double[] t, double[] g, Func<double, double, (double Loss, double Gradient)> of)
    {
        double sum = 0;
        for (var i = 0; i < x.Length; i++)
        {
            (var loss, g[i]) = of(x[i], t[i]);
            sum += loss;
        }

        return sum;
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static (double Loss, double Gradient) Huber(double error, double delta) => Math.Abs(error) > delta
        ? (delta * (Math.Abs(error) - (delta / 2)), delta * Math.Sign(error))
        : (error * error / 2, error);

    /// <summary>- sum of w t ln p, p being the softmax, t smoothed: the share of all targets evenly.</summary>
    private static double CrossEntropy(LossNumbers settings, double[] x, double[] t, double[] g)
    {
        var largest = x.Max();
        var logarithm = largest + Math.Log(x.Sum(one => Math.Exp(one - largest)));
        var all = t.Sum() * settings.LabelSmoothing / t.Length;
        var (sum, wanted) = (0.0, new double[t.Length]);
        for (var i = 0; i < x.Length; i++)
        {
            wanted[i] = (settings.ClassWeights.Count > 0 ? settings.ClassWeights[i] : 1.0) * (((1.0 - settings.LabelSmoothing) * t[i]) + all);
            sum += wanted[i] * (logarithm - x[i]);
        }

        for (var i = 0; i < x.Length; i++)
            g[i] = (Math.Exp(x[i] - logarithm) * wanted.Sum()) - wanted[i];
        return sum;
    }

    private static double Hinge(double[] x, double[] t, double[] g)
    {
        double sum = 0;
        Array.Clear(g);
        for (var label = 0; label < x.Length; label++)
        {
            for (var other = 0; other < x.Length; other++)
            {
                if (other == label || 1 + x[other] - x[label] <= 0)
                    continue;
                sum += t[label] * (1 + x[other] - x[label]);
                g[other] += t[label];
                g[label] -= t[label];
            }
        }

        return sum;
    }
}
