namespace CnnGen.Generator.Operations;

/// <summary>The product of a vector with a matrix of weights, features x units: a dense layer.</summary>
internal sealed class Product(string label, Tensor input, Tensor weight, Tensor? bias, Tensor result) : Computation(label, result)
{
    public Tensor Input { get; } = input;

    public Tensor Weight { get; } = weight;

    public Tensor? Bias { get; } = bias;

    /// <summary>The factors that are folded into the weights; null where there are none.</summary>
    public FoldedNorm? Norm { get; private set; }

    public int Units => ComputedShape.Channels;

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
            to.AddParameterGradient(Bias, by => new ProductBiasGradient(Label, gradient, by));
        to.AddParameterGradient(Weight, by => new ProductWeightGradient(Label, Input, gradient, by));
        if (!to.Reaches(Input))
            return;
        var result = to.NewGradient(Input);
        to.Add(new ProductInputGradient(Label, gradient, Weight, Input, result), Input);
        to.Contribute(Input, result);
    }
}

/// <summary>A product's gradient by its input.</summary>
internal sealed class ProductInputGradient(string label, Tensor gradient, Tensor weight, Tensor input, Tensor result) : Computation(label, result)
{
    public Tensor Gradient { get; } = gradient;

    public Tensor Weight { get; } = weight;

    /// <summary>What the product reads: only its shape and its layout count.</summary>
    public Tensor Input { get; } = input;

    public override IReadOnlyList<Tensor> Sources => [Gradient, Weight];

    public override TensorShape ComputedShape => Input.Shape;
}

/// <summary>A product's gradient by its weights, summed over the batch.</summary>
internal sealed class ProductWeightGradient(string label, Tensor input, Tensor gradient, Tensor result) : Operation(label)
{
    public Tensor Input { get; } = input;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>A product's gradient by its bias, or by another parameter of one number a feature: a vector summed over the images.</summary>
internal sealed class ProductBiasGradient(string label, Tensor gradient, Tensor result) : Operation(label)
{
    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}
