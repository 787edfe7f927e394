using static CnnGen.Generator.Emitting.WinogradMatrices;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// The one-dimensional transforms of Winograd's F(2, 3), F(4, 3) and F(2, 5) as straight lines of vector operations. Each is printed as
/// <c>var {result}{i} = ...;</c> over operands whose names are given.
/// </summary>
/// <remarks>
/// They compute what <see cref="WinogradMatrices"/> says, with common terms once.
/// For points 0, +-a, +-b the polynomials through them give, with d the inputs, g the taps and m the products:
/// <code>
/// input:  a^2 b^2 d0 - (a^2 + b^2) d2 + d4,   (d4 - b^2 d2) +- a (d3 - b^2 d1),   (d4 - a^2 d2) +- b (d3 - a^2 d1),   a^2 b^2 d1 - (a^2 + b^2) d3 + d5
/// taps:   g0 / (a^2 b^2),   g(+-a) / (2 a^2 (a^2 - b^2)),   g(+-b) / (2 b^2 (b^2 - a^2)),   the last tap      with g(x) = g0 + g1 x + g2 x^2 + ...
/// output: m0 + p + r,   a q + b s,   a^2 p + b^2 r,   a^3 q + b^3 s      with p, q = m1 +- m2 and r, s = m3 +- m4, and m5 added to the last
/// </code>
/// The gradient by the taps takes the transposes of the last two: the outputs' gradients become points as the taps' polynomial does, without its scales, and the
/// points' sums become gradients by the taps as products become outputs, with them.
/// </remarks>
internal sealed class WinogradTransforms(CodeWriter writer, VectorIsa isa, int outputTile, int kernel)
{
    /// <summary>Whether the tile has four points, not six.</summary>
    private readonly bool _isSmall = outputTile + kernel - 1 == 4;

    /// <summary>
    /// Declares the constants of the input's, the taps' or the output's transform; a method begins with it.
    /// </summary>
    public void DeclareInputConstants() => Declare(_isSmall
        ? []
        : [
            ("a", A), ("b", B), ("minusA", -A), ("minusB", -B), ("minusSquareA", -SquareA), ("minusSquareB", -SquareB),
            ("minusSum", -(SquareA + SquareB)),
        ]);

    /// <inheritdoc cref="DeclareInputConstants"/>
    public void DeclareTapConstants() => Declare(_isSmall
        ? [("half", 0.5), ("minusHalf", -0.5)]
        : [
            ("a", A), ("b", B), ("minusA", -A), ("minusB", -B), ("squareA", SquareA), ("squareB", SquareB),
            ("scaleA", ScaleA), ("scaleB", ScaleB),
        ]);

    /// <inheritdoc cref="DeclareInputConstants"/>
    public void DeclareOutputConstants() => Declare(_isSmall
        ? []
        : outputTile == 2
        ? [("a", A), ("b", B)]
        : [
            ("a", A), ("b", B), ("squareA", SquareA), ("squareB", SquareB), ("cubeA", SquareA * A), ("cubeB", SquareB * B),
        ]);

    /// <inheritdoc cref="DeclareInputConstants"/>
    public void DeclareOutputGradientConstants() => Declare(_isSmall
        ? []
        : outputTile == 2
        ? [("a", A), ("b", B), ("minusA", -A), ("minusB", -B)]
        : [("a", A), ("b", B), ("minusA", -A), ("minusB", -B), ("squareA", SquareA), ("squareB", SquareB)]);

    /// <inheritdoc cref="DeclareInputConstants"/>
    public void DeclareTapGradientConstants() => Declare(_isSmall
        ? [("half", 0.5)]
        : [
            ("scaleA", ScaleA), ("scaleB", ScaleB), ("scaleOddA", ScaleA * A), ("scaleOddB", ScaleB * B), ("squareA", SquareA), ("squareB", SquareB),
            .. kernel == 5 ? new[] { ("fourthA", SquareA * SquareA), ("fourthB", SquareB * SquareB) } : [],
        ]);

    /// <summary>m + r - 1 inputs to as many points.</summary>
    public void Input(IReadOnlyList<string> d, string result)
    {
        if (_isSmall)
        {
            Result(result, 0, isa.Subtract(d[0], d[2]));
            Result(result, 1, isa.Add(d[1], d[2]));
            Result(result, 2, isa.Subtract(d[2], d[1]));
            Result(result, 3, isa.Subtract(d[1], d[3]));
            return;
        }

        // a^2 b^2 is 1.
        Result(result, 0, isa.Add(d[0], MultiplyAdd(d[2], "minusSum", d[4])));
        Line("even", MultiplyAdd(d[2], "minusSquareB", d[4]));
        Line("odd", MultiplyAdd(d[1], "minusSquareB", d[3]));
        Result(result, 1, MultiplyAdd("odd", "a", "even"));
        Result(result, 2, MultiplyAdd("odd", "minusA", "even"));
        Line("even2", MultiplyAdd(d[2], "minusSquareA", d[4]));
        Line("odd2", MultiplyAdd(d[1], "minusSquareA", d[3]));
        Result(result, 3, MultiplyAdd("odd2", "b", "even2"));
        Result(result, 4, MultiplyAdd("odd2", "minusB", "even2"));
        Result(result, 5, isa.Add(d[1], MultiplyAdd(d[3], "minusSum", d[5])));
    }

