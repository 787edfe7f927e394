using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>Each pixel as a square of equal pixels: C x H x W -> C x factor H x factor W.</summary>
internal sealed record UpsampleLayer(int Factor) : Layer
{
    public override string Kind => "Upsample";

    public override bool? Rectifies => null;

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        return SizeRules.CheckUpsampled(name, Factor, input) is { } huge
            ? huge
            : TensorShape.Map(input.Channels, input.Height * Factor, input.Width * Factor);
    }

    public override void Lower(Lowering to)
    {
        if (Factor == 1)
            to.PassThrough();
        else
            to.Add(new Upsampling(to.Label, Size2.Square(Factor), to.Input, to.Output));
    }
}
