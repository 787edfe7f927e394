using System.Globalization;
using System.Text;

namespace ClassifySample.Reporting;

/// <summary>Prints the likeliest classes of one image, on one line.</summary>
internal static class Report
{
    /// <param name="output">Receives the line.</param>
    /// <param name="settings">How many classes, and in which form.</param>
    /// <param name="file">The image's name.</param>
    /// <param name="probabilities">Of each class.</param>
    /// <param name="names">The classes' names, where the weights have them.</param>
    public static void Write(Output output, Settings settings, string file, ReadOnlySpan<float> probabilities, IReadOnlyList<string>? names)
    {
        var classes = Likeliest(probabilities, settings.Top);
        output.Write(settings.IsJson ? Json(file, classes, probabilities, names) : Text(file, classes, probabilities, names));
    }

    /// <summary>The classes with the highest probabilities, the highest first; of equal ones the lower class.</summary>
    public static int[] Likeliest(ReadOnlySpan<float> probabilities, int count)
    {
        var classes = new int[count];
        Span<bool> isTaken = stackalloc bool[probabilities.Length];
        isTaken.Clear();
        for (var rank = 0; rank < count; rank++)
        {
            var best = -1;
            for (var i = 0; i < probabilities.Length; i++)
            {
                if (!isTaken[i] && (best < 0 || probabilities[i] > probabilities[best]))
                    best = i;
            }

            isTaken[best] = true;
            classes[rank] = best;
        }

        return classes;
    }

    private static string Name(int index, IReadOnlyList<string>? names) => index < names?.Count ? names[index] : index.ToString(CultureInfo.InvariantCulture);

    private static string Text(string file, ReadOnlySpan<int> classes, ReadOnlySpan<float> probabilities, IReadOnlyList<string>? names)
    {
        var text = new StringBuilder(file).Append(':');
        foreach (var one in classes)
        {
            // A name from a file stays on its line.
            text.Append("  ");
            foreach (var letter in Name(one, names))
                text.Append(char.IsControl(letter) ? '?' : letter);
            text.Append(' ')
                .Append((100 * probabilities[one]).ToString("F2", CultureInfo.InvariantCulture)).Append(" %");
        }

        return text.Append('\n').ToString();
    }

    // The shortest digits that read back to the same bits.
    private static string Json(string file, ReadOnlySpan<int> classes, ReadOnlySpan<float> probabilities, IReadOnlyList<string>? names)
    {
        var text = new StringBuilder("{\"file\":");
        AppendText(text, file);
        text.Append(",\"classes\":[");
        for (var i = 0; i < classes.Length; i++)
        {
            text.Append(i == 0 ? "{\"class\":" : ",{\"class\":");
            AppendText(text, Name(classes[i], names));
            text.Append(",\"probability\":").Append(probabilities[classes[i]].ToString(CultureInfo.InvariantCulture)).Append('}');
        }

        return text.Append("]}\n").ToString();
    }

    private static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var letter = value[i];
            if (letter is '"' or '\\')
                text.Append('\\').Append(letter);
            else if (letter < ' ')
                text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            else
                text.Append(letter);
        }

        text.Append('"');
    }
}
