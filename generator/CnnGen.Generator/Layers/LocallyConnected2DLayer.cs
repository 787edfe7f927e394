using CnnGen.Generator.Arguments;
using CnnGen.Generator.Shapes;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>
/// What a convolution computes, with filters of its own at each pixel of the result: C x H x W -> filters x H' x W'. Parameters lie as Keras has them, filters innermost.
/// </summary>
internal sealed record LocallyConnected2DLayer(int Filters, Window Window, bool Bias = true) : Layer
{
    public override string Kind => "LocallyConnected2D";

    public override string BaseName => "LocallyConnected";

    public override Window? SlidingWindow => Window;

    public override string Description => "LocallyConnected2D " + Numbers.Print(Filters) + ", " + Window.Print();

    public override IReadOnlyList<LayerNumber> Constants => [new LayerNumber("Filters", Filters, "Filters: the output's channels.")];

    public override string? Measure => "filters";

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        if (LayerRules.RequireFit(this, name, Window, input) is { } misfit)
            return misfit;
        var size = Window.Output(input);
        return TensorShape.Map(Filters, size.Height, size.Width);
    }

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input)
    {
        var size = Window.Output(input);
        var taps = Window.Kernel.Height * Window.Kernel.Width;
        var weight = new ParameterSpec(
            "weight",
            [size.Height * size.Width, taps * input.Channels, Filters],
            Initializer.Weights,
            FanIn: (long)taps * input.Channels,
            FanOut: (long)taps * Filters);
        return Bias ? [weight, new ParameterSpec("bias", [size.Height, size.Width, Filters], Initializer.Zeros)] : [weight];
    }

    public override long MultiplyAdds(TensorShape input, TensorShape output) => output.Length * input.Channels * Window.Kernel.Height * Window.Kernel.Width;

    public override void Lower(Lowering to)
    {
        var parameters = Parameters(to.Input.Shape).Select(to.Parameter).ToList();
        var pixels = to.Intermediate("Pixels", to.Input.Shape);
        to.Add(new AsPixels(to.Label, to.Input, pixels));
        to.Add(new LocalProduct(to.Label, Window, pixels, parameters[0], Bias ? parameters[1] : null, to.Output));
    }
}
