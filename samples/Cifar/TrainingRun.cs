using CnnGen;
using TrainingSamples;

namespace CifarSample;

/// <summary>The program from its settings to its last line: data, training, test, weights.</summary>
/// <typeparam name="TModel">The network.</typeparam>
internal sealed class TrainingRun<TModel>(Settings settings, Recipe recipe, Func<TModel, int, ITrainingDevice<TModel>> makeDevice)
    where TModel : class, ITrainableModel<TModel>
{
    /// <summary>The multiply-adds of a training step beside those of a prediction: once more for the gradients by the weights, and once for those by the maps.</summary>
    private const double StepsPerPrediction = 3;

    private readonly ProcessorTime _processors = new();

    /// <summary>Runs all of it.</summary>
    /// <returns>The program's exit code.</returns>
    public int Execute()
    {
        Threads.Count = settings.ThreadCount;
        if (settings.WeightsPath != null)
            OutputFile.Check("--save", settings.WeightsPath);
        var (all, test) = Cifar10.Load(settings.DataDirectory);
        var training = all.Subset(0, Math.Min(settings.Images, all.Count));
        Console.WriteLine(TModel.Summary);
        Console.WriteLine($"{training.Count} images to train on and {test.Count} to test on; threads: {Threads.Count}");
        Console.WriteLine();

        using var interruption = new Interruption();
        var model = TModel.Create(settings.Seed);
        Whitening.Set(model.Parameters["conv1.weight"], training, TModel.Normalization);
        using var device = settings.IsOnGpu ? makeDevice(model, (settings.BatchSize ?? recipe.BatchSize) + TModel.MinimumBatch - 1) : null;
        var trainer = NewTrainer(model, device);
        var lines = new Lines(training.Count);
        try
        {
            trainer.Fit(training, settings.Epochs ?? recipe.Epochs, settings.BatchSize ?? recipe.BatchSize, test, lines, interruption.Token, settings.Checkpoint);
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

    private Trainer<TModel> NewTrainer(TModel model, ITrainingDevice<TModel>? device)
    {
        return new Trainer<TModel>(model, Recipe.Optimizer(settings.LearningRate ?? recipe.LearningRate), new LinearSchedule(), settings.Seed)
        {
            Device = device,
            LabelSmoothing = Recipe.LabelSmoothing,
            AlternatingFlip = true,
            Augmentation = Recipe.Augmentation(TModel.InputShape, settings.Shift, settings.Erase),
            Callbacks = settings.Seconds is { } seconds ? [_processors, new StopAfter(TimeSpan.FromSeconds(seconds))] : [_processors],
        };
    }

    private void Report(Trainer<TModel> trainer, ByteImageDataset test)
    {
        var plain = trainer.Evaluate(test);
        var views = trainer.Evaluate(test, views: TestTimeAugmentation.MirrorAndShifts(1));
        Console.WriteLine();
        Console.WriteLine("What the test images (rows) were taken for (columns):");
        Console.WriteLine(views.ConfusionMatrix);
        Console.WriteLine();
        Console.WriteLine($"training time of whole epochs {trainer.History!.Epochs.Sum(epoch => epoch.Seconds):F1} s; the processors' time of this process's {_processors.Training.TotalSeconds:F1} s");
        Console.WriteLine($"test accuracy {plain.Accuracy:F4}, with mirrored and shifted views {views.Accuracy:F4}");
    }

    private void Save(TModel model)
    {
        if (settings.WeightsPath == null)
            return;
        ModelWeights.Save(settings.WeightsPath, model.Parameters);
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
            var rate = StepsPerPrediction * TModel.Summary.MultiplyAdds * value.ImagesPerSecond / 1e9;
            Console.WriteLine(
                $"epoch {value.Epoch}/{value.Epochs}  loss {value.Loss:F4}  accuracy {value.Accuracy:F4}  test accuracy {accuracy:F4}  "
                    + $"{images / value.ImagesPerSecond:F1} s  {value.ImagesPerSecond:F0} images/s  {rate:F1} G multiply-adds/s");
        }
    }
}
