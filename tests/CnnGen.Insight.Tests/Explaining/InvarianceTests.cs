using System.Xml.Linq;

namespace CnnGen.Insight.Tests.Explaining;

/// <summary>Features under changes of the image, over a network of which they are known.</summary>
public sealed class InvarianceTests
{
    [Fact]
    public void Distances_are_those_of_the_changed_images()
    {
        float[] w = [1, -2, 0.5f, 0, 3, -1, 2, 0.25f, -0.5f];
        var network = new QuadraticNetwork(3, w, new float[9]);
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var result = Invariance.Of(network, image, ImageChange.MoveRight, [-1, 0, 1], [(1, "Maps"), (2, "Scores")], index: 0);

        // To the left: each row's last pixel stays at the edge.
        float[] left = [2, 3, 3, 5, 6, 6, 8, 9, 9], right = [1, 1, 2, 4, 4, 5, 7, 7, 8];
        double Maps(float[] moved) => Math.Sqrt(moved.Zip(image, (a, b) => Math.Pow(2.0 * (a - b), 2) + Math.Pow(((double)a * a) - ((double)b * b), 2)).Sum() / image.Sum(b => (4.0 * b * b) + Math.Pow(b, 4)));
        Assert.Equal(Maps(left), result.Distances[0].Distances[0], 1e-6);
        Assert.Equal(0, result.Distances[0].Distances[1]);
        Assert.Equal(Maps(right), result.Distances[0].Distances[2], 1e-6);
        Assert.Equal(0, result.Distances[1].Distances[1]);
        Assert.Equal(left.Zip(w, (x, weight) => 2.0 * weight * x).Sum(), result.Probabilities![0], 1e-4);

        var chart = XDocument.Parse(result.ToSvg());
        Assert.Equal(3, chart.Descendants("{http://www.w3.org/2000/svg}polyline").Count());
        Assert.True(result.Strip().Width > 3 * 64);
        Assert.Null(Invariance.Of(network, image, ImageChange.Rotate, [90], []).Probabilities);
    }

    [Fact]
    public void Images_are_moved_scaled_and_turned_about_their_centre()
    {
        var shape = new ImageShape(1, 3, 3);
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9];

        Assert.Equal([1, 2, 3, 1, 2, 3, 4, 5, 6], Invariance.Changed(image, shape, ImageChange.MoveDown, 1));
        Assert.Equal(image, Invariance.Changed(image, shape, ImageChange.Scale, 1));
        Assert.Equal(5, Invariance.Changed(image, shape, ImageChange.Scale, 1e6)[0], 1e-3);
        var turned = Invariance.Changed(image, shape, ImageChange.Rotate, 90);
        float[] expected = [3, 6, 9, 2, 5, 8, 1, 4, 7];
        for (var i = 0; i < 9; i++)
            Assert.Equal(expected[i], turned[i], 1e-4);
        Assert.Throws<ArgumentException>(() => Invariance.Changed(image, shape, ImageChange.Scale, 0));
        Assert.Throws<ArgumentException>(() => Invariance.Changed(image, shape, ImageChange.Rotate, double.NaN));
    }
}
