using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Layers;

/// <summary>The elementwise functions.</summary>
internal enum ActivationKind
{
    ReLU,
    LeakyReLU,
    ELU,
    Sigmoid,
    Tanh,
}

/// <summary>An elementwise function; the shape stays.</summary>
/// <param name="Function">Which.</param>
/// <param name="Parameter">LeakyReLU's slope below zero, ELU's alpha; unused otherwise.</param>
internal sealed record ActivationLayer(ActivationKind Function, float Parameter = 0) : Layer
{
    public override string Kind => Function.ToString();

    public override ShapeResult InferShape(string name, TensorShape input) => input;
}
