using System.Globalization;

namespace CnnGen.Generator.Operations;

/// <summary>A function of one number that is more than a few instructions.</summary>
internal enum UnaryFunction
{
    /// <summary>e^x.</summary>
    Exp,

    /// <summary>e^x - 1 where x is not above 0; above, 0.</summary>
    ExpM1OfNegative,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>ln(1 + e^x).</summary>
    Softplus,

    /// <summary>x / (1 + |x|).</summary>
    Softsign,

    /// <summary>The probability that a standard normal variable is below x.</summary>
    NormalCdf,
}

/// <summary>
/// What a pointwise operation computes from the elements at one place of its operands. Expressions compare by value, and their derivatives are expressions: a new activation, a
/// gate or a residual addition is one expression and nothing else.
/// </summary>
internal abstract record Expression
{
    /// <summary>The element of an operand: in an epilogue, operand 0 is what the kernel computed.</summary>
    public sealed record Operand(int Index) : Expression
    {
        public override string ToString() => "x" + Index.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What the operation computed, as its derivative may read it.</summary>
    public sealed record Result : Expression
    {
        public override string ToString() => "y";
    }

    public sealed record Constant(float Value) : Expression
    {
        public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture);
    }

    public sealed record Unary(UnaryFunction Function, Expression Argument) : Expression
    {
        public override string ToString() => $"{Function.ToString().ToLowerInvariant()}({Argument})";
    }

    /// <summary>|x|^p, or with the sign of x; 0 where |x| is below the smallest normal number, of negative powers too.</summary>
    public sealed record Power(Expression Argument, float Exponent, bool IsSigned = false) : Expression
    {
        public override string ToString() => string.Format(CultureInfo.InvariantCulture, IsSigned ? "signedpower({0}, {1:R})" : "power({0}, {1:R})", Argument, Exponent);
    }

    public sealed record Add(Expression Left, Expression Right) : Expression
    {
        public override string ToString() => $"({Left} + {Right})";
    }

    public sealed record Subtract(Expression Left, Expression Right) : Expression
    {
        public override string ToString() => $"({Left} - {Right})";
    }

    public sealed record Multiply(Expression Left, Expression Right) : Expression
    {
        public override string ToString() => $"{Left} * {Right}";
    }

    /// <summary>Left * Right + Addend, rounded once.</summary>
    public sealed record MultiplyAdd(Expression Left, Expression Right, Expression Addend) : Expression
    {
        public override string ToString() => $"({Left} * {Right} + {Addend})";
    }

    /// <summary>The larger; Right where either is not a number.</summary>
    public sealed record Maximum(Expression Left, Expression Right) : Expression
    {
        public override string ToString() => $"max({Left}, {Right})";
    }

    /// <summary>The smaller; Right where either is not a number.</summary>
    public sealed record Minimum(Expression Left, Expression Right) : Expression
    {
        public override string ToString() => $"min({Left}, {Right})";
    }

    /// <summary>Left &gt; Right ? IfGreater : Otherwise; what is not a number is not greater.</summary>
    public sealed record SelectGreater(Expression Left, Expression Right, Expression IfGreater, Expression Otherwise) : Expression
    {
        public override string ToString() => $"({Left} > {Right} ? {IfGreater} : {Otherwise})";
    }

    public static Expression Zero { get; } = new Constant(0);

    public static Expression One { get; } = new Constant(1);

    public static Expression X { get; } = new Operand(0);

    /// <summary>The parts that it is made of.</summary>
    public IReadOnlyList<Expression> Parts => this switch
    {
        Unary e => [e.Argument],
        Power e => [e.Argument],
        Add e => [e.Left, e.Right],
        Subtract e => [e.Left, e.Right],
        Multiply e => [e.Left, e.Right],
        MultiplyAdd e => [e.Left, e.Right, e.Addend],
        Maximum e => [e.Left, e.Right],
        Minimum e => [e.Left, e.Right],
        SelectGreater e => [e.Left, e.Right, e.IfGreater, e.Otherwise],
        _ => [],
    };

    /// <summary>Whether it is so few instructions that a kernel computes it in registers, between its sums and their store.</summary>
    public bool FitsRegisters => this is not (Unary or Power) && Parts.All(part => part.FitsRegisters);

    /// <summary>Instructions, about: what a fused chain is bounded by.</summary>
    public int Size => 1 + Parts.Sum(part => part.Size);

    public bool Reads(int operand) => this == new Operand(operand) || Parts.Any(part => part.Reads(operand));

