namespace CnnGen.Generator.Arguments;

/// <summary>Names that are nearly right.</summary>
internal static class Spelling
{
    /// <summary>The nearest of some names; one that differs by case alone is nearer than any other.</summary>
    public static string Nearest(string name, IEnumerable<string> others) => others
        .OrderBy(other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(name, other))
        .First();

    /// <summary>Whether a slip makes one name of the other.</summary>
    public static bool IsNear(string name, string other) =>
        string.Equals(name, other, StringComparison.OrdinalIgnoreCase) || Distance(name, other) <= Math.Max(1, Math.Min(name.Length, other.Length) / 3);

    /// <summary>Letters that have to be changed, added, left out or swapped with the next one to make one word of another (Damerau 1964).</summary>
    private static int Distance(string a, string b)
    {
        var distances = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                distances[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1, distances[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    distances[i, j] = Math.Min(distances[i, j], distances[i - 2, j - 2] + 1);
            }
        }

        return distances[a.Length, b.Length];
    }
}
