using System.Globalization;
using System.Xml.Linq;

namespace CnnGen.Insight.Tests.Drawing;

/// <summary>Drawings of models: every layer once, boxes apart, blocks around their layers, edges from box to box.</summary>
public sealed class ArchitectureDrawingTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    /// <summary>Two residual blocks, of which the second has a projection, four branches, a connection that passes many rows, and an end of its own.</summary>
    private static readonly ModelSummary s_summary = new(
        "Net<1>",
        new ImageShape(3, 32, 32),
        [
            Layer("Conv1", "Conv2D 16, 3x3", "16x32x32"), // 1
            Layer("Block1.Conv1", "Conv2D 16, 3x3", "16x32x32"), // 2
            Layer("Block1.ReLU1", "ReLU", "16x32x32"), // 3
            Layer("Block1.Add1", "Add", "16x32x32", 3, 1), // 4
            Layer("Block2.Conv1", "Conv2D 16, 3x3", "16x32x32"), // 5
            Layer("Block2.Conv2", "Conv2D 16, 1x1", "16x32x32", 4), // 6
            Layer("Block2.Inner.BatchNorm1", "BatchNorm", "16x32x32", 6), // 7
            Layer("Block2.Inner.ReLU1", "ReLU", "16x32x32"), // 8
            Layer("Block2.Add1", "Add", "16x32x32", 5, 8), // 9
            Layer("Conv2", "Conv2D 4, 1x1", "4x32x32"), // 10
            Layer("Conv3", "Conv2D 4, 3x3", "4x32x32", 9), // 11
            Layer("Conv4", "Conv2D 4, 5x5", "4x32x32", 9), // 12
            Layer("MaxPool1", "MaxPool 3x3", "16x32x32", 9), // 13
            Layer("Concat1", "Concat", "28x32x32", 10, 11, 12, 13), // 14
            Layer("Head1", "Head 0.3", "28x32x32", 14), // 15
            Layer("Concat2", "Concat", "44x32x32", 14, 1), // 16
            Layer("Dense1", "Dense 10", "10"), // 17
        ],
        0);

    [Fact]
    public void Every_layer_has_one_box_with_its_name_kind_and_shape()
    {
        var boxes = Boxes(XDocument.Parse(ArchitectureDrawing.Svg(s_summary)));

        Assert.Equal(s_summary.Layers.Count + 1, boxes.Count);
        Assert.Equal(
            s_summary.Layers.Select(layer => $"{layer.Name.Split('.')[^1]}|{layer.Kind}|{layer.OutputShape}").Append("Input|3x32x32").Order(StringComparer.Ordinal),
            boxes.Select(box => box.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Boxes_lie_apart_within_the_page_and_blocks_hold_their_own()
    {
        var document = XDocument.Parse(ArchitectureDrawing.Svg(s_summary));
        var boxes = Boxes(document);
        for (var i = 0; i < boxes.Count; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.False(boxes[i].Overlaps(boxes[j]), $"{boxes[i]} and {boxes[j]}");
        }

        var page = new Box("page", 0, 0, Number(document.Root!, "width"), Number(document.Root!, "height"));
        Assert.All(boxes, box => Assert.True(page.Contains(box), $"{box}"));
        var frames = document.Descendants(s_svg + "rect").Where(rect => rect.Attribute("stroke-dasharray") is not null)
            .Select(rect => Read(rect, rect.ElementsAfterSelf(s_svg + "text").First().Value)).ToList();
        Assert.Equal(["Block1", "Block2", "Inner"], frames.Select(frame => frame.Text).Order(StringComparer.Ordinal));
        Assert.Equal(new[] { 3, 5, 2 }, frames.OrderBy(frame => frame.Text, StringComparer.Ordinal).Select(frame => boxes.Count(frame.Contains)));
        Assert.All(frames, frame => Assert.All(boxes, box => Assert.True(frame.Contains(box) || !frame.Overlaps(box), $"{frame} and {box}")));
    }

    [Fact]
    public void What_is_read_lies_above_what_reads_it_and_branches_side_by_side()
    {
        var boxes = Boxes(XDocument.Parse(ArchitectureDrawing.Svg(s_summary)));
        Box At(string text) => boxes.First(box => box.Text.StartsWith(text, StringComparison.Ordinal));
        var branches = new[] { At("Conv2|Conv2D 4"), At("Conv3|"), At("Conv4|"), At("MaxPool1|") };

        Assert.Single(branches.Select(branch => branch.Y).Distinct());
        Assert.True(At("Concat1|").Y > branches[0].Y + branches[0].Height);
        Assert.True(At("Input|").Y < At("Conv1|Conv2D 16").Y);
        Assert.True(At("Dense1|").Y > At("Concat2|").Y);
        Assert.True(At("Head1|").Y > At("Concat1|").Y);
    }

    [Fact]
    public void No_connection_runs_through_a_box()
    {
        var document = XDocument.Parse(ArchitectureDrawing.Svg(s_summary));
        var boxes = Boxes(document);
        var ways = document.Descendants(s_svg + "path").Where(path => (string?)path.Attribute("fill") == "none").ToList();
        Assert.True(ways.Count >= 23, $"{ways.Count} connections");
        foreach (var way in ways)
        {
            var points = Points((string)way.Attribute("d")!);
            Assert.All(points, point => Assert.All(boxes, box =>
                Assert.False(point.X > box.X + 1 && point.X < box.X + box.Width - 1 && point.Y > box.Y + 1 && point.Y < box.Y + box.Height - 1, $"({point.X:F0}, {point.Y:F0}) of {way.Attribute("d")} lies in {box}")));
        }
    }

    [Fact]
    public void Notes_stand_in_the_boxes_and_the_drawing_is_the_same_again()
    {
        var notes = new Dictionary<string, string> { ["Block2.Conv1"] = "12.5 µs", ["Dense1"] = "<1 µs" };
        var drawing = ArchitectureDrawing.Svg(s_summary, notes);

        Assert.Equal(drawing, ArchitectureDrawing.Svg(s_summary, notes));
        Assert.Contains("Dense1|Dense 10|10|<1 µs", Boxes(XDocument.Parse(drawing)).Select(box => box.Text));
        Assert.Contains("prefers-color-scheme:dark", drawing, StringComparison.Ordinal);
        Assert.Contains("no layer 'Conv9'", Assert.Throws<ArgumentException>(() => ArchitectureDrawing.Svg(s_summary, new Dictionary<string, string> { ["Conv9"] = "" })).Message, StringComparison.Ordinal);
    }

    private static LayerSummary Layer(string name, string kind, string shape, params int[] inputs) =>
        new(name, kind, shape, 0, 0, 0, "") { Inputs = inputs.Length == 0 ? null : inputs };

    private static List<Box> Boxes(XDocument document) => [.. document.Descendants(s_svg + "rect")
        .Where(rect => rect.Attribute("fill-opacity") is not null)
        .Select(rect => Read(rect, string.Join('|', rect.ElementsAfterSelf(s_svg + "text").Select(text => text.Value))))];

    private static Box Read(XElement rect, string text) => new(text, Number(rect, "x"), Number(rect, "y"), Number(rect, "width"), Number(rect, "height"));

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    /// <summary>Points along a way of lines and cubic curves.</summary>
    private static List<(double X, double Y)> Points(string way)
    {
        var parts = way.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double At(int i) => double.Parse(parts[i].TrimStart('M', 'L', 'C'), CultureInfo.InvariantCulture);
        var (x, y) = (At(0), At(1));
        var points = new List<(double, double)> { (x, y) };
        for (var i = 2; i < parts.Length;)
        {
            var isLine = parts[i][0] == 'L';
            var numbers = Enumerable.Range(i, isLine ? 2 : 6).Select(At).ToArray();
            var (endX, endY) = (numbers[^2], numbers[^1]);
            for (var step = 1; step <= 20; step++)
            {
                var t = step / 20.0;
                var s = 1 - t;
                points.Add(isLine
                    ? ((s * x) + (t * endX), (s * y) + (t * endY))
                    : ((s * s * s * x) + (3 * s * s * t * numbers[0]) + (3 * s * t * t * numbers[2]) + (t * t * t * endX), (s * s * s * y) + (3 * s * s * t * numbers[1]) + (3 * s * t * t * numbers[3]) + (t * t * t * endY)));
            }

            (x, y) = (endX, endY);
            i += numbers.Length;
        }

        return points;
    }

    private sealed record Box(string Text, double X, double Y, double Width, double Height)
    {
        public bool Overlaps(Box other) => X < other.X + other.Width && other.X < X + Width && Y < other.Y + other.Height && other.Y < Y + Height;

        public bool Contains(Box other) => other.X >= X && other.Y >= Y && other.X + other.Width <= X + Width && other.Y + other.Height <= Y + Height;
    }
}
