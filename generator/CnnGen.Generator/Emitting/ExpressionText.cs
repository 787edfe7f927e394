using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Emitting;

/// <summary>How what an expression is made of is spelled for an instruction set, or a target.</summary>
internal interface IExpressionSpelling
{
    /// <summary>Whether operators are used, of which a choice names both sides twice.</summary>
    bool IsScalar { get; }

    string Zero { get; }

    /// <summary>The class of the run-time that has the functions of more than a few instructions.</summary>
    string RuntimeKernels { get; }

    string Broadcast(string scalar);

    string Add(string a, string b);

    string Subtract(string a, string b);

    string Multiply(string a, string b);

    /// <summary>a * b + c.</summary>
    string FusedMultiplyAdd(string a, string b, string c);

    /// <summary>The larger; <paramref name="b"/> where either is not a number.</summary>
    string Max(string a, string b);

    /// <summary>The smaller; <paramref name="b"/> where either is not a number.</summary>
    string Min(string a, string b);

    /// <summary>a > b ? ifGreater : otherwise; what is not a number is not greater.</summary>
    string SelectGreater(string a, string b, string ifGreater, string otherwise);

    /// <summary>An expression as an operand of another one.</summary>
    string Group(string value);
}

/// <summary>
/// Prints expressions as a target spells them, the same operations in the same order on each instruction set, so that all give the same bits.
/// </summary>
internal static class ExpressionText
{
    /// <summary>Prints locals for what an expression uses more than once, and returns the rest as one expression.</summary>
    /// <param name="writer">Where locals are printed.</param>
    /// <param name="isa">How it is spelled.</param>
    /// <param name="expression">What to print.</param>
    /// <param name="operand">How an operand's element is spelled.</param>
    /// <param name="prefix">What the locals' names begin with.</param>
    public static string Print(CodeWriter writer, IExpressionSpelling isa, Expression expression, Func<int, string> operand, string prefix)
    {
        var uses = new Dictionary<Expression, int>();
        Count(expression);
        var names = new Dictionary<Expression, string>();
        return Text(expression);

        void Count(Expression part)
        {
            uses[part] = uses.TryGetValue(part, out var count) ? count + 1 : 1;
            if (uses[part] > 1)
                return;
            foreach (var inner in part.Parts)
                Count(inner);
        }

        string Text(Expression part)
        {
            if (names.TryGetValue(part, out var name))
                return name;
            var text = Spell(part);
            var isWorth = part is not (Expression.Constant or Expression.Operand) || (part is Expression.Operand && !IsName(text));
            if (!isWorth || uses[part] < 2)
                return text;
            name = prefix + Literal.Number(names.Count);
            names.Add(part, name);
            writer.Line($"var {name} = {text};");
            return name;
        }

        string Spell(Expression part) => part switch
        {
            Expression.Operand e => operand(e.Index),
            Expression.Constant e => e.Value == 0 && !isa.IsScalar ? isa.Zero : isa.Broadcast(Literal.Float(e.Value)),
            Expression.Unary e => $"{isa.RuntimeKernels}.{e.Function}({Text(e.Argument)})",
            Expression.Power e => $"{isa.RuntimeKernels}.{(e.IsSigned ? "SignedPower" : "Power")}({Text(e.Argument)}, {Literal.Float(e.Exponent)})",
            Expression.Add e => isa.Group(isa.Add(Text(e.Left), Text(e.Right))),
            Expression.Subtract e => isa.Group(isa.Subtract(Text(e.Left), Text(e.Right))),
            Expression.Multiply e => isa.Group(isa.Multiply(Text(e.Left), Text(e.Right))),
            Expression.MultiplyAdd e => isa.FusedMultiplyAdd(Text(e.Left), Text(e.Right), Text(e.Addend)),
            Expression.Maximum e => isa.Max(Named(e.Left), Named(e.Right)),
            Expression.Minimum e => isa.Min(Named(e.Left), Named(e.Right)),
            Expression.SelectGreater e => isa.SelectGreater(Text(e.Left), Text(e.Right), Text(e.IfGreater), Text(e.Otherwise)),
            _ => throw new InvalidOperationException($"{part.GetType().Name} is no part of what is computed."),
        };

        // The scalar's choice names both sides twice.
        string Named(Expression part)
        {
            var text = Text(part);
            if (!isa.IsScalar || part is Expression.Constant || IsName(text))
                return text;
            var name = prefix + Literal.Number(names.Count);
            names.Add(part, name);
            writer.Line($"var {name} = {text};");
            return name;
        }

        static bool IsName(string text) => text.All(letter => char.IsLetterOrDigit(letter) || letter == '_');
    }
}
