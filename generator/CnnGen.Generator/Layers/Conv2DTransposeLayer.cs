using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>
/// The transpose of a convolution: what the convolution's gradient by its input is, computed forward. Its weight is that of the convolution which leads back: C filters over the
/// layer's channels.
/// </summary>
internal sealed record Conv2DTransposeLayer(
    int Filters, Size2 Kernel, Size2 Stride, Size2 Padding, Size2 OutputPadding, Size2 Dilation, int Groups = 1, bool Bias = true) : Layer
{
    public override string Kind => "Conv2DTranspose";

    public override string BaseName => "ConvTranspose";

    public override string? Measure => "filters";

    /// <summary>The window of the convolution that leads back.</summary>
    private Window Window => new(Kernel, Stride, Padding, Dilation, Rounding.Floor);

    /// <summary>As a convolution over the map with zeros between its elements: of so many elements in a row, every so many is one of the map's.</summary>
    public override Enlargement? Enlarges => new(Stride, new Size2(Window.Extent.Height - Stride.Height, Window.Extent.Width - Stride.Width));

    public override ShapeResult InferShape(string name, TensorShape input)
    {
        if (LayerRules.RequireMap(this, name, input) is { } notAMap)
            return notAMap;
        if (LayerRules.RequireGroups(name, Groups, input.Channels, Filters) is { } groups)
            return groups;
        if (OutputPadding.Height >= Stride.Height || OutputPadding.Width >= Stride.Width)
        {
            var most = new Size2(Math.Min(OutputPadding.Height, Stride.Height - 1), Math.Min(OutputPadding.Width, Stride.Width - 1));
            return new Problem("CNN2026", "OutputPadding", [name, Numbers.PrintArgument(OutputPadding), Numbers.PrintArgument(Stride), Numbers.PrintArgument(most)]);
        }

        var height = Along(input.Height, Kernel.Height, Stride.Height, Padding.Height, OutputPadding.Height, Dilation.Height);
        var width = Along(input.Width, Kernel.Width, Stride.Width, Padding.Width, OutputPadding.Width, Dilation.Width);
        if (height < 1 || width < 1)
            return new Problem("CNN2027", "Padding", [name, Numbers.PrintArgument(Padding), Numbers.Print(height + (2L * Padding.Height)), Numbers.Print(width + (2L * Padding.Width))]);
        return SizeRules.CheckResized(name, "Stride", "a smaller Stride", input, height, width) is { } huge
            ? huge
            : TensorShape.Map(Filters, (int)height, (int)width);
    }

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input)
    {
        var taps = (long)Kernel.Height * Kernel.Width;
        var weight = new ParameterSpec(
            "weight",
            [input.Channels, Filters / Groups, Kernel.Height, Kernel.Width],
            Initializer.Weights,
            FanIn: Math.Max(1, input.Channels / Groups * taps / ((long)Stride.Height * Stride.Width)),
            FanOut: Filters / Groups * taps);
        return Bias ? [weight, new ParameterSpec("bias", [Filters], Initializer.Zeros)] : [weight];
    }

    public override long MultiplyAdds(TensorShape input, TensorShape output) => input.Length * (Filters / Groups) * Kernel.Height * Kernel.Width;

    public override void Lower(Lowering to)
    {
        var parameters = Parameters(to.Input.Shape).Select(to.Parameter).ToList();
        var pixels = to.Intermediate("Pixels", to.Input.Shape);
        to.Add(new AsPixels(to.Label, to.Input, pixels));
        var sums = Bias ? to.Intermediate("Sums", to.Output.Shape) : to.Output;
        to.Add(new ConvolutionInputGradient(
            to.Label, new ConvolutionSpec(to.Input.Shape.Channels, Window, Groups, ConvAlgorithm.Auto), pixels, parameters[0], sums, sums));
        if (Bias)
            to.Add(new Pointwise(to.Label, new Expression.Add(Expression.X, new Expression.Operand(1)), [sums, parameters[1]], to.Output));
    }

    private static long Along(int input, int kernel, int stride, int padding, int outputPadding, int dilation) =>
        ((input - 1L) * stride) - (2L * padding) + ((long)dilation * (kernel - 1)) + 1 + outputPadding;
}
