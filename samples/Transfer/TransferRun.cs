using CnnGen;
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
        OutputFile.Check("--chart", settings.ChartPath);
        var (training, test) = Cifar10.Load(settings.DataDirectory);
        if (settings.IsQuick)
            (training, test) = (training.Subset(0, 4000), test.Subset(0, 1000));
        var effort = EffortOf(settings);
        using var interruption = new Interruption();
        IReadOnlyList<Result> results;
        try
        {
            results = new Experiment(effort, Console.WriteLine, interruption.Token).Run(training, test);
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

    /// <summary>What the user chose, and for the rest what belongs to the way: all images, or a part.</summary>
    internal static Effort EffortOf(Settings settings)
    {
        var effort = settings.IsQuick ? Effort.Quick : Effort.Whole;
        return effort with { Epochs = settings.Epochs ?? effort.Epochs, Draws = settings.Draws ?? effort.Draws, Seed = settings.Seed };
    }
}
