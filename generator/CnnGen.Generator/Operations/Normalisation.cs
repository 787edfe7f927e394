namespace CnnGen.Generator.Operations;

/// <summary>
/// Batch normalisation (Ioffe, Szegedy 2015, algorithm 1) of each channel: <see cref="Rewrites.ExpandNorms"/> makes of it what the pass computes.
/// </summary>
internal sealed class BatchNormalization(string label, Statistics statistics, Tensor input, NormParameters parameters, Tensor result) : Operation(label)
{
    /// <summary>By which statistics it normalises.</summary>
    public Statistics Statistics { get; } = statistics;

    public Tensor Input { get; } = input;

    public NormParameters Parameters { get; } = parameters;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input, .. Parameters.Tensors];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>The parameters of a batch norm, with PyTorch's meaning of epsilon and momentum.</summary>
internal sealed record NormParameters(Tensor Weight, Tensor Bias, Tensor RunningMean, Tensor RunningVariance, float Epsilon, float Momentum)
{
    public IReadOnlyList<Tensor> Tensors => [Weight, Bias, RunningMean, RunningVariance];
}

/// <summary>Factors and addends of channels by running statistics, which follow from the parameters alone.</summary>
/// <param name="Label">The normalisation's layer.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Scales">The factors.</param>
/// <param name="Shifts">The addends, in which the bias of a layer before it counts.</param>
internal sealed record FoldedNorm(string Label, NormParameters Parameters, Tensor Scales, Tensor Shifts)
{
    public IReadOnlyList<Tensor> Inputs => Parameters.Tensors;
}

/// <summary>Factors and addends of channels by running statistics: computed once for each change of the parameters.</summary>
internal sealed class RunningCoefficients(string label, FoldedNorm norm) : Operation(label)
{
    public FoldedNorm Norm { get; } = norm;

    public override IReadOnlyList<Tensor> Inputs => Norm.Inputs;

    public override IReadOnlyList<Tensor> Results => [Norm.Scales, Norm.Shifts];

    // A pass by running statistics trains no parameter.
    public override void Differentiate(Differentiation to)
    {
    }
}

/// <summary>The batch's mean and variance of each channel, the factors and addends that follow, and the running statistics moved towards them.</summary>
internal sealed class BatchStatistics(string label, Tensor input, NormParameters parameters, BatchCoefficients coefficients) : Operation(label)
{
    public Tensor Input { get; } = input;

    public NormParameters Parameters { get; } = parameters;

    public BatchCoefficients Coefficients { get; } = coefficients;

    protected override string Work => "statistics of ";

    public override IReadOnlyList<Tensor> Inputs => [Input, .. Parameters.Tensors];

    public override IReadOnlyList<Tensor> Results => Coefficients.Tensors;

    // The statistics' part of the gradient is in NormGradient.
    public override void Differentiate(Differentiation to)
    {
    }
}

/// <summary>What batch statistics give: the means, 1 / the deviations, and factors and addends of the channels.</summary>
internal sealed record BatchCoefficients(Tensor Means, Tensor InverseDeviations, Tensor Scales, Tensor Shifts)
{
    public IReadOnlyList<Tensor> Tensors => [Means, InverseDeviations, Scales, Shifts];
}

/// <summary>input * scales + shifts by the batch's own statistics, which depend on the input too.</summary>
internal sealed class BatchNormalized(string label, Tensor input, NormParameters parameters, BatchCoefficients coefficients, Tensor result) : Operation(label)
{
    public Tensor Input { get; } = input;

    public NormParameters Parameters { get; } = parameters;

    public BatchCoefficients Coefficients { get; } = coefficients;

    public Tensor Result { get; } = result;

    public static Expression Expression { get; } =
        new Expression.MultiplyAdd(new Expression.Operand(0), new Expression.Operand(1), new Expression.Operand(2));

    public override IReadOnlyList<Tensor> Inputs => [Input, Coefficients.Scales, Coefficients.Shifts];

    public override IReadOnlyList<Tensor> Results => [Result];

