using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Layers;

/// <summary>
/// The root of the sum of powers of each window: of all its elements alike, or by the weights of a Gaussian curve (Sermanet, Chintala, LeCun 2012).
/// </summary>
/// <param name="Power">The power, 1 or more.</param>
/// <param name="Window">The windows.</param>
/// <param name="Sigma">The curve's deviation in pixels; 0 where elements count alike.</param>
internal sealed record LpPoolLayer(float Power, Window Window, float Sigma = 0) : Layer
{
    public override string Kind => "LpPool";

    public override Window? SlidingWindow => Window;

    public override ShapeResult InferShape(string name, TensorShape input) => LayerRules.PoolShape(this, name, Window, input);

    public override void Lower(Lowering to)
    {
        var powers = to.Intermediate("Powers", to.Input.Shape);
        to.Add(new Pointwise(
            to.Label, Power == 2 ? new Expression.Multiply(Expression.X, Expression.X) : new Expression.Power(Expression.X, Power), [to.Input], powers));
        var sums = to.Intermediate("Sums", to.Output.Shape);
        var sum = Expression.X;
        if (Sigma > 0)
        {
            to.Add(new Resampling(
                to.Label,
                Weights(powers.Shape.Height, sums.Shape.Height, Window.Kernel.Height, Window.Stride.Height, Window.Padding.Top, Sigma),
                Weights(powers.Shape.Width, sums.Shape.Width, Window.Kernel.Width, Window.Stride.Width, Window.Padding.Left, Sigma),
                powers,
                sums));
        }
        else
        {
            to.Add(new Pool(to.Label, PoolFunction.AverageWithPadding, Window, powers, sums));
            sum = Simplify.Multiply(new Expression.Constant((float)((double)Window.Kernel.Height * Window.Kernel.Width)), sum);
        }

        to.Add(new Pointwise(to.Label, new Expression.Power(sum, 1 / Power), [sums], to.Output));
    }

    /// <summary>The curve around each window's middle, whose weights add up to 1; what falls on padding is left out.</summary>
    private static AxisMap Weights(int length, int count, int kernel, int stride, int padding, double sigma)
    {
        var curve = Curve(kernel, sigma);
        return AxisMap.Of(length, count, i => Enumerable.Range(0, kernel)
            .Select(tap => (Position: (i * stride) - padding + tap, Factor: curve[tap]))
            .Where(tap => tap.Position >= 0 && tap.Position < length));
    }

    /// <summary>exp(-d^2 / (2 sigma^2)) at distances d from the middle, divided by their sum.</summary>
    private static double[] Curve(int kernel, double sigma)
    {
        // The nearest elements count 1 whatever the deviation: of a narrow curve nothing would be left otherwise.
        var nearest = kernel % 2 == 0 ? 0.5 : 0;
        var values = Enumerable.Range(0, kernel).Select(tap => tap - ((kernel - 1) / 2.0)).Select(d => Math.Exp(((nearest * nearest) - (d * d)) / (2 * sigma * sigma))).ToArray();
        var sum = values.Sum();
        return [.. values.Select(value => value / sum)];
    }
}

/// <summary>The maximum and the mean of each window, mixed by a given share or by a learned one of each channel (Lee, Gallagher, Tu 2016, equation 3).</summary>
/// <param name="Window">The windows.</param>
/// <param name="Mix">The maximum's share; null where it is learned.</param>
internal sealed record MixedPoolLayer(Window Window, float? Mix) : Layer
{
    public override string Kind => "MixedPool";

    public override Window? SlidingWindow => Window;

    public override ShapeResult InferShape(string name, TensorShape input) => LayerRules.PoolShape(this, name, Window, input);

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input) => Mix is null ? [new ParameterSpec("weight", [input.Channels], Initializer.Half)] : [];

    public override void Lower(Lowering to)
    {
        var (largest, mean) = (to.Intermediate("Largest", to.Output.Shape), to.Intermediate("Mean", to.Output.Shape));
        to.Add(new Pool(to.Label, PoolFunction.Max, Window, to.Input, largest));
        to.Add(new Pool(to.Label, PoolFunction.AverageInside, Window, to.Input, mean));
        Expression y = new Expression.Operand(1);
        to.Add(Mix is { } mix
            ? Pointwise.Compact(
                to.Label, Simplify.Add(Simplify.Multiply(new Expression.Constant(mix), Expression.X), Simplify.Multiply(new Expression.Constant(1 - mix), y)), [largest, mean], to.Output)
            : new Pointwise(
                to.Label,
                new Expression.MultiplyAdd(new Expression.Operand(2), new Expression.Subtract(Expression.X, y), y),
                [largest, mean, to.Parameter(Parameters(to.Input.Shape)[0])],
                to.Output));
    }
}

/// <summary>
/// In training one element of each window, drawn with a probability that is its share of the window's sum; in prediction the mean by these probabilities. Elements below 0 count as 0
/// (Zeiler, Fergus 2013, equations 2 to 4).
/// </summary>
internal sealed record StochasticPoolLayer(Window Window) : Layer
{
    public override string Kind => "StochasticPool";

    public override Window? SlidingWindow => Window;

    public override bool DrawsAtRandom => true;

    public override ShapeResult InferShape(string name, TensorShape input) => LayerRules.PoolShape(this, name, Window, input);

    public override void Lower(Lowering to)
    {
        if (to.Statistics == Statistics.Batch)
        {
            to.Add(new RandomPool(to.Label, Window, to.Stream, to.Input, to.Output));
            return;
        }

        // The sum of squares over the sum.
        var (positive, squares) = (to.Intermediate("Positive", to.Input), to.Intermediate("Squares", to.Input));
        var (sums, squareSums) = (to.Intermediate("Sums", to.Output), to.Intermediate("SquareSums", to.Output));
        to.Add(new Pointwise(to.Label, Activations.ReLU, [to.Input], positive));
        to.Add(new Pool(to.Label, PoolFunction.AverageInside, Window, positive, sums));
        to.Add(new Pointwise(to.Label, new Expression.Multiply(Expression.X, Expression.X), [positive], squares));
        to.Add(new Pool(to.Label, PoolFunction.AverageInside, Window, squares, squareSums));
        to.Add(new Pointwise(to.Label, new Expression.Multiply(new Expression.Power(new Expression.Operand(1), -1), Expression.X), [squareSums, sums], to.Output));
    }
}
