using CnnGen;
using MnistSample.Reporting;

namespace MnistSample;

/// <summary>The program from its settings to its last line: data, training, weights, test.</summary>
internal sealed class TrainingRun(Settings settings)
{
    private const float Momentum = 0.9f;
    private const float WeightDecay = 0.001f;

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

        OutputFile.Check(settings.WeightsPath);
        var data = DigitData.Load(settings.DataDirectory, settings.Seed, Threads.Count);

        Console.WriteLine(LeNet5.Summary);
        Console.WriteLine($"{data.Training.Count} digits to train on and {data.Test.Count} to test on, {data.Origin}; threads: {Threads.Count}");
        Console.WriteLine();

        using var interruption = new Interruption();
        var model = LeNet5.Create(settings.Seed);
        var optimizer = new Sgd(settings.LearningRate, Momentum, weightDecay: WeightDecay);
        var trainer = new Trainer<LeNet5>(model, optimizer, new OneCycleSchedule(), settings.Seed);
        var finished = Train(trainer, data, interruption.Token);
        model.Save(settings.WeightsPath);
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
    private bool Train(Trainer<LeNet5> trainer, DigitData data, CancellationToken cancellationToken)
    {
        try
        {
            ProgressDisplay.Show(
                data.Training.Count,
                progress => trainer.Fit(data.Training, settings.Epochs, settings.BatchSize, data.Test, progress, cancellationToken));
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
        using var model = LeNet5.Load(settings.WeightsPath);
        var best = model.Classify(test.GetBytes(0), top: 3);

        Console.WriteLine($"The weights are in {settings.WeightsPath}. Loaded from there, they see the first test digit, a {test.GetLabel(0)}, as:");
        Console.Write(DigitView.Format(test.GetBytes(0), test.Shape.Width, best));
    }
}
