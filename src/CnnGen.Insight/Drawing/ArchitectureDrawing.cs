using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>
/// Draws a model as SVG, from top to bottom: a box for each layer with its name, its kind and the shape of its output, branches side by side, the paths that are joined, and a frame around each block. It is drawn from the
/// model's table (<c>Net.Summary</c>) and needs no weights.
/// </summary>
public static class ArchitectureDrawing
{
    private const double LineHeight = 14;
    private const double Padding = 8;
    private const double RowGap = 22;
    private const double FrameTop = 24;
    private const double FrameSide = 14;
    private const double FramePort = 16;
    private const double Margin = 16;

    /// <summary>Draws.</summary>
    /// <param name="summary">The model's table.</param>
    /// <param name="notes">A line more in the box of a layer, by the layer's name: a measured time, for instance. Null for none.</param>
    /// <returns>An SVG document.</returns>
    /// <exception cref="ArgumentException">A note names a layer that there is not.</exception>
    public static string Svg(ModelSummary summary, IReadOnlyDictionary<string, string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        foreach (var name in notes?.Keys ?? [])
        {
            if (summary.Layers.All(layer => layer.Name != name))
                throw new ArgumentException($"{summary.ModelName} has no layer '{name}', which a note names. A layer in a block is named with it, as Bottleneck2.Conv1.", nameof(notes));
        }

        var drawing = Place(DrawnGraph.Of(summary), summary, notes);
        var totals = string.Create(CultureInfo.InvariantCulture, $"{summary.Parameters:N0} parameters, {summary.MultiplyAdds:N0} multiply-adds");
        var (width, top) = (Math.Max(drawing.Width, 7 * Math.Max(totals.Length, summary.ModelName.Length + 4)) + (2 * Margin), 56.0);
        var text = new SvgText(width, top + drawing.Height + Margin, $"{summary.ModelName}: {totals}");
        text.Add($"<style>.cnn-window{{fill:{SvgText.Blue}}}.cnn-dense{{fill:{SvgText.Violet}}}.cnn-pool{{fill:{SvgText.Red}}}.cnn-norm{{fill:{SvgText.Ochre}}}.cnn-join{{fill:{SvgText.Green}}}.cnn-other{{fill:{SvgText.Grey}}}</style>\n");
        text.Write(width / 2, 22, summary.ModelName, "text-anchor=\"middle\" font-weight=\"bold\" font-size=\"15\"");
        text.Write(width / 2, 40, totals, "text-anchor=\"middle\"", isFaint: true);
        Draw(text, drawing, (width - drawing.Width) / 2, top);
        return text.End();
    }

    private static Placed Place(DrawnGraph graph, ModelSummary summary, IReadOnlyDictionary<string, string>? notes)
    {
        if (!graph.IsBlock)
            return OfLayer(graph, summary, notes);
        var parts = graph.Parts.Select(part => Place(part, summary, notes)).ToList();

        // A block has a box of no height where its input arrives, before all others, and one where its output leaves.
        List<(double, double)> sizes = [(0, 0), .. parts.Select(part => (part.Width, part.Height)), (0, 0)];
        List<(int, int)> edges = [
            .. graph.Entries.Select(entry => (0, entry + 1)), .. graph.Edges.Select(edge => (edge.From + 1, edge.To + 1)), .. graph.Exits.Select(exit => (exit + 1, parts.Count + 1))];
        var layout = new LayeredLayout(sizes, edges, RowGap);
        return new Placed(graph, [], "", layout.Width, layout.Height) { Parts = parts, Layout = layout }.Framed();
    }

    private static Placed OfLayer(DrawnGraph graph, ModelSummary summary, IReadOnlyDictionary<string, string>? notes)
    {
        List<string> lines;
        var kind = "";
        if (graph.Layer == 0)
        {
            lines = ["Input", summary.InputShape.ToString()];
        }
        else
        {
            var layer = summary.Layers[graph.Layer - 1];
            kind = layer.Kind;
            lines = [graph.Name, kind, layer.OutputShape];
            if (notes?.TryGetValue(layer.Name, out var note) == true)
                lines.Add(note);
        }

        // Of the fonts that stand for sans-serif none is wider, on the mean.
        var width = Math.Max(72, (6.6 * lines.Max(line => line.Length)) + (2 * Padding));
        return new Placed(graph, lines, kind, width, (LineHeight * lines.Count) + Padding);
    }

