using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Layers;

/// <summary>How a convolution is computed.</summary>
internal enum ConvAlgorithm
{
    /// <summary>The planner chooses.</summary>
    Auto,

    /// <summary>The direct form, which reads its input where it lies.</summary>
    Direct,

    /// <summary>The input is unrolled into a matrix, which a packed product multiplies.</summary>
    Im2Col,

    /// <summary>Winograd's F(2x2, 3x3) or F(2x2, 5x5).</summary>
    Winograd2x2,

    /// <summary>Winograd's F(4x4, 3x3).</summary>
    Winograd4x4,
}

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

    /// <summary>What Winograd's algorithms are for: a 3x3 or 5x5 kernel that moves by one pixel and reads all channels.</summary>
    public bool SuitsWinograd => SuitsWinogradTile(2);

    /// <summary>Whether there is an algorithm for such a tile of outputs: tiles of 4x4 inputs (F(2x2, 3x3)) or of 6x6 (F(4x4, 3x3) and F(2x2, 5x5)).</summary>
    public bool SuitsWinogradTile(int outputTile) =>
        (Window.Kernel == Size2.Square(3) || (Window.Kernel == Size2.Square(5) && outputTile == 2))
        && Window.Stride == Size2.One
        && Window.Dilation == Size2.One
        && Groups == 1;

    public override long MultiplyAdds(TensorShape input, TensorShape output) =>
        output.Length * (input.Channels / Groups) * Window.Kernel.Height * Window.Kernel.Width;
}
