using System.Reflection;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>What training says that a loss is, and what measuring makes of the outputs.</summary>
public sealed class LossTests
{
    private static readonly (string Name, string Declaration)[] s_models =
    [
        ("Plain", "[Model(1, 3, 4), Dense(5), Softmax]"),
        ("Smoothed", "[Model(1, 3, 4, LabelSmoothing = 0.2), Dense(5), Softmax]"),
        ("Weighted", "[Model(1, 3, 4, LabelSmoothing = 0.2, ClassWeights = new[] { 1, 0.25, 2, 0.5, 1 }), Dense(5), Softmax]"),
        ("Squared", "[Model(1, 3, 4), Dense(5)]"),
        ("Binary", "[Model(1, 3, 4, Loss = Loss.BinaryCrossEntropy), Dense(5), Sigmoid]"),
        ("Margins", "[Model(1, 3, 4, Loss = Loss.Hinge), Dense(5)]"),
        ("Absolute", "[Model(1, 3, 4, Loss = Loss.AbsoluteError), Dense(5)]"),
        ("Robust", "[Model(1, 3, 4, Loss = Loss.Huber, HuberDelta = 0.3), Dense(5)]"),
    ];

    [Fact]
    public void Measuring_gives_the_loss_that_training_gives()
    {
        using var assembly = EmittedAssembly.Compile([.. s_models.Select(model => $"{model.Declaration} public partial class {model.Name};")]);
        var random = new Random(3);
        const int Count = 9;
        var images = Enumerable.Range(0, Count * 12).Select(_ => (float)((random.NextDouble() * 6) - 3)).ToArray();
        var labels = Enumerable.Range(0, Count).Select(_ => random.Next(5)).ToArray();
        var targets = new float[Count * 5];
        for (var i = 0; i < Count; i++)
            targets[(i * 5) + labels[i]] = 1;
        foreach (var (name, _) in s_models)
        {
            using var model = assembly.Create(name);
            var trained = model.ComputeGradients(images, targets, Count, 1);
            var measure = typeof(LossTests).GetMethod(nameof(Measure), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(model.Type);
            var measured = (double)measure.Invoke(null, [model.Object, new FloatImageDataset(new ImageShape(1, 3, 4), images, labels, classCount: 5)])!;

            Assert.True(Math.Abs(trained - measured) <= 1e-5 * trained, FormattableString.Invariant($"{name}: {trained} in training, {measured} measured"));
            Assert.True(trained > 0.1, name);
        }
    }

    [Fact]
    public void Each_pixel_has_a_class()
    {
        using var assembly = EmittedAssembly.Compile([
            "[Model(2, 6, 7, ClassWeights = new[] { 1, 2, 0.5 }), Conv2D(8, 3, Padding = 1), ReLU, Conv2D(3, 1), Softmax] public partial class Segmenting;",
            "[Model(2, 6, 7, Loss = Loss.Hinge), Conv2D(8, 3, Padding = 1), ReLU, Conv2D(3, 1)] public partial class Margins;",
        ]);
        foreach (var name in new[] { "Segmenting", "Margins" })
        {
            using var model = assembly.Create(name);
            typeof(LossTests).GetMethod(nameof(Segment), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(model.Type).Invoke(null, [model.Object]);
        }
    }

    /// <summary>Which of two channels is the larger, or whether both are small; of some pixels that isn't told.</summary>
    private static void Segment<TModel>(TModel model)
        where TModel : class, ITrainableModel<TModel>
    {
        const int Count = 40;
        const int Pixels = 42;
        var random = new Random(5);
        var images = Enumerable.Range(0, Count * 2 * Pixels).Select(_ => (float)random.NextDouble()).ToArray();
        var labels = new byte[Count * Pixels];
        for (var i = 0; i < labels.Length; i++)
        {
            var (a, b) = (images[(i / Pixels * 2 * Pixels) + (i % Pixels)], images[(i / Pixels * 2 * Pixels) + Pixels + (i % Pixels)]);
            labels[i] = random.Next(5) == 0 ? (byte)255 : (byte)(Math.Max(a, b) < 0.5 ? 2 : a > b ? 0 : 1);
        }

        var unlabelled = new FloatImageDataset(new ImageShape(2, 6, 7), images, new int[Count], 1);
        var dataset = new PixelLabelDataset(unlabelled, labels, classes: 3, height: 6, width: 7, unlabelled: 255);
        var targets = new float[Count * 3 * Pixels];
        for (var i = 0; i < Count; i++)
            dataset.CopyTarget(i, targets.AsSpan(i * 3 * Pixels, 3 * Pixels));

        var before = ((IModel<TModel>)model).Evaluate(dataset);
        var trained = model.ComputeGradients(images, targets, Count, 1);
        Assert.True(Math.Abs(trained - before.Loss) <= 1e-5 * trained, FormattableString.Invariant($"{trained} in training, {before.Loss} measured"));
        Assert.Null(before.ConfusionMatrix);

        new Trainer<TModel>(model, new Adam(0.02f)).Fit(dataset, epochs: 30, batchSize: 8);
        var after = ((IModel<TModel>)model).Evaluate(dataset);
        Assert.True(after.Loss < before.Loss / 2, FormattableString.Invariant($"{before.Loss} before, {after.Loss} after"));
        Assert.True(after.Accuracy > 0.85 && after.Accuracy > before.Accuracy, FormattableString.Invariant($"{before.Accuracy} before, {after.Accuracy} after"));

        Assert.Contains("have one label each", Assert.Throws<ArgumentException>(() => ((IModel<TModel>)model).Evaluate(unlabelled)).Message, StringComparison.Ordinal);
        var turned = new PixelLabelDataset(unlabelled, labels, 3, height: 7, width: 6, unlabelled: 255);
        Assert.Contains("one shape", Assert.Throws<ArgumentException>(() => ((IModel<TModel>)model).Evaluate(turned)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => ((IModel<TModel>)model).Classify(images.AsSpan(0, 2 * Pixels)));
    }

    private static double Measure<TModel>(TModel model, FloatImageDataset dataset)
        where TModel : class, IModel<TModel> => ((IModel<TModel>)model).Evaluate(dataset).Loss;
}
