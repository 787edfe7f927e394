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

    /// <summary><c>pointer + offset</c>, without a zero offset.</summary>
    public static string At(string pointer, int offset) => offset switch
    {
        0 => pointer,
        < 0 => pointer + " - " + Number(-(long)offset),
        _ => pointer + " + " + Number(offset),
    };

    /// <summary><c>index * stride</c>, without a factor of one.</summary>
    public static string Times(string index, int stride) => stride == 1 ? index : index + " * " + Number(stride);
}
