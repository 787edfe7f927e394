namespace CnnGen.Generator.Arguments.Formulas;

/// <summary>What a formula computes, or a block's parameter is.</summary>
internal abstract record FormulaValue
{
    /// <summary>Its type.</summary>
    public abstract FormulaType Type { get; }

    public sealed record Number(Rational Value) : FormulaValue
    {
        public override FormulaType Type => FormulaType.Number;

        public override string ToString() => Value.ToString();
    }

    public sealed record Truth(bool Value) : FormulaValue
    {
        public override FormulaType Type => FormulaType.Truth;

        public override string ToString() => Value ? "true" : "false";
    }

    public sealed record Member(ArgumentValue.Member Value) : FormulaValue
    {
        public override FormulaType Type => FormulaType.Of(Value.Type);

        public override string ToString() => Value.Type + "." + Value.Name;
    }
}

/// <summary>The type of a formula, or of a block's parameter.</summary>
/// <param name="Name">As C# calls it; all numbers are of one type.</param>
internal readonly record struct FormulaType(string Name)
{
    public static FormulaType Number { get; } = new("number");

    public static FormulaType Truth { get; } = new("bool");

    /// <summary>An enumeration.</summary>
    public static FormulaType Of(string enumeration) => new(enumeration);

    /// <summary>With its article, for messages: <c>a bool</c>, <c>an UpsampleMode</c>.</summary>
    public string Description => ("AEIOU".IndexOf(Name[0]) >= 0 ? "an " : "a ") + Name;
}

/// <summary>What a name in a formula stands for.</summary>
/// <param name="Type">Its type; null where only a use says it.</param>
/// <param name="Value">Its value; null where it isn't known.</param>
internal readonly record struct FormulaParameter(FormulaType? Type, FormulaValue? Value);
