using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>The elementwise functions; at a kink the derivative is that of the left side, as in PyTorch.</summary>
internal sealed class ReferenceActivation(ActivationLayer layer) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input) => new(input.Shape, Array.ConvertAll(input.Data, x => Value(layer, x)));

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var inputGradient = new Tensor(input.Shape);
        for (var i = 0; i < input.Data.Length; i++)
            inputGradient.Data[i] = outputGradient.Data[i] * Derivative(layer, input.Data[i]);
        return inputGradient;
    }

    public static double Value(ActivationLayer layer, double x) => layer.Function switch
    {
        ActivationKind.ReLU => x > 0 ? x : 0,
        ActivationKind.LeakyReLU => x > 0 ? x : layer.Parameter * x,
        ActivationKind.ELU => x > 0 ? x : layer.Parameter * ExpMinus1(x),
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        ActivationKind.ReLU6 => Math.Clamp(x, 0, 6),
        ActivationKind.SELU => x > 0 ? SELUScale * x : SELUScale * SELUAlpha * ExpMinus1(x),
        ActivationKind.GELU => x * NormalCdf(x),
        ActivationKind.GELUTanh => x * (1 + Math.Tanh(GELUInner(x))) / 2,
        ActivationKind.SiLU => x / (1 + Math.Exp(-x)),
        ActivationKind.Mish => x * Math.Tanh(LogOfOnePlusExp(x)),
        ActivationKind.Softplus => LogOfOnePlusExp(layer.Parameter * x) / layer.Parameter,
        ActivationKind.Softsign => x / (1 + Math.Abs(x)),
        ActivationKind.HardSigmoid => Math.Clamp(x + 3, 0, 6) / 6,
        var other => throw new NotSupportedException($"The reference interpreter doesn't know the activation {other}."),
    };

    public static double Derivative(ActivationLayer layer, double x)
    {
        switch (layer.Function)
        {
            case ActivationKind.ReLU:
                return x > 0 ? 1 : 0;
            case ActivationKind.LeakyReLU:
                return x > 0 ? 1 : layer.Parameter;
            case ActivationKind.ELU:
                return x > 0 ? 1 : layer.Parameter * Math.Exp(x);
            case ActivationKind.Sigmoid:
                return Logistic(x) * Logistic(-x);
            case ActivationKind.Tanh:
                return 1 - (Math.Tanh(x) * Math.Tanh(x));
            case ActivationKind.HardSwish:
                // At -3 PyTorch has the derivative of the right side.
                return x < -3 ? 0 : x <= 3 ? (x / 3) + 0.5 : 1;
            case ActivationKind.ReLU6:
                return x > 0 && x < 6 ? 1 : 0;
            case ActivationKind.SELU:
                return x > 0 ? SELUScale : SELUScale * SELUAlpha * Math.Exp(x);
            case ActivationKind.GELU:
                return NormalCdf(x) + (x * NormalDensity(x));
            case ActivationKind.GELUTanh:
                var tanh = Math.Tanh(GELUInner(x));
                return ((1 + tanh) / 2) + (x * (1 - (tanh * tanh)) / 2 * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x)));
            case ActivationKind.SiLU:
                return Logistic(x) * (1 + (x * Logistic(-x)));
            case ActivationKind.Mish:
                var gate = Math.Tanh(LogOfOnePlusExp(x));
                return gate + (x * (1 - (gate * gate)) * Logistic(x));
            case ActivationKind.Softplus:
                return Logistic(layer.Parameter * x);
            case ActivationKind.Softsign:
                return 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)));
            case ActivationKind.HardSigmoid:
                return x > -3 && x < 3 ? 1.0 / 6 : 0;
            default:
                throw new NotSupportedException($"The reference interpreter doesn't know the activation {layer.Function}.");
        }
    }

    private const double SELUScale = 1.0507009873554804934193349852946;
    private const double SELUAlpha = 1.6732632423543772848170429916717;

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double GELUInner(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    /// <summary>ln(1 + exp(x)), of the larger of 1 and exp(x) taken out.</summary>
    private static double LogOfOnePlusExp(double x)
    {
        // ln(1 + t) = 2 artanh(t / (2 + t)), which cancels nothing where t is small.
        var t = Math.Exp(-Math.Abs(x));
        return Math.Max(x, 0) + (2 * Math.Atanh(t / (2 + t)));
    }

    private static double NormalDensity(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// The normal distribution: 1/2 + density * (x + x^3 / 3 + x^5 / (3 5) + ...), and beyond 4 the tail by its continued fraction, density / (x + 1 / (x + 2 / (x + ...))).
    /// </summary>
    private static double NormalCdf(double x)
    {
        if (Math.Abs(x) > 4)
        {
            var fraction = Math.Abs(x);
            for (var i = 100; i >= 1; i--)
                fraction = Math.Abs(x) + (i / fraction);
            var tail = NormalDensity(x) / fraction;
            return x > 0 ? 1 - tail : tail;
        }

        double sum = 0, term = x;
        for (var i = 1; Math.Abs(term) > 1e-20; i += 2)
        {
            sum += term;
            term *= x * x / (i + 2);
        }

        return 0.5 + (NormalDensity(x) * sum);
    }

    /// <summary>exp(x) - 1, near 0 as 2 sinh(x / 2) exp(x / 2), which cancels nothing.</summary>
    private static double ExpMinus1(double x) =>
        x < -1 ? Math.Exp(x) - 1 : 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);
}
