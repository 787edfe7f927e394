using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>x above 0, a trained slope times x below, one a channel (He et al. 2015, equation 1).</summary>
internal sealed record PReLULayer : Layer
{
    public override string Kind => "PReLU";

    public override bool? Rectifies => true;

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input) =>
        [new ParameterSpec("weight", [input.Channels], Initializer.Quarter)];

    public override void Lower(Lowering to) => to.Add(new Pointwise(
        to.Label, Activations.PReLU, [to.Input, to.Parameter(Parameters(to.Input.Shape)[0])], to.Output));
}
