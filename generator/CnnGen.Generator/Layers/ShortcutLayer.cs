using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>The second path of a residual block: what arrives, or a 1x1 convolution with a batch norm where shapes differ (He et al. 2016, section 3.3, option B).</summary>
/// <param name="Filters">The channels of the output.</param>
/// <param name="Stride">Of the convolution.</param>
/// <param name="ConvTensorName">What the convolution's tensors are called, after the layer's prefix.</param>
/// <param name="NormTensorName">What the normalisation's tensors are called, after the layer's prefix.</param>
internal sealed record ShortcutLayer(int Filters, Size2 Stride, string ConvTensorName = "conv", string NormTensorName = "bn") : Layer
{
    private static readonly BatchNormLayer s_norm = new();

    public override string Kind => "Shortcut";

    public override bool? Rectifies => null;

    public override Window? SlidingWindow => Convolution.Window;

    private Conv2DLayer Convolution => new(Filters, new Window(Size2.One, Stride, Size2.Zero, Size2.One, Rounding.Floor), Bias: false);

    public override ShapeResult InferShape(string name, TensorShape input) => Convolution.InferShape(name, input);

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input) => IsIdentity(input)
        ? []
        :
        [
            .. Convolution.Parameters(input).Select(spec => spec with { Name = ConvTensorName + "." + spec.Name, PropertyName = "Conv" + spec.PropertyName }),
            .. s_norm.Parameters(TensorShape.Vector(Filters)).Select(spec => spec with { Name = NormTensorName + "." + spec.Name, PropertyName = "Bn" + spec.PropertyName }),
        ];

    public override long MultiplyAdds(TensorShape input, TensorShape output) => IsIdentity(input) ? 0 : Convolution.MultiplyAdds(input, output);

    public override void Lower(Lowering to)
    {
        if (IsIdentity(to.Input.Shape))
        {
            to.PassThrough();
            return;
        }

        var parameters = Parameters(to.Input.Shape).Select(to.Parameter).ToList();
        var convolved = to.Intermediate("Convolved", to.Output.Shape);
        to.Add(new Convolution(to.Label, Convolution.Spec, to.Input, parameters[0], null, convolved));
        to.Add(new BatchNormalization(
            to.Label, to.Statistics, convolved, new NormParameters(parameters[1], parameters[2], parameters[3], parameters[4], s_norm.Epsilon, s_norm.Momentum), to.Output));
    }

    public bool IsIdentity(TensorShape input) => input.Channels == Filters && Stride == Size2.One;
}
