namespace CnnGen.Tests.Training.Optimizers;

/// <summary>The rules of the optimisers that PyTorch 1.13 lacks, number by number in double precision, tensor by tensor.</summary>
internal static class PlainOptimizers
{
    /// <summary>Takes a step on one tensor: weights, gradient, its rows (1 for one dimension), the step from 1.</summary>
    public delegate void Step(string name, double[] weights, double[] gradient, int rows, int step);

    public static Step Lion(double rate, double beta1, double beta2, double decay)
    {
        var momenta = new Dictionary<string, double[]>();
        return (name, w, g, _, _) =>
        {
            var m = Kept(momenta, name, w.Length);
            for (var i = 0; i < w.Length; i++)
            {
                w[i] -= rate * (Math.Sign((beta1 * m[i]) + ((1 - beta1) * g[i])) + (decay * w[i]));
                m[i] = (beta2 * m[i]) + ((1 - beta2) * g[i]);
            }
        };
    }

    public static Step Lars(double rate, double momentum, double decay, double trust)
    {
        var velocities = new Dictionary<string, double[]>();
        return (name, w, g, rows, _) =>
        {
            var v = Kept(velocities, name, w.Length);
            var local = rows > 1 ? trust * Norm(w) / (Norm(g) + (decay * Norm(w))) : 1;
            for (var i = 0; i < w.Length; i++)
            {
                v[i] = (momentum * v[i]) + (rate * local * (g[i] + (decay * w[i])));
                w[i] -= v[i];
            }
        };
    }

    public static Step Lamb(double rate, double beta1, double beta2, double epsilon, double decay)
    {
        var (firsts, seconds) = (new Dictionary<string, double[]>(), new Dictionary<string, double[]>());
        return (name, w, g, rows, step) =>
        {
            var (m, v, u) = (Kept(firsts, name, w.Length), Kept(seconds, name, w.Length), new double[w.Length]);
            for (var i = 0; i < w.Length; i++)
            {
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g[i] * g[i]);
                u[i] = (m[i] / (1 - Math.Pow(beta1, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, step))) + epsilon)) + (decay * w[i]);
            }

            var ratio = rows > 1 ? Norm(w) / Norm(u) : 1;
            for (var i = 0; i < w.Length; i++)
                w[i] -= rate * ratio * u[i];
        };
    }

    public static Step Muon(double rate, double momentum, bool nesterov, double decay, int iterations, bool matchAdamW, Step inner)
    {
        var momenta = new Dictionary<string, double[]>();
        return (name, w, g, rows, step) =>
        {
            if (rows == 1)
            {
                inner(name, w, g, rows, step);
                return;
            }

            var m = Kept(momenta, name, w.Length);
            var u = new double[w.Length];
            for (var i = 0; i < w.Length; i++)
            {
                m[i] = (momentum * m[i]) + ((1 - momentum) * g[i]);
                u[i] = nesterov ? ((1 - momentum) * g[i]) + (momentum * m[i]) : m[i];
            }

            var columns = w.Length / rows;
            var x = new double[rows, columns];
            for (var i = 0; i < w.Length; i++)
                x[i / columns, i % columns] = u[i] / Math.Max(Norm(u), 1e-7);
            if (rows > columns)
                x = Transpose(x);
            for (var i = 0; i < iterations; i++)
            {
                var a = Product(x, Transpose(x));
                x = Sum(3.4445, x, 1, Product(Sum(-4.7750, a, 2.0315, Product(a, a)), x));
            }

            if (rows > columns)
                x = Transpose(x);
            var scale = matchAdamW ? 0.2 * Math.Sqrt(Math.Max(rows, columns)) : Math.Sqrt(Math.Max(1, (double)rows / columns));
            for (var i = 0; i < w.Length; i++)
                w[i] = (w[i] * (1 - (rate * decay))) - (rate * scale * x[i / columns, i % columns]);
        };
    }

    public static Step Sgd(double rate, double momentum)
    {
        var velocities = new Dictionary<string, double[]>();
        return (name, w, g, _, _) =>
        {
            var v = Kept(velocities, name, w.Length);
            for (var i = 0; i < w.Length; i++)
                w[i] -= rate * (v[i] = (momentum * v[i]) + g[i]);
        };
    }

    public static Step Lookahead(Step inner, int steps, double alpha)
    {
        var slows = new Dictionary<string, double[]>();
        return (name, w, g, rows, step) =>
        {
            if (step == 1)
                slows[name] = [.. w];
            inner(name, w, g, rows, step);
            if (step % steps != 0)
                return;
            for (var i = 0; i < w.Length; i++)
                w[i] = slows[name][i] += alpha * (w[i] - slows[name][i]);
        };
    }

    private static double[] Kept(Dictionary<string, double[]> all, string name, int length) =>
        all.TryGetValue(name, out var values) ? values : all[name] = new double[length];

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));

    private static double[,] Transpose(double[,] a)
    {
        var result = new double[a.GetLength(1), a.GetLength(0)];
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var j = 0; j < a.GetLength(1); j++)
                result[j, i] = a[i, j];
        }

        return result;
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        var result = new double[a.GetLength(0), b.GetLength(1)];
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var j = 0; j < b.GetLength(1); j++)
            {
                for (var k = 0; k < a.GetLength(1); k++)
                    result[i, j] += a[i, k] * b[k, j];
            }
        }

        return result;
    }

    private static double[,] Sum(double alpha, double[,] a, double beta, double[,] b)
    {
        var result = new double[a.GetLength(0), a.GetLength(1)];
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var j = 0; j < a.GetLength(1); j++)
                result[i, j] = (alpha * a[i, j]) + (beta * b[i, j]);
        }

        return result;
    }
}
