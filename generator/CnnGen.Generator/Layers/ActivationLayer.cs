using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>The elementwise functions.</summary>
internal enum ActivationKind
{
    ReLU,
    LeakyReLU,
    ELU,
    Sigmoid,
    Tanh,
    HardSwish,
    ReLU6,
    SELU,
    GELU,

    /// <summary>GELU with a hyperbolic tangent in the place of the normal distribution.</summary>
    GELUTanh,
    SiLU,
    Mish,
    Softplus,
    Softsign,
    HardSigmoid,
}

/// <summary>An elementwise function; the shape stays.</summary>
/// <param name="Function">Which.</param>
/// <param name="Parameter">LeakyReLU's slope below zero, ELU's alpha, Softplus's beta; unused otherwise.</param>
internal sealed record ActivationLayer(ActivationKind Function, float Parameter = 0) : Layer
{
    public override string Kind => Function == ActivationKind.GELUTanh ? "GELU" : Function.ToString();

    // ReLU61 would be the sixty-first ReLU.
    public override string BaseName => Function == ActivationKind.ReLU6 ? "ClippedReLU" : Kind;

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override bool? Rectifies => Function is ActivationKind.ReLU or ActivationKind.LeakyReLU or ActivationKind.ELU or ActivationKind.ReLU6
        or ActivationKind.HardSwish or ActivationKind.GELU or ActivationKind.GELUTanh or ActivationKind.SiLU or ActivationKind.Mish;

    public override void Lower(Lowering to) => to.AddPointwise(Function switch
    {
        ActivationKind.ReLU => Activations.ReLU,
        ActivationKind.LeakyReLU => Activations.LeakyReLU(Parameter),
        ActivationKind.ELU => Activations.ELU(Parameter),
        ActivationKind.Sigmoid => Activations.Sigmoid,
        ActivationKind.Tanh => Activations.Tanh,
        ActivationKind.HardSwish => Activations.HardSwish,
        ActivationKind.ReLU6 => Activations.ReLU6,
        ActivationKind.SELU => Activations.SELU,
        ActivationKind.GELU => Activations.GELU,
        ActivationKind.GELUTanh => Activations.GELUTanh,
        ActivationKind.SiLU => Activations.SiLU,
        ActivationKind.Mish => Activations.Mish,
        ActivationKind.Softplus => Activations.Softplus(Parameter),
        ActivationKind.Softsign => Activations.Softsign,
        ActivationKind.HardSigmoid => Activations.HardSigmoid,
        _ => throw new InvalidOperationException($"No expression for {Function}."),
    });
}
