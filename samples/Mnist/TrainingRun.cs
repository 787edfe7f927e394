using CnnGen;
using MnistSample.Reporting;
using TrainingSamples;

namespace MnistSample;

/// <summary>The program from its settings to its last line: data, training, weights, test.</summary>
/// <typeparam name="TModel">The network.</typeparam>
internal sealed class TrainingRun<TModel>(Settings settings, Recipe recipe, Func<TModel, int, ITrainingDevice<TModel>> makeDevice)
    where TModel : class, ITrainableModel<TModel>
{
    /// <summary>Runs all of it.</summary>
    /// <returns>The program's exit code.</returns>
    public int Execute()
    {
        Threads.Count = settings.ThreadCount;
        if (settings.DigitsFolder is { } folder)
        {
            var digits = DigitData.Load(settings.DataDirectory, settings.Seed, Threads.Count);
            DigitImages.Save(digits.Test, folder);
            return ExitCode.Success;
        }

        OutputFile.Check("--out", settings.WeightsPath);
        var data = DigitData.Load(settings.DataDirectory, settings.Seed, Threads.Count);

        Console.WriteLine(TModel.Summary);
        Console.WriteLine($"{data.Training.Count} digits to train on and {data.Test.Count} to test on, {data.Origin}; threads: {Threads.Count}");
        Console.WriteLine();

        using var interruption = new Interruption();
        var model = TModel.Create(settings.Seed);
        var optimizer = recipe.MakeOptimizer(settings.LearningRate ?? recipe.LearningRate);
        using var device = settings.IsOnGpu ? makeDevice(model, (settings.BatchSize ?? recipe.BatchSize) + TModel.MinimumBatch - 1) : null;
        var trainer = new Trainer<TModel>(model, optimizer, new OneCycleSchedule(), settings.Seed) { Augmentation = recipe.Augmentation, Device = device };
        var finished = Train(trainer, data, interruption.Token);
        ModelWeights.Save(settings.WeightsPath, model.Parameters);
        if (!finished)
        {
            Console.WriteLine($"stopped; the weights as they are now were saved to {settings.WeightsPath}");
            return ExitCode.Interrupted;
        }

        var result = model.Evaluate(data.Test);
        Console.WriteLine();
        Console.WriteLine("What the test digits (rows) were taken for (columns):");
        Console.WriteLine(result.ConfusionMatrix);
        Console.WriteLine();
        PredictFromFile(data.Test);
        Console.WriteLine();
        Console.WriteLine($"test accuracy {result.Accuracy:F4}");
        return ExitCode.Success;
    }

    /// <summary>Trains to the end or until the user stops it.</summary>
    private bool Train(Trainer<TModel> trainer, DigitData data, CancellationToken cancellationToken)
    {
        try
        {
            ProgressDisplay.Show(
                data.Training.Count,
                progress => trainer.Fit(data.Training, settings.Epochs ?? recipe.Epochs, settings.BatchSize ?? recipe.BatchSize, data.Test, progress, cancellationToken));
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What another program would do with the file: load it and ask.</summary>
    private void PredictFromFile(ByteImageDataset test)
    {
        var model = TModel.Create();
        ModelWeights.Load(settings.WeightsPath, model.Parameters);
        var best = model.Classify(test.GetBytes(0), top: 3);

        Console.WriteLine($"The weights are in {settings.WeightsPath}. Loaded from there, they see the first test digit, a {test.GetLabel(0)}, as:");
        Console.Write(DigitView.Format(test.GetBytes(0), test.Shape.Width, best));
    }
}