    private static void Draw(SvgText text, Placed placed, double x, double y)
    {
        if (placed.Layout is not { } layout)
        {
            DrawLayer(text, placed, x, y);
            return;
        }

        if (placed.HasFrame)
        {
            text.Add($"<g><rect x=\"{x:F1}\" y=\"{y:F1}\" width=\"{placed.Width:F1}\" height=\"{placed.Height:F1}\" rx=\"8\" fill=\"none\" class=\"cnn-line\" stroke-dasharray=\"4 3\"/>");
            text.Write(x + 8, y + 15, placed.Graph.Name, "font-size=\"11\"", isFaint: true);
        }

        var (left, top) = (x + placed.InnerLeft, y + placed.InnerTop);
        foreach (var way in layout.Ways)
        {
            // Curves lie between the rows; beside the boxes of a row a connection runs straight down.
            List<(double X, double Y)> points = [(left + way[0].X, top + way[0].Bottom)];
            for (var i = 1; i < way.Count; i++)
            {
                points.Add((left + way[i - 1].X, top + way[i - 1].Y + way[i - 1].RowHeight));
                points.Add((left + way[i].X, top + way[i].Y));
            }

            points.Add((left + way[^1].X, top + way[^1].Top));
            DrawWay(text, points, isArrow: way[^1].Height > 0);
        }

        if (placed.HasFrame)
        {
            var middle = x + (placed.Width / 2);
            var (entry, exit) = (layout[0], layout[placed.Parts.Count + 1]);
            DrawWay(text, [(middle, y), (left + entry.X, top + entry.Y)], isArrow: false);
            DrawWay(text, [(left + exit.X, top + exit.Y), (middle, y + placed.Height)], isArrow: false);
        }

        for (var i = 0; i < placed.Parts.Count; i++)
            Draw(text, placed.Parts[i], left + layout[i + 1].X - (layout[i + 1].Width / 2), top + layout[i + 1].Top);
        if (placed.HasFrame)
            text.Add($"</g>\n");
    }

    private static void DrawLayer(SvgText text, Placed placed, double x, double y)
    {
        text.Add($"<g><rect x=\"{x:F1}\" y=\"{y:F1}\" width=\"{placed.Width:F1}\" height=\"{placed.Height:F1}\" rx=\"5\" class=\"cnn-line {ClassOf(placed.Kind)}\" fill-opacity=\"0.18\"/>\n");
        for (var i = 0; i < placed.Lines.Count; i++)
        {
            text.Write(
                x + (placed.Width / 2), y + (LineHeight * (i + 1)) + 1, placed.Lines[i],
                i == 0 ? "text-anchor=\"middle\" font-weight=\"bold\" font-size=\"11\"" : "text-anchor=\"middle\" font-size=\"11\"", isFaint: i == 1 && placed.Lines.Count > 2);
        }

        text.Add($"</g>\n");
    }

    private static void DrawWay(SvgText text, List<(double X, double Y)> points, bool isArrow)
    {
        text.Add($"<path class=\"cnn-line\" fill=\"none\" d=\"M{points[0].X:F1} {points[0].Y:F1}");
        for (var i = 1; i < points.Count; i++)
        {
            var (from, to) = (points[i - 1], points[i]);
            if (Math.Abs(from.X - to.X) < 0.5)
                text.Add($" L{to.X:F1} {to.Y:F1}");
            else
                text.Add($" C{from.X:F1} {(from.Y + to.Y) / 2:F1} {to.X:F1} {(from.Y + to.Y) / 2:F1} {to.X:F1} {to.Y:F1}");
        }

        text.Add($"\"/>\n");
        if (isArrow)
            text.Add($"<path class=\"cnn-faint\" d=\"M{points[^1].X - 3.5:F1} {points[^1].Y - 6:F1}h7l-3.5 6z\"/>\n");
    }

    /// <summary>The colour by the kind of the layer: what slides a window and learns, what is dense, pools, normalises, joins; all others are grey.</summary>
    private static string ClassOf(string kind)
    {
        var name = kind.Split(' ', ',', '(')[0];
        return name.Contains("Pool", StringComparison.Ordinal) || name.StartsWith("Upsample", StringComparison.Ordinal) ? "cnn-pool"
            : name.Contains("Norm", StringComparison.Ordinal) || name.StartsWith("Standardize", StringComparison.Ordinal) ? "cnn-norm"
            : name.Contains("Conv", StringComparison.Ordinal) || name.Contains("LocallyConnected", StringComparison.Ordinal) || name.Contains("Filter", StringComparison.Ordinal) ? "cnn-window"
            : name.StartsWith("Dense", StringComparison.Ordinal) ? "cnn-dense"
            : name is "Add" or "Multiply" or "Average" or "Maximum" or "Concat" || name.Contains("Shortcut", StringComparison.Ordinal) ? "cnn-join"
            : "cnn-other";
    }

    /// <summary>A layer or block with its size.</summary>
    private sealed record Placed(DrawnGraph Graph, IReadOnlyList<string> Lines, string Kind, double Width, double Height)
    {
        public IReadOnlyList<Placed> Parts { get; init; } = [];

        public LayeredLayout? Layout { get; init; }

        public bool HasFrame { get; private init; }

        public double InnerLeft { get; private init; }

        public double InnerTop { get; private init; }

        /// <summary>With room for a frame and its name, unless it is the model itself.</summary>
        public Placed Framed()
        {
            if (Graph.Entries.Count == 0 && Graph.Exits.Count == 0)
                return this;
            var width = Math.Max(Width + (2 * FrameSide), (7 * Graph.Name.Length) + 16);
            return this with
            {
                HasFrame = true,
                InnerLeft = (width - Width) / 2,
                InnerTop = FrameTop + FramePort,
                Width = width,
                Height = Height + FrameTop + (2 * FramePort),
            };
        }
    }
}