    public bool ReadsResult => this is Result || Parts.Any(part => part.ReadsResult);

    /// <summary>The expression with other leaves.</summary>
    public Expression Replace(Func<Expression, Expression?> replacement)
    {
        if (replacement(this) is { } other)
            return other;
        return this switch
        {
            Unary e => e with { Argument = e.Argument.Replace(replacement) },
            Power e => e with { Argument = e.Argument.Replace(replacement) },
            Add e => Simplify.Add(e.Left.Replace(replacement), e.Right.Replace(replacement)),
            Subtract e => Simplify.Subtract(e.Left.Replace(replacement), e.Right.Replace(replacement)),
            Multiply e => Simplify.Multiply(e.Left.Replace(replacement), e.Right.Replace(replacement)),
            MultiplyAdd e => Simplify.MultiplyAdd(e.Left.Replace(replacement), e.Right.Replace(replacement), e.Addend.Replace(replacement)),
            Maximum e => Simplify.Maximum(e.Left.Replace(replacement), e.Right.Replace(replacement)),
            Minimum e => Simplify.Minimum(e.Left.Replace(replacement), e.Right.Replace(replacement)),
            SelectGreater e => new SelectGreater(
                e.Left.Replace(replacement), e.Right.Replace(replacement), e.IfGreater.Replace(replacement), e.Otherwise.Replace(replacement)),
            _ => this,
        };
    }

    /// <summary>The expression with other numbers of operands.</summary>
    public Expression Renumber(Func<int, Expression> operand) => Replace(part => part is Operand { Index: var index } ? operand(index) : null);
}

/// <summary>Makes expressions without sums of zero and products with zero and one.</summary>
internal static class Simplify
{
    public static Expression Add(Expression a, Expression b) =>
        a == Expression.Zero ? b
        : b == Expression.Zero ? a
        : (a, b) is (Expression.Constant c, Expression.Constant d) ? new Expression.Constant(c.Value + d.Value)
        : new Expression.Add(a, b);

    public static Expression Subtract(Expression a, Expression b) => b == Expression.Zero ? a : new Expression.Subtract(a, b);

    public static Expression Multiply(Expression a, Expression b)
    {
        if (a == Expression.Zero || b == Expression.Zero)
            return Expression.Zero;
        if (a == Expression.One)
            return b;
        if (b == Expression.One)
            return a;
        return (a, b) switch
        {
            (Expression.Constant c, Expression.Constant d) => new Expression.Constant(c.Value * d.Value),

            // A factor goes into both branches, so that a branch of zero stays zero whatever the factor.
            (Expression.SelectGreater s, _) => s with { IfGreater = Multiply(s.IfGreater, b), Otherwise = Multiply(s.Otherwise, b) },
            (_, Expression.SelectGreater s) => s with { IfGreater = Multiply(a, s.IfGreater), Otherwise = Multiply(a, s.Otherwise) },
            (Expression.Constant c, Expression.Add { Right: Expression.Constant d } sum) => Add(Multiply(c, sum.Left), new Expression.Constant(c.Value * d.Value)),
            _ => new Expression.Multiply(a, b),
        };
    }

    public static Expression Maximum(Expression a, Expression b) => a == b ? a : new Expression.Maximum(a, b);

    public static Expression Minimum(Expression a, Expression b) => a == b ? a : new Expression.Minimum(a, b);

    public static Expression MultiplyAdd(Expression a, Expression b, Expression c) =>
        a == Expression.Zero || b == Expression.Zero ? c
        : c == Expression.Zero ? Multiply(a, b)
        : a == Expression.One ? Add(b, c)
        : b == Expression.One ? Add(a, c)
        : new Expression.MultiplyAdd(a, b, c);

    public static Expression Select(Expression left, Expression right, Expression ifGreater, Expression otherwise) => ifGreater == otherwise
        ? ifGreater
        : (left, right) switch
        {
            // x > c x says on which side of zero x is.
            (var x, Expression.Multiply { Left: Expression.Constant c, Right: var y }) when x == y && c.Value < 1 => new Expression.SelectGreater(x, Expression.Zero, ifGreater, otherwise),
            (Expression.Multiply { Left: Expression.Constant c, Right: var y }, var x) when x == y && c.Value > 1 => new Expression.SelectGreater(x, Expression.Zero, ifGreater, otherwise),
            _ => new Expression.SelectGreater(left, right, ifGreater, otherwise),
        };
}
