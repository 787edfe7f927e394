using System.Globalization;
using System.Text;

namespace CnnGen.Insight;

/// <summary>Pictures as lines of a terminal, for those without a window.</summary>
public static class TerminalPicture
{
    private const string Ramp = " .:-=+*#%@";

    /// <summary>Two rows of pixels a line, by half blocks in 24-bit colour; or, plain, one sign for two rows, the darker the fuller.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="isColored">Whether the terminal shows ANSI colours; false for files and pipes.</param>
    /// <param name="columns">The signs of a line at most, 1 or more: a wider picture is made smaller, each pixel the mean of those that it stands for.</param>
    public static string Of(Picture picture, bool isColored, int columns = 80)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (picture.Width > columns)
        {
            var height = (int)Math.Max(1, Math.Round(picture.Height * (double)columns / picture.Width));
            picture = Picture.OfImage(picture.ToImage().Resize(columns, height));
        }

        var text = new StringBuilder();
        for (var y = 0; y < picture.Height; y += 2)
        {
            (Rgb Upper, Rgb? Lower)? last = null;
            for (var x = 0; x < picture.Width; x++)
            {
                var upper = picture[x, y];
                Rgb? lower = y + 1 < picture.Height ? picture[x, y + 1] : null;
                if (!isColored)
                {
                    var light = (upper.Lightness + (lower ?? upper).Lightness) / 200;
                    text.Append(Ramp[(int)Math.Round((1 - light) * (Ramp.Length - 1))]);
                    continue;
                }

                if (last != (upper, lower))
                {
                    text.Append(CultureInfo.InvariantCulture, $"\e[38;2;{upper.R};{upper.G};{upper.B}");
                    if (lower is { } below)
                        text.Append(CultureInfo.InvariantCulture, $";48;2;{below.R};{below.G};{below.B}");
                    text.Append('m');
                    last = (upper, lower);
                }

                text.Append('\u2580');
            }

            text.Append(isColored ? "\e[0m\n" : "\n");
        }

        return text.ToString();
    }

    /// <summary>Writes a picture to the terminal: in colour, or plain where the output goes into a file or the variable NO_COLOR is set; as wide as the terminal at most.</summary>
    /// <param name="picture">The picture.</param>
    public static void Print(Picture picture)
    {
        var isPlain = Console.IsOutputRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        Console.Write(Of(picture, !isPlain, Math.Max(1, Console.IsOutputRedirected ? 80 : Console.WindowWidth)));
    }
}
