using CnnGen;
using TrainingSamples;

namespace CifarSample;

/// <summary>The program from its settings to its last line: data, training, test, weights.</summary>
internal sealed class TrainingRun(Settings settings)
{
    /// <summary>From so many epochs on squares are cut out of the images: fewer don't see an image often enough to learn it by heart.</summary>
    private const int EpochsToErase = 16;

    private const int Padding = 4;
    private const int Hole = 8;

    /// <summary>The multiply-adds of a training step beside those of a prediction: once more for the gradients by the weights, and once for those by the maps.</summary>
    private const double StepsPerPrediction = 3;

    /// <summary>Runs all of it.</summary>
    /// <returns>The program's exit code.</returns>
    public int Execute()
    {
        Threads.Count = settings.ThreadCount;
        if (settings.WeightsPath != null)
            OutputFile.Check("--save", settings.WeightsPath);
        var (training, test) = Cifar10.Load(settings.DataDirectory);
        Console.WriteLine(CifarNet.Summary);
        Console.WriteLine($"{training.Count} images to train on and {test.Count} to test on; threads: {Threads.Count}");
        Console.WriteLine();

        using var interruption = new Interruption();
        var trainer = NewTrainer();
        var lines = new Lines(training.Count);
        try
        {
            trainer.Fit(training, settings.Epochs, settings.BatchSize, test, lines, interruption.Token, settings.Checkpoint);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            Save(trainer.Model);
            Console.WriteLine(settings.Checkpoint == null ? "stopped" : "stopped; started again with the same options, it goes on from here");
            return ExitCode.Interrupted;
        }

        Save(trainer.Model);
        if (trainer.History!.StopReason is { } reason)
            Console.WriteLine($"stopped early ({reason}) at {lines.Last}");
        Report(trainer, test);
        return ExitCode.Success;
    }

    private Trainer<CifarNet> NewTrainer()
    {
        var shape = CifarNet.InputShape;
        var optimizer = new Sgd(settings.LearningRate, momentum: 0.9f, nesterov: true, weightDecay: 5e-4f)
        {
            Groups = [ParameterGroup.BiasesAndNorms() with { WeightDecay = 0 }],
        };
        return new Trainer<CifarNet>(CifarNet.Create(settings.Seed), optimizer, new OneCycleSchedule(), settings.Seed)
        {
            LabelSmoothing = 0.1,
            AlternatingFlip = true,
            Augmentation = settings.Epochs < EpochsToErase
                ? Augment.Crop(shape, Padding)
                : Augment.All(Augment.Crop(shape, Padding), Augment.Erase(shape, Hole)),
            Callbacks = settings.Seconds is { } seconds ? [new StopAfter(TimeSpan.FromSeconds(seconds))] : [],
        };
    }

    private static void Report(Trainer<CifarNet> trainer, ByteImageDataset test)
    {
        var plain = trainer.Evaluate(test);
        var views = trainer.Evaluate(test, views: TestTimeAugmentation.MirrorAndShifts(1));
        Console.WriteLine();
        Console.WriteLine("What the test images (rows) were taken for (columns):");
        Console.WriteLine(views.ConfusionMatrix);
        Console.WriteLine();
        Console.WriteLine($"training time of whole epochs {trainer.History!.Epochs.Sum(epoch => epoch.Seconds):F1} s");
        Console.WriteLine($"test accuracy {plain.Accuracy:F4}, with mirrored and shifted views {views.Accuracy:F4}");
    }

    private void Save(CifarNet model)
    {
        if (settings.WeightsPath == null)
            return;
        model.Save(settings.WeightsPath);
        Console.WriteLine($"the weights were saved to {settings.WeightsPath}");
    }

    /// <summary>A line an epoch.</summary>
    private sealed class Lines(int images) : IProgress<TrainingProgress>
    {
        public TrainingProgress Last { get; private set; }

        public void Report(TrainingProgress value)
        {
            Last = value;
            if (value.ValidationAccuracy is not { } accuracy)
                return;
            var rate = StepsPerPrediction * CifarNet.Summary.MultiplyAdds * value.ImagesPerSecond / 1e9;
            Console.WriteLine(
                $"epoch {value.Epoch}/{value.Epochs}  loss {value.Loss:F4}  accuracy {value.Accuracy:F4}  test accuracy {accuracy:F4}  "
                    + $"{images / value.ImagesPerSecond:F1} s  {value.ImagesPerSecond:F0} images/s  {rate:F1} G multiply-adds/s");
        }
    }
}
