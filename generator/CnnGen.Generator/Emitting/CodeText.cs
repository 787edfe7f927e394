namespace CnnGen.Generator.Emitting;

/// <summary>
/// Finds names in emitted text. By hand: a regular expression is made anew in each process, which takes longer than all that is looked for.
/// </summary>
internal static class CodeText
{
    /// <summary>Whether a name stands in the text as a whole word.</summary>
    public static bool HasWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if (StartsWord(text, at) && !IsPartOfWord(text, at + word.Length))
                return true;
        }

        return false;
    }

    /// <summary>The names (letters, digits, underscores) that stand right behind a text which starts a word.</summary>
    public static IEnumerable<FoundName> NamesBehind(string text, string start)
    {
        for (var at = text.IndexOf(start, StringComparison.Ordinal); at >= 0; at = text.IndexOf(start, at + 1, StringComparison.Ordinal))
        {
            var (from, to) = (at + start.Length, at + start.Length);
            while (IsPartOfWord(text, to))
                to++;
            if (to > from && StartsWord(text, at))
                yield return new FoundName(text.Substring(from, to - from), at);
        }
    }

    /// <summary>The names behind a text that an opening parenthesis follows: of methods that are declared, or called.</summary>
    public static IEnumerable<FoundName> MethodsBehind(string text, string start) =>
        NamesBehind(text, start).Where(found => found.Index + start.Length + found.Name.Length is var end && end < text.Length && text[end] == '(');

    /// <param name="Name">A name.</param>
    /// <param name="Index">Where the text that it stands behind starts.</param>
    public sealed record FoundName(string Name, int Index);

    private static bool StartsWord(string text, int at) => at == 0 || !IsPartOfWord(text, at - 1);

    private static bool IsPartOfWord(string text, int at) => at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_');
}
