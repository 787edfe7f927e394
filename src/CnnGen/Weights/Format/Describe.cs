using System.Globalization;
using System.Text;

namespace CnnGen;

/// <summary>Names and shapes as messages print them. The compiler's part of CnnGen compiles this folder too, so that a file is judged by the same code in both.</summary>
internal static class Describe
{
    private const int LongestName = 80;
    private const int MostCandidates = 10_000;

    /// <summary>A name from a file: what can't be printed is escaped, what is very long is cut.</summary>
    public static string Name(string name)
    {
        var text = new StringBuilder();
        foreach (var character in name)
        {
            if (text.Length >= LongestName)
                return text.Append("...").ToString();
            if (char.IsControl(character) || char.IsSurrogate(character))
                text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            else
                text.Append(character);
        }

        return text.Length == 0 ? "(no name)" : text.ToString();
    }

    /// <summary>As <c>[6, 1, 5, 5]</c>.</summary>
    public static string Shape(ReadOnlySpan<long> shape) =>
        "[" + string.Join(", ", shape.ToArray().Select(dimension => dimension.ToString(CultureInfo.InvariantCulture))) + "]";

    /// <summary>As <c>[6, 1, 5, 5]</c>.</summary>
    public static string Shape(ReadOnlySpan<int> shape) => Shape(Array.ConvertAll(shape.ToArray(), dimension => (long)dimension));

    /// <summary>The candidate that fewest edits turn into <paramref name="name"/>, where it takes no more than a third of its length.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        // A hostile file may bring names of any length, in any number.
        if (name.Length > 200)
            return null;
        string? nearest = null;
        var fewest = Math.Max(2, name.Length / 3) + 1;
        foreach (var candidate in candidates.Take(MostCandidates))
        {
            if (Math.Abs(candidate.Length - name.Length) >= fewest)
                continue;
            var distance = EditDistance(name, candidate);
            if (distance < fewest)
            {
                fewest = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    /// <summary>Insertions, deletions and substitutions that turn one into the other (Wagner, Fischer 1974).</summary>
    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
