using CnnGen.Tests.Threading;

namespace CnnGen.Tests.Normalizing;

[Model(3, 9, 7)]
[Normalize(new[] { 0.485f, 0.456f, 0.406f }, new[] { 0.229f, 0.224f, 0.225f })]
[Dense(5), Sigmoid]
internal sealed partial class NoProbabilities;

[Model(3, 9, 7, Loss = Loss.HalfSquaredError)]
[Dense(5), Softmax]
internal sealed partial class Brier;

[Model(1, 2, 2)]
[Dense(1500), Softmax]
internal sealed partial class ManyClasses;

/// <summary>A model's own numbers act on bytes wherever they come in, and on nothing else.</summary>
[Collection(ThreadsCollection.Name)]
public sealed class ByteTrainingTests
{
    private const int Count = 90;

    [Fact]
    public void Training_and_measuring_on_bytes_is_training_and_measuring_on_the_floats_that_the_model_makes_of_them()
    {
        var (bytes, floats) = (OfBytes(), OfFloats());
        using var first = Coloured.Create(seed: 1);
        using var second = Coloured.Create(seed: 1);

        var history = new Trainer<Coloured>(first, new Sgd(0.02f)).Fit(bytes, epochs: 2, batchSize: 16, validation: bytes);
        var expected = new Trainer<Coloured>(second, new Sgd(0.02f)).Fit(floats, epochs: 2, batchSize: 16, validation: floats);

        Assert.Equal(expected.Epochs.Select(epoch => (epoch.Loss, epoch.ValidationLoss)), history.Epochs.Select(epoch => (epoch.Loss, epoch.ValidationLoss)));
        Assert.Equal(second.Conv1.Weight.ToArray(), first.Conv1.Weight.ToArray());
        Assert.Equal(second.Evaluate(floats).Loss, first.Evaluate(bytes).Loss);
        Assert.NotEqual(second.Evaluate(Undone()).Loss, first.Evaluate(bytes).Loss);
    }

    [Fact]
    public void Parts_of_a_data_set_of_bytes_are_normalised_too()
    {
        using var model = Coloured.Create(seed: 1);
        var (part, rest) = OfBytes().Split(40);

        var whole = model.Evaluate(OfBytes());

        Assert.Equal(whole.Loss * Count, (model.Evaluate(part).Loss * 40) + (model.Evaluate(rest.Subset(0, 50)).Loss * 50), 6);
    }

    [Fact]
    public void Measuring_needs_no_trainer_and_says_what_a_trainer_says()
    {
        using var model = Coloured.Create(seed: 4);
        var data = OfBytes();

        var result = model.Evaluate(data, batchSize: 7);
        var expected = new Trainer<Coloured>(model, new Sgd(0.1f)).Evaluate(data);

        Assert.Equal((expected.Count, expected.Accuracy), (result.Count, result.Accuracy));
        Assert.Equal(expected.Loss, result.Loss, 9);
        Assert.Equal(expected.ConfusionMatrix!.ToString(), result.ConfusionMatrix!.ToString());
        Assert.Throws<ArgumentOutOfRangeException>("batchSize", () => model.Evaluate(data, 0));
        Assert.Throws<ArgumentNullException>("dataset", () => model.Evaluate(null!));
        Assert.Throws<OperationCanceledException>(() => model.Evaluate(data, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Classifying_gives_the_most_probable_class()
    {
        using var model = Coloured.Create(seed: 4);
        var (bytes, floats) = (OfBytes(), OfFloats());
        var (image, scores) = (new float[Coloured.InputShape.Length], new float[5]);
        var seen = new HashSet<int>();
        for (var i = 0; i < Count; i++)
        {
            model.Predict(bytes.GetBytes(i), scores);
            floats.CopyImage(i, image, Coloured.Normalization);

            var best = model.Classify(bytes.GetBytes(i));

            Assert.Equal(new Classification(Array.IndexOf(scores, scores.Max()), scores.Max()), best);
            Assert.Equal(best, model.Classify(image));
            var top = model.Classify(bytes.GetBytes(i), top: 5);
            Assert.Equal(best, top[0]);
            Assert.Equal(scores.OrderDescending(), top.Select(one => one.Probability));
            Assert.All(top, one => Assert.Equal(scores[one.Class], one.Probability));
            Assert.Equal(top[..2], model.Classify(image, top: 2));
            seen.Add(best.Class);
        }

        Assert.True(seen.Count > 1);
    }

    [Fact]
    public void Of_equal_classes_the_first_is_the_one()
    {
        using var model = ManyClasses.Create(seed: 1);
        model.Dense1.Weight.Set(new float[4 * 1500]);
        model.Dense1.Bias.Set(new float[1500]);

        Assert.Equal(new Classification(0, 1 / 1500f), model.Classify(new byte[4]));
        Assert.Equal([0, 1, 2], model.Classify(new float[4], top: 3).Select(one => one.Class));
    }

    [Fact]
    public void Outputs_that_are_no_probabilities_are_not_called_so()
    {
        using var numbers = NoProbabilities.Create();
        using var brier = Brier.Create(seed: 2);
        var pixels = new byte[189];

        Assert.StartsWith(
            "NoProbabilities gives numbers, not probabilities of classes: its last layer is not Softmax over a vector.",
            Assert.Throws<InvalidOperationException>(() => numbers.Classify(pixels)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => numbers.Classify(new float[189], 2));
        Assert.InRange(brier.Classify(pixels).Probability, 0.2f, 1f);
    }

    [Fact]
    public void What_cannot_be_classified_is_told()
    {
        using var model = Coloured.Create();

        Assert.StartsWith("pixels has 188 bytes", Assert.Throws<ArgumentException>(() => model.Classify(new byte[188])).Message, StringComparison.Ordinal);
        foreach (var top in new[] { 0, -1, 6 })
        {
            Assert.StartsWith(
                "Coloured has 5 classes: ask for 1 to 5 of them.",
                Assert.Throws<ArgumentOutOfRangeException>("top", () => model.Classify(new byte[189], top)).Message,
                StringComparison.Ordinal);
        }

        Assert.Equal("3 (0.1250)", new Classification(3, 0.125f).ToString());
    }

    private static byte[] Pixels()
    {
        var pixels = new byte[Count * Coloured.InputShape.Length];
        new Random(7).NextBytes(pixels);
        return pixels;
    }

    private static int[] Labels() => [.. Enumerable.Range(0, Count).Select(i => i % 5)];

    private static ByteImageDataset OfBytes() => new(Coloured.InputShape, Pixels(), Labels(), 5);

    private static FloatImageDataset OfFloats()
    {
        var (pixels, images) = (Pixels(), new float[Count * Coloured.InputShape.Length]);
        var length = Coloured.InputShape.Length;
        for (var i = 0; i < Count; i++)
            Coloured.Normalization.Apply(pixels.AsSpan(i * length, length), images.AsSpan(i * length, length));
        return new FloatImageDataset(Coloured.InputShape, images, Labels(), 5);
    }

    /// <summary>The same images as floats that are only divided by 255: the caller's, taken as they are.</summary>
    private static FloatImageDataset Undone()
    {
        var (pixels, images) = (Pixels(), new float[Count * Coloured.InputShape.Length]);
        var (length, area) = (Coloured.InputShape.Length, Coloured.InputShape.Height * Coloured.InputShape.Width);
        for (var i = 0; i < images.Length; i++)
            images[(i / length * length) + (i % 3 * area) + (i % length / 3)] = pixels[i] / 255f;
        return new FloatImageDataset(Coloured.InputShape, images, Labels(), 5);
    }
}
