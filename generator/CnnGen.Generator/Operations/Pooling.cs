namespace CnnGen.Generator.Operations;

/// <summary>What a pooling computes from its windows.</summary>
internal enum PoolFunction
{
    Max,

    /// <summary>The sum divided by the window's elements, padding counted.</summary>
    AverageWithPadding,

    /// <summary>The sum divided by the window's elements inside the image.</summary>
    AverageInside,
}

/// <summary>The largest element of each of as many parts as the result has pixels: part i has the rows from floor(i H / h) to ceil((i + 1) H / h).</summary>
internal sealed class LargestOfParts(string label, Tensor input, Tensor result) : Mapping(label, input, result)
{
    protected override Operation GradientBy(Tensor gradient, Tensor result) => new LargestOfPartsGradient(Label, Input, Result, gradient, result);
}

/// <summary>The gradient of the largest of parts: to the first element of each part, row by row, that equals it.</summary>
internal sealed class LargestOfPartsGradient(string label, Tensor input, Tensor output, Tensor gradient, Tensor result) : Operation(label)
{
    public Tensor Input { get; } = input;

    public Tensor Output { get; } = output;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input, Output, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>
/// An element of each window, drawn with a probability that is its share of the sum of those above 0; 0 where there is none. What is drawn is a function of (seed, stream, image, element),
/// so that the gradient draws the same.
/// </summary>
internal sealed class RandomPool(string label, Window window, int stream, Tensor input, Tensor result) : Mapping(label, input, result)
{
    public Window Window { get; } = window;

    /// <summary>The layer's place among all that draw.</summary>
    public int Stream { get; } = stream;

    protected override Operation GradientBy(Tensor gradient, Tensor result) => new RandomPoolGradient(Label, Window, Stream, Input, gradient, result);
}

/// <summary>The gradient of what was drawn from each window, which goes to where it was.</summary>
internal sealed class RandomPoolGradient(string label, Window window, int stream, Tensor input, Tensor gradient, Tensor result) : Operation(label)
{
    public Window Window { get; } = window;

    public int Stream { get; } = stream;

    public Tensor Input { get; } = input;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>The pooling of each window of each channel.</summary>
internal sealed class Pool(string label, PoolFunction function, Window window, Tensor input, Tensor result) : Operation(label)
{
    public PoolFunction Function { get; } = function;

    public Window Window { get; } = window;

    public Tensor Input { get; } = input;

    public Tensor Result { get; } = result;

    /// <summary>Whether one window covers the map.</summary>
    public bool IsGlobal => Result.Shape is { Height: 1, Width: 1 };

    public override IReadOnlyList<Tensor> Inputs => [Input];

    public override IReadOnlyList<Tensor> Results => [Result];

    /// <summary>The pooling as the last step of the kernel before it: its windows tile their input, with neither overlap nor padding nor a remainder.</summary>
    public TilingPool? Tiling => Window.Kernel == Window.Stride
        && Window.Dilation == Size2.One
        && Window.Padding == Padding.None
        && Input.Shape.Height == Result.Shape.Height * Window.Kernel.Height
        && Input.Shape.Width == Result.Shape.Width * Window.Kernel.Width
            ? new TilingPool(Function == PoolFunction.Max ? Function : PoolFunction.AverageInside, Window.Kernel)
            : null;

    public override void Differentiate(Differentiation to)
    {
        if (to.Of(Result) is not { } gradient || !to.Reaches(Input))
            return;
        if (Function == PoolFunction.Max && to.ThroughMaximum(Input) is (var derivative, var source))
        {
            // A maximum passes its gradient to elements that equal it: the derivative of an activation before it is the same there, and the pooled map is smaller.
            var scaled = to.NewGradient(Result, "Activated");
            to.Add(new Pointwise(
                to.LabelOf(Input), Simplify.Multiply(Expression.X, derivative.Replace(part => part is Expression.Result ? new Expression.Operand(1) : null)), [gradient, Result], scaled), source);
            var passed = to.NewGradient(source);
            to.Add(new PoolGradient(Label, Function, Window, Input, Result, scaled, passed), source);
            to.Contribute(source, passed);
            return;
        }

        var result = to.NewGradient(Input);
        to.Add(new PoolGradient(Label, Function, Window, Input, Result, gradient, result), Input);
        to.Contribute(Input, result);
    }
}

/// <summary>
/// A pooling's gradient by its input: a maximum's goes to the first element of the window, row by row, that equals it; a mean's to all of the window alike.
/// </summary>
internal sealed class PoolGradient(
    string label, PoolFunction function, Window window, Tensor input, Tensor output, Tensor gradient, Tensor result) : Operation(label)
{
    public PoolFunction Function { get; } = function;

    public Window Window { get; } = window;

    /// <summary>What was pooled; a mean's gradient knows only its shape.</summary>
    public Tensor Input { get; } = input;

    public Tensor Output { get; } = output;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => Function == PoolFunction.Max ? [Input, Output, Gradient] : [Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}
