namespace CnnGen.Generator.Operations;

/// <summary>Derivatives of expressions, made from the expressions.</summary>
internal static class Derivative
{
    /// <summary>
    /// The derivative by one operand. Where a function has a kink, it is the derivative of the operand that a tie takes: 0 of ReLU at 0, as in PyTorch.
    /// </summary>
    public static Expression By(this Expression expression, int operand) => expression switch
    {
        Expression.Operand e => e.Index == operand ? Expression.One : Expression.Zero,
        Expression.Unary e => Simplify.Multiply(OfFunction(e), e.Argument.By(operand)),

        // p sign(x) |x|^(p - 1), or without the sign where the power has it.
        Expression.Power e => Simplify.Multiply(
            Simplify.Multiply(new Expression.Constant(e.Exponent), e with { Exponent = e.Exponent - 1, IsSigned = !e.IsSigned }), e.Argument.By(operand)),
        Expression.Add e => Simplify.Add(e.Left.By(operand), e.Right.By(operand)),
        Expression.Subtract e => Difference(e.Left.By(operand), e.Right.By(operand)),
        Expression.Multiply e => Simplify.Add(Simplify.Multiply(e.Left.By(operand), e.Right), Simplify.Multiply(e.Left, e.Right.By(operand))),
        Expression.MultiplyAdd e => Simplify.Add(
            Simplify.Add(Simplify.Multiply(e.Left.By(operand), e.Right), Simplify.Multiply(e.Left, e.Right.By(operand))), e.Addend.By(operand)),
        Expression.Maximum e => Simplify.Select(e.Right, e.Left, e.Right.By(operand), e.Left.By(operand)),
        Expression.Minimum e => Simplify.Select(e.Left, e.Right, e.Right.By(operand), e.Left.By(operand)),
        Expression.SelectGreater e => Simplify.Select(e.Left, e.Right, e.IfGreater.By(operand), e.Otherwise.By(operand)),
        _ => Expression.Zero,
    };

    /// <summary>
    /// The derivative of a function of operand 0 alone by it, written with the function's result in the place of its argument; null where that can't be done. Reading the result lets
    /// an activation be computed in place, and in the kernel before it.
    /// </summary>
    public static Expression? ByResult(this Expression function)
    {
        var derivative = function.By(0);
        if (!derivative.Reads(0))
            return derivative;
        var result = new Expression.Result();

        // Within a bound the result is what was bounded; at the bound the derivative is 0.
        if (function is Expression.Minimum { Left: Expression.Constant upper, Right: var below } && below.ByResult() is { } belowUpper)
            return Simplify.Select(upper, result, belowUpper, Expression.Zero);
        if (function is Expression.Maximum { Left: Expression.Constant lower, Right: var above } && above.ByResult() is { } aboveLower)
            return Simplify.Select(result, lower, aboveLower, Expression.Zero);
        if (AsSelection(function) is { } selection && derivative is Expression.SelectGreater branches
            && branches.Left == selection.Left && branches.Right == selection.Right)
        {
            // Within a branch, what it computes is the result.
            derivative = branches with
            {
                IfGreater = Within(branches.IfGreater, selection.IfGreater),
                Otherwise = Within(branches.Otherwise, selection.Otherwise),
            };
        }

        derivative = Within(derivative, function);
        if (SignFollows(function))
        {
            derivative = derivative.Replace(part => part is Expression.SelectGreater { Left: Expression.Operand { Index: 0 } } select && select.Right == Expression.Zero
                ? select with { Left = result }
                : null);
        }

        return derivative.Reads(0) ? null : derivative;

        Expression Within(Expression expression, Expression value) =>
            value is Expression.Constant ? expression : expression.Replace(part => part == value ? result : null);
    }

    private static Expression Difference(Expression a, Expression b) => a == Expression.Zero
        ? Simplify.Multiply(new Expression.Constant(-1), b)
        : Simplify.Subtract(a, b);

