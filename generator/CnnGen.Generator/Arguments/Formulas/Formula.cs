namespace CnnGen.Generator.Arguments.Formulas;

/// <summary>A number of a declaration that is written as a string: <c>4 * width</c>.</summary>
/// <param name="Part">Where it stands in the string.</param>
internal abstract record Formula(TextPart Part)
{
    /// <summary>Digits.</summary>
    public sealed record Number(TextPart Part, Rational Value) : Formula(Part);

    /// <summary>A block's parameter, or a number of the block's input.</summary>
    public sealed record Name(TextPart Part, string Text) : Formula(Part);

    /// <summary>One of + - * /.</summary>
    public sealed record Binary(TextPart Part, char Operator, Formula Left, Formula Right) : Formula(Part);

    /// <summary><c>max</c> or <c>min</c> of several.</summary>
    public sealed record Extreme(TextPart Part, bool IsMaximum, IReadOnlyList<Formula> Operands) : Formula(Part);

    /// <summary>The names in it.</summary>
    public IEnumerable<Name> Names => this switch
    {
        Name name => [name],
        Binary binary => binary.Left.Names.Concat(binary.Right.Names),
        Extreme extreme => extreme.Operands.SelectMany(operand => operand.Names),
        _ => [],
    };
}

/// <summary>What is wrong with a formula, and where in it.</summary>
/// <param name="Id">The diagnostic's id.</param>
/// <param name="Part">Where.</param>
/// <param name="Detail">What fills the message.</param>
internal sealed record FormulaFault(string Id, TextPart Part, string Detail);

/// <summary>What became of a formula.</summary>
/// <param name="Value">Its value; null where there is a fault, or what it names isn't known.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Fraction">The part of which the first fraction came, for what has to be a whole number.</param>
internal sealed record FormulaResult(Rational? Value, FormulaFault? Fault = null, TextPart Fraction = default);
