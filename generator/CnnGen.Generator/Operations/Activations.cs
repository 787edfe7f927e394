namespace CnnGen.Generator.Operations;

/// <summary>The elementwise functions of the field, as expressions over operand 0.</summary>
internal static class Activations
{
    /// <summary>max(x, 0) (Nair, Hinton 2010).</summary>
    public static Expression ReLU { get; } = new Expression.Maximum(Expression.Zero, Expression.X);

    public static Expression Sigmoid { get; } = new Expression.Unary(UnaryFunction.Sigmoid, Expression.X);

    public static Expression Tanh { get; } = new Expression.Unary(UnaryFunction.Tanh, Expression.X);

    /// <summary>
    /// x above 3, 0 below -3, x * (x + 3) / 6 between (Howard et al. 2019). As choices, so that nothing large is multiplied, and the sum first, which is exact near -3.
    /// </summary>
    public static Expression HardSwish { get; } = new Expression.SelectGreater(
        Expression.X,
        new Expression.Constant(3),
        Expression.X,
        new Expression.SelectGreater(
            new Expression.Constant(-3),
            Expression.X,
            Expression.Zero,
            new Expression.Multiply(
                Expression.X,
                new Expression.Multiply(new Expression.Add(Expression.X, new Expression.Constant(3)), new Expression.Constant(1f / 6)))));

    /// <summary>x above 0, slope * x below (Maas et al. 2013): the larger of both, or the smaller where the slope is above 1.</summary>
    public static Expression LeakyReLU(float slope)
    {
        var below = new Expression.Multiply(new Expression.Constant(slope), Expression.X);
        return slope <= 1 ? new Expression.Maximum(below, Expression.X) : new Expression.Minimum(below, Expression.X);
    }

    /// <summary>x above 0, alpha * (e^x - 1) below (Clevert et al. 2016, equation 15).</summary>
    public static Expression ELU(float alpha) => new Expression.SelectGreater(
        Expression.X,
        Expression.Zero,
        Expression.X,
        new Expression.Multiply(new Expression.Constant(alpha), new Expression.Unary(UnaryFunction.ExpM1OfNegative, Expression.X)));

    /// <summary>What the field calls an expression; null where it has no name for it.</summary>
    public static string? NameOf(Expression expression) => expression switch
    {
        _ when expression == ReLU => "ReLU",
        _ when expression == Sigmoid => "Sigmoid",
        _ when expression == Tanh => "Tanh",
        _ when expression == HardSwish => "HardSwish",
        Expression.Maximum or Expression.Minimum when expression.Parts is [Expression.Multiply { Left: Expression.Constant } scaled, var other] && scaled.Right == other && other == Expression.X => "LeakyReLU",
        Expression.SelectGreater { Otherwise: Expression.Multiply { Right: Expression.Unary { Function: UnaryFunction.ExpM1OfNegative } } } e when e.IfGreater == Expression.X => "ELU",
        _ => null,
    };
}
