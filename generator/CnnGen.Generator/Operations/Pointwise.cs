namespace CnnGen.Generator.Operations;

/// <summary>
/// An expression of the elements at one place of several tensors: activations, sums, gates, factors of channels. An operand of one element a channel
/// (a vector, a map of one pixel, coefficients of the whole batch) counts at every pixel.
/// </summary>
internal sealed class Pointwise(string label, Expression expression, IReadOnlyList<Tensor> operands, Tensor result) : Operation(label)
{
    public Expression Expression { get; } = expression;

    public IReadOnlyList<Tensor> Operands { get; } = operands;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => Operands;

    public override IReadOnlyList<Tensor> Results => [Result];

    /// <summary>Whether an operand has an element for each of the result's.</summary>
    public bool IsFull(Tensor operand) => IsFull(operand, Result);

    public static bool IsFull(Tensor operand, Tensor result) => operand.IsImage && operand.Shape.Length == result.Shape.Length;

    public override void Differentiate(Differentiation to)
    {
        if (to.WasPassedThrough(this) || to.Of(Result) is not { } gradient)
            return;
        if (to.Wanted.IsKept && Expression == Activations.ReLU)
        {
            var through = to.NewGradient(Operands[0]);
            to.Add(new RectifierGradient(Label, Result, gradient, through), Operands[0]);
            to.Contribute(Operands[0], through);
            return;
        }

        foreach (var operand in Operands.Distinct())
        {
            if (operand is ParameterTensor parameter && to.Trains(parameter))
                DifferentiateByParameter(to, gradient, parameter);
            if (!operand.IsImage || !to.Reaches(operand))
                continue;
            var (derivative, operands) = DerivativeBy(operand);
            derivative = Simplify.Multiply(Expression.X, derivative);
            if (derivative == Expression.X && operand.Shape == Result.Shape)
            {
                to.Contribute(operand, gradient);
                continue;
            }

            var result = to.NewGradient(operand);
            IReadOnlyList<Tensor> all = [gradient, .. operands];
            to.Add(
                IsFull(operand)
                    ? Compact(Label, derivative, all, result)
                    : new PixelSum(Label, derivative, all, result),
                operand);
            to.Contribute(operand, result);
        }
    }

    /// <summary>The gradient by a parameter of one number a channel: what each element contributes, summed as a bias's is.</summary>
    private void DifferentiateByParameter(Differentiation to, Tensor gradient, ParameterTensor parameter)
    {
        var (derivative, operands) = DerivativeBy(parameter);
        var contributions = gradient;
        if (derivative != Expression.One)
        {
            contributions = new Tensor(parameter.Name + "Contributions", Result.Shape, TensorRole.Image, Result);
            to.Add(Compact(Label, Simplify.Multiply(Expression.X, derivative), [gradient, .. operands], contributions), null);
        }

        to.AddParameterGradient(parameter, by => Result.Shape.IsVector
            ? new ProductBiasGradient(Label, contributions, by)
            : new ConvolutionBiasGradient(Label, contributions, by));
    }

    /// <summary>
    /// The derivative by a tensor, as an expression whose operand 0 is free for the gradient, and whose others, from 1, are the tensors returned: the operands, or the result alone.
    /// </summary>
    private (Expression Derivative, IReadOnlyList<Tensor> Operands) DerivativeBy(Tensor tensor)
    {
        if (Operands.Count == 1 && Expression.ByResult() is { } byResult)
            return (byResult.Replace(part => part is Expression.Result ? new Expression.Operand(1) : null), [Result]);
        var derivative = Expression.Zero;
        for (var i = 0; i < Operands.Count; i++)
        {
            if (Operands[i] == tensor)
                derivative = Simplify.Add(derivative, Expression.By(i));
        }

        return (derivative.Renumber(index => new Expression.Operand(index + 1)), Operands);
    }

    /// <summary>A pointwise operation with the operands that its expression reads, each once.</summary>
    public static Pointwise Compact(string label, Expression expression, IReadOnlyList<Tensor> operands, Tensor result)
    {
        var (compact, read) = Compact(expression, operands);
        return new Pointwise(label, compact, read, result);
    }

    /// <summary>The expression over the tensors that it reads, each once, in their order.</summary>
    public static (Expression Expression, IReadOnlyList<Tensor> Operands) Compact(Expression expression, IReadOnlyList<Tensor> operands)
    {
        var read = operands.Where((_, i) => expression.Reads(i)).Distinct().ToList();
        return (expression.Renumber(index => new Expression.Operand(read.IndexOf(operands[index]))), read);
    }
}

/// <summary>An expression as a pointwise operation has it, summed over the pixels: the gradient by an operand that counts at every pixel.</summary>
internal sealed class PixelSum : Operation
{
    public PixelSum(string label, Expression expression, IReadOnlyList<Tensor> operands, Tensor result)
        : base(label)
    {
        (Expression, Operands) = Pointwise.Compact(expression, operands);
        Result = result;
    }

    public Expression Expression { get; }

    public IReadOnlyList<Tensor> Operands { get; }

    public Tensor Result { get; }

    public override IReadOnlyList<Tensor> Inputs => Operands;

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>
/// Zeros each element with probability Rate and scales the others by 1 / (1 - Rate). The mask is a function of (seed, stream, image, element), so that the gradient's is the same.
/// </summary>
internal sealed class RandomMask(string label, float rate, int stream, Tensor input, Tensor result) : Mapping(label, input, result)
{
    public float Rate { get; } = rate;

    /// <summary>The layer's place among all that draw: names its masks.</summary>
    public int Stream { get; } = stream;

    protected override Operation GradientBy(Tensor gradient, Tensor result) => new RandomMask(Label, Rate, Stream, gradient, result);
}
