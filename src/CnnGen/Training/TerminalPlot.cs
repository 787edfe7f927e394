using System.Globalization;

namespace CnnGen.Runtime;

/// <summary>A line and single marks over a common axis, as lines of text: a character has two by four dots of the line (Unicode's Braille patterns), or an <c>o</c> for a mark.</summary>
internal static class TerminalPlot
{
    private const int AxisWidth = 9;

    /// <summary>The bits of a Braille character's dots: by column, then from top to bottom.</summary>
    private static readonly int[] s_dots = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80];

    /// <summary>Draws.</summary>
    /// <param name="title">The first line.</param>
    /// <param name="line">The line's points, from left to right; those that are not finite are left out.</param>
    /// <param name="marks">The marks.</param>
    /// <param name="right">What stands at the right end of the axis, above 0; at its left end is 0.</param>
    /// <param name="width">Characters across, 1 or more.</param>
    /// <param name="height">Lines of characters, 2 or more.</param>
    /// <returns>The title, the lines from the highest value to the lowest, and the axis.</returns>
    public static List<string> Draw(string title, IReadOnlyList<(double X, double Y)> line, IReadOnlyList<(double X, double Y)> marks, double right, int width, int height)
    {
        var points = line.Where(point => double.IsFinite(point.Y)).ToList();
        var single = marks.Where(point => double.IsFinite(point.Y)).ToList();
        var (low, high) = Range(points.Concat(single).Select(point => point.Y));
        var dots = new int[width * height];
        var (columns, rows) = (2 * width, 4 * height);
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = Place(points[i]);
            var (fromX, fromY) = i == 0 ? (x, y) : Place(points[i - 1]);
            var steps = Math.Max(1, Math.Max(Math.Abs(x - fromX), Math.Abs(y - fromY)));
            for (var step = 0; step <= steps; step++)
                Set(fromX + ((x - fromX) * step / steps), fromY + ((y - fromY) * step / steps));
        }

        var characters = Array.ConvertAll(dots, dot => dot == 0 ? ' ' : (char)(0x2800 + dot));
        foreach (var mark in single)
        {
            var (x, y) = Place(mark);
            characters[(y / 4 * width) + (x / 2)] = 'o';
        }

        var text = new List<string> { title };
        for (var row = 0; row < height; row++)
            text.Add($"{(row == 0 ? Number(high) : row == height - 1 ? Number(low) : ""),AxisWidth} |{characters.AsSpan(row * width, width)}".TrimEnd());
        text.Add($"{"",AxisWidth} +{new string('-', width)}");
        return text;

        (int X, int Y) Place((double X, double Y) point) => (
            Math.Clamp((int)Math.Round(point.X / right * (columns - 1)), 0, columns - 1),
            Math.Clamp((int)Math.Round((high - point.Y) / (high - low) * (rows - 1)), 0, rows - 1));

        void Set(int x, int y) => dots[(y / 4 * width) + (x / 2)] |= s_dots[(x % 2 * 4) + (y % 4)];
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>From the lowest to the highest value; around it where there is one alone, so that there is a height to divide by.</summary>
    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high)
            return (0, 1);
        return LineChart.Widened(low, high);
    }
}
