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

    /// <summary>min(max(x, 0), 6) (Krizhevsky 2010).</summary>
    public static Expression ReLU6 { get; } = new Expression.Minimum(new Expression.Constant(6), ReLU);

    /// <summary>min(max(x + 3, 0), 6) / 6 (Howard et al. 2019): the sum first, which is exact near -3.</summary>
    public static Expression HardSigmoid { get; } = new Expression.Minimum(
        Expression.One,
        new Expression.Maximum(
            Expression.Zero,
            new Expression.Multiply(new Expression.Constant(1f / 6), new Expression.Add(Expression.X, new Expression.Constant(3)))));

    /// <summary>x above 0, operand 1 times x below (He et al. 2015, equation 1).</summary>
    public static Expression PReLU { get; } = new Expression.SelectGreater(
        Expression.X, Expression.Zero, Expression.X, new Expression.Multiply(new Expression.Operand(1), Expression.X));

    /// <summary>ELU with the alpha and the scale that keep a mean of 0 and a variance of 1 (Klambauer et al. 2017, equations 2 and 14).</summary>
    public static Expression SELU { get; } = new Expression.SelectGreater(
        Expression.X,
        Expression.Zero,
        new Expression.Multiply(new Expression.Constant(1.050701f), Expression.X),
        new Expression.Multiply(new Expression.Constant(1.7580993f), new Expression.Unary(UnaryFunction.ExpM1OfNegative, Expression.X)));

    /// <summary>x times the normal distribution at x (Hendrycks, Gimpel 2016).</summary>
    public static Expression GELU { get; } = new Expression.Multiply(Expression.X, new Expression.Unary(UnaryFunction.NormalCdf, Expression.X));

    /// <summary>
    /// x (1 + tanh u) / 2 of u = sqrt(2 / pi) (x + 0.044715 x^3), which is x sigmoid(2 u). Within +-12 the sigmoid reaches 0 and 1; beyond, the cube would overflow.
    /// </summary>
    public static Expression GELUTanh { get; } = new Expression.Multiply(Expression.X, new Expression.Unary(UnaryFunction.Sigmoid, TwiceInner()));

    /// <summary>x sigmoid(x) (Elfwing, Uchibe, Doya 2017).</summary>
    public static Expression SiLU { get; } = new Expression.Multiply(Expression.X, Sigmoid);

    /// <summary>x tanh(ln(1 + e^x)) (Misra 2019).</summary>
    public static Expression Mish { get; } = new Expression.Multiply(
        Expression.X, new Expression.Unary(UnaryFunction.Tanh, new Expression.Unary(UnaryFunction.Softplus, Expression.X)));

    public static Expression Softsign { get; } = new Expression.Unary(UnaryFunction.Softsign, Expression.X);

    /// <summary>ln(1 + e^(beta x)) / beta (Dugas et al. 2000), which is x to a float's last bit where beta x is above 20: the product would overflow.</summary>
    public static Expression Softplus(float beta)
    {
        if (beta == 1)
            return new Expression.Unary(UnaryFunction.Softplus, Expression.X);
        var scaled = new Expression.Unary(UnaryFunction.Softplus, new Expression.Multiply(new Expression.Constant(beta), Expression.X));
        return new Expression.SelectGreater(
            Expression.X, new Expression.Constant(20 / beta), Expression.X, new Expression.Multiply(new Expression.Constant(1 / beta), scaled));
    }

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

    private static Expression TwiceInner()
    {
        Expression x = new Expression.Minimum(new Expression.Constant(12), new Expression.Maximum(new Expression.Constant(-12), Expression.X));
        var factor = new Expression.MultiplyAdd(new Expression.Multiply(x, x), new Expression.Constant(0.071354814f), new Expression.Constant(1.5957691f));
        return new Expression.Multiply(x, factor);
    }

    /// <summary>What the field calls an expression; null where it has no name for it.</summary>
    public static string? NameOf(Expression expression) => expression switch
    {
        _ when expression == ReLU => "ReLU",
        _ when expression == Sigmoid => "Sigmoid",
        _ when expression == Tanh => "Tanh",
        _ when expression == HardSwish => "HardSwish",
        _ when expression == ReLU6 => "ReLU6",
        _ when expression == HardSigmoid => "HardSigmoid",
        _ when expression == PReLU => "PReLU",
        _ when expression == SELU => "SELU",
        _ when expression == GELU || expression == GELUTanh => "GELU",
        _ when expression == SiLU => "SiLU",
        _ when expression == Mish => "Mish",
        _ when expression == Softsign => "Softsign",
        Expression.Unary { Function: UnaryFunction.Softplus }
            or Expression.SelectGreater { Otherwise: Expression.Multiply { Right: Expression.Unary { Function: UnaryFunction.Softplus } } } => "Softplus",
        Expression.Maximum or Expression.Minimum when expression.Parts is [Expression.Multiply { Left: Expression.Constant } scaled, var other] && scaled.Right == other && other == Expression.X => "LeakyReLU",
        Expression.SelectGreater { Otherwise: Expression.Multiply { Right: Expression.Unary { Function: UnaryFunction.ExpM1OfNegative } } } e when e.IfGreater == Expression.X => "ELU",
        _ => null,
    };
}
