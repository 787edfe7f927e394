using System.Globalization;
using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Emitting;

/// <summary>Numbers and pointer expressions as C# text, the same in every culture.</summary>
internal static class Literal
{
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A float that reads back to the same bits.</summary>
    public static string Float(float value)
    {
        if (float.IsNaN(value))
            return "float.NaN";
        if (float.IsInfinity(value))
            return value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        return value.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    public static string Text(string value) => "\"" + Printable.OneLine(value.Replace("\\", "\\\\").Replace("\"", "\\\"")) + "\"";

    /// <summary>What an index adds to a place: nothing where there is only one, which needs no index.</summary>
    public static string Step(string index, int count, int step) => count == 1 ? "" : " + " + Times(index, step);

    /// <summary>A place: <c>pointer + offset</c>, without a zero offset. More may be added behind it; <see cref="Address(string)"/> is how it's printed.</summary>
    public static string At(string pointer, int offset) => offset switch
    {
        0 => pointer,
        < 0 => pointer + " - " + Number(-(long)offset),
        _ => pointer + " + " + Number(offset),
    };

    /// <summary>
    /// A place as an expression: of <c>pointer + offset</c>, <c>&amp;pointer[offset]</c>. The C# compiler takes a tenth of a millisecond for each sum of a pointer and a number, as it tries every built-in operator, and a fifth of that for an element.
    /// </summary>
    public static string Address(string place) => Element(place) is { } element ? "&" + element : place;

    /// <inheritdoc cref="Address(string)"/>
    public static string Address(string pointer, int offset) => Address(At(pointer, offset));

    /// <summary>The float at a place: <c>pointer[offset]</c>.</summary>
    public static string Dereference(string place) => Element(place) ?? place + "[0]";

    private static string? Element(string place)
    {
        var sign = place.IndexOf(' ');
        if (sign < 0)
            return null;
        var offset = place.Substring(sign + 3);
        return $"{place.Substring(0, sign)}[{(place[sign + 1] == '-' ? "-" : "")}{offset}]";
    }

    /// <summary><c>index * stride</c>, without a factor of one.</summary>
    public static string Times(string index, int stride) => stride == 1 ? index : index + " * " + Number(stride);
}
