using System.Globalization;
using System.Numerics;

namespace CnnGen.Generator.Arguments.Formulas;

/// <summary>A fraction, so that formulas are computed exactly.</summary>
internal readonly record struct Rational
{
    /// <summary>What a number of a declaration has to be, for messages.</summary>
    public const string Range = "a number that a float can hold";

    private readonly BigInteger _divisor;

    private Rational(BigInteger dividend, BigInteger divisor)
    {
        var common = BigInteger.GreatestCommonDivisor(dividend, divisor) * (divisor.Sign < 0 ? -1 : 1);
        (Dividend, _divisor) = (dividend / common, divisor / common);
    }

    public BigInteger Dividend { get; }

    /// <summary>Above 0.</summary>
    public BigInteger Divisor => _divisor.IsZero ? BigInteger.One : _divisor;

    public bool IsWhole => Divisor.IsOne;

    public bool IsZero => Dividend.IsZero;

    public static Rational Of(BigInteger value) => new(value, BigInteger.One);

    /// <summary>The number that the digits say: <c>0.1</c> is a tenth. Null where it is none, or so long that nobody means it.</summary>
    public static Rational? Parse(string digits)
    {
        const int MostDigits = 60;
        var exponent = 0;
        var mantissa = digits;
        var at = digits.IndexOfAny(['e', 'E']);
        if (at >= 0)
        {
            if (!int.TryParse(digits.Substring(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
                return null;
            mantissa = digits.Substring(0, at);
        }

        var point = mantissa.IndexOf('.');
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }

        if (mantissa.Length > MostDigits || exponent is < -MostDigits or > MostDigits
            || !BigInteger.TryParse(mantissa, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return null;
        var power = BigInteger.Pow(10, Math.Abs(exponent));
        return exponent < 0 ? new Rational(value, power) : Of(value * power);
    }

    /// <summary>The number that the digits of a float are: 0.1f is a tenth. Null for infinities and what is no number.</summary>
    public static Rational? OfReal(double value) => Parse(Numbers.PrintReal(value));

    public static Rational operator +(Rational a, Rational b) => new((a.Dividend * b.Divisor) + (b.Dividend * a.Divisor), a.Divisor * b.Divisor);

    public static Rational operator -(Rational a, Rational b) => new((a.Dividend * b.Divisor) - (b.Dividend * a.Divisor), a.Divisor * b.Divisor);

    public static Rational operator *(Rational a, Rational b) => new(a.Dividend * b.Dividend, a.Divisor * b.Divisor);

    public static Rational operator /(Rational a, Rational b) => new(a.Dividend * b.Divisor, a.Divisor * b.Dividend);

    public static bool operator <(Rational a, Rational b) => a.Dividend * b.Divisor < b.Dividend * a.Divisor;

    public static bool operator >(Rational a, Rational b) => b < a;

    public double ToDouble() => (double)Dividend / (double)Divisor;

    /// <summary>A whole number to its last digit, another with three decimals.</summary>
    public override string ToString() => IsWhole
        ? Dividend.ToString(CultureInfo.InvariantCulture)
        : ToDouble().ToString("0.###", CultureInfo.InvariantCulture);
}
