namespace CnnGen.Generator.Arguments.Formulas;

/// <summary>An argument of a declaration that is written as a string: <c>4 * width</c>.</summary>
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

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public sealed record Truth(TextPart Part, bool Value) : Formula(Part);

    /// <summary><c>!</c> and what is negated.</summary>
    public sealed record Not(TextPart Part, Formula Operand) : Formula(Part);

    /// <summary>What it is made of.</summary>
    public IEnumerable<Formula> Inner => this switch
    {
        Binary binary => [binary.Left, binary.Right],
        Extreme extreme => extreme.Operands,
        Not not => [not.Operand],
        _ => [],
    };

    /// <summary>The names in it.</summary>
    public IEnumerable<Name> Names => this is Name name ? [name] : Inner.SelectMany(operand => operand.Names);
}

/// <summary>What is wrong with a formula, and where in it.</summary>
/// <param name="Id">The diagnostic's id.</param>
/// <param name="Part">Where.</param>
/// <param name="Details">What fills the message, beside what stands there.</param>
internal sealed record FormulaFault(string Id, TextPart Part, params string[] Details);

/// <summary>What became of a formula.</summary>
/// <param name="Value">Its value; null where there is a fault, or what it names isn't known.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Fraction">The part of which the first fraction came, for what has to be a whole number.</param>
internal sealed record FormulaResult(FormulaValue? Value, FormulaFault? Fault = null, TextPart Fraction = default);
