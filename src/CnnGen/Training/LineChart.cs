using System.Globalization;

namespace CnnGen.Runtime;

/// <summary>Lines over a common axis, as SVG that needs nothing beside it, on light and dark paper.</summary>
internal static class LineChart
{
    private const int Width = 640;
    private const int PlotHeight = 200;
    private const int Left = 64;
    private const int Right = 16;
    private const int Title = 26;
    private const int LegendRow = 16;
    private const int Bottom = 40;

    /// <summary>The intervals of the upright axis, at most.</summary>
    private const int Intervals = 5;

    private static readonly string[] s_colors = [SvgText.Blue, SvgText.Red, SvgText.Green, SvgText.Violet, SvgText.Ochre, SvgText.Teal];

    /// <summary>Panels one below the other.</summary>
    public static string Svg(params Panel[] panels)
    {
        var legends = panels.Select(panel => Legend(panel.Lines)).ToList();
        var text = new SvgText(Width, legends.Sum(HeightOf), string.Join(", ", panels.Select(panel => panel.Title)));
        var top = 0;
        for (var i = 0; i < panels.Length; i++)
        {
            text.Add($"<g transform=\"translate(0 {top})\">\n");
            AddPanel(text, panels[i], legends[i]);
            text.Add($"</g>\n");
            top += HeightOf(legends[i]);
        }

        return text.End();
    }

    private static int HeightOf(List<(double X, int Row)> legend) => TopOf(legend) + PlotHeight + Bottom;

    private static int TopOf(List<(double X, int Row)> legend) => Title + (LegendRow * (legend.Count == 0 ? 0 : legend[^1].Row + 1)) + 8;

    /// <summary>Where the name of each line begins below the title: side by side, in a further row where one has no room.</summary>
    private static List<(double X, int Row)> Legend(Line[] lines)
    {
        var places = new List<(double, int)>();
        var (x, row) = ((double)Left, 0);
        foreach (var line in lines)
        {
            // Of the fonts that stand for sans-serif none is wider, on the mean.
            var wide = 16 + (7.0 * line.Name.Length);
            if (x > Left && x + wide > Width - Right)
                (x, row) = (Left, row + 1);
            places.Add((x, row));
            x += wide + 14;
        }

        return places;
    }

    /// <summary>A range, and around a value that is alone so much that there is a width to divide by.</summary>
    internal static (double Low, double High) Widened(double low, double high) =>
        low < high ? (low, high) : (low - Math.Max(0.5, Math.Abs(low) / 2), high + Math.Max(0.5, Math.Abs(high) / 2));

    private static void AddPanel(SvgText text, Panel panel, List<(double X, int Row)> legend)
    {
        var (top, height) = (TopOf(legend), HeightOf(legend));
        var points = panel.Lines.SelectMany(line => line.Points).Where(point => double.IsFinite(point.Y)).ToList();
        text.Write(Left, 18, panel.Title, "font-weight=\"bold\"");
        if (points.Count == 0)
            return;
        var (left, right) = (points.Min(point => panel.Across(point.X)), points.Max(point => panel.Across(point.X)));
        var (low, high) = (points.Min(point => point.Y), points.Max(point => point.Y));
        (left, right) = left == right ? (left - 0.5, right + 0.5) : (left, right);
        (low, high) = Widened(low, high);
        var ticks = AxisTicks.Around(low, high, Intervals);
        (low, high) = (ticks[0], ticks[^1]);
        double X(double x) => Left + ((panel.Across(x) - left) / (right - left) * (Width - Left - Right));
        double Y(double y) => height - Bottom - ((y - low) / (high - low) * (height - top - Bottom));
        foreach (var (value, label) in ticks.Zip(AxisTicks.Labels(ticks)))
        {
            text.Add($"<line class=\"cnn-grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\"/>");
            text.Write(Left - 6, Y(value) + 4, label, "text-anchor=\"end\"");
        }

        foreach (var at in TicksAcross(panel, [.. points.Select(point => point.X)]))
            text.Write(X(at), height - Bottom + 16, at.ToString("G4", CultureInfo.InvariantCulture), "text-anchor=\"middle\"");
        text.Write((Width + Left - Right) / 2, height - 8, panel.XTitle, "text-anchor=\"middle\"");
        for (var i = 0; i < panel.Lines.Length; i++)
        {
            var (name, color) = (panel.Lines[i].Name, s_colors[i % s_colors.Length]);
            var line = panel.Lines[i].Points.Where(point => double.IsFinite(point.Y)).ToList();
            var path = string.Join(' ', line.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{Y(point.Y):F1}")));
            if (line.Count > 1)
                text.Add($"<polyline points=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>\n");
            else if (line.Count == 1)
                text.Add($"<circle cx=\"{X(line[0].X):F1}\" cy=\"{Y(line[0].Y):F1}\" r=\"2\" fill=\"{color}\"/>\n");
            var (x, y) = (legend[i].X, Title + (LegendRow * legend[i].Row) + 8);
            text.Add($"<rect x=\"{x:F1}\" y=\"{y - 6}\" width=\"11\" height=\"3\" fill=\"{color}\"/>");
            text.Write(x + 16, y, name);
        }
    }

    /// <summary>The ends of the lower axis, and round numbers between them that keep off the ends.</summary>
    private static IEnumerable<double> TicksAcross(Panel panel, IReadOnlyList<double> all)
    {
        var (from, to) = (all.Min(), all.Max());
        if (from == to)
            return [from];
        var (left, right) = (panel.Across(from), panel.Across(to));
        var areWhole = panel.IsLogarithmic || all.All(double.IsInteger);
        var inside = AxisTicks.Around(left, right, 2 * Intervals, areWhole ? 1 : 0).Where(at => Math.Min(at - left, right - at) >= (right - left) / (2 * Intervals));
        return [from, .. inside.Select(at => panel.IsLogarithmic ? Math.Pow(10, at) : at), to];
    }

    /// <summary>One line: its name, and its points from left to right.</summary>
    public sealed record Line(string Name, IReadOnlyList<(double X, double Y)> Points);

    /// <summary>One pair of axes.</summary>
    public sealed record Panel(string Title, string XTitle, bool IsLogarithmic, params Line[] Lines)
    {
        public double Across(double x) => IsLogarithmic ? Math.Log10(x) : x;
    }
}