    /// <summary>A function's derivative by its argument: all but the last are told by the function's own value.</summary>
    private static Expression OfFunction(Expression.Unary value) => value.Function switch
    {
        UnaryFunction.Exp => value,
        UnaryFunction.ExpM1OfNegative => new Expression.Add(value, Expression.One),
        UnaryFunction.Tanh => new Expression.Subtract(Expression.One, new Expression.Multiply(value, value)),
        UnaryFunction.Sigmoid => new Expression.Multiply(value, new Expression.Subtract(Expression.One, value)),

        // The sigmoid, which is 1 - e^-y, without the difference's rounding where y is small.
        UnaryFunction.Softplus => Negated(new Expression.Unary(UnaryFunction.ExpM1OfNegative, Negated(value))),
        UnaryFunction.Softsign => Square(new Expression.Subtract(Expression.One, new Expression.Maximum(value, Negated(value)))),
        UnaryFunction.NormalCdf => new Expression.Multiply(
            new Expression.Constant(0.3989423f),
            new Expression.Unary(UnaryFunction.Exp, new Expression.Multiply(new Expression.Constant(-0.5f), Square(value.Argument)))),
        _ => throw new InvalidOperationException($"No derivative of {value.Function}."),
    };

    private static Expression Negated(Expression value) => new Expression.Multiply(new Expression.Constant(-1), value);

    private static Expression Square(Expression value) => new Expression.Multiply(value, value);

    /// <summary>A maximum or a minimum as the choice that it is.</summary>
    private static Expression.SelectGreater? AsSelection(Expression function) => function switch
    {
        Expression.SelectGreater select => select,
        Expression.Maximum e => Simplify.Select(e.Right, e.Left, e.Right, e.Left) as Expression.SelectGreater,
        Expression.Minimum e => Simplify.Select(e.Left, e.Right, e.Right, e.Left) as Expression.SelectGreater,
        _ => null,
    };

    /// <summary>Whether the function is above 0 exactly where operand 0 is.</summary>
    private static bool SignFollows(Expression function) => function switch
    {
        Expression.Operand { Index: 0 } => true,
        Expression.Unary { Function: UnaryFunction.Tanh or UnaryFunction.Softsign } e => SignFollows(e.Argument),
        Expression.Multiply { Left: Expression.Constant { Value: > 0 } } e => SignFollows(e.Right),
        Expression.Maximum e when e.Left == Expression.Zero => SignFollows(e.Right),
        Expression.Maximum or Expression.Minimum when function.Parts is [Expression.Multiply { Left: Expression.Constant { Value: >= 0 } } scaled, var other] =>
            scaled.Right == other && SignFollows(other),
        Expression.SelectGreater e when e.Right == Expression.Zero && e.Left == Expression.X =>
            SignFollows(e.IfGreater) && IsNotPositiveBelowZero(e.Otherwise),
        _ => false,
    };

    private static bool IsNotPositiveBelowZero(Expression function) => function switch
    {
        Expression.Operand { Index: 0 } => true,
        Expression.Constant { Value: <= 0 } => true,
        Expression.Unary { Function: UnaryFunction.ExpM1OfNegative } e => e.Argument == Expression.X,
        Expression.Multiply { Left: Expression.Constant { Value: >= 0 } } e => IsNotPositiveBelowZero(e.Right),
        _ => false,
    };
}

/// <summary>Which way expressions go.</summary>
internal static class Monotony
{
    /// <summary>Whether a function of operand 0 alone never falls: a maximum may then be taken before it.</summary>
    public static bool Rises(this Expression function) => function switch
    {
        Expression.Operand or Expression.Constant => true,
        Expression.Unary e => e.Argument.Rises(),
        Expression.Add e => e.Left.Rises() && e.Right.Rises(),
        Expression.Multiply { Left: Expression.Constant { Value: >= 0 } } e => e.Right.Rises(),
        Expression.Maximum e => e.Left.Rises() && e.Right.Rises(),
        Expression.Minimum e => e.Left.Rises() && e.Right.Rises(),
        Expression.SelectGreater e when e.Left == Expression.X && e.Right == Expression.Zero && e.IfGreater == Expression.X =>
            e.Otherwise is Expression.Multiply { Left: Expression.Constant { Value: >= 0 }, Right: Expression.Unary { Function: UnaryFunction.ExpM1OfNegative } below } && below.Parts[0] == Expression.X,
        _ => false,
    };
}
