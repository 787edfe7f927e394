using CnnGen.Generator.Graph;
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
}

/// <summary>An elementwise function; the shape stays.</summary>
/// <param name="Function">Which.</param>
/// <param name="Parameter">LeakyReLU's slope below zero, ELU's alpha; unused otherwise.</param>
internal sealed record ActivationLayer(ActivationKind Function, float Parameter = 0) : Layer
{
    public override string Kind => Function.ToString();

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override bool? Rectifies => Function is ActivationKind.ReLU or ActivationKind.LeakyReLU or ActivationKind.ELU or ActivationKind.HardSwish;

    public override void Lower(Lowering to) => to.AddPointwise(Function switch
    {
        ActivationKind.ReLU => Activations.ReLU,
        ActivationKind.LeakyReLU => Activations.LeakyReLU(Parameter),
        ActivationKind.ELU => Activations.ELU(Parameter),
        ActivationKind.Sigmoid => Activations.Sigmoid,
        ActivationKind.Tanh => Activations.Tanh,
        ActivationKind.HardSwish => Activations.HardSwish,
        _ => throw new InvalidOperationException($"No expression for {Function}."),
    });
}
