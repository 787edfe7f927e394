namespace CnnGen.Generator.Emitting;

/// <summary>
/// Finds names in emitted text. By hand: a regular expression is made anew in each process, which takes longer than all that is looked for.
/// </summary>
internal static class CodeText
{
    /// <summary>Whether a name stands in the text as a whole word.</summary>
    public static bool HasWord(string text, string word) => WordAt(text, word, 0) >= 0;

    /// <summary>The names (letters, digits, underscores) that stand right behind a text which starts a word.</summary>
    public static IEnumerable<FoundName> NamesBehind(string text, string start)
    {
        for (var at = text.IndexOf(start, StringComparison.Ordinal); at >= 0; at = text.IndexOf(start, at + 1, StringComparison.Ordinal))
        {
            var from = at + start.Length;
            var to = WordEnd(text, from);
            if (to > from && StartsWord(text, at))
                yield return new FoundName(text.Substring(from, to - from), at);
        }
    }

    /// <summary>The names behind a text that an opening parenthesis follows: of methods that are declared, or called.</summary>
    public static IEnumerable<FoundName> MethodsBehind(string text, string start) =>
        NamesBehind(text, start).Where(found => found.Index + start.Length + found.Name.Length is var end && end < text.Length && text[end] == '(');

    /// <summary>
    /// A loop's body for its only turn: without the terms of sums that its index, which is 0, is a factor of. Null where the index stands in another place.
    /// </summary>
    public static string? WithoutIndex(string body, string index)
    {
        for (var at = WordAt(body, index, 0); at >= 0; at = WordAt(body, index, 0))
        {
            var end = at + index.Length;
            while (TermAround(body, ref at, ref end))
            {
            }

            bool Before(string text) => at >= text.Length && string.CompareOrdinal(body, at - text.Length, text, 0, text.Length) == 0;
            bool Behind(string text) => Stands(body, end, text);
            if (!(Behind(" + ") || Behind(" - ") || Behind(")") || Behind("]") || Behind(",") || Behind(";")))
                return null;
            if (Before(" + ") || Before(" - "))
            {
                body = body.Remove(at - 3, end - at + 3);
                at -= 3;
                body = WithoutParentheses(body, at) ?? body;
            }
            else if (!(Before("(") || Before("[") || Before("= ") || Before(", ")))
            {
                return null;
            }
            else if (Behind(" + "))
            {
                body = body.Remove(at, end - at + 3);
                body = WithoutParentheses(body, WordEnd(body, at)) ?? body;
            }
            else
            {
                var first = Behind("]") && Before("[") ? FirstElement(body, at, end) : null;
                body = first ?? body.Remove(at, end - at).Insert(at, "0");
            }
        }

        return body;
    }

    /// <summary>Widens a term by the number that it is multiplied by, or by the parentheses that it stands in alone. False where there is neither.</summary>
    private static bool TermAround(string body, ref int at, ref int end)
    {
        if (Stands(body, end, " * "))
        {
            var digits = end + 3;
            while (digits < body.Length && char.IsDigit(body[digits]))
                digits++;
            if (digits == end + 3 || IsPartOfWord(body, digits))
                return false;
            end = digits;
            return true;
        }

        var isInParentheses = at > 1 && body[at - 1] == '(' && Stands(body, end, ")") && !IsPartOfWord(body, at - 2) && body[at - 2] != ')';
        if (isInParentheses)
            (at, end) = (at - 1, end + 1);
        return isInParentheses;
    }

    private static bool Stands(string text, int at, string part) => string.CompareOrdinal(text, at, part, 0, part.Length) == 0;

    /// <summary>A body that ends right before <c>)</c> at a place where one name is left in parentheses behind a space: without these.</summary>
    private static string? WithoutParentheses(string body, int at)
    {
        var start = WordStart(body, at);
        var isName = start < at && start > 1 && body[start - 1] == '(' && body[start - 2] == ' ' && at < body.Length && body[at] == ')';
        return isName ? body.Remove(at, 1).Remove(start - 1, 1) : null;
    }

    /// <summary><c>&amp;name[index]</c>, where the index is 0: the name.</summary>
    private static string? FirstElement(string body, int at, int end)
    {
        var start = WordStart(body, at - 1);
        return start < at - 1 && start > 0 && body[start - 1] == '&' ? body.Remove(at - 1, end - at + 2).Remove(start - 1, 1) : null;
    }

    private static int WordAt(string text, string word, int from)
    {
        for (var at = text.IndexOf(word, from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if (StartsWord(text, at) && !IsPartOfWord(text, at + word.Length))
                return at;
        }

        return -1;
    }

    /// <param name="Name">A name.</param>
    /// <param name="Index">Where the text that it stands behind starts.</param>
    public sealed record FoundName(string Name, int Index);

    private static int WordStart(string text, int at)
    {
        while (at > 0 && IsPartOfWord(text, at - 1))
            at--;
        return at;
    }

    private static int WordEnd(string text, int at)
    {
        while (IsPartOfWord(text, at))
            at++;
        return at;
    }

    private static bool StartsWord(string text, int at) => at == 0 || !IsPartOfWord(text, at - 1);

    private static bool IsPartOfWord(string text, int at) => at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_');
}
