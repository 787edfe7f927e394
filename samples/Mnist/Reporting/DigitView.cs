using System.Globalization;
using System.Text;
using CnnGen;

namespace MnistSample.Reporting;

/// <summary>One image and the model's opinion of it, as text.</summary>
internal static class DigitView
{
    private const string Greys = " .:-=+*#%@";
    /// <summary>The image in characters, two rows of pixels to a line since characters are about twice as high as wide, what it was taken for beside it.</summary>
    /// <param name="pixels">height x width bytes, 255 for ink.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="best">The most probable digits, the first one first.</param>
    public static string Format(ReadOnlySpan<byte> pixels, int width, IReadOnlyList<Classification> best)
    {
        var text = new StringBuilder();
        var lines = pixels.Length / (2 * width);
        for (var line = 0; line < lines; line++)
        {
            var upper = pixels.Slice(2 * line * width, width);
            var lower = pixels.Slice(((2 * line) + 1) * width, width);
            text.Append("  |");
            for (var column = 0; column < width; column++)
                text.Append(Greys[(upper[column] + lower[column]) * (Greys.Length - 1) / (2 * 255)]);
            text.Append('|');

            var rank = line - ((lines - best.Count) / 2);
            if (rank >= 0 && rank < best.Count)
                text.Append(CultureInfo.InvariantCulture, $"   {best[rank].Class}  {best[rank].Probability:F4}");
            text.Append('\n');
        }

        return text.ToString();
    }
}
