using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>A convolution (cross-correlation, as in the whole field): C x H x W -> filters x H' x W'.</summary>
internal sealed record Conv2DLayer(
    int Filters,
    Window Window,
    int Groups = 1,
    bool Bias = true,
    ConvAlgorithm Algorithm = ConvAlgorithm.Auto) : Layer
{
    public override string Kind => "Conv2D";

    public override string BaseName => "Conv";

    public override Window? SlidingWindow => Window;

    public override string Description =>
        "Conv2D " + Numbers.Print(Filters) + ", " + Window.Print() + (Groups > 1 ? ", groups " + Numbers.Print(Groups) : "");

    public override IReadOnlyList<LayerNumber> Constants =>
    [
        new LayerNumber("Filters", Filters, "Filters: the output's channels."),
        new LayerNumber("Groups", Groups, "Groups that channels and filters are cut into."),
    ];

    public override string? Measure => "filters";

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        if (LayerRules.RequireGroups(name, Groups, input.Channels, Filters) is { } groups)
            return groups;
        if (LayerRules.RequireWinograd(name, this) is { } unsuited)
            return unsuited;
        if (LayerRules.RequireFit(this, name, Window, input) is { } misfit)
            return misfit;
        var size = Window.Output(input);
        return TensorShape.Map(Filters, size.Height, size.Width);
    }

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input)
    {
        var taps = (long)Window.Kernel.Height * Window.Kernel.Width;
        var perGroup = input.Channels / Groups;
        var weight = new ParameterSpec(
            "weight",
            [Filters, perGroup, Window.Kernel.Height, Window.Kernel.Width],
            Initializer.Weights,
            FanIn: perGroup * taps,
            FanOut: Filters / Groups * taps);
        return Bias ? [weight, new ParameterSpec("bias", [Filters], Initializer.Zeros)] : [weight];
    }

    public ConvolutionSpec Spec => new(Filters, Window, Groups, Algorithm);

    public override void Lower(Lowering to)
    {
        var parameters = Parameters(to.Input.Shape).Select(to.Parameter).ToList();
        to.Add(new Convolution(to.Label, Spec, to.Input, parameters[0], Bias ? parameters[1] : null, to.Output));
    }

    public override long MultiplyAdds(TensorShape input, TensorShape output) =>
        output.Length * (input.Channels / Groups) * Window.Kernel.Height * Window.Kernel.Width;
}
