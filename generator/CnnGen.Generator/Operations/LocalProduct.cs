namespace CnnGen.Generator.Operations;

/// <summary>Each pixel of the result from a window of the map, by weights that only that pixel has: pixels x (rows, columns, channels of the window) x filters.</summary>
internal sealed class LocalProduct(string label, Window window, Tensor input, Tensor weight, Tensor? bias, Tensor result) : Operation(label)
{
    public Window Window { get; } = window;

    public Tensor Input { get; } = input;

    public Tensor Weight { get; } = weight;

    /// <summary>A number for each pixel and filter.</summary>
    public Tensor? Bias { get; } = bias;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input, Weight, .. Optional.Of(Bias)];

    public override IReadOnlyList<Tensor> Results => [Result];

    public override void Differentiate(Differentiation to)
    {
        if (to.Of(Result) is not { } gradient)
            return;
        if (to.Trains(Weight))
            to.Add(new LocalWeightGradient(Label, Window, Input, gradient, to.ParameterGradient(Weight), Bias is null ? null : to.ParameterGradient(Bias)), null);
        if (!to.Reaches(Input))
            return;
        var result = to.NewGradient(Input);
        to.Add(new LocalInputGradient(Label, Window, gradient, Weight, result), Input);
        to.Contribute(Input, result);
    }
}

/// <summary>The gradient of products that each pixel has of its own, by the map.</summary>
internal sealed class LocalInputGradient(string label, Window window, Tensor gradient, Tensor weight, Tensor result) : Operation(label)
{
    public Window Window { get; } = window;

    public Tensor Gradient { get; } = gradient;

    public Tensor Weight { get; } = weight;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Gradient, Weight];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>The gradient by the weights and the bias, summed over the batch.</summary>
internal sealed class LocalWeightGradient(string label, Window window, Tensor input, Tensor gradient, Tensor result, Tensor? biasResult) : Operation(label)
{
    public Window Window { get; } = window;

    public Tensor Input { get; } = input;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public Tensor? BiasResult { get; } = biasResult;

    public override IReadOnlyList<Tensor> Inputs => [Input, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result, .. Optional.Of(BiasResult)];
}
