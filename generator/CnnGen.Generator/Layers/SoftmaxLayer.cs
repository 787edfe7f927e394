using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>exp(x) / sum of exp(x) over a vector's features (over the channels at each pixel of a map).</summary>
internal sealed record SoftmaxLayer : Layer
{
    public override string Kind => "Softmax";

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override bool IsSoftmax => true;

    public override void Lower(Lowering to) => to.Add(new Softmax(to.Label, to.Input, to.Output));
}
