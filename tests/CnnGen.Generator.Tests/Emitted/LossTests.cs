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

    private static double Measure<TModel>(TModel model, FloatImageDataset dataset)
        where TModel : class, IModel<TModel> => ((IModel<TModel>)model).Evaluate(dataset).Loss;
}
