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
        OutputFile.Check("--chart", settings.ChartPath, "chart.svg");
        var (training, test) = Cifar10.Load(settings.DataDirectory);
        if (settings.IsQuick)
            (training, test) = (training.Subset(0, 4000), test.Subset(0, 1000));
        var effort = settings.IsQuick
            ? new Effort(Epochs: 2, Steps: 20, PerClass: [10, 30], Draws: 2, settings.Seed)
            : new Effort(settings.Epochs, Steps: 400, PerClass: [10, 30, 100], settings.Draws, settings.Seed);
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
}
