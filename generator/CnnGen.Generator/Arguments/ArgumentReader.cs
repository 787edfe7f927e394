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
    private const string ParameterForm = "a number, a bool, a member of an enumeration of CnnGen's or an expression";

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
    /// <param name="parameter">The parameter.</param>
    /// <param name="scope">What names mean in its default.</param>
    public FormulaValue? Parameter(DeclaredParameter parameter, FormulaScope scope)
    {
        var (argument, whenUnset) = (parameter.Name, parameter.Default);
        switch (item.Find(argument)?.Value ?? whenUnset)
        {
            case ArgumentValue.Integer value:
                return new FormulaValue.Number(Rational.Of(value.Value));
            case ArgumentValue.Truth value:
                return new FormulaValue.Truth(value.Value);
            case ArgumentValue.Member value:
                return new FormulaValue.Member(value);
            case ArgumentValue.Real value when Rational.OfReal(value.Value) is { } number:
                return new FormulaValue.Number(number);
            case ArgumentValue.Real value:
                OutOfRange(argument, Numbers.PrintReal(value.Value), Rational.Range, "0.5");
                return null;
            case ArgumentValue.Text { Value: { } text }:
                // What a use says has its constructor's defaults among it: one that is written and one that is left out are not told apart.
                return Evaluate(argument, text, null, whenUnset is ArgumentValue.Text { Value: { } whenLeftOut } && text == whenLeftOut ? scope : _formulas)?.Value;
            case null or ArgumentValue.Text:
                Problems.Add(new Problem("CNN1049", argument, [name, argument]));
                return null;
            case { } other:
                WrongType(argument, ParameterForm, Describe(other), "1");
                return null;
        }
    }

    public bool Bool(string argument, bool whenUnset)
    {
        switch (item.Find(argument)?.Value)
        {
            case null:
                return whenUnset;
            case ArgumentValue.Truth value:
                return value.Value;
            case ArgumentValue.Text { Value: { } text }:
                return Evaluate(argument, text, FormulaType.Truth)?.Value is FormulaValue.Truth result ? result.Value : whenUnset;
            case { } other:
                WrongType(argument, "a bool or an expression", Describe(other), whenUnset ? "true" : "false");
                return whenUnset;
        }
    }

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
        var names = System.Enum.GetNames(typeof(T));

        // What the attributes call Loss, Precision and Layout has another name here.
        var type = argument is "Loss" or "Precision" or "Layout" ? argument : typeof(T).Name;
        int number;
        switch (item.Find(argument)?.Value)
        {
            case null:
                return whenUnset;
            case ArgumentValue.Member member when member.Type == type:
                number = member.Value;
                break;
            case ArgumentValue.Text { Value: { } text }:
                if (Evaluate(argument, text, FormulaType.Of(type))?.Value is not FormulaValue.Member result)
                    return whenUnset;
                number = result.Value.Value;
                break;
            case { } other:
                WrongType(argument, FormulaType.Of(type).Description + " or an expression", Describe(other), type + "." + names[0]);
                return whenUnset;
        }

        if (System.Enum.IsDefined(typeof(T), number))
            return (T)System.Enum.ToObject(typeof(T), number);
        OutOfRange(argument, Numbers.Print(number), Numbers.Choice(names), type + "." + names[0]);
        return whenUnset;
    }

    /// <summary>What is emitted: predictions always, since whatever trains a network also asks what it has learnt.</summary>
    public PassKinds Passes(string argument) => (PassKinds)Flags(
        argument, typeof(PassKinds), (int)(PassKinds.Predict | PassKinds.Train), "Predict, alone or with Train, Explain or both");

    /// <summary>What it is emitted for: the CPU always, which has whatever else has.</summary>
    public TargetKinds Targets(string argument) => (TargetKinds)Flags(argument, typeof(TargetKinds), (int)TargetKinds.Cpu, "Cpu, alone or with Ilgpu");

    /// <summary>Members of an enumeration together, of which the first, whose number is 1, is never left out. The argument has the enumeration's name.</summary>
    private int Flags(string argument, Type type, int whenUnset, string range)
    {
        var members = System.Enum.GetNames(type).ToDictionary(member => (int)System.Enum.Parse(type, member));
        if (item.Find(argument)?.Value is not ArgumentValue.Member value)
            return whenUnset;
        var isKnown = value.Value > 0 && value.Value <= members.Keys.Sum();
        if (isKnown && (value.Value & 1) != 0)
            return value.Value;

        // Without the first it may be that it was forgotten.
        var print = isKnown ? string.Join(" | ", Names(value.Value)) : Numbers.Print(value.Value);
        OutOfRange(argument, print, range, string.Join(" | ", Names(isKnown ? value.Value | 1 : whenUnset).Select(member => argument + "." + member)));
        return whenUnset;

        IEnumerable<string> Names(int flags) => members.OrderBy(member => member.Key).Where(member => (flags & member.Key) != 0).Select(member => member.Value);
    }

    /// <summary>A float within a range.</summary>
    public float Float(string argument, float whenUnset, FloatRange range)
    {
        double number;
        switch (item.Find(argument)?.Value)
        {
            case null:
                return whenUnset;
            case ArgumentValue.Real value:
                number = value.Value;
                break;
            case ArgumentValue.Integer value:
                number = value.Value;
                break;
            case ArgumentValue.Text { Value: { } text }:
                if (Evaluate(argument, text, FormulaType.Number)?.Value is not FormulaValue.Number result)
                    return whenUnset;
                number = result.Value.ToDouble();
                break;
            case { } other:
                WrongType(argument, RealForm, Describe(other), range.Example);
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
        if (Evaluate(argument, text, FormulaType.Number) is not { Value: FormulaValue.Number { Value: var value } } result)
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

    private FormulaResult? Evaluate(string argument, string text, FormulaType? wanted, FormulaScope? scope = null)
    {
        scope ??= _formulas;
        var result = scope.Evaluate(text, wanted);
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
                "CNN1042" => [name, part, argument, text, scope.Owner, .. fault.Details],
                "CNN1043" => [name, argument, text, part],
                "CNN1052" => [name, part, argument, text, .. fault.Details],
                _ => [name, argument, text, .. fault.Details],
            }) { Part = fault.Part });
        return null;
    }

    private static string Describe(ArgumentValue value) => value switch
    {
        ArgumentValue.Integers many => "an array of " + Numbers.Print(many.Values.Count),
        ArgumentValue.Reals many => "an array of " + Numbers.Print(many.Values.Count),
        ArgumentValue.Other other => other.Description,
        ArgumentValue.Integer => "an int",
        ArgumentValue.Truth => "a bool",
        ArgumentValue.Real => "a float or a double",
        ArgumentValue.Member member => "of type CnnGen." + member.Type,
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
