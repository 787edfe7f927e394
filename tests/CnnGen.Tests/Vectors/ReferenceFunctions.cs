namespace CnnGen.Tests.Vectors;

/// <summary>The kernels' functions in double precision, as plainly as they can be written.</summary>
internal static class ReferenceFunctions
{
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double ELU(double x, double alpha) => x > 0 ? x : alpha * ExpM1(x);

    /// <summary>ln(1 + e^x), of which the larger of 1 and e^x is taken out; ln(1 + t) = 2 artanh(t / (2 + t)).</summary>
    public static double Softplus(double x)
    {
        var t = Math.Exp(-Math.Abs(x));
        return Math.Max(x, 0) + (2 * Math.Atanh(t / (2 + t)));
    }

    /// <summary>The normal distribution by its series, and beyond 4 by the continued fraction of its tail.</summary>
    public static double NormalCdf(double x)
    {
        var density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        var size = Math.Abs(x);
        if (size > 4)
        {
            var fraction = size;
            for (var i = 100; i >= 1; i--)
                fraction = size + (i / fraction);
            return x > 0 ? 1 - (density / fraction) : density / fraction;
        }

        double sum = 0, term = x;
        for (var i = 1; Math.Abs(term) > 1e-20; i += 2)
        {
            sum += term;
            term *= x * x / (i + 2);
        }

        return 0.5 + (density * sum);
    }

    public static double[] LogSoftmax(double[] x)
    {
        var largest = x.Max();
        var log = Math.Log(x.Sum(value => Math.Exp(value - largest)));
        return Array.ConvertAll(x, value => value - largest - log);
    }

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
