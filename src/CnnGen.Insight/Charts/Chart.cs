using System.Globalization;
using System.Text;
using CnnGen.Runtime;

namespace CnnGen.Insight;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it is, for the legend.</param>
/// <param name="Points">Its points from left to right; those whose y is not finite are left out.</param>
public sealed record ChartLine(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Charts as SVG documents, which need nothing beside them: sharp at every size, readable on white and on dark paper, the same text in every culture.</summary>
public static class Chart
{
    /// <summary>Loss and accuracy of a training over its epochs (<see cref="TrainingHistory.ToSvg"/>).</summary>
    /// <param name="history">What came of the epochs.</param>
    public static string Curves(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return history.ToSvg();
    }

    /// <summary>Lines over a common axis.</summary>
    /// <param name="title">What is drawn.</param>
    /// <param name="xTitle">What the horizontal axis stands for.</param>
    /// <param name="lines">The lines; up to six have colours of their own.</param>
    /// <param name="isLogarithmic">Whether the horizontal axis is; all x are above 0 then.</param>
    /// <exception cref="ArgumentException">An x is not finite, or not above 0 on a logarithmic axis.</exception>
    public static string Lines(string title, string xTitle, IReadOnlyList<ChartLine> lines, bool isLogarithmic = false)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(xTitle);
        ArgumentNullException.ThrowIfNull(lines);
        foreach (var line in lines)
        {
            foreach (var (x, _) in line.Points)
            {
                if (!double.IsFinite(x) || (isLogarithmic && x <= 0))
                {
                    throw new ArgumentException(
                        string.Create(CultureInfo.InvariantCulture, $"The line '{line.Name}' has a point at x = {x}, which {(isLogarithmic ? "a logarithmic axis" : "an axis")} can't show."), nameof(lines));
                }
            }
        }

        return LineChart.Svg(new LineChart.Panel(title, xTitle, isLogarithmic, [.. lines.Select(line => new LineChart.Line(line.Name, line.Points))]));
    }

    /// <summary>A histogram: a bar a bin.</summary>
    /// <param name="histogram">The counts.</param>
    /// <param name="title">What was counted.</param>
    /// <param name="isLogarithmic">Whether bars grow with the logarithm of 1 + count, so that rare numbers are seen.</param>
    public static string Bars(Histogram histogram, string title, bool isLogarithmic = false)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        ArgumentNullException.ThrowIfNull(title);
        const double Width = 640, Height = 240, Left = 64, Right = 16, Top = 44, Bottom = 34;
        double Size(long count) => isLogarithmic ? Math.Log(1 + count) : count;
        var text = new SvgText(Width, Height, $"{title}: {histogram}");
        text.Write(Left, 18, title, "font-weight=\"bold\"");
        text.Write(Left, 34, histogram + (isLogarithmic ? ", bars by the logarithm" : ""), isFaint: true);
        var most = histogram.Counts.Max();
        var step = (Width - Left - Right) / histogram.Counts.Count;
        for (var i = 0; i < histogram.Counts.Count; i++)
        {
            var height = most > 0 ? Size(histogram.Counts[i]) / Size(most) * (Height - Top - Bottom) : 0;
            if (height > 0)
            {
                text.Add($"<rect x=\"{Left + (i * step):F2}\" y=\"{Height - Bottom - height:F2}\" width=\"{Math.Max(0.5, step - (step > 3 ? 1 : 0)):F2}\" height=\"{height:F2}\" fill=\"{SvgText.Blue}\">");
                text.Add($"<title>{histogram.Low + (i * (histogram.High - histogram.Low) / histogram.Counts.Count):G4} to {histogram.Low + ((i + 1) * (histogram.High - histogram.Low) / histogram.Counts.Count):G4}: {histogram.Counts[i]}</title></rect>\n");
            }
        }

        text.Add($"<line class=\"cnn-line\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom}\"/>\n");
        foreach (var share in (double[])[0, 0.5, 1])
        {
            var anchor = share == 0 ? "start" : share == 1 ? "end" : "middle";
            text.Write(Left + (share * (Width - Left - Right)), Height - Bottom + 16, (histogram.Low + (share * (histogram.High - histogram.Low))).ToString("G4", CultureInfo.InvariantCulture), $"text-anchor=\"{anchor}\"");
        }

        text.Write(Left - 6, Top + 8, most.ToString("N0", CultureInfo.InvariantCulture), "text-anchor=\"end\"");
        return text.End();
    }

    /// <summary>A confusion matrix: a row a class, a column what the model said; the fuller the colour, the larger the part of the row. Up to 30 classes the counts stand in the cells.</summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="title">A line above it.</param>
    public static string Confusion(ConfusionMatrix matrix, string title = "Confusion matrix")
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(title);
        var count = matrix.ClassCount;
        var isSmall = count <= 30;
        var cell = isSmall ? 34.0 : Math.Max(1.0, 900.0 / count);
        var names = matrix.ClassNames ?? [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        var room = isSmall ? Math.Min(160, 12 + (7 * names.Max(name => name.Length))) : 24;
        var (left, top) = (room + 24.0, 64.0 + (names.Max(name => name.Length) > 4 && isSmall ? room - 20 : 0));
        var text = new SvgText(Math.Max(360, left + (count * cell) + 70), top + (count * cell) + 24, title);
        text.Write(12, 20, title, "font-weight=\"bold\"");
        var accuracy = matrix.Count == 0 ? "no images" : string.Create(CultureInfo.InvariantCulture, $"{matrix.Count:N0} images, {100 * matrix.Accuracy:F2} % right; rows: the class, columns: taken for");
        text.Write(12, 38, accuracy, isFaint: true);
        for (var actual = 0; actual < count; actual++)
        {
            var total = 0L;
            for (var predicted = 0; predicted < count; predicted++)
                total += matrix[actual, predicted];
            var y = top + (actual * cell);
            if (isSmall)
            {
                text.Write(left - 6, y + (cell / 2) + 4, Short(names[actual]), "text-anchor=\"end\"");
                var x = left + (actual * cell) + (cell / 2);
                var turned = names.Max(name => name.Length) > 4 ? string.Create(CultureInfo.InvariantCulture, $"transform=\"rotate(-60 {x:0.#} {top - 6:0.#})\"") : "text-anchor=\"middle\"";
                text.Write(x, top - 6, Short(names[actual]), turned);
                if (total > 0)
                    text.Write(left + (count * cell) + 6, y + (cell / 2) + 4, string.Create(CultureInfo.InvariantCulture, $"{100.0 * matrix[actual, actual] / total:F1} %"), isFaint: true);
            }

            for (var predicted = 0; predicted < count; predicted++)
            {
                var images = matrix[actual, predicted];
                if (images == 0 && !isSmall)
                    continue;
                var color = actual == predicted ? SvgText.Blue : SvgText.Red;

                // The square root shows that there are a few.
                var share = total > 0 ? Math.Sqrt(images / (double)total) : 0;
                text.Add($"<rect x=\"{left + (predicted * cell):0.##}\" y=\"{y:0.##}\" width=\"{cell:0.##}\" height=\"{cell:0.##}\" fill=\"{color}\" fill-opacity=\"{0.85 * share:0.###}\"{(isSmall ? " class=\"cnn-grid\"" : "")}>");
                text.Add($"<title>{SvgText.Escape(names[actual])} taken for {SvgText.Escape(names[predicted])}: {images}</title></rect>\n");
                if (isSmall && images > 0)
                    text.Write(left + (predicted * cell) + (cell / 2), y + (cell / 2) + 4, images.ToString(CultureInfo.InvariantCulture), images > 9999 ? "text-anchor=\"middle\" font-size=\"9\"" : "text-anchor=\"middle\"");
            }
        }

        return text.End();
    }

    /// <summary>Points on a plane, coloured by class, with a legend: an embedding of images by their features.</summary>
    /// <param name="points">x and y of each point, one after the other: 2 x count floats.</param>
    /// <param name="labels">The class of each, 0 or more; empty where there are none.</param>
    /// <param name="title">A line above it.</param>
    /// <param name="classNames">The classes' names; null to number them.</param>
    /// <param name="xTitle">What the horizontal axis stands for.</param>
    /// <param name="yTitle">What the vertical axis stands for.</param>
    /// <exception cref="ArgumentException">There is an odd number of floats, one is not finite, there are not as many labels as points, or a label is negative or has no name.</exception>
    public static string Scatter(
        ReadOnlySpan<float> points, ReadOnlySpan<int> labels, string title = "", IReadOnlyList<string>? classNames = null, string xTitle = "first component", string yTitle = "second component")
    {
        var count = PlaneRange.Check(points, labels, classNames);
        const double Left = 40, Top = 40, Side = 520, Bottom = 36;
        var classes = labels.ToArray().Distinct().Order().ToList();
        var names = classes.ToDictionary(one => one, one => classNames?[one] ?? one.ToString(CultureInfo.InvariantCulture));
        var legend = classes.Count == 0 ? 0 : 40 + (7 * Math.Min(24, names.Values.Max(name => name.Length)));
        var height = Math.Max(Top + Side + Bottom, Top + (18 * classes.Count) + 12);
        var text = new SvgText(Left + Side + 16 + legend, height, title.Length > 0 ? title : "Scatter");
        text.Write(Left, 22, title, "font-weight=\"bold\"");
        text.Add($"<rect x=\"{Left}\" y=\"{Top}\" width=\"{Side}\" height=\"{Side}\" fill=\"none\" class=\"cnn-line\"/>\n");
        text.Write(Left + (Side / 2), Top + Side + 20, xTitle, "text-anchor=\"middle\"", isFaint: true);
        text.Write(24, Top + (Side / 2), yTitle, string.Create(CultureInfo.InvariantCulture, $"text-anchor=\"middle\" transform=\"rotate(-90 24 {Top + (Side / 2):0.#})\""), isFaint: true);
        var (toX, toY) = (PlaneRange.Of(points, 0), PlaneRange.Of(points, 1));
        var radius = count > 2000 ? 1.5 : count > 300 ? 2.5 : 4;
        for (var i = 0; i < count; i++)
        {
            var color = labels.IsEmpty ? SvgText.Blue : ClassColors.Of(labels[i]).ToString();
            text.Add($"<circle cx=\"{Left + 8 + (toX.Share(points[2 * i]) * (Side - 16)):F1}\" cy=\"{Top + Side - 8 - (toY.Share(points[(2 * i) + 1]) * (Side - 16)):F1}\" r=\"{radius}\" fill=\"{color}\" fill-opacity=\"0.75\"/>\n");
        }

        for (var i = 0; i < classes.Count; i++)
        {
            text.Add($"<circle cx=\"{Left + Side + 20}\" cy=\"{Top + 8 + (18 * i)}\" r=\"5\" fill=\"{ClassColors.Of(classes[i])}\"/>");
            text.Write(Left + Side + 30, Top + 12 + (18 * i), Short(names[classes[i]]));
        }

        return text.End();
    }

    /// <summary>Writes a document to a file, as a whole or, where that fails, not at all.</summary>
    /// <param name="svg">The document.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Save(string svg, string path)
    {
        ArgumentNullException.ThrowIfNull(svg);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var bytes = Encoding.UTF8.GetBytes(svg);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private static string Short(string name) => name.Length <= 24 ? name : name[..22] + "..";
}
