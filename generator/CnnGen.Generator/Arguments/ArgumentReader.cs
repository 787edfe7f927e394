using CnnGen.Generator.Arguments.Formulas;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Arguments;

/// <summary>
/// Reads one declared item's arguments with their ranges and collects what is wrong with them. Where an argument is wrong, the value
/// returned is one that is allowed, so that reading goes on and finds every fault at once.
/// </summary>
/// <param name="item">What was declared.</param>
/// <param name="name">The layer's name, for messages.</param>
/// <param name="formulas">What the names in its expressions mean.</param>
internal sealed class ArgumentReader(DeclaredItem item, string name, FormulaScope? formulas = null)
{
    private const string IntForm = "an int or an expression";
    private const string SizeForm = "an int, an expression, or new[] { height, width }";
    private const string PaddingForm = "an int, an expression, new[] { height, width }, or new[] { top, left, bottom, right }";
    private const string RealForm = "a number or an expression";

    private readonly FormulaScope _formulas = formulas ?? FormulaScope.None;

    public List<Problem> Problems { get; } = [];

    /// <summary>Whether an expression names something whose value isn't known (what is wrong with that is said elsewhere): then the layer isn't known either.</summary>
    public bool IsUnknown { get; private set; }

    public bool IsSet(string argument) => item.Find(argument) is not null;

    public int Int(string argument, int least, int most = int.MaxValue, int whenUnset = 1)
    {
        switch (item.Find(argument)?.Value)
        {
            case null:
                return whenUnset;
            case ArgumentValue.Integer value:
                return Checked(argument, value.Value, least, most);
            case ArgumentValue.Text { Value: { } text }:
                return Whole(argument, text, least, most);
            case { } other:
                WrongType(argument, IntForm, Describe(other), Numbers.Print(least));
                return whenUnset;
        }
    }

    /// <summary>A block's parameter; null where it isn't known, or wrong.</summary>
    /// <param name="argument">The parameter's name.</param>
    /// <param name="whenUnset">Its default.</param>
    /// <param name="scope">What names mean in the default.</param>
    public Rational? Number(string argument, ArgumentValue? whenUnset, FormulaScope scope)
    {
        switch (item.Find(argument)?.Value ?? whenUnset)
        {
            case ArgumentValue.Integer value:
                return Rational.Of(value.Value);
            case ArgumentValue.Real value when Rational.OfReal(value.Value) is { } number:
                return number;
            case ArgumentValue.Real value:
                OutOfRange(argument, Numbers.PrintReal(value.Value), Rational.Range, "0.5");
                return null;
            case ArgumentValue.Text { Value: { } text }:
                // What a use says has its constructor's defaults among it: one that is written and one that is left out are not told apart.
                return Evaluate(argument, text, whenUnset is ArgumentValue.Text { Value: { } whenLeftOut } && text == whenLeftOut ? scope : _formulas)?.Value;
            case null or ArgumentValue.Text:
                Problems.Add(new Problem("CNN1049", argument, [name, argument]));
                return null;
            case { } other:
                WrongType(argument, RealForm, Describe(other), "1");
                return null;
        }
    }

    public bool Bool(string argument, bool whenUnset) =>
        item.Find(argument)?.Value is ArgumentValue.Truth value ? value.Value : whenUnset;

    public string? String(string argument) => (item.Find(argument)?.Value as ArgumentValue.Text)?.Value;

    /// <summary>A part of the path of tensors.</summary>
    public string TensorName(string argument, string whenUnset)
    {
        if (String(argument) is not { } text || IsTensorPath(text))
            return String(argument) ?? whenUnset;
        Problems.Add(new Problem("CNN3013", argument, [name, argument, text]));
        return whenUnset;
    }

