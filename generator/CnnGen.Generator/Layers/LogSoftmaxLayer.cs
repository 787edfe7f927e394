using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>The logarithm of the softmax over a vector's features (over the channels at each pixel of a map).</summary>
internal sealed record LogSoftmaxLayer : Layer
{
    public override string Kind => "LogSoftmax";

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override void Lower(Lowering to) => to.Add(new Softmax(to.Label, to.Input, to.Output, isLogarithm: true));
}