    public override void Differentiate(Differentiation to)
    {
        if (to.Of(Result) is not { } gradient)
            return;
        var coefficients = new NormGradient.Terms(Channels("GradientA"), Channels("GradientB"), Channels("GradientD"));
        if (!to.Reaches(Input) && !to.Trains(Parameters.Weight) && !to.Trains(Parameters.Bias))
            return;
        to.Add(
            new NormGradient(
                Label, Input, gradient, Parameters, Coefficients, coefficients, to.ParameterGradient(Parameters.Weight), to.ParameterGradient(Parameters.Bias)),
            null);
        if (!to.Reaches(Input))
            return;

        // a * gradient + (b * input + d), a channel's own.
        var result = to.NewGradient(Input);
        to.Add(
            new Pointwise(
                Label,
                new Expression.MultiplyAdd(
                    new Expression.Operand(2),
                    new Expression.Operand(1),
                    new Expression.MultiplyAdd(new Expression.Operand(3), new Expression.Operand(0), new Expression.Operand(4))),
                [Input, gradient, .. coefficients.Tensors],
                result),
            Input);
        to.Contribute(Input, result);

        Tensor Channels(string letter) => new(Tensor.NameOf(Label) + letter, TensorShape.Vector(Input.Shape.Channels), TensorRole.Channels);
    }
}

/// <summary>The gradients by a batch norm's weight and bias, and the coefficients of the gradient by its input.</summary>
internal sealed class NormGradient(
    string label, Tensor input, Tensor gradient, NormParameters parameters, BatchCoefficients coefficients, NormGradient.Terms terms, Tensor weightGradient, Tensor biasGradient)
    : Operation(label)
{
    /// <summary>The input's gradient is A * gradient + B * input + D.</summary>
    internal sealed record Terms(Tensor A, Tensor B, Tensor D)
    {
        public IReadOnlyList<Tensor> Tensors => [A, B, D];
    }

    public Tensor Input { get; } = input;

    public Tensor Gradient { get; } = gradient;

    public NormParameters Parameters { get; } = parameters;

    public BatchCoefficients Coefficients { get; } = coefficients;

    public Terms Result { get; } = terms;

    public Tensor WeightGradient { get; } = weightGradient;

    public Tensor BiasGradient { get; } = biasGradient;

    public override IReadOnlyList<Tensor> Inputs => [Input, Gradient, Parameters.Weight, Coefficients.Means, Coefficients.InverseDeviations];

    public override IReadOnlyList<Tensor> Results => [.. Result.Tensors, WeightGradient, BiasGradient];
}

/// <summary>exp(x) / sum of exp(x) over the channels at each pixel, or its logarithm.</summary>
internal sealed class Softmax(string label, Tensor input, Tensor result, bool isLogarithm = false) : Mapping(label, input, result)
{
    public bool IsLogarithm { get; } = isLogarithm;

    protected override Operation GradientBy(Tensor gradient, Tensor result) => new SoftmaxGradient(Label, Result, gradient, result, IsLogarithm);
}

/// <summary>The gradient through a softmax or its logarithm, from its output.</summary>
internal sealed class SoftmaxGradient(string label, Tensor output, Tensor gradient, Tensor result, bool isLogarithm) : Operation(label)
{
    public bool IsLogarithm { get; } = isLogarithm;

    public Tensor Output { get; } = output;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Output, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>The numbers of a local response normalisation (Krizhevsky 2012, section 3.3); alpha is divided by the size, as in PyTorch.</summary>
internal sealed record ResponseNormSpec(int Size, float Alpha, float Beta, float K);

/// <summary>Local response normalisation across channels.</summary>
internal sealed class ResponseNorm(string label, ResponseNormSpec spec, Tensor input, Tensor result) : Mapping(label, input, result)
{
    public ResponseNormSpec Spec { get; } = spec;

    protected override Operation GradientBy(Tensor gradient, Tensor result) => new ResponseNormGradient(Label, Spec, Input, gradient, result);
}

/// <summary>The gradient through a local response normalisation.</summary>
internal sealed class ResponseNormGradient(string label, ResponseNormSpec spec, Tensor input, Tensor gradient, Tensor result) : Operation(label)
{
    public ResponseNormSpec Spec { get; } = spec;

    public Tensor Input { get; } = input;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}
