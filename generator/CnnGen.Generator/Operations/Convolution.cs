namespace CnnGen.Generator.Operations;

/// <summary>The numbers of a convolution.</summary>
internal sealed record ConvolutionSpec(int Filters, Window Window, int Groups, ConvAlgorithm Algorithm)
{
    /// <summary>What Winograd's algorithms are for: a 3x3 or 5x5 kernel that moves by one pixel and reads all channels.</summary>
    public bool SuitsWinograd => SuitsWinogradTile(2);

    /// <summary>Whether there is an algorithm for such a tile of outputs: tiles of 4x4 inputs (F(2x2, 3x3)) or of 6x6 (F(4x4, 3x3) and F(2x2, 5x5)).</summary>
    public bool SuitsWinogradTile(int outputTile) =>
        (Window.Kernel == Size2.Square(3) || (Window.Kernel == Size2.Square(5) && outputTile == 2))
        && Window.Stride == Size2.One
        && Window.Dilation == Size2.One
        && Groups == 1;
}

/// <summary>A convolution (cross-correlation) of maps.</summary>
internal sealed class Convolution(string label, ConvolutionSpec spec, Tensor input, Tensor weight, Tensor? bias, Tensor result) : Computation(label, result)
{
    public ConvolutionSpec Spec { get; } = spec;

    public Tensor Input { get; } = input;

    public Tensor Weight { get; private set; } = weight;

    public Tensor? Bias { get; private set; } = bias;

    /// <summary>The factors that are folded into the weights; null where there are none.</summary>
    public FoldedNorm? Norm { get; private set; }

    public override IReadOnlyList<Tensor> Sources => [Input, Weight, .. Optional.Of(Bias), .. Norm?.Inputs ?? []];

    public override TensorShape ComputedShape { get; } = result.Shape;

    /// <summary>Takes a normalisation by running statistics into its weights and bias.</summary>
    public void Fold(FoldedNorm norm, Tensor result)
    {
        Norm = norm;
        Fuse(After, result, [norm.Label]);
    }

    public override void Differentiate(Differentiation to)
    {
        if (to.Of(Result) is not { } gradient)
            return;
        if (Bias is not null)
            to.AddParameterGradient(Bias, by => new ConvolutionBiasGradient(Label, gradient, by));
        to.AddParameterGradient(Weight, by => new ConvolutionWeightGradient(Label, Spec, Input, gradient, Weight, by));
        if (!to.Reaches(Input))
            return;
        var result = to.NewGradient(Input);
        to.Add(new ConvolutionInputGradient(Label, Spec, gradient, Weight, Input, result), Input);
        to.Contribute(Input, result);
    }
}

/// <summary>A convolution's gradient by its input.</summary>
internal sealed class ConvolutionInputGradient(string label, ConvolutionSpec spec, Tensor gradient, Tensor weight, Tensor input, Tensor result) : Computation(label, result)
{
    public ConvolutionSpec Spec { get; } = spec;

    public Tensor Gradient { get; } = gradient;

    public Tensor Weight { get; } = weight;

    /// <summary>What the convolution reads: only its shape and its layout count.</summary>
    public Tensor Input { get; } = input;

    public override IReadOnlyList<Tensor> Sources => [Gradient, Weight];

    public override TensorShape ComputedShape => Input.Shape;
}

/// <summary>A convolution's gradient by its weights, summed over the batch.</summary>
internal sealed class ConvolutionWeightGradient(string label, ConvolutionSpec spec, Tensor input, Tensor gradient, Tensor weight, Tensor result) : Operation(label)
{
    public ConvolutionSpec Spec { get; } = spec;

    public Tensor Input { get; } = input;

    public Tensor Gradient { get; } = gradient;

    public Tensor Weight { get; } = weight;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>A convolution's gradient by its bias, or by another parameter of one number a channel: a map summed over pixels and images.</summary>
internal sealed class ConvolutionBiasGradient(string label, Tensor gradient, Tensor result) : Operation(label)
{
    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>Lists that may have no element.</summary>
internal static class Optional
{
    public static IReadOnlyList<Tensor> Of(Tensor? tensor) => tensor is null ? [] : [tensor];
}
