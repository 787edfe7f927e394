using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>The elementwise functions; at a kink the derivative is that of the left side, as in PyTorch.</summary>
internal sealed class ReferenceActivation(ActivationLayer layer) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input) => new(input.Shape, Array.ConvertAll(input.Data, Value));

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var inputGradient = new Tensor(input.Shape);
        for (var i = 0; i < input.Data.Length; i++)
            inputGradient.Data[i] = outputGradient.Data[i] * Derivative(input.Data[i]);
        return inputGradient;
    }

    private double Value(double x) => layer.Function switch
    {
        ActivationKind.ReLU => x > 0 ? x : 0,
        ActivationKind.LeakyReLU => x > 0 ? x : layer.Parameter * x,
        ActivationKind.ELU => x > 0 ? x : layer.Parameter * ExpMinus1(x),
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        var other => throw new NotSupportedException($"The reference interpreter doesn't know the activation {other}."),
    };

    private double Derivative(double x)
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
                return Value(x) * (1 - Value(x));
            case ActivationKind.Tanh:
                return 1 - (Value(x) * Value(x));
            case ActivationKind.HardSwish:
                // At -3 PyTorch has the derivative of the right side.
                return x < -3 ? 0 : x <= 3 ? (x / 3) + 0.5 : 1;
            default:
                throw new NotSupportedException($"The reference interpreter doesn't know the activation {layer.Function}.");
        }
    }

    /// <summary>exp(x) - 1, near 0 as 2 sinh(x / 2) exp(x / 2), which cancels nothing.</summary>
    private static double ExpMinus1(double x) =>
        x < -1 ? Math.Exp(x) - 1 : 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);
}
