using System.Globalization;
using System.Text;

namespace CnnGen;

/// <summary>
/// Writes the finished epochs to a file, which is replaced as a whole after each: it has the history and nothing else, also where the training was killed and resumed.
/// </summary>
public abstract class TrainingLog : ITrainingCallback
{
    /// <summary>What an epoch's numbers are called, in the order of <see cref="Numbers"/>.</summary>
    private protected static readonly string[] s_names = ["epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds", "images_per_second"];

    private protected TrainingLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath = path;
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <inheritdoc/>
    public void OnBegin(ITraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Write(training.History);
    }

    /// <inheritdoc/>
    public void OnEpoch(ITraining training, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(training);
        Write(training.History);
    }

    private protected abstract string Text(TrainingHistory history);

    private protected static double?[] Numbers(EpochResult epoch) =>
        [epoch.Epoch, epoch.Loss, epoch.Accuracy, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.LearningRate, epoch.Seconds, epoch.ImagesPerSecond];

    private protected static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private void Write(TrainingHistory history)
    {
        var bytes = Encoding.UTF8.GetBytes(Text(history));
        AtomicFile.Write(FilePath, stream => stream.Write(bytes));
    }
}

/// <summary>A line with a heading, and one for each epoch, with commas between; nothing stands where a number is missing. Numbers have as many digits as give the same bits again.</summary>
/// <param name="path">The file; one that is there is replaced.</param>
public sealed class CsvLog(string path) : TrainingLog(path)
{
    private protected override string Text(TrainingHistory history)
    {
        var text = new StringBuilder().AppendJoin(',', s_names).Append('\n');
        foreach (var epoch in history.Epochs)
            text.AppendJoin(',', Numbers(epoch).Select(number => number is { } value && !double.IsNaN(value) ? Number(value) : "")).Append('\n');
        return text.ToString();
    }
}

/// <summary>A JSON object for each epoch, on a line of its own; a number that is missing or not finite is null.</summary>
/// <param name="path">The file; one that is there is replaced.</param>
public sealed class JsonLinesLog(string path) : TrainingLog(path)
{
    private protected override string Text(TrainingHistory history)
    {
        var text = new StringBuilder();
        foreach (var epoch in history.Epochs)
        {
            text.Append('{');
            text.AppendJoin(", ", s_names.Zip(Numbers(epoch), (name, number) => $"\"{name}\": {(number is { } value && double.IsFinite(value) ? Number(value) : "null")}"));
            text.Append("}\n");
        }

        return text.ToString();
    }
}

/// <summary>Draws loss and accuracy over the epochs (<see cref="TrainingHistory.ToSvg"/>), anew after each.</summary>
/// <param name="path">The file; one that is there is replaced.</param>
public sealed class SvgChart(string path) : TrainingLog(path)
{
    private protected override string Text(TrainingHistory history) => history.ToSvg();
}
