using CnnGen;
using CnnGen.Images;
using TrainingSamples;

namespace TransferSample;

/// <summary>The program from its settings to its last line: data, experiment, table, drawing.</summary>
internal static class TransferRun
{
    /// <summary>Runs all of it.</summary>
    /// <returns>The program's exit code.</returns>
    public static int Execute(Settings settings)
    {
        Threads.Count = settings.ThreadCount;
        OutputFile.Check("--chart", settings.ChartPath, "chart.svg");
        var (training, test) = Load(settings);
        var effort = EffortOf(settings);
        using var interruption = new Interruption();
        IReadOnlyList<Result> results;
        try
        {
            results = new Experiment(effort, settings.Seed, Console.WriteLine, interruption.Token).Run(training, test);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            Console.WriteLine("stopped");
            return ExitCode.Interrupted;
        }

        Console.WriteLine();
        Console.WriteLine(ResultTable.Format(results));
        File.WriteAllText(settings.ChartPath, ResultChart.Svg(results));
        Console.WriteLine($"drawn in {settings.ChartPath}");
        return ExitCode.Success;
    }

    /// <summary>The images to learn from, and those to measure on.</summary>
    /// <exception cref="InvalidDataException">The folder has fewer classes than two halves need.</exception>
    internal static (ByteImageDataset Training, ByteImageDataset Test) Load(Settings settings)
    {
        if (settings.Folder == null)
        {
            var (training, test) = Cifar10.Load(settings.DataDirectory!);
            return settings.IsQuick ? (training.Subset(0, 4000), test.Subset(0, 1000)) : (training, test);
        }

        var folder = ImageFolder.Load(settings.Folder, FiveClassNet.InputShape.Width, FiveClassNet.InputShape.Height);
        return folder.ClassNames.Count >= 2 * Experiment.Classes
            ? folder.Split(0.2, settings.Seed)
            : throw new InvalidDataException($"'{settings.Folder}' has {folder.ClassNames.Count} classes, but it takes {2 * Experiment.Classes}: {Experiment.Classes} to learn from many images, and as many from few.");
    }

    /// <summary>What the user chose, and for the rest what belongs to the way: all images, or a part.</summary>
    internal static Effort EffortOf(Settings settings)
    {
        var effort = settings.IsQuick ? Effort.Quick : Effort.Whole;
        return effort with { Epochs = settings.Epochs ?? effort.Epochs, Draws = settings.Draws ?? effort.Draws };
    }
}