    /// <summary>An enumeration, which C# lets one cast any number to.</summary>
    public T Enum<T>(string argument, T whenUnset) where T : struct, Enum
    {
        if (item.Find(argument)?.Value is not ArgumentValue.Integer value)
            return whenUnset;
        var names = System.Enum.GetNames(typeof(T));
        if (System.Enum.IsDefined(typeof(T), value.Value))
            return (T)System.Enum.ToObject(typeof(T), value.Value);
        var type = argument switch
        {
            "Algorithm" => "ConvAlgorithm",
            "Embed" => "WeightsEmbedding",
            "statistics" => "ImageStatistics",
            "Mode" => typeof(T).Name,
            "kind" => "FilterKind",
            _ => argument,
        };
        OutOfRange(argument, Numbers.Print(value.Value), Numbers.Choice(names), type + "." + names[0]);
        return whenUnset;
    }

    /// <summary>What is emitted: predictions always, since whatever trains a network also asks what it has learnt.</summary>
    public PassKinds Passes(string argument)
    {
        const PassKinds WhenUnset = PassKinds.Predict | PassKinds.Train;
        const PassKinds All = WhenUnset | PassKinds.Explain;
        if (item.Find(argument)?.Value is not ArgumentValue.Integer value)
            return WhenUnset;
        if (value.Value is > 0 and <= (int)All && ((PassKinds)value.Value & PassKinds.Predict) != 0)
            return (PassKinds)value.Value;

        // Without predictions it may be that these were forgotten.
        var isKnown = value.Value is > 0 and <= (int)All;
        var print = isKnown ? string.Join(" | ", PassNames((PassKinds)value.Value)) : Numbers.Print(value.Value);
        var mended = isKnown ? (PassKinds)value.Value | PassKinds.Predict : WhenUnset;
        OutOfRange(argument, print, "Predict, alone or with Train, Explain or both", string.Join(" | ", PassNames(mended).Select(name => "Passes." + name)));
        return WhenUnset;
    }

    private static IEnumerable<string> PassNames(PassKinds passes) =>
        new[] { PassKinds.Predict, PassKinds.Train, PassKinds.Explain }.Where(pass => (passes & pass) != 0).Select(pass => pass.ToString());

    /// <summary>A float within a range.</summary>
    public float Float(string argument, float whenUnset, FloatRange range)
    {
        double number;
        switch (item.Find(argument)?.Value)
        {
            case ArgumentValue.Real value:
                number = value.Value;
                break;
            case ArgumentValue.Text { Value: { } text }:
                if (Evaluate(argument, text)?.Value is not { } result)
                    return whenUnset;
                number = result.ToDouble();
                break;
            default:
                return whenUnset;
        }

        if (range.Contains((float)number))
            return (float)number;
        OutOfRange(argument, Numbers.PrintReal(number), range.Description, range.Example);
        return whenUnset;
    }

    /// <summary>A kernel: <c>kernel</c>, or <c>kernelHeight</c> and <c>kernelWidth</c>.</summary>
    public Size2 Kernel() => IsSet("kernel")
        ? Size2.Square(Int("kernel", least: 1))
        : new Size2(Int("kernelHeight", least: 1), Int("kernelWidth", least: 1));

    /// <summary>One number or several, each in a range; one that is allowed where there are none.</summary>
    public EquatableArray<int> Ints(string argument, int least)
    {
        EquatableArray<int> values = item.Find(argument)?.Value switch
        {
            ArgumentValue.Integers many => many.Values,
            ArgumentValue.Integer one => [one.Value],
            _ => [],
        };
        if (values.Count > 0)
            return values.Select((value, i) => Checked(values.Count == 1 ? argument : argument + "[" + Numbers.Print(i) + "]", value, least, int.MaxValue)).ToEquatableArray();
        OutOfRange(argument, "empty", "one number or more", Numbers.Print(least));
        return [least];
    }

