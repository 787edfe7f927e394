using System.Globalization;
using System.Xml.Linq;
using CnnGen.Tests.Data;
using TrainingSamples;
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
        var results = new Experiment(new Effort(Epochs: 1, Steps: 3, PerClass: [5, 6], Draws: 2), seed: 1, said.Add, CancellationToken.None).Run(Stripes(8, 1), Stripes(3, 2));

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

    /// <summary>Numbers whose squares no double holds: as a difference of squares their variance would be rounding, and that made large.</summary>
    [Fact]
    public void A_feature_that_is_the_same_for_all_images_says_nothing()
    {
        int[] labels = [.. Enumerable.Range(0, 21).Select(i => i % 2)];
        var values = labels.SelectMany(_ => new[] { 1000.1f, 123456.7f, -0.3f, 0 }).ToArray();
        var products = new ScaledFeatures(Features(values, 4, labels, 2)).Products;
        Assert.All(products, row => Assert.All(row, product => Assert.Equal(1, product)));
    }

    [Theory]
    [InlineData("--data x", false, 10, 3, 400)]
    [InlineData("--data x --epochs 7 --draws 4", false, 7, 4, 400)]
    [InlineData("--data x --quick", true, 2, 2, 20)]
    [InlineData("--quick --data x --epochs 5 --draws 6", true, 5, 6, 20)]
    public void What_the_user_says_counts_with_and_without_quick(string line, bool isQuick, int epochs, int draws, int steps)
    {
        Settings? settings = null;
        var code = Run(
            CommandLine.Create(chosen =>
            {
                settings = chosen;
                return 7;
            }),
            line.Split(' '));
        Assert.Equal(7, code);
        Assert.Equal(isQuick, settings!.IsQuick);
        var effort = TransferRun.EffortOf(settings);
        Assert.Equal((epochs, draws, steps), (effort.Epochs, effort.Draws, effort.Steps));
    }

    [Fact]
    public void A_folder_of_photographs_needs_ten_classes()
    {
        using var folder = new TemporaryFolder();
        for (var label = 0; label < 10; label++)
        {
            var path = Directory.CreateDirectory(Path.Combine(folder.Path, $"class{label}")).FullName;
            for (var i = 0; i < 5; i++)
                File.WriteAllBytes(Path.Combine(path, $"{i}.ppm"), [.. "P6 2 1 255\n"u8, (byte)label, 2, 3, 4, 5, 6]);
        }

        var settings = new Settings(null, folder.Path, IsQuick: false, null, null, 1, 1, "");
        var (training, test) = TransferRun.Load(settings);
        Assert.Equal((40, 10, FiveClassNet.InputShape), (training.Count, test.Count, training.Shape));
        Assert.Equal(Enumerable.Range(0, 10), Enumerable.Range(0, 10).Select(test.GetLabel).Order());

        Directory.Delete(Path.Combine(folder.Path, "class3"), recursive: true);
        Assert.Contains("has 9 classes, but it takes 10", Assert.Throws<InvalidDataException>(() => TransferRun.Load(settings)).Message);
    }

    [Theory]
    [InlineData("--data x --epochs 0", "--epochs takes a whole number from 1 to 10000, not '0'")]
    [InlineData("--data x --draws many", "--draws takes a whole number from 1 to 1000, not 'many'")]
    [InlineData("--data x --threads -1", "--threads takes a whole number from 1 to")]
    [InlineData("--quick", "--data")]
    [InlineData("--data ", "--data takes a path, not an empty text")]
    [InlineData("--data x --folder y", "by --data DIR (CIFAR-10), or by --folder DIR")]
    public void What_is_wrong_with_the_command_line_is_said_before_anything_is_done(string line, string said)
    {
        var parsed = CommandLine.Create(_ => throw new InvalidOperationException("ran")).Parse(line.Split(' '));
        Assert.Contains(said, Assert.Single(parsed.Errors).Message);
        Assert.Equal(ExitCode.Usage, Run(CommandLine.Create(_ => throw new InvalidOperationException("ran")), line.Split(' ')));
    }

    [Fact]
    public void What_files_and_data_bring_about_is_one_line_and_a_fault_of_the_program_is_not_hidden()
    {
        Assert.Equal(ExitCode.Failure, Run(CommandLine.Create(_ => throw new InvalidDataException("damaged")), ["--data", "x"]));
        Assert.Throws<NullReferenceException>(() => Run(CommandLine.Create(_ => throw new NullReferenceException()), ["--data", "x"]));
    }

    /// <summary>Runs a command; the cultures, which a program sets for its whole process, are put back.</summary>
    private static int Run(System.CommandLine.RootCommand command, string[] arguments)
    {
        var (own, other) = (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture);
        try
        {
            return Execution.Run(command, arguments);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (own, other);
        }
    }
}
