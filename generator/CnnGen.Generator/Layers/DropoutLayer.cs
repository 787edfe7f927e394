using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>Zeros each element with probability Rate while training and scales the others by 1 / (1 - Rate); nothing when predicting.</summary>
internal sealed record DropoutLayer(float Rate) : Layer
{
    public override string Kind => "Dropout";

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override string Description => "Dropout " + Numbers.Print(Rate);

    public override bool DrawsAtRandom => true;

    public override bool? Rectifies => null;

    public override void Lower(Lowering to)
    {
        if (to.Statistics == Statistics.Batch)
            to.Add(new RandomMask(to.Label, Rate, to.Stream, to.Input, to.Output));
        else
            to.PassThrough();
    }
}
