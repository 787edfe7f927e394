using CnnGen;

namespace ZooSample.Tests;

/// <summary>Each network of the zoo predicts, and takes a step of training that changes its parameters and not their sense.</summary>
public sealed class NetworkTests
{
    public static TheoryData<string> Networks => [.. Catalogue.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void It_predicts_and_takes_a_step(string name)
    {
        Assert.True(Catalogue.TryFind(name, out var network));
        // Norms need two values a channel, which some networks' last maps only have of two images.
        const int Count = 2;
        var random = new Random(1);
        var images = new float[Count * network.InputShape.Length];
        for (var i = 0; i < images.Length; i++)
            images[i] = random.NextSingle();
        using var model = network.Create(seed: 1);
        var scores = new float[Count * network.OutputLength];

        model.Predict(images, scores, Count);

        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        Assert.Contains(scores, score => score != scores[0]);
        if (network.Loss == Loss.CrossEntropy)
        {
            for (var image = 0; image < Count; image++)
                Assert.Equal(1.0, scores.AsSpan(image * network.OutputLength, network.OutputLength).ToArray().Sum(score => (double)score), 1e-4);
        }

        var targets = new float[scores.Length];
        if (network.Loss == Loss.CrossEntropy)
            (targets[0], targets[network.OutputLength + 1]) = (1, 1);
        if (network.Loss == Loss.ClassesAndBoxes)
            (targets[network.OutputShape.Height], targets[network.OutputLength]) = (1, 1); // class 1 in the first image's first region, the background in the second's
        var before = model.Parameters.Values.Length > 0 ? model.Parameters.Values[..Math.Min(1000, model.Parameters.Values.Length)].ToArray() : [];
        var loss = model.Step(images, targets, Count, new Sgd(1e-4f));

        Assert.True(double.IsFinite(loss) && loss > 0, $"the loss is {loss}");
        Assert.NotEqual(before, model.Parameters.Values[..before.Length].ToArray());
        Assert.All(model.Parameters.Values[..before.Length].ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>Fast R-CNN gives each region probabilities of its own, and learns where a box lies.</summary>
    [Fact]
    public void Fast_R_CNN_learns_a_region()
    {
        using var model = FastRcnn.Create(seed: 3);
        var random = new Random(2);
        var images = new float[FastRcnn.InputShape.Length];
        for (var i = 0; i < images.Length; i++)
            images[i] = random.NextSingle();

        // Two regions; the others are empty.
        const int Regions = FastRcnn.RegionCount;
        var regions = new float[4 * Regions];
        (new float[] { 8, 16, 72, 80, 40, 0, 120, 60 }).CopyTo(regions, 0);
        var targets = new float[FastRcnn.OutputLength];
        (targets[5 * Regions], targets[1]) = (1, 1);
        float[] offsets = [0.25f, -0.5f, 0.125f, 0.75f];
        for (var i = 0; i < 4; i++)
            targets[(21 + 20 + i) * Regions] = offsets[i];
        var optimizer = new Adam(0.001f);
        for (var step = 0; step < 300; step++)
        {
            model.ComputeGradients(images, regions, targets, 1, dropoutSeed: (ulong)step);
            optimizer.Step(model.Parameters);
        }

        var scores = new float[FastRcnn.OutputLength];
        model.Predict(images, regions, scores);
        for (var region = 0; region < Regions; region++)
            Assert.Equal(1.0, Enumerable.Range(0, 21).Sum(c => (double)scores[(c * Regions) + region]), 1e-4);
        Assert.True(scores[5 * Regions] > 0.9, $"{scores[5 * Regions]}");
        Assert.True(scores[1] > 0.9, $"{scores[1]}");

        // The network that predicts has no dropout: it is a little off the mean of those that learned, but a tenth of the way from zeros at most.
        Assert.InRange(Enumerable.Range(0, 4).Sum(i => Math.Pow(offsets[i] - scores[(21 + 20 + i) * Regions], 2)), 0, offsets.Sum(offset => offset * offset) / 10);

        // What is in no region adds nothing, and empty regions are alike.
        Assert.Equal(Column(2), Column(Regions - 1));

        float[] Column(int region) => [.. Enumerable.Range(0, 105).Select(c => scores[(c * Regions) + region])];
    }
}
