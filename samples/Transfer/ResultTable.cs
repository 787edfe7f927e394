using System.Globalization;
using System.Text;

namespace TransferSample;

/// <summary>The results as a table: a line for each way, a column for each number of images.</summary>
internal static class ResultTable
{
    /// <summary>Mean and deviation over the draws, in percent.</summary>
    public static string Format(IReadOnlyList<Result> results)
    {
        var columns = results.Select(result => result.PerClass).Distinct().ToArray();
        var text = new StringBuilder("test accuracy in %      ");
        foreach (var column in columns)
            text.Append(CultureInfo.InvariantCulture, $"{column + " a class",16}");
        foreach (var row in results.GroupBy(result => (result.Layer, result.Method)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{(row.Key.Layer == null ? row.Key.Method : $"{row.Key.Method}, {row.Key.Layer}"),-24}");
            foreach (var result in row)
                text.Append(CultureInfo.InvariantCulture, $"{string.Create(CultureInfo.InvariantCulture, $"{100 * result.Mean:F1} ± {100 * result.Deviation:F1}"),16}");
        }

        return text.Append('\n').ToString();
    }
}
