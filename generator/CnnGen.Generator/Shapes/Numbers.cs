using System.Globalization;

namespace CnnGen.Generator.Shapes;

/// <summary>Numbers as messages print them, the same in every culture.</summary>
internal static class Numbers
{
    public static string Print(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Print(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Products that no long may hold, to the last digit.</summary>
    public static string Print(decimal number) => number.ToString("0", CultureInfo.InvariantCulture);

    public static string Print(float number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number that stands for a float, as that float, unless it is too small or too large to be one.</summary>
    public static string PrintReal(double number) => (float)number is var single && (single != 0 || number == 0) && (!float.IsInfinity(single) || double.IsInfinity(number))
        ? Print(single)
        : number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>As one writes it in a declaration: <c>3</c> or <c>new[] { 3, 1 }</c>.</summary>
    public static string PrintArgument(Size2 size) => size.Height == size.Width
        ? Print(size.Height)
        : string.Format(CultureInfo.InvariantCulture, "new[] {{ {0}, {1} }}", size.Height, size.Width);

    /// <summary>As one writes it in a declaration: <c>1</c>, <c>new[] { 2, 1 }</c>, or each side, <c>new[] { 0, 0, 1, 1 }</c>.</summary>
    public static string PrintArgument(Padding padding) => padding.IsSymmetric
        ? PrintArgument(padding.Start)
        : string.Format(CultureInfo.InvariantCulture, "new[] {{ {0}, {1}, {2}, {3} }}", padding.Top, padding.Left, padding.Bottom, padding.Right);

    /// <summary>As a sentence lists things: <c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string All(IReadOnlyList<string> things) => things.Count <= 1
        ? string.Concat(things)
        : string.Join(", ", things.Take(things.Count - 1)) + " and " + things[things.Count - 1];

    /// <summary>As a sentence lists choices: <c>1</c>, <c>1 or 2</c>, <c>1, 2 or 4</c>.</summary>
    public static string Choice(IReadOnlyList<string> choices) => choices.Count <= 1
        ? string.Concat(choices)
        : string.Join(", ", choices.Take(choices.Count - 1)) + " or " + choices[choices.Count - 1];
}
