using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Graph;

/// <summary>
/// Reads one declared item's arguments with their ranges and collects what is wrong with them. Where an argument is wrong, the value
/// returned is one that is allowed, so that reading goes on and finds every fault at once.
/// </summary>
internal sealed class ArgumentReader(DeclaredItem item, string name)
{
    private const string SizeForm = "an int, or new[] { height, width }";

    public List<Problem> Problems { get; } = [];

    public bool IsSet(string argument) => item.Find(argument) is not null;

    public int Int(string argument, int least, int most = int.MaxValue, int whenUnset = 1) =>
        item.Find(argument)?.Value is ArgumentValue.Integer value ? Checked(argument, value.Value, least, most) : whenUnset;

    public bool Bool(string argument, bool whenUnset) =>
        item.Find(argument)?.Value is ArgumentValue.Truth value ? value.Value : whenUnset;

    public string? String(string argument) => (item.Find(argument)?.Value as ArgumentValue.Text)?.Value;

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
        const PassKinds All = PassKinds.Predict | PassKinds.Train;
        if (item.Find(argument)?.Value is not ArgumentValue.Integer value || value.Value is (int)PassKinds.Predict or (int)All)
            return item.Find(argument)?.Value is ArgumentValue.Integer { Value: (int)PassKinds.Predict } ? PassKinds.Predict : All;
        OutOfRange(argument, value.Value == (int)PassKinds.Train ? "Train" : Numbers.Print(value.Value), "Predict, or Predict | Train", "Passes.Predict | Passes.Train");
        return All;
    }

    /// <summary>A float within a range.</summary>
    public float Float(string argument, float whenUnset, FloatRange range)
    {
        if (item.Find(argument)?.Value is not ArgumentValue.Real value)
            return whenUnset;
        if (range.Contains((float)value.Value))
            return (float)value.Value;
        OutOfRange(argument, Numbers.PrintReal(value.Value), range.Description, range.Example);
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

    /// <summary>Numbers, all of them finite.</summary>
    public EquatableArray<float> Floats(string argument)
    {
        EquatableArray<double> values = item.Find(argument)?.Value switch
        {
            ArgumentValue.Reals many => many.Values,
            ArgumentValue.Real one => [one.Value],
            _ => [],
        };
        for (var i = 0; i < values.Count; i++)
        {
            if (float.IsNaN((float)values[i]) || float.IsInfinity((float)values[i]))
                Problems.Add(new Problem("CNN1012", argument, [name, argument + "[" + Numbers.Print(i) + "]", Numbers.PrintReal(values[i]), "finite", "1"]));
        }

        return values.Select(value => (float)value).ToEquatableArray();
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
            case ArgumentValue.Integers other:
                WrongType(argument, "an array of " + Numbers.Print(other.Values.Count), least);
                return whenUnset;
            case ArgumentValue.Other other:
                WrongType(argument, other.Description, least);
                return whenUnset;
            case ArgumentValue.Truth:
                WrongType(argument, "a bool", least);
                return whenUnset;
            case ArgumentValue.Text text:
                WrongType(argument, text.Value is null ? "null" : "a string", least);
                return whenUnset;
            default:
                throw new InvalidOperationException($"{name}: an argument of an unknown form, {item.Find(argument)}.");
        }
    }

    /// <summary>What is wrong with a layer beyond one argument's range.</summary>
    public void Add(Problem problem) => Problems.Add(problem);

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

    private static string Range(int least, int most) => most == int.MaxValue
        ? Numbers.Print(least) + " or more"
        : Numbers.Print(least) + " to " + Numbers.Print(most);

    private void OutOfRange(string argument, string value, string range, string example) =>
        Problems.Add(new Problem("CNN1012", argument, [name, argument, value, range, example]));

    private void WrongType(string argument, string found, int least) =>
        Problems.Add(new Problem("CNN1013", argument, [name, argument, SizeForm, found, Numbers.Print(least)]));
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
