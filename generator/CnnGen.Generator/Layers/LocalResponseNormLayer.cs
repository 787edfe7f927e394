using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>
/// Local response normalisation across channels (Krizhevsky 2012, section 3.3):
/// y[c] = x[c] / (K + Alpha / Size * sum of x[j]^2 for the Size channels around c)^Beta. Alpha is divided by Size, as in PyTorch.
/// </summary>
internal sealed record LocalResponseNormLayer(int Size, float Alpha = 1e-4f, float Beta = 0.75f, float K = 2f) : Layer
{
    public override string Kind => "LocalResponseNorm";

    public override string Description => "LocalResponseNorm " + Numbers.Print(Size);

    public override ShapeResult InferShape(string name, TensorShape input) =>
        LayerRules.RequireMap(this, name, input) is { } notAMap ? notAMap : input;

    public override void Lower(Lowering to) => to.Add(new ResponseNorm(to.Label, new ResponseNormSpec(Size, Alpha, Beta, K), to.Input, to.Output));
}
