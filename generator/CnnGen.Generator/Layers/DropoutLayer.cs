using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Layers;

/// <summary>Zeros each element with probability Rate while training and scales the others by 1 / (1 - Rate); nothing when predicting.</summary>
internal sealed record DropoutLayer(float Rate) : Layer
{
    public override string Kind => "Dropout";

    public override ShapeResult InferShape(string name, TensorShape input) => input;
}
