using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>A normalisation within each image, with a trained factor and addend for each channel.</summary>
internal abstract record StandardLayer(float Epsilon) : Layer
{
    public override bool? Rectifies => null;

    protected abstract StandardSpec Spec { get; }

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input) =>
    [
        new ParameterSpec("weight", [input.Channels], Initializer.Ones),
        new ParameterSpec("bias", [input.Channels], Initializer.Zeros),
    ];

    public override void Lower(Lowering to)
    {
        var parameters = Parameters(to.Input.Shape).Select(to.Parameter).ToList();
        var standard = to.Intermediate("Standard", to.Output.Shape);
        to.Add(new Standardization(to.Label, Spec, to.Input, standard));
        to.Add(new Pointwise(
            to.Label,
            new Expression.MultiplyAdd(Expression.X, new Expression.Operand(1), new Expression.Operand(2)),
            [standard, parameters[0], parameters[1]],
            to.Output));
    }
}

/// <summary>Each group of channels over all pixels (Wu, He 2018).</summary>
internal sealed record GroupNormLayer(int Groups, float Epsilon = 1e-5f) : StandardLayer(Epsilon)
{
    public override string Kind => "GroupNorm";

    protected override StandardSpec Spec => new(Groups, Epsilon);

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if ((LayerRules.RequireNoRegions(this, name, input) ?? LayerRules.RequireDivisor(name, "groups", Groups, input)) is { } misfit)
            return misfit;
        return input.Length == Groups ? new Problem("CNN2025", "", [name, "Use fewer groups"]) : input;
    }
}

/// <summary>A vector's (or each region's) features, or the channels at each pixel (Ba, Kiros, Hinton 2016).</summary>
internal sealed record LayerNormLayer(float Epsilon = 1e-5f) : StandardLayer(Epsilon)
{
    public override string Kind => "LayerNorm";

    protected override StandardSpec Spec => new(0, Epsilon);

    public override ShapeResult InferShape(string name, TensorShape input) =>
        input.Channels == 1 ? new Problem("CNN2025", "", [name, "Use GroupNorm(1) for a map, or remove it"]) : input;
}
