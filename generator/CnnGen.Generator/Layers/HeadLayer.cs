using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>The end of a path that is a further output, for training alone.</summary>
internal sealed record HeadLayer(string Output, float Weight) : Layer
{
    public override string Kind => "Head";

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override void Lower(Lowering to) => to.PassThrough();
}

/// <summary>The start of a path: no layer of the network, only of its declaration.</summary>
internal sealed record BranchLayer : Layer
{
    public override string Kind => "Branch";

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override void Lower(Lowering to) => to.PassThrough();
}
