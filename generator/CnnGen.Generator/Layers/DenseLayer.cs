using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>A fully connected layer over a vector: features -> units; over vectors of regions, each region's by itself.</summary>
internal sealed record DenseLayer(int Units, bool Bias = true) : Layer
{
    public override string Kind => "Dense";

    public override bool MakesVector => true;

    public override string Description => "Dense " + Numbers.Print(Units);

    public override IReadOnlyList<LayerNumber> Constants => [new LayerNumber("Units", Units, "Units: the output's features.")];

    public override string? Measure => "units";

    /// <summary>The graph puts a <see cref="FlattenLayer"/> before a dense layer that follows a map, so the input is a vector.</summary>
    public override ShapeResult InferShape(string name, TensorShape input) => input.IsRegions ? input.WithChannels(Units) : TensorShape.Vector(Units);

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input)
    {
        var weight = new ParameterSpec(
            "weight", [Units, input.Channels], Initializer.Weights, FanIn: input.Channels, FanOut: Units);
        return Bias ? [weight, new ParameterSpec("bias", [Units], Initializer.Zeros)] : [weight];
    }

    public override long MultiplyAdds(TensorShape input, TensorShape output) => input.Length * Units;

    public override void Lower(Lowering to)
    {
        var parameters = Parameters(to.Input.Shape).Select(to.Parameter).ToList();
        var bias = Bias ? parameters[1] : null;

        // What regions share is what pixels share: a 1x1 convolution, for which a row is a pixel.
        to.Add(to.Input.Shape.IsRegions
            ? new Convolution(to.Label, new ConvolutionSpec(Units, Window.One, 1, ConvAlgorithm.Auto), to.Input, parameters[0], bias, to.Output)
            : new Product(to.Label, to.Input, parameters[0], bias, to.Output));
    }
}

/// <summary>A map's elements as one vector, in C x H x W order: what a dense layer reads.</summary>
internal sealed record FlattenLayer : Layer
{
    public override string Kind => "Flatten";

    public override bool MakesVector => true;

    public override ShapeResult InferShape(string name, TensorShape input) =>
        input.Length <= int.MaxValue ? TensorShape.Vector((int)input.Length) : input;

    public override void Lower(Lowering to) => to.Add(new Reshape(to.Label, to.Input, to.Output));
}