    /// <summary>Numbers, each in a range; finite ones where none is given.</summary>
    public EquatableArray<float> Floats(string argument, FloatRange? range = null)
    {
        range ??= new FloatRange(_ => true, "finite", "1");
        EquatableArray<double> values = item.Find(argument)?.Value switch
        {
            ArgumentValue.Reals many => many.Values,
            ArgumentValue.Real one => [one.Value],
            ArgumentValue.Integers many => many.Values.Select(value => (double)value).ToEquatableArray(),
            ArgumentValue.Integer one => [one.Value],
            _ => [],
        };
        var isOne = item.Find(argument)?.Value is ArgumentValue.Real or ArgumentValue.Integer;
        for (var i = 0; i < values.Count; i++)
        {
            if (!range.Contains((float)values[i]))
                Problems.Add(new Problem("CNN1012", argument, [name, isOne ? argument : argument + "[" + Numbers.Print(i) + "]", Numbers.PrintReal(values[i]), range.Description, range.Example]));
        }

        return values.Select(value => (float)value).ToEquatableArray();
    }

    /// <summary>Numbers, each in a range, of which there must be one or more; one that is allowed where there are none.</summary>
    public EquatableArray<float> FloatsOrOne(string argument, FloatRange range, float whenEmpty)
    {
        var values = Floats(argument, range);
        if (values.Count > 0)
            return values;
        OutOfRange(argument, "empty", "one number or more", range.Example);
        return [whenEmpty];
    }

    /// <summary>The size of a result: <c>size</c>, or <c>height</c> and <c>width</c>.</summary>
    public Size2 HeightAndWidth() => IsSet("size")
        ? Size2.Square(Int("size", least: 1))
        : new Size2(Int("height", least: 1), Int("width", least: 1));

    /// <summary>An <c>object</c> argument that is an int or two.</summary>
    public Size2 Size(string argument, int least, Size2 whenUnset)
    {
        switch (item.Find(argument)?.Value)
        {
            case null:
                return whenUnset;
            case ArgumentValue.Integer one:
                return Size2.Square(Checked(argument, one.Value, least, int.MaxValue));
            case ArgumentValue.Integers { Values.Count: 2 } two:
                return Checked(argument, new Size2(two.Values[0], two.Values[1]), least);
            case ArgumentValue.Text { Value: { } text }:
                return Size2.Square(Whole(argument, text, least, int.MaxValue));
            case { } other:
                WrongType(argument, SizeForm, Describe(other), Numbers.Print(least));
                return whenUnset;
        }
    }

    /// <summary><c>Padding</c>: an int, two of them for the directions, or four for the sides.</summary>
    public Padding Padding()
    {
        const string Argument = "Padding";
        switch (item.Find(Argument)?.Value)
        {
            case ArgumentValue.Integers { Values.Count: 4 } four:
                var sides = new Padding(four.Values[0], four.Values[1], four.Values[2], four.Values[3]);
                var allowed = new Padding(Math.Max(sides.Top, 0), Math.Max(sides.Left, 0), Math.Max(sides.Bottom, 0), Math.Max(sides.Right, 0));
                if (sides != allowed)
                    OutOfRange(Argument, Numbers.PrintArgument(sides), Range(0, int.MaxValue), Numbers.PrintArgument(allowed));
                return allowed;
            case null or ArgumentValue.Integer or ArgumentValue.Integers { Values.Count: 2 } or ArgumentValue.Text:
                return Size(Argument, least: 0, Size2.Zero);
            case { } other:
                WrongType(Argument, PaddingForm, Describe(other), "0");
                return default;
        }
    }

    /// <summary>What is wrong with a layer beyond one argument's range; where a number isn't known, another stands for it, of which nothing can be said.</summary>
    public void Add(Problem problem)
    {
        if (!IsUnknown)
            Problems.Add(problem);
    }

    /// <summary>An expression that has to come out whole; a number that is allowed where it isn't known or wrong.</summary>
    private int Whole(string argument, string text, int least, int most)
    {
        if (Evaluate(argument, text) is not { Value: { } value } result)
            return least;
        if (!value.IsWhole)
        {
            Problems.Add(new Problem("CNN1044", argument, [name, argument, text, value.ToString(), text.Substring(result.Fraction.Start, result.Fraction.Length)]) { Part = result.Fraction });
            return least;
        }

        if (value.Dividend >= least && value.Dividend <= most)
            return (int)value.Dividend;
        var nearest = value.Dividend < least ? least : most;
        OutOfRange(argument, value.ToString(), Range(least, most), Numbers.Print(nearest));
        return nearest;
    }

