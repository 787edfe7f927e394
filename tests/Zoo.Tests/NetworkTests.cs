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
        var before = model.Parameters.Values.Length > 0 ? model.Parameters.Values[..Math.Min(1000, model.Parameters.Values.Length)].ToArray() : [];
        var loss = model.Step(images, targets, Count, new Sgd(1e-4f));

        Assert.True(double.IsFinite(loss) && loss > 0, $"the loss is {loss}");
        Assert.NotEqual(before, model.Parameters.Values[..before.Length].ToArray());
        Assert.All(model.Parameters.Values[..before.Length].ToArray(), value => Assert.True(float.IsFinite(value)));
    }
}
