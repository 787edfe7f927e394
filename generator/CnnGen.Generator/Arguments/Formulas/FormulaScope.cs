namespace CnnGen.Generator.Arguments.Formulas;

/// <summary>What the names in a formula mean.</summary>
/// <param name="Owner">Whose parameters they are, for messages.</param>
/// <param name="Parameters">The values of the parameters; null for one that isn't known.</param>
/// <param name="Input">The shape of what arrives; null where it isn't known.</param>
internal sealed record FormulaScope(string Owner, IReadOnlyDictionary<string, Rational?> Parameters, TensorShape? Input)
{
    private static readonly string[] s_inputs = ["input.channels", "input.height", "input.width", "input.features"];

    /// <summary>A scope in which nothing has a name.</summary>
    public static FormulaScope None { get; } = new("", new Dictionary<string, Rational?>(), null);

    public FormulaResult Evaluate(string text)
    {
        var (formula, fault) = FormulaParser.Parse(text);
        if (formula is null)
            return new FormulaResult(null, fault);
        if (formula.Names.FirstOrDefault(name => !IsKnown(name.Text)) is { } unknown)
            return new FormulaResult(null, new FormulaFault("CNN1042", unknown.Part, unknown.Text));
        TextPart? fraction = null;
        var value = Value(formula, ref fault, ref fraction);
        return new FormulaResult(fault is null ? value : null, fault, fraction ?? formula.Part);
    }

    /// <summary>What might be meant by a name that nothing has: the nearest one, or all where none is near.</summary>
    public string Suggest(string name)
    {
        List<string> known = [.. Parameters.Keys, .. s_inputs];
        var nearest = Spelling.Nearest(name, known);
        return Spelling.IsNear(name, nearest) ? "Did you mean " + nearest + "?" : "There are " + Numbers.All(known) + ".";
    }

    private bool IsKnown(string name) => Parameters.ContainsKey(name) || s_inputs.Contains(name);

    private Rational? Value(Formula formula, ref FormulaFault? fault, ref TextPart? fraction)
    {
        switch (formula)
        {
            case Formula.Number number:
                return number.Value;
            case Formula.Name name:
                return Parameters.TryGetValue(name.Text, out var parameter) ? parameter : InputNumber(name.Text);
            case Formula.Extreme extreme:
                Rational? best = null;
                var isKnown = true;
                foreach (var operand in extreme.Operands)
                {
                    var one = Value(operand, ref fault, ref fraction);
                    isKnown &= one is not null;
                    if (best is null || (one is { } candidate && (extreme.IsMaximum ? candidate > best : candidate < best)))
                        best = one;
                }

                return isKnown ? best : null;
            case Formula.Binary binary:
                var left = Value(binary.Left, ref fault, ref fraction);
                var right = Value(binary.Right, ref fault, ref fraction);
                if (binary.Operator == '/' && right is { IsZero: true })
                {
                    fault ??= new FormulaFault("CNN1043", binary.Right.Part, "");
                    return null;
                }

                if (left is not { } a || right is not { } b)
                    return null;
                var value = binary.Operator switch
                {
                    '+' => a + b,
                    '-' => a - b,
                    '*' => a * b,
                    _ => a / b,
                };
                if (!value.IsWhole && a.IsWhole && b.IsWhole)
                    fraction ??= binary.Part;
                return value;
            default:
                throw new InvalidOperationException($"No formula is a {formula.GetType().Name}.");
        }
    }

    private Rational? InputNumber(string name) => Input is not { } shape ? null : Rational.Of(name switch
    {
        "input.channels" => shape.Channels,
        "input.height" => shape.Height,
        "input.width" => shape.Width,
        _ => (System.Numerics.BigInteger)shape.Length,
    });
}