    private FormulaResult? Evaluate(string argument, string text) => Evaluate(argument, text, _formulas);

    private FormulaResult? Evaluate(string argument, string text, FormulaScope scope)
    {
        var result = scope.Evaluate(text);
        if (result.Fault is not { } fault)
        {
            IsUnknown |= result.Value is null;
            return result;
        }

        var part = text.Substring(fault.Part.Start, fault.Part.Length);
        Problems.Add(new Problem(
            fault.Id,
            argument,
            fault.Id switch
            {
                "CNN1042" => [name, part, argument, text, scope.Owner, scope.Suggest(part)],
                "CNN1043" => [name, argument, text, part],
                _ => [name, argument, text, fault.Detail],
            }) { Part = fault.Part });
        return null;
    }

    private static string Describe(ArgumentValue value) => value switch
    {
        ArgumentValue.Integers many => "an array of " + Numbers.Print(many.Values.Count),
        ArgumentValue.Reals many => "an array of " + Numbers.Print(many.Values.Count),
        ArgumentValue.Other other => other.Description,
        ArgumentValue.Truth => "a bool",
        ArgumentValue.Real => "a float",
        ArgumentValue.Text text => text.Value is null ? "null" : "a string",
        _ => throw new InvalidOperationException($"An argument of an unknown form, {value}."),
    };

    private int Checked(string argument, int value, int least, int most)
    {
        if (value >= least && value <= most)
            return value;
        var nearest = value < least ? least : most;
        OutOfRange(argument, Numbers.Print(value), Range(least, most), Numbers.Print(nearest));
        return nearest;
    }

    private Size2 Checked(string argument, Size2 value, int least)
    {
        if (value.Height >= least && value.Width >= least)
            return value;
        var nearest = new Size2(Math.Max(value.Height, least), Math.Max(value.Width, least));
        OutOfRange(argument, Numbers.PrintArgument(value), Range(least, int.MaxValue), Numbers.PrintArgument(nearest));
        return nearest;
    }

    /// <summary>Whether a text can be a part of a path of tensors.</summary>
    public static bool IsTensorPath(string text) => text.Split('.').All(part =>
        part.Length > 0 && part.All(letter => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-'));

    private static string Range(int least, int most) => most == int.MaxValue
        ? Numbers.Print(least) + " or more"
        : Numbers.Print(least) + " to " + Numbers.Print(most);

    /// <summary>What is wrong with an argument as a whole.</summary>
    public void OutOfRange(string argument, string value, string range, string example) =>
        Problems.Add(new Problem("CNN1012", argument, [name, argument, value, range, example]));

    private void WrongType(string argument, string form, string found, string example) =>
        Problems.Add(new Problem("CNN1013", argument, [name, argument, form, found, example]));
}

/// <summary>What a float argument may be; NaN and the infinities never.</summary>
/// <param name="Description">For the message: <c>finite and 0 or more</c>.</param>
/// <param name="Example">A value that is allowed, as one writes it.</param>
internal sealed record FloatRange(Func<float, bool> Allows, string Description, string Example)
{
    public bool Contains(float value) => !float.IsNaN(value) && !float.IsInfinity(value) && Allows(value);

    public static FloatRange NotNegative(string example) => new(value => value >= 0, "finite and 0 or more", example);

    public static FloatRange Positive(string example) => new(value => value > 0, "finite and above 0", example);

    public static FloatRange Fraction(string example) => new(value => value is >= 0 and <= 1, "from 0 to 1", example);

    /// <summary>[0, 1): a probability of which 1 makes no sense.</summary>
    public static FloatRange BelowOne(string example) => new(value => value is >= 0 and < 1, "at least 0 and below 1", example);
}