    /// <summary>r taps to m + r - 1 points.</summary>
    public void Taps(IReadOnlyList<string> g, string result)
    {
        Result(result, 0, g[0]);
        if (_isSmall)
        {
            Line("even", isa.Multiply(isa.Group(isa.Add(g[0], g[2])), "half"));
            Result(result, 1, MultiplyAdd(g[1], "half", "even"));
            Result(result, 2, MultiplyAdd(g[1], "minusHalf", "even"));
            Result(result, 3, g[2]);
            return;
        }

        Values("A", 1);
        Values("B", 3);
        Result(result, 5, g[kernel - 1]);

        void Values(string point, int index)
        {
            Polynomial(g, point);
            Result(result, index, isa.Multiply(isa.Group(AtPoint(point)), "scale" + point));
            Result(result, index + 1, isa.Multiply(isa.Group(AtMinusPoint(point)), "scale" + point));
        }
    }

    /// <summary>m + r - 1 products to m outputs.</summary>
    public void Output(IReadOnlyList<string> m, string result)
    {
        if (_isSmall)
        {
            Result(result, 0, isa.Add(isa.Group(isa.Add(m[0], m[1])), m[2]));
            Result(result, 1, isa.Subtract(isa.Group(isa.Subtract(m[1], m[2])), m[3]));
            return;
        }

        Line("p", isa.Add(m[1], m[2]));
        Line("q", isa.Subtract(m[1], m[2]));
        Line("r", isa.Add(m[3], m[4]));
        Line("s", isa.Subtract(m[3], m[4]));
        Result(result, 0, isa.Add(isa.Group(isa.Add(m[0], "p")), "r"));
        if (outputTile == 2)
        {
            Result(result, 1, MultiplyAdd("s", "b", MultiplyAdd("q", "a", m[5])));
            return;
        }

        Result(result, 1, MultiplyAdd("s", "b", isa.Group(isa.Multiply("q", "a"))));
        Result(result, 2, MultiplyAdd("r", "squareB", isa.Group(isa.Multiply("p", "squareA"))));
        Result(result, 3, MultiplyAdd("s", "cubeB", MultiplyAdd("q", "cubeA", m[5])));
    }

    /// <summary>Gradients by m outputs to m + r - 1 points.</summary>
    public void OutputGradient(IReadOnlyList<string> y, string result)
    {
        Result(result, 0, y[0]);
        if (_isSmall)
        {
            Result(result, 1, isa.Add(y[0], y[1]));
            Result(result, 2, isa.Subtract(y[0], y[1]));
            Result(result, 3, isa.Subtract(isa.Zero, y[1]));
            return;
        }

        Values("A", 1);
        Values("B", 3);
        Result(result, 5, y[outputTile - 1]);

        void Values(string point, int index)
        {
            Polynomial(y, point);
            Result(result, index, AtPoint(point));
            Result(result, index + 1, AtMinusPoint(point));
        }
    }

    /// <summary>Sums of products at m + r - 1 points to gradients by r taps.</summary>
    public void TapGradients(IReadOnlyList<string> u, string result)
    {
        if (_isSmall)
        {
            Line("p", isa.Multiply(isa.Group(isa.Add(u[1], u[2])), "half"));
            Result(result, 0, isa.Add(u[0], "p"));
            Result(result, 1, isa.Multiply(isa.Group(isa.Subtract(u[1], u[2])), "half"));
            Result(result, 2, isa.Add("p", u[3]));
            return;
        }

        Line("p", isa.Multiply(isa.Group(isa.Add(u[1], u[2])), "scaleA"));
        Line("q", isa.Multiply(isa.Group(isa.Subtract(u[1], u[2])), "scaleOddA"));
        Line("r", isa.Multiply(isa.Group(isa.Add(u[3], u[4])), "scaleB"));
        Line("s", isa.Multiply(isa.Group(isa.Subtract(u[3], u[4])), "scaleOddB"));
        Result(result, 0, isa.Add(isa.Group(isa.Add(u[0], "p")), "r"));
        Result(result, 1, isa.Add("q", "s"));
        if (kernel == 3)
        {
            Result(result, 2, MultiplyAdd("p", "squareA", MultiplyAdd("r", "squareB", u[5])));
            return;
        }

        Result(result, 2, MultiplyAdd("p", "squareA", isa.Group(isa.Multiply("r", "squareB"))));
        Result(result, 3, MultiplyAdd("q", "squareA", isa.Group(isa.Multiply("s", "squareB"))));
        Result(result, 4, MultiplyAdd("p", "fourthA", MultiplyAdd("r", "fourthB", u[5])));
    }

    /// <summary>A polynomial at x and at -x is its even part plus and minus x times its odd part, both in x^2.</summary>
    private void Polynomial(IReadOnlyList<string> coefficients, string point)
    {
        Line("even" + point, Horner([.. coefficients.Where((_, i) => i % 2 == 0)], "square" + point));
        Line("odd" + point, Horner([.. coefficients.Where((_, i) => i % 2 == 1)], "square" + point));
    }

    private string AtPoint(string point) => MultiplyAdd("odd" + point, point.ToLowerInvariant(), "even" + point);

    private string AtMinusPoint(string point) => MultiplyAdd("odd" + point, "minus" + point, "even" + point);

    private void Declare(IReadOnlyList<(string Name, double Value)> constants)
    {
        foreach (var (name, value) in constants)
            writer.Line($"var {name} = {isa.Broadcast(Literal.Float((float)value))};");
    }

    /// <summary>c0 + c1 x + c2 x^2 ...</summary>
    private string Horner(IReadOnlyList<string> coefficients, string x)
    {
        var value = coefficients[coefficients.Count - 1];
        for (var i = coefficients.Count - 2; i >= 0; i--)
            value = MultiplyAdd(value, x, coefficients[i]);
        return value;
    }

    private string MultiplyAdd(string a, string b, string c) => isa.FusedMultiplyAdd(a, b, c);

    private void Line(string name, string value) => writer.Line($"var {name} = {value};");

    private void Result(string result, int index, string value) => Line(result + Literal.Number(index), value);
}
