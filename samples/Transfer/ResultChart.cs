using System.Globalization;
using System.Text;

namespace TransferSample;

/// <summary>The results drawn: a panel for each number of images, layers from left to right, a line for each linear classifier, and across all layers what training the whole network gives.</summary>
internal static class ResultChart
{
    private const int PanelWidth = 280;
    private const int PanelHeight = 260;
    private const int Margin = 44;

    private static readonly string[] s_colors = ["#1f77b4", "#d62728", "#7f7f7f", "#2ca02c"];

    /// <summary>An SVG that needs nothing beside it.</summary>
    public static string Svg(IReadOnlyList<Result> results)
    {
        var panels = results.Select(result => result.PerClass).Distinct().ToArray();
        var layers = results.Where(result => result.Layer != null).Select(result => result.Layer!).Distinct().ToArray();
        var methods = results.OrderBy(result => result.Layer == null).Select(result => result.Method).Distinct().ToArray();
        var highest = Math.Max(0.1, Math.Ceiling(results.Max(result => result.Mean + result.Deviation) * 10) / 10);
        var text = new StringBuilder();
        var width = (PanelWidth * panels.Length) + Margin;
        Add(text, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {PanelHeight + 30}\" font-family=\"sans-serif\" font-size=\"11\">\n");
        Add(text, $"<rect width=\"{width}\" height=\"{PanelHeight + 30}\" fill=\"white\"/>\n");
        for (var panel = 0; panel < panels.Length; panel++)
        {
            Add(text, $"<g transform=\"translate({(panel * PanelWidth) + Margin} 0)\">\n<text x=\"0\" y=\"16\" font-weight=\"bold\">{panels[panel]} images a class</text>\n");
            AddAxes(text, layers, highest);
            foreach (var (method, color) in methods.Zip(s_colors))
                AddMethod(text, results.Where(result => result.Method == method && result.PerClass == panels[panel]).ToArray(), layers, highest, color);
            text.Append("</g>\n");
        }

        for (var i = 0; i < methods.Length; i++)
            Add(text, $"<text x=\"{Margin + (i * 110)}\" y=\"{PanelHeight + 22}\" fill=\"{s_colors[i]}\">{methods[i]}</text>\n");
        return text.Append("</svg>\n").ToString();
    }

    private static double X(int layer, int layers) => (layer + 0.5) * (PanelWidth - 24) / layers;

    private static double Y(double accuracy, double highest) => PanelHeight - 24 - (accuracy / highest * (PanelHeight - 52));

    private static void AddAxes(StringBuilder text, string[] layers, double highest)
    {
        for (var percent = 0; percent <= 100 * highest + 0.5; percent += 20)
        {
            var y = Y(percent / 100.0, highest);
            Add(text, $"<line x1=\"0\" y1=\"{y:F1}\" x2=\"{PanelWidth - 24}\" y2=\"{y:F1}\" stroke=\"#ddd\"/><text x=\"-6\" y=\"{y + 4:F1}\" text-anchor=\"end\">{percent} %</text>\n");
        }

        for (var i = 0; i < layers.Length; i++)
            Add(text, $"<text x=\"{X(i, layers.Length):F1}\" y=\"{PanelHeight - 8}\" text-anchor=\"middle\">{layers[i]}</text>\n");
    }

    private static void AddMethod(StringBuilder text, Result[] results, string[] layers, double highest, string color)
    {
        if (results is [{ Layer: null } whole])
        {
            var y = Y(whole.Mean, highest);
            Add(text, $"<line x1=\"0\" y1=\"{y:F1}\" x2=\"{PanelWidth - 24}\" y2=\"{y:F1}\" stroke=\"{color}\" stroke-dasharray=\"5 3\"/>\n");
            return;
        }

        var points = string.Join(' ', results.Select(result => FormattableString.Invariant($"{X(Array.IndexOf(layers, result.Layer), layers.Length):F1},{Y(result.Mean, highest):F1}")));
        Add(text, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\"/>\n");
        foreach (var result in results)
        {
            var x = X(Array.IndexOf(layers, result.Layer), layers.Length);
            Add(text, $"<line x1=\"{x:F1}\" y1=\"{Y(result.Mean - result.Deviation, highest):F1}\" x2=\"{x:F1}\" y2=\"{Y(result.Mean + result.Deviation, highest):F1}\" stroke=\"{color}\"/>\n");
        }
    }

    private static void Add(StringBuilder text, FormattableString part) => text.Append(part.ToString(CultureInfo.InvariantCulture));
}
