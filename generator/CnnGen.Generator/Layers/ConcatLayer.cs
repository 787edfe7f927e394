using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>The channels of several paths one after the other.</summary>
internal sealed record ConcatLayer : Layer
{
    public override string Kind => "Concat";

    public override bool IsJoin => true;

    public override bool? Rectifies => null;

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override ShapeResult InferShape(string name, IReadOnlyList<LayerInput> inputs)
    {
        var first = inputs[0];
        foreach (var input in inputs)
        {
            if (input.Shape.WithChannels(1) != first.Shape.WithChannels(1))
                return JoinRules.Misfit(this, name, first, input with { Shape = input.Shape });
        }

        var channels = inputs.Sum(input => (long)input.Shape.Channels);
        if (channels > int.MaxValue)
            return SizeRules.TooManyChannels(name, channels);
        return first.Shape.WithChannels((int)channels);
    }

    public override void Lower(Lowering to) => to.Add(new Concatenate(to.Label, to.Inputs, to.Output));
}
