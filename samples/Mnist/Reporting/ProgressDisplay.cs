using CnnGen;
using Spectre.Console;

namespace MnistSample.Reporting;

/// <summary>Shows training as it goes: a line an epoch, on a terminal with a moving bar below them.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs <paramref name="train"/> and shows what it reports.</summary>
    /// <param name="images">The images of an epoch.</param>
    /// <param name="train">Trains, and reports to the object that it is given.</param>
    public static void Show(int images, Action<IProgress<TrainingProgress>> train)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            train(new Lines(images, Console.WriteLine));
            return;
        }

        AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => train(new Bar(new Lines(images, AnsiConsole.WriteLine), context.AddTask("training"))));
    }

    /// <summary>The line of an epoch, written when it has ended.</summary>
    private sealed class Lines(int images, Action<string> write) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.ValidationAccuracy is not { } testAccuracy)
                return;
            var seconds = images / value.ImagesPerSecond;
            write($"epoch {value.Epoch}/{value.Epochs}  loss {value.Loss:F4}  accuracy {value.Accuracy:F4}  test accuracy {testAccuracy:F4}  {seconds:F3} s");
        }
    }

    private sealed class Bar(Lines lines, ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.MaxValue = (double)value.Epochs * value.Batches;
            task.Value = ((value.Epoch - 1.0) * value.Batches) + value.Batch;
            task.Description = $"epoch {value.Epoch}/{value.Epochs}  loss {value.Loss:F4}  accuracy {value.Accuracy:F4}";
            lines.Report(value);
        }
    }
}
