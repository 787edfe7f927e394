namespace CnnGen.Generator.Operations;

/// <summary>Lets whoever asks look at a tensor when the pass is done. Where gradients are kept, they may begin at the tensor, and that by it is kept too.</summary>
/// <param name="label">The layer whose output it is.</param>
/// <param name="node">Its node.</param>
/// <param name="value">What is kept.</param>
internal sealed class Keep(string label, int node, Tensor value) : Operation(label)
{
    public int Node { get; } = node;

    public Tensor Value { get; } = value;

    public override IReadOnlyList<Tensor> Inputs => [Value];

    public override IReadOnlyList<Tensor> Results => [];

    public override void Differentiate(Differentiation to)
    {
        var seed = to.NewGradient(Value, "Seed");
        to.Add(new Seed(Label, Node, seed), Value);
        to.Contribute(Value, seed);
        to.Add(new Keep(Label, Node, to.Of(Value)!), Value);
    }
}

/// <summary>The gradient that the caller begins with where that is by what the node computes, and zeros otherwise.</summary>
internal sealed class Seed(string label, int node, Tensor result) : Operation(label)
{
    public int Node { get; } = node;

    public Tensor Result { get; } = result;

    protected override string Work => "seed of ";

    public override IReadOnlyList<Tensor> Inputs => [];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>How a gradient passes a ReLU.</summary>
internal enum RectifierRule
{
    /// <summary>Its derivative: where the ReLU's result is positive.</summary>
    Gradient,

    /// <summary>Where the result and the gradient are positive (guided backpropagation: Springenberg et al. 2015, section 3.4).</summary>
    Guided,

    /// <summary>Where the gradient is positive (deconvolutional network: Zeiler and Fergus 2014, section 2.1).</summary>
    Deconvolution,
}

/// <summary>A gradient through a ReLU by the rule that the caller names at run time.</summary>
internal sealed class RectifierGradient(string label, Tensor output, Tensor gradient, Tensor result) : Operation(label)
{
    public Tensor Output { get; } = output;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Output, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];

    /// <summary>The expression of a rule: operand 0 is the gradient, 1 the ReLU's output.</summary>
    public static Expression ExpressionOf(RectifierRule rule)
    {
        var (gradient, output) = (new Expression.Operand(0), new Expression.Operand(1));
        return rule switch
        {
            RectifierRule.Gradient => new Expression.SelectGreater(output, Expression.Zero, gradient, Expression.Zero),
            RectifierRule.Guided => new Expression.SelectGreater(output, Expression.Zero, new Expression.Maximum(Expression.Zero, gradient), Expression.Zero),
            _ => new Expression.Maximum(Expression.Zero, gradient),
        };
    }
}
