namespace CnnGen.Tests.Vectors;

/// <summary>The kernels' functions in double precision, as plainly as they can be written.</summary>
internal static class ReferenceFunctions
{
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double ELU(double x, double alpha) => x > 0 ? x : alpha * ExpM1(x);

    /// <summary>e^x - 1; near 0 by Kahan's quotient, in which the rounding errors of numerator and denominator cancel.</summary>
    public static double ExpM1(double x)
    {
        var e = Math.Exp(x);
        if (e == 1)
            return x;
        return e - 1 == -1 ? -1 : (e - 1) * x / Math.Log(e);
    }

    public static double[] Softmax(double[] x)
    {
        var largest = x.Max();
        var e = x.Select(value => Math.Exp(value - largest)).ToArray();
        var sum = e.Sum();
        return e.Select(value => value / sum).ToArray();
    }

    public static double CrossEntropy(double[] x, double[] target)
    {
        var largest = x.Max();
        var logOfSum = largest + Math.Log(x.Sum(value => Math.Exp(value - largest)));
        return x.Zip(target, (value, t) => t * (logOfSum - value)).Sum();
    }

    /// <summary>One pixel of PyTorch's local_response_norm.</summary>
    public static double[] LocalResponseNorm(double[] x, int size, double alpha, double beta, double k)
    {
        var y = new double[x.Length];
        for (var c = 0; c < x.Length; c++)
        {
            double sum = 0;
            for (var j = Math.Max(0, c - (size / 2)); j <= Math.Min(x.Length - 1, c + ((size - 1) / 2)); j++)
                sum += x[j] * x[j];
            y[c] = x[c] / Math.Pow(k + (alpha * sum / size), beta);
        }

        return y;
    }

    /// <summary>The gradient of sum_i weights[i] * f(x)[i] by x, from central differences.</summary>
    public static double[] Gradient(Func<double[], double[]> f, double[] x, double[] weights)
    {
        var gradient = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var step = 1e-5 * Math.Max(1, Math.Abs(x[i]));
            double At(double value)
            {
                var moved = (double[])x.Clone();
                moved[i] = value;
                return f(moved).Zip(weights, (y, w) => y * w).Sum();
            }

            gradient[i] = (At(x[i] + step) - At(x[i] - step)) / (2 * step);
        }

        return gradient;
    }
}
