using System.Globalization;
using System.Text;

namespace MnistSample.Reporting;

/// <summary>One image and the model's opinion of it, as text.</summary>
internal static class DigitView
{
    private const string Greys = " .:-=+*#%@";
    private const int Shown = 3;

    /// <summary>The image in characters, two rows of pixels to a line since characters are about twice as high as wide, the best scores beside it.</summary>
    /// <param name="pixels">height x width bytes, 255 for ink.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="scores">The probability of each digit.</param>
    public static string Format(ReadOnlySpan<byte> pixels, int width, ReadOnlySpan<float> scores)
    {
        var best = scores.ToArray().Select((score, digit) => (Score: score, Digit: digit)).OrderByDescending(pair => pair.Score).Take(Shown).ToArray();
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

            var rank = line - ((lines - Shown) / 2);
            if (rank >= 0 && rank < best.Length)
                text.Append(CultureInfo.InvariantCulture, $"   {best[rank].Digit}  {best[rank].Score:F4}");
            text.Append('\n');
        }

        return text.ToString();
    }
}
