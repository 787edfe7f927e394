using System.Globalization;
using System.Xml.Linq;

namespace CnnGen.Insight.Tests.Charts;

/// <summary>Charts are whole XML, the same in every culture, with all that was given in them.</summary>
public sealed class ChartTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void They_are_XML_that_follows_light_and_dark_and_the_same_in_every_culture()
    {
        string[] All() =>
        [
            Chart.Lines("A < B & \"C\"", "x", [new ChartLine("<one>", [(0.5, 1.5), (1.5, double.NaN), (2.5, 2.25)])]),
            Chart.Bars(Histogram.Of([0.1f, 0.2f, 0.25f, float.NaN], bins: 3), "weights & more"),
            Chart.Confusion(Matrix(["<cat>", "dog & wolf", "a very long name of a class indeed"])),
            Chart.Scatter([0.5f, 1.5f, 2.5f, -0.5f], [0, 1], "points", ["a<b", "c"]),
        ];
        var before = CultureInfo.CurrentCulture;
        var expected = All();
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(expected, All());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        foreach (var chart in expected)
        {
            Assert.Equal(s_svg + "svg", XDocument.Parse(chart).Root!.Name);
            Assert.Contains("prefers-color-scheme:dark", chart, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", XDocument.Parse(chart).Descendants(s_svg + "polyline").Select(one => (string?)one.Attribute("points")).FirstOrDefault() ?? "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_confusion_matrix_has_its_counts_names_and_accuracy()
    {
        var chart = XDocument.Parse(Chart.Confusion(Matrix(["cat", "dog", "eel"])));
        var texts = chart.Descendants(s_svg + "text").Select(text => text.Value).ToList();

        Assert.Contains("7", texts);
        Assert.Equal(2, texts.Count(text => text == "eel"));
        Assert.Contains(texts, text => text.StartsWith("12 images, 83.33 % right", StringComparison.Ordinal));
        Assert.Equal(9, chart.Descendants(s_svg + "rect").Count(rect => rect.Element(s_svg + "title") is not null));
        Assert.Contains("cat taken for dog: 2", chart.Descendants(s_svg + "title").Select(title => title.Value));

        // Many classes have no text in their cells, and only those cells that are not empty.
        var large = new ConfusionMatrix(200);
        large.Add(3, 4);
        Assert.Single(XDocument.Parse(Chart.Confusion(large)).Descendants(s_svg + "rect"), rect => rect.Element(s_svg + "title") is not null);
        XDocument.Parse(Chart.Confusion(new ConfusionMatrix(2)));
    }

    [Fact]
    public void A_scatter_has_each_point_in_its_class_s_colour_and_a_legend()
    {
        var chart = XDocument.Parse(Chart.Scatter([0, 0, 1, 1, 2, 2, 3, 3], [2, 0, 2, 2]));
        var circles = chart.Descendants(s_svg + "circle").ToList();

        Assert.Equal(4 + 2, circles.Count);
        Assert.Equal(3 + 1, circles.Count(circle => (string)circle.Attribute("fill")! == ClassColors.Of(2).ToString()));
        var x = circles.Take(4).Select(circle => double.Parse((string)circle.Attribute("cx")!, CultureInfo.InvariantCulture)).ToList();
        var y = circles.Take(4).Select(circle => double.Parse((string)circle.Attribute("cy")!, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(x.Order(), x);
        Assert.Equal(y.OrderDescending(), y);
        Assert.Throws<ArgumentException>(() => Chart.Scatter([1, 2, 3], []));
        Assert.Throws<ArgumentException>(() => Chart.Scatter([1, float.NaN], []));
        Assert.Contains("label 7", Assert.Throws<ArgumentException>(() => Chart.Scatter([1, 2], [7], classNames: ["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_counts_every_number_once()
    {
        var histogram = Histogram.Of([-1, 0, 0.5f, 1, 1, 2, float.NaN, float.PositiveInfinity], bins: 4, low: 0, high: 1);

        Assert.Equal([1, 0, 1, 2], histogram.Counts);
        Assert.Equal((1, 1, 2, 8), (histogram.Below, histogram.Above, histogram.NotFinite, histogram.Total));
        Assert.Equal([0, 1], Histogram.Of([3, 3], bins: 2).Counts.Select(count => Math.Min(1, count)));
        Assert.Equal(0, Histogram.Of([], bins: 2).Total);
        Assert.Equal([2L, 0, 2], Histogram.Of([0, 0.5f, 2.5f, 3], bins: 3).Counts);
        Assert.Equal((0, 0.75, 0.75, 1), (histogram.Quantile(0), histogram.Quantile(0.5), Histogram.Of([0, 1, 1, 1], bins: 2).Quantile(0.625), histogram.Quantile(1)));
        Assert.Equal(double.NaN, Histogram.Of([float.NaN]).Quantile(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Quantile(double.NaN));
        Assert.Throws<ArgumentException>(() => Histogram.Of([1], low: 2, high: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Histogram.Of([1], low: double.NaN));

        var bars = XDocument.Parse(Chart.Bars(histogram, "x", isLogarithmic: true));
        Assert.Equal(3, bars.Descendants(s_svg + "rect").Count(rect => rect.Element(s_svg + "title") is not null));
    }

    [Fact]
    public void Names_in_a_legend_stand_apart_and_keep_their_signs()
    {
        string[] names = ["a layer with quite a long name", "another one, no shorter than that", "\U0001F600 & \u00fc", "Block3.Bottleneck2.Conv1", "half a pair: \uD83D", "\u0001"];
        var chart = XDocument.Parse(Chart.Lines("x", "y", [.. names.Select(name => new ChartLine(name, [(0, 1), (1, 2)]))]));
        var written = chart.Descendants(s_svg + "text").Where(text => names.Any(name => text.Value.Length > 0 && name[..1] == text.Value[..1]) || text.Value.StartsWith('?')).ToList();

        Assert.Equal(["a layer with quite a long name", "another one, no shorter than that", "\U0001F600 & \u00fc", "Block3.Bottleneck2.Conv1", "half a pair: \uFFFD", "?"], written.Select(text => text.Value));
        var places = written.Select(text => (X: (double)text.Attribute("x")!, Y: (double)text.Attribute("y")!, text.Value.Length)).ToList();
        foreach (var (one, next) in places.Zip(places.Skip(1)))
            Assert.True(next.Y > one.Y || (next.Y == one.Y && next.X > one.X + (6 * one.Length)), $"{one} {next}");
        Assert.All(places, place => Assert.InRange(place.X + (6 * place.Length), 0, 640));
    }

    [Fact]
    public void A_file_is_written_as_a_whole()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".svg");
        try
        {
            Chart.Save("<svg/>", path);
            Chart.Save("<svg>\u00e4</svg>", path);
            Assert.Equal("<svg>\u00e4</svg>", File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.ThrowsAny<IOException>(() => Chart.Save("<svg/>", Path.Combine(path, "no", "such.svg")));
    }

    private static ConfusionMatrix Matrix(string[] names)
    {
        var matrix = new ConfusionMatrix(3) { ClassNames = names };
        for (var i = 0; i < 7; i++)
            matrix.Add(0, 0);
        matrix.Add(0, 1);
        matrix.Add(0, 1);
        for (var i = 0; i < 3; i++)
            matrix.Add(1, 1);
        return matrix;
    }
}
