using System.Globalization;
using System.Xml.Linq;
using CnnGen.Insight;

namespace ZooSample.Tests;

/// <summary>Drawings of published networks: all layers, none upon another, blocks around their own.</summary>
public sealed class DrawingTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Networks => [.. Catalogue.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_layer_is_drawn_and_boxes_lie_apart(string name)
    {
        Assert.True(Catalogue.TryFind(name, out var network));
        var document = XDocument.Parse(ArchitectureDrawing.Svg(network.Summary));
        var boxes = document.Descendants(s_svg + "rect").Where(rect => rect.Attribute("fill-opacity") is not null)
            .Select(rect => (X: Number(rect, "x"), Y: Number(rect, "y"), Width: Number(rect, "width"), Height: Number(rect, "height"))).OrderBy(box => box.Y).ToList();

        Assert.Equal(network.Summary.Layers.Count + 1, boxes.Count);
        for (var i = 0; i < boxes.Count; i++)
        {
            for (var j = i + 1; j < boxes.Count && boxes[j].Y < boxes[i].Y + boxes[i].Height; j++)
                Assert.False(boxes[i].X < boxes[j].X + boxes[j].Width && boxes[j].X < boxes[i].X + boxes[i].Width, $"{boxes[i]} and {boxes[j]}");
        }

        var blocks = network.Summary.Layers.SelectMany(layer => Enumerable.Range(1, layer.Name.Count(sign => sign == '.')).Select(depth => string.Join('.', layer.Name.Split('.').Take(depth)))).Distinct().Count();
        Assert.Equal(blocks, document.Descendants(s_svg + "rect").Count(rect => rect.Attribute("stroke-dasharray") is not null));
    }

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);
}
