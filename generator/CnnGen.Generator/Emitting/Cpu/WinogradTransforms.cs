using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// The one-dimensional transforms of Winograd's F(2, 3) and F(4, 3) as straight lines of vector operations. Each is printed as
/// <c>var {result}{i} = ...;</c> over operands whose names are given.
/// </summary>
/// <remarks>
/// F(2, 3) interpolates at 0, 1, -1 and infinity. F(4, 3) takes 0, +-a, +-b and infinity with a = sqrt(1/2) and b = sqrt(2): the usual 1 and 2
/// make numbers of more different sizes, whose rounding errors are larger (docs/kernels.md has the measurements).
/// For points 0, +-a, +-b the polynomials through them give, with d the inputs, g the taps and m the products:
/// <code>
/// input:  a^2 b^2 d0 - (a^2 + b^2) d2 + d4,   (d4 - b^2 d2) +- a (d3 - b^2 d1),   (d4 - a^2 d2) +- b (d3 - a^2 d1),   a^2 b^2 d1 - (a^2 + b^2) d3 + d5
/// taps:   g0 / (a^2 b^2),   (g0 +- a g1 + a^2 g2) / (2 a^2 (a^2 - b^2)),   (g0 +- b g1 + b^2 g2) / (2 b^2 (b^2 - a^2)),   g2
/// output: m0 + p + r,   a q + b s,   a^2 p + b^2 r,   a^3 q + b^3 s + m5      with p, q = m1 +- m2 and r, s = m3 +- m4
/// </code>
/// </remarks>
internal sealed class WinogradTransforms(CodeWriter writer, VectorIsa isa, int outputTile)
{
    private const double SquareA = 0.5;
    private const double SquareB = 2;

    private static readonly double s_a = Math.Sqrt(SquareA);
    private static readonly double s_b = Math.Sqrt(SquareB);

    /// <summary>
    /// Declares the constants of the input's, the taps' or the output's transform; a method begins with it.
    /// </summary>
    public void DeclareInputConstants() => Declare(outputTile == 2
        ? []
        : [
            ("a", s_a), ("b", s_b), ("minusA", -s_a), ("minusB", -s_b), ("minusSquareA", -SquareA), ("minusSquareB", -SquareB),
            ("minusSum", -(SquareA + SquareB)),
        ]);

    /// <inheritdoc cref="DeclareInputConstants"/>
    public void DeclareTapConstants() => Declare(outputTile == 2
        ? [("half", 0.5), ("minusHalf", -0.5)]
        : [
            ("a", s_a), ("b", s_b), ("minusA", -s_a), ("minusB", -s_b), ("squareA", SquareA), ("squareB", SquareB),
            ("scaleA", 1 / (2 * SquareA * (SquareA - SquareB))), ("scaleB", 1 / (2 * SquareB * (SquareB - SquareA))),
        ]);

    /// <inheritdoc cref="DeclareInputConstants"/>
    public void DeclareOutputConstants() => Declare(outputTile == 2
        ? []
        : [
            ("a", s_a), ("b", s_b), ("squareA", SquareA), ("squareB", SquareB), ("cubeA", SquareA * s_a), ("cubeB", SquareB * s_b),
        ]);

    /// <summary>m + 2 inputs to m + 2 points.</summary>
    public void Input(IReadOnlyList<string> d, string result)
    {
        if (outputTile == 2)
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

    /// <summary>3 taps to m + 2 points.</summary>
    public void Taps(IReadOnlyList<string> g, string result)
    {
        Result(result, 0, g[0]);
        if (outputTile == 2)
        {
            Line("even", isa.Multiply(isa.Group(isa.Add(g[0], g[2])), "half"));
            Result(result, 1, MultiplyAdd(g[1], "half", "even"));
            Result(result, 2, MultiplyAdd(g[1], "minusHalf", "even"));
            Result(result, 3, g[2]);
            return;
        }

        Line("even", MultiplyAdd(g[2], "squareA", g[0]));
        Result(result, 1, isa.Multiply(isa.Group(MultiplyAdd(g[1], "a", "even")), "scaleA"));
        Result(result, 2, isa.Multiply(isa.Group(MultiplyAdd(g[1], "minusA", "even")), "scaleA"));
        Line("even2", MultiplyAdd(g[2], "squareB", g[0]));
        Result(result, 3, isa.Multiply(isa.Group(MultiplyAdd(g[1], "b", "even2")), "scaleB"));
        Result(result, 4, isa.Multiply(isa.Group(MultiplyAdd(g[1], "minusB", "even2")), "scaleB"));
        Result(result, 5, g[2]);
    }

    /// <summary>m + 2 products to m outputs.</summary>
    public void Output(IReadOnlyList<string> m, string result)
    {
        if (outputTile == 2)
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
        Result(result, 1, MultiplyAdd("s", "b", isa.Group(isa.Multiply("q", "a"))));
        Result(result, 2, MultiplyAdd("r", "squareB", isa.Group(isa.Multiply("p", "squareA"))));
        Result(result, 3, MultiplyAdd("s", "cubeB", MultiplyAdd("q", "cubeA", m[5])));
    }

    private void Declare(IReadOnlyList<(string Name, double Value)> constants)
    {
        foreach (var (name, value) in constants)
            writer.Line($"var {name} = {isa.Broadcast(Literal.Float((float)value))};");
    }

    private string MultiplyAdd(string a, string b, string c) => isa.FusedMultiplyAdd(a, b, c);

    private void Line(string name, string value) => writer.Line($"var {name} = {value};");

    private void Result(string result, int index, string value) => Line(result + Literal.Number(index), value);
}
