using System.Xml.Linq;
using TransferSample;

namespace CnnGen.Tests.Transfer;

/// <summary>samples/Transfer: its linear classifiers by themselves, and all of it on a few images that are made here.</summary>
public class TransferSampleTests
{
    /// <summary>Ten classes of coloured stripes in noise: class and direction go together, so that what is learned of five helps with the others.</summary>
    private static ByteImageDataset Stripes(int perClass, int seed)
    {
        var random = new Random(seed);
        var (pixels, labels) = (new byte[perClass * 10 * 3072], new int[perClass * 10]);
        for (var n = 0; n < labels.Length; n++)
        {
            labels[n] = n % 10;
            for (var i = 0; i < 1024; i++)
            {
                var place = labels[n] < 5 ? i % 32 : i / 32;
                for (var channel = 0; channel < 3; channel++)
                    pixels[(((n * 1024) + i) * 3) + channel] = (byte)((place / (1 + (labels[n] % 5)) % 2 * 90) + random.Next(120));
            }
        }

        return new ByteImageDataset(new ImageShape(3, 32, 32), pixels, labels, 10);
    }

    private static FeatureDataset Features(float[] values, int width, int[] labels, int classes) => FeatureDataset.Of(
        new FloatImageDataset(new ImageShape(width, 1, 1), values, labels, classes), new ImageShape(width, 1, 1), FiveClassNet.Normalization, (image, features, _) => image.CopyTo(features));

    [Fact]
    public void Every_way_has_its_line_in_the_table_and_the_drawing()
    {
        var said = new List<string>();
        var results = new Experiment(new Effort(Epochs: 1, Steps: 3, PerClass: [5, 6], Draws: 2, Seed: 1), said.Add, CancellationToken.None).Run(Stripes(8, 1), Stripes(3, 2));

        Assert.Equal(2 + 2 + (5 * 2 * 2), results.Count);
        Assert.All(results, result => Assert.Equal(2, result.Accuracies.Count));
        Assert.All(results, result => Assert.All(result.Accuracies, accuracy => Assert.InRange(accuracy, 0, 1)));
        Assert.Equal(results.Count + 1, said.Count);
        var table = ResultTable.Format(results).TrimEnd().Split('\n');
        Assert.Equal(1 + 2 + 10, table.Length);
        Assert.Contains("6 a class", table[0]);
        Assert.StartsWith("softmax, stage 4", table[11]);

        // Stripes lie open in the pixels: a linear classifier finds them.
        Assert.All(results.Where(result => result.Layer == "pixels"), result => Assert.True(result.Mean > 0.7, $"{result.Method} {result.Mean}"));
        var drawing = XDocument.Parse(ResultChart.Svg(results));
        Assert.Equal(2 * 2, drawing.Descendants().Count(element => element.Name.LocalName == "polyline"));
    }

    [Fact]
    public void Linear_classifiers_are_at_the_minimum_of_their_losses()
    {
        var random = new Random(5);
        int[] labels = [.. Enumerable.Range(0, 30).Select(i => i % 3)];
        var values = new float[30 * 4];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(random.NextDouble() + (i % 4 == labels[i / 4] ? 0.7 : 0));
        var products = new ScaledFeatures(Features(values, 4, labels, 3)).Products;
        int[] images = [.. Enumerable.Range(0, 30)];
        foreach (var loss in new[] { LinearLoss.Softmax, LinearLoss.Hinge })
        {
            var parts = LinearDual.Solve(products, images, labels, 3, loss, 0.01);
            var least = Objective(parts, loss);
            for (var trial = 0; trial < 100; trial++)
            {
                var moved = Array.ConvertAll(parts, one => Array.ConvertAll(one, part => part + ((random.NextDouble() - 0.5) * (trial % 2 == 0 ? 0.1 : 0.001))));
                Assert.True(Objective(moved, loss) > least - 1e-6, $"{loss}: {Objective(moved, loss)} below {least}");
            }
        }

        double Objective(double[][] parts, LinearLoss loss)
        {
            var scores = Array.ConvertAll(parts, one => Array.ConvertAll(images, i => images.Sum(j => products[i][j] * one[j])));
            var squares = parts.Select((one, label) => images.Sum(i => one[i] * scores[label][i])).Sum();
            var losses = loss == LinearLoss.Softmax
                ? images.Average(i => Math.Log(scores.Sum(one => Math.Exp(one[i]))) - scores[labels[i]][i])
                : images.Average(i => scores.Select((one, label) => Math.Max(0, 1 - ((labels[i] == label ? 1 : -1) * one[i]))).Sum());
            return losses + (0.01 / 2 * squares);
        }
    }

    [Fact]
    public void A_linear_classifier_separates_what_is_separable_and_asks_for_enough_images()
    {
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 2)];
        var values = labels.SelectMany((label, i) => new[] { 1000 + label + (i % 3 * 0.1f), 5, i % 7 }).ToArray();
        foreach (var loss in new[] { LinearLoss.Softmax, LinearLoss.Hinge })
        {
            var classifier = LinearClassifier.Fit(Features(values, 3, labels, 2), loss);
            Assert.Equal(1, classifier.Accuracy(Features(values, 3, labels, 2)));
            Assert.Equal(1, classifier.Predict([1001.1f, 5, 3]));
        }

        Assert.Contains("5 or more", Assert.Throws<ArgumentException>(() => LinearClassifier.Fit(Features(values[..24], 3, labels[..8], 2), LinearLoss.Hinge)).Message);
    }
}
