using CnnGen;
using static System.FormattableString;

namespace TransferSample;

/// <summary>How much is done.</summary>
/// <param name="Epochs">The epochs of the first training.</param>
/// <param name="Steps">The steps of each training on few images.</param>
/// <param name="PerClass">The numbers of images of a class to learn from, rising.</param>
/// <param name="Draws">How often the few images are drawn anew.</param>
internal sealed record Effort(int Epochs, int Steps, IReadOnlyList<int> PerClass, int Draws)
{
    /// <summary>On all images.</summary>
    public static Effort Whole { get; } = new(Epochs: 10, Steps: 400, PerClass: [10, 30, 100], Draws: 3);

    /// <summary>On a part of them, to see that all of it runs.</summary>
    public static Effort Quick { get; } = new(Epochs: 2, Steps: 20, PerClass: [10, 30], Draws: 2);
}

/// <summary>Half of the classes is learned from many images, the other half from few, in several ways.</summary>
/// <param name="effort">How much is done.</param>
/// <param name="seed">Decides all that is random.</param>
/// <param name="say">Told what is being done.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class Experiment(Effort effort, int seed, Action<string> say, CancellationToken cancellation)
{
    /// <summary>The classes of each half.</summary>
    public const int Classes = 5;

    private const int BatchSize = 128;
    private const int SmallBatch = 25;
    private const double Rate = 2e-3;

    /// <summary>Trains on the first five classes, and learns the other five.</summary>
    /// <param name="training">Images of ten classes to learn from.</param>
    /// <param name="test">Others, to measure.</param>
    /// <returns>The results, in the order of the table.</returns>
    public IReadOnlyList<Result> Run(ByteImageDataset training, ByteImageDataset test)
    {
        // First what may be missing: enough images of each class.
        var (pool, measured) = (ClassImages.OfClasses(training, Classes, Classes), ClassImages.OfClasses(test, Classes, Classes));
        var draws = Enumerable.Range(0, effort.Draws).Select(draw => ClassImages.Draw(pool, effort.PerClass[^1], seed + draw)).ToArray();
        var network = Pretrain(ClassImages.OfClasses(training, 0, Classes), ClassImages.OfClasses(test, 0, Classes));
        var results = new List<Result>();
        foreach (var (method, model) in new (string, Func<int, Trainer<FiveClassNet>>)[] { ("from scratch", FromScratch), ("fine-tuned", seed => FineTuned(network, seed)) })
        {
            foreach (var perClass in effort.PerClass)
            {
                var accuracies = draws.Select((images, draw) => Train(model(seed + draw), images.Subset(0, perClass * Classes), measured)).ToArray();
                Add(results, new Result(method, null, perClass, accuracies));
            }
        }

        foreach (var layer in LayerFeatures.AllOf(network))
        {
            cancellation.ThrowIfCancellationRequested();
            var asked = layer.Of(measured);
            var known = effort.PerClass.ToDictionary(perClass => perClass, perClass => Array.ConvertAll(draws, draw => layer.Of(draw.Subset(0, perClass * Classes))));
            foreach (var (method, loss) in new[] { ("softmax", LinearLoss.Softmax), ("SVM", LinearLoss.Hinge) })
            {
                foreach (var perClass in effort.PerClass)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Add(results, new Result(method, layer.Name, perClass, Array.ConvertAll(known[perClass], features => LinearClassifier.Fit(features, loss).Accuracy(asked))));
                }
            }
        }

        return results;
    }

    private FiveClassNet Pretrain(ByteImageDataset training, ByteImageDataset test)
    {
        var trainer = NewTrainer(FiveClassNet.Create(seed), new AdamW(Rate), seed);
        var history = trainer.Fit(training, effort.Epochs, Math.Min(BatchSize, training.Count), cancellationToken: cancellation);
        say(Invariant($"the network is right on {trainer.Evaluate(test).Accuracy:P1} of the first five classes, after {history.Epochs.Sum(epoch => epoch.Seconds):F0} s of training"));
        return trainer.Model;
    }

    private static Trainer<FiveClassNet> FromScratch(int seed) => NewTrainer(FiveClassNet.Create(seed), new AdamW(Rate), seed);

    /// <summary>A new classifier behind the old trunk, which goes on learning at a tenth of the rate.</summary>
    private static Trainer<FiveClassNet> FineTuned(FiveClassNet network, int seed)
    {
        var model = FiveClassNet.Create(seed);
        model.CopyFrom(network, new CopyOptions { Below = "dense1" });
        return NewTrainer(model, new AdamW(Rate) { Groups = [ParameterGroup.Below("dense1") with { RateFactor = 0.1 }] }, seed);
    }

    private static Trainer<FiveClassNet> NewTrainer(FiveClassNet model, Optimizer optimizer, int seed) => new(model, optimizer, new OneCycleSchedule(), seed)
    {
        AlternatingFlip = true,
        Augmentation = Augment.Crop(FiveClassNet.InputShape, padding: 3),
    };

    private double Train(Trainer<FiveClassNet> trainer, ImageDataset few, ImageDataset measured)
    {
        var stepsPerEpoch = (few.Count + SmallBatch - 1) / SmallBatch;
        trainer.Fit(few, Math.Max(1, effort.Steps / stepsPerEpoch), SmallBatch, cancellationToken: cancellation);
        return trainer.Evaluate(measured).Accuracy;
    }

    private void Add(List<Result> results, Result result)
    {
        results.Add(result);
        say(Invariant($"{result.Method}{(result.Layer == null ? "" : " on " + result.Layer)}, {result.PerClass} images a class: {result.Mean:P1}"));
    }
}
