namespace CnnGen.Generator.Operations;

/// <summary>The image that the network reads, as callers have it: C x H x W.</summary>
internal sealed class LoadImage(string label, Tensor result) : Operation(label)
{
    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [];

    public override IReadOnlyList<Tensor> Results => [Result];

    public override void Differentiate(Differentiation to)
    {
        if (!to.Wanted.IsKept && to.Of(Result) is { } gradient)
            to.Add(new StoreImageGradient(Label, gradient), Result);
    }
}

/// <summary>The gradient by the image, as callers want it.</summary>
internal sealed class StoreImageGradient(string label, Tensor gradient) : Operation(label)
{
    public Tensor Gradient { get; } = gradient;

    public override IReadOnlyList<Tensor> Inputs => [Gradient];

    public override IReadOnlyList<Tensor> Results => [];
}

/// <summary>An output, as callers want it: C x H x W, through a softmax where training leaves it to the loss.</summary>
internal sealed class StoreScores(string label, Tensor source, bool appliesSoftmax) : Operation(label)
{
    public Tensor Source { get; } = source;

    public bool AppliesSoftmax { get; } = appliesSoftmax;

    protected override string Work => "scores of ";

    public override IReadOnlyList<Tensor> Inputs => [Source];

    public override IReadOnlyList<Tensor> Results => [];

    // What is handed out is not differentiated.
    public override void Differentiate(Differentiation to)
    {
    }
}

/// <summary>
/// The same elements in C x H x W order, in another shape: a map as a vector. Where layouts allow, nothing is moved.
/// </summary>
internal sealed class Reshape(string label, Tensor input, Tensor result) : Mapping(label, input, result)
{
    protected override Operation GradientBy(Tensor gradient, Tensor result) => new Reshape(Label, gradient, result);
}

/// <summary>The same map where what reads it wants each pixel's channels side by side. Where they are, nothing is moved.</summary>
internal sealed class AsPixels(string label, Tensor input, Tensor result) : Mapping(label, input, result)
{
    protected override Operation GradientBy(Tensor gradient, Tensor result) => new AsPixels(Label, gradient, result);
}

/// <summary>Maps of equal height and width, one after the other along the channels.</summary>
internal sealed class Concatenate(string label, IReadOnlyList<Tensor> inputs, Tensor result) : Operation(label)
{
    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs { get; } = inputs;

    public override IReadOnlyList<Tensor> Results => [Result];

    public override void Differentiate(Differentiation to)
    {
        if (to.Of(Result) is not { } gradient)
            return;
        var first = 0;
        foreach (var input in Inputs)
        {
            if (to.Reaches(input))
            {
                var result = to.NewGradient(input);
                to.Add(new Slice(Label, gradient, first, result), input);
                to.Contribute(input, result);
            }

            first += input.Shape.Channels;
        }
    }
}

/// <summary>Some of a tensor's channels.</summary>
internal sealed class Slice(string label, Tensor input, int firstChannel, Tensor result) : Mapping(label, input, result)
{
    public int FirstChannel { get; } = firstChannel;

    protected override Operation GradientBy(Tensor gradient, Tensor result) => new SliceGradient(Label, gradient, FirstChannel, result);
}

/// <summary>The gradient by a tensor of which some channels were read: zeros for the others.</summary>
internal sealed class SliceGradient(string label, Tensor gradient, int firstChannel, Tensor result) : Operation(label)
{
    public Tensor Gradient { get; } = gradient;

    public int FirstChannel { get; } = firstChannel;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>Each pixel as a square of Factor x Factor pixels.</summary>
internal sealed class Upsampling(string label, Size2 factor, Tensor input, Tensor result) : Operation(label)
{
    public Size2 Factor { get; } = factor;

    public Tensor Input { get; } = input;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input];

    public override IReadOnlyList<Tensor> Results => [Result];

    public override void Differentiate(Differentiation to)
    {
        if (to.Of(Result) is not { } gradient || !to.Reaches(Input))
            return;

        // The sum of a square is its mean times its pixels.
        var mean = to.NewGradient(Input, "Mean");
        var result = to.NewGradient(Input);
        to.Add(new Pool(Label, PoolFunction.AverageInside, new Window(Factor, Factor, Size2.Zero, Size2.One, Rounding.Exact), gradient, mean), Input);
        to.Add(new Pointwise(Label, new Expression.Multiply(new Expression.Constant(Factor.Height * Factor.Width), Expression.X), [mean], result), Input);
        to.Contribute(Input, result);
    }
}

/// <summary>What one output costs: each image's loss and its gradient by the output (by the scores before it, where the loss is computed along with the last layer).</summary>
internal sealed class Loss(string label, LossKind kind, LossSettings settings, float weight, bool isFirst, Tensor output, Tensor gradient) : Operation(label)
{
    public LossKind Kind { get; } = kind;

    public LossSettings Settings { get; } = settings;

    protected override string Work => "loss of ";

    /// <summary>What it counts in the sum of all losses.</summary>
    public float Weight { get; } = weight;

    /// <summary>Whether it stores the image's loss, to which the others add theirs.</summary>
    public bool IsFirst { get; } = isFirst;

    public Tensor Output { get; } = output;

    /// <summary>The targets of one image, which begin with this output's.</summary>
    public int TargetLength { get; init; } = checked((int)output.Shape.Length);

    /// <summary>The targets' shape, which says how callers have them: a head's are those of the network's output.</summary>
    public TensorShape TargetShape { get; init; } = output.Shape;

    public Tensor Gradient { get; } = gradient;

    public override IReadOnlyList<Tensor> Inputs => [Output];

    public override IReadOnlyList<Tensor> Results => [Gradient];

    public override void Differentiate(Differentiation to) => to.Contribute(Output, Gradient);
}
