namespace CnnGen.Generator.Arguments.Formulas;

/// <summary>What the names in a formula mean.</summary>
/// <param name="Owner">Whose parameters they are, for messages.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="Input">The shape of what arrives; null where it isn't known.</param>
internal sealed record FormulaScope(string Owner, IReadOnlyDictionary<string, FormulaParameter> Parameters, TensorShape? Input)
{
    private static readonly string[] s_inputs = ["input.channels", "input.height", "input.width", "input.features"];

    /// <summary>A scope in which nothing has a name.</summary>
    public static FormulaScope None { get; } = new("", new Dictionary<string, FormulaParameter>(), null);

    /// <summary>A scope without parameters.</summary>
    public static FormulaScope OfInput(string owner, TensorShape? input) => None with { Owner = owner, Input = input };

    /// <param name="text">The formula.</param>
    /// <param name="wanted">The type that it has to be of; null for any.</param>
    public FormulaResult Evaluate(string text, FormulaType? wanted)
    {
        var (formula, fault) = FormulaParser.Parse(text);
        if (formula is null)
            return new FormulaResult(null, fault);
        if (Check(text, formula, wanted) is { } mistake)
            return new FormulaResult(null, mistake);
        TextPart? fraction = null;
        var value = Value(formula, ref fault, ref fraction);
        return new FormulaResult(fault is null ? value : null, fault, fraction ?? formula.Part);
    }

    /// <summary>The first name that nothing has, or part that is of another type than has to stand there.</summary>
    private FormulaFault? Check(string text, Formula formula, FormulaType? wanted)
    {
        FormulaType? inside = formula is Formula.Not ? FormulaType.Truth : FormulaType.Number;
        if (formula.Inner.Select(operand => Check(text, operand, inside)).FirstOrDefault(fault => fault is not null) is { } mistake)
            return mistake;
        var part = text.Substring(formula.Part.Start, formula.Part.Length);
        if (formula is Formula.Name name && !IsKnown(name.Text))
            return new FormulaFault("CNN1042", formula.Part, Suggest(part, wanted));
        return wanted is { } type && TypeOf(formula) is { } own && own != type
            ? new FormulaFault("CNN1052", formula.Part, own.Description, type.Description, Suggest(part, type))
            : null;
    }

    /// <summary>Null where only a use says it.</summary>
    private FormulaType? TypeOf(Formula formula) => formula switch
    {
        Formula.Truth or Formula.Not => FormulaType.Truth,
        Formula.Name name when Parameters.TryGetValue(name.Text, out var parameter) => parameter.Type,
        _ => FormulaType.Number,
    };

    /// <summary>What might be meant by what can't stand there: the nearest of the names that can, or all where none is near.</summary>
    private string Suggest(string part, FormulaType? wanted)
    {
        List<string> known = [.. Parameters.Where(one => wanted is null || one.Value.Type is null || one.Value.Type == wanted).Select(one => one.Key)];
        if (wanted is null || wanted == FormulaType.Number)
            known.AddRange(s_inputs);
        if (wanted == FormulaType.Truth)
            known.AddRange(["true", "false"]);
        if (known.Count == 0)
            return "No name here is one: write a member of it instead of a string.";
        var nearest = Spelling.Nearest(part, known);
        return Spelling.IsNear(part, nearest) ? "Did you mean " + nearest + "?" : (known.Count == 1 ? "There is " : "There are ") + Numbers.All(known) + ".";
    }

    private bool IsKnown(string name) => Parameters.ContainsKey(name) || s_inputs.Contains(name);

    private FormulaValue? Value(Formula formula, ref FormulaFault? fault, ref TextPart? fraction)
    {
        switch (formula)
        {
            case Formula.Truth truth:
                return new FormulaValue.Truth(truth.Value);
            case Formula.Not not:
                return Value(not.Operand, ref fault, ref fraction) is FormulaValue.Truth operand ? new FormulaValue.Truth(!operand.Value) : null;
            case Formula.Name name when Parameters.TryGetValue(name.Text, out var parameter):
                return parameter.Value;
            default:
                return Number(formula, ref fault, ref fraction) is { } number ? new FormulaValue.Number(number) : null;
        }
    }

    private Rational? Number(Formula formula, ref FormulaFault? fault, ref TextPart? fraction)
    {
        switch (formula)
        {
            case Formula.Number number:
                return number.Value;
            case Formula.Name name:
                return Parameters.TryGetValue(name.Text, out var parameter) ? (parameter.Value as FormulaValue.Number)?.Value : InputNumber(name.Text);
            case Formula.Extreme extreme:
                Rational? best = null;
                var isKnown = true;
                foreach (var operand in extreme.Operands)
                {
                    var one = Number(operand, ref fault, ref fraction);
                    isKnown &= one is not null;
                    if (best is null || (one is { } candidate && (extreme.IsMaximum ? candidate > best : candidate < best)))
                        best = one;
                }

                return isKnown ? best : null;
            case Formula.Binary binary:
                var left = Number(binary.Left, ref fault, ref fraction);
                var right = Number(binary.Right, ref fault, ref fraction);
                if (binary.Operator == '/' && right is { IsZero: true })
                {
                    fault ??= new FormulaFault("CNN1043", binary.Right.Part);
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
