using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Expressions in double precision: of an array that holds the elements at one place of the operands.</summary>
internal static class ExpressionMeaning
{
    /// <summary>Of powers, what counts as 0.</summary>
    private const double SmallestNormal = 1.1754943508222875e-38;

    public static Func<double[], double> Of(Expression expression)
    {
        switch (expression)
        {
            case Expression.Operand e:
                return x => x[e.Index];
            case Expression.Constant e:
                double constant = e.Value;
                return _ => constant;
            case Expression.Unary e:
                var (argument, function) = (Of(e.Argument), Function(e.Function));
                return x => function(argument(x));
            case Expression.Power e:
                var (powered, exponent) = (Of(e.Argument), (double)e.Exponent);
                return e.IsSigned ? x => SignedPower(powered(x), exponent) : x => Math.Abs(SignedPower(powered(x), exponent));
            case Expression.Add e:
                return Of(e.Left, e.Right, (a, b) => a + b);
            case Expression.Subtract e:
                return Of(e.Left, e.Right, (a, b) => a - b);
            case Expression.Multiply e:
                return Of(e.Left, e.Right, (a, b) => a * b);
            case Expression.MultiplyAdd e:
                var (left, right, addend) = (Of(e.Left), Of(e.Right), Of(e.Addend));
                return x => (left(x) * right(x)) + addend(x);
            case Expression.Maximum e:
                return Of(e.Left, e.Right, (a, b) => a > b ? a : b);
            case Expression.Minimum e:
                return Of(e.Left, e.Right, (a, b) => a < b ? a : b);
            case Expression.SelectGreater e:
                var (one, other, ifGreater, otherwise) = (Of(e.Left), Of(e.Right), Of(e.IfGreater), Of(e.Otherwise));
                return x => one(x) > other(x) ? ifGreater(x) : otherwise(x);
            default:
                throw new NotSupportedException($"No meaning for {expression.GetType().Name}.");
        }
    }

    private static Func<double[], double> Of(Expression left, Expression right, Func<double, double, double> function)
    {
        var (a, b) = (Of(left), Of(right));
        return x => function(a(x), b(x));
    }

    private static Func<double, double> Function(UnaryFunction function) => function switch
    {
        UnaryFunction.Exp => Math.Exp,
        UnaryFunction.ExpM1OfNegative => x => x > 0 ? 0 : Math.Exp(x) - 1,
        UnaryFunction.Tanh => Math.Tanh,
        UnaryFunction.Sigmoid => x => 1 / (1 + Math.Exp(-x)),
        UnaryFunction.Softplus => x => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
        UnaryFunction.Softsign => x => x / (1 + Math.Abs(x)),
        UnaryFunction.NormalCdf => NormalCdf,
        _ => throw new NotSupportedException($"No meaning for {function}."),
    };

    private static double SignedPower(double x, double exponent) => Math.Abs(x) < SmallestNormal ? 0 : Math.Sign(x) * Math.Pow(Math.Abs(x), exponent);

    /// <summary>
    /// Within +-6, 1/2 + phi(x) * (x + x^3 / 3 + x^5 / (3 * 5) + ...), phi being the density; beyond, phi(x) / (x + 1 / (x + 2 / (x + 3 / ...))) is left
    /// (Abramowitz, Stegun 1964, 26.2.11 and 26.2.14).
    /// </summary>
    private static double NormalCdf(double x)
    {
        var density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (Math.Abs(x) > 6)
        {
            var fraction = Math.Abs(x);
            for (var i = 60; i > 0; i--)
                fraction = Math.Abs(x) + (i / fraction);
            return x > 0 ? 1 - (density / fraction) : density / fraction;
        }

        var (term, sum) = (x, x);
        for (var i = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + (density * sum);
    }
}
