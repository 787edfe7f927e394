using System.Globalization;
using System.Text;

namespace CnnGen.Runtime;

/// <summary>Lines over a common axis, as SVG that needs nothing beside it.</summary>
internal static class LineChart
{
    private const int Width = 640;
    private const int Height = 280;
    private const int Left = 64;
    private const int Right = 16;
    private const int Top = 32;
    private const int Bottom = 40;

    private static readonly string[] s_colors = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd"];

    /// <summary>Panels one below the other.</summary>
    public static string Svg(params Panel[] panels)
    {
        var text = new StringBuilder();
        Add(text, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height * panels.Length}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        Add(text, $"<rect width=\"{Width}\" height=\"{Height * panels.Length}\" fill=\"white\"/>\n");
        for (var i = 0; i < panels.Length; i++)
        {
            Add(text, $"<g transform=\"translate(0 {i * Height})\">\n");
            AddPanel(text, panels[i]);
            text.Append("</g>\n");
        }

        return text.Append("</svg>\n").ToString();
    }

    private static void AddPanel(StringBuilder text, Panel panel)
    {
        var points = panel.Lines.SelectMany(line => line.Points).Where(point => double.IsFinite(point.Y)).ToList();
        Add(text, $"<text x=\"{Left}\" y=\"18\" font-weight=\"bold\">{panel.Title}</text>\n");
        if (points.Count == 0)
            return;
        var (left, right) = (points.Min(point => panel.Across(point.X)), points.Max(point => panel.Across(point.X)));
        var (low, high) = (points.Min(point => point.Y), points.Max(point => point.Y));
        (left, right) = left == right ? (left - 0.5, right + 0.5) : (left, right);
        (low, high) = low == high ? (low - Math.Max(0.5, Math.Abs(low) / 2), high + Math.Max(0.5, Math.Abs(high) / 2)) : (low, high);
        double X(double x) => Left + ((panel.Across(x) - left) / (right - left) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - ((y - low) / (high - low) * (Height - Top - Bottom));
        for (var i = 0; i <= 4; i++)
        {
            var value = low + ((high - low) * i / 4);
            Add(text, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\">{value:G4}</text>\n");
        }

        foreach (var at in new[] { points.MinBy(point => point.X).X, points.MaxBy(point => point.X).X }.Distinct())
            Add(text, $"<text x=\"{X(at):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{at:G4}</text>\n");
        Add(text, $"<text x=\"{(Width + Left - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">{panel.XTitle}</text>\n");
        for (var i = 0; i < panel.Lines.Length; i++)
        {
            var (name, color) = (panel.Lines[i].Name, s_colors[i % s_colors.Length]);
            var line = panel.Lines[i].Points.Where(point => double.IsFinite(point.Y)).ToList();
            var path = string.Join(' ', line.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{Y(point.Y):F1}")));
            if (line.Count > 1)
                Add(text, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>\n");
            else if (line.Count == 1)
                Add(text, $"<circle cx=\"{X(line[0].X):F1}\" cy=\"{Y(line[0].Y):F1}\" r=\"2\" fill=\"{color}\"/>\n");
            Add(text, $"<text x=\"{Width - Right - ((panel.Lines.Length - 1 - i) * 90)}\" y=\"18\" text-anchor=\"end\" fill=\"{color}\">{name}</text>\n");
        }
    }

    private static void Add(StringBuilder text, FormattableString part) => text.Append(part.ToString(CultureInfo.InvariantCulture));

    /// <summary>One line: its name, and its points from left to right.</summary>
    public sealed record Line(string Name, IReadOnlyList<(double X, double Y)> Points);

    /// <summary>One pair of axes.</summary>
    public sealed record Panel(string Title, string XTitle, bool IsLogarithmic, params Line[] Lines)
    {
        public double Across(double x) => IsLogarithmic ? Math.Log10(x) : x;
    }
}
