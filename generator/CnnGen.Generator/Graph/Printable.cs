using System.Globalization;

namespace CnnGen.Generator.Graph;

/// <summary>Text of the user's in messages and in emitted code.</summary>
internal static class Printable
{
    /// <summary>The text on one line, other characters as C# escapes them: it ends lines at more of them than the two that everybody knows.</summary>
    public static string OneLine(string text) => text.Any(EndsLine)
        ? string.Concat(text.Select(letter => EndsLine(letter) ? "\\u" + ((int)letter).ToString("X4", CultureInfo.InvariantCulture) : letter.ToString()))
        : text;

    private static bool EndsLine(char letter) => char.GetUnicodeCategory(letter) is
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
