using System.Diagnostics;
using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

/// <summary>
/// Loss and accuracy over the epochs, drawn in a terminal as the training goes on: the training's own as a line, those of the validation as <c>o</c>. The drawing is replaced in place, at most four times a second, so that nothing else
/// should write to the terminal meanwhile. Where the output goes to a file or another program it is drawn once, at the end.
/// </summary>
/// <example><code>
/// var trainer = new Trainer&lt;Net&gt;(model, new AdamW()) { Callbacks = [new TerminalChart()] };
/// </code></example>
public sealed class TerminalChart : ITrainingCallback
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private readonly TextWriter _writer;
    private readonly bool _isLive;
    private readonly List<(double X, double Y)> _losses = [];
    private readonly List<(double X, double Y)> _accuracies = [];
    private double _epochs = 1;
    private int _drawn;
    private long _last;

    /// <summary>A chart on the console.</summary>
    /// <param name="width">Characters across, from 10 to 500.</param>
    /// <param name="height">Lines of each of the two drawings, from 2 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public TerminalChart(int width = 60, int height = 8)
        : this(Console.Out, !Console.IsOutputRedirected, width, height)
    {
    }

    /// <summary>A chart that is written elsewhere.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isLive">Whether that is a terminal, in which a drawing can be replaced (by the escape sequences of ECMA-48).</param>
    /// <param name="width">Characters across, from 10 to 500.</param>
    /// <param name="height">Lines of each of the two drawings, from 2 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public TerminalChart(TextWriter writer, bool isLive, int width = 60, int height = 8)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 500);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 100);
        (_writer, _isLive, Width, Height) = (writer, isLive, width, height);
    }

    /// <summary>Characters across.</summary>
    public int Width { get; }

    /// <summary>Lines of each of the two drawings.</summary>
    public int Height { get; }

    /// <inheritdoc/>
    public void OnBegin(ITraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        (_drawn, _last, _epochs) = (0, 0, 1);
        _losses.Clear();
        _accuracies.Clear();

        // Of a training that goes on where it was saved.
        foreach (var epoch in training.History.Epochs)
            Add(epoch.Epoch, epoch.Loss, epoch.Accuracy);
    }

    /// <inheritdoc/>
    public void OnBatch(ITraining training, TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(training);
        _epochs = progress.Epochs;
        Add(progress.Epoch - 1 + (progress.Batch / (double)progress.Batches), progress.Loss, progress.Accuracy);
        if (_isLive && (_drawn == 0 || Stopwatch.GetElapsedTime(_last) >= _pause))
            Draw(training.History);
    }

    /// <inheritdoc/>
    public void OnEpoch(ITraining training, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (_isLive)
            Draw(training.History);
    }

    /// <inheritdoc/>
    public void OnEnd(ITraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Draw(training.History);
    }

    /// <summary>Keeps a point of both lines; of points that fall on one column of dots the last one.</summary>
    private void Add(double x, double loss, double accuracy)
    {
        var column = _epochs / (2 * Width);
        if (_losses.Count > 1 && Math.Floor(_losses[^1].X / column) == Math.Floor(x / column))
        {
            _losses.RemoveAt(_losses.Count - 1);
            _accuracies.RemoveAt(_accuracies.Count - 1);
        }

        _losses.Add((x, loss));
        _accuracies.Add((x, accuracy));
    }

    private void Draw(TrainingHistory history)
    {
        var lines = Panel("loss", _losses, [.. history.Epochs.Select(epoch => ((double)epoch.Epoch, epoch.ValidationLoss ?? double.NaN))]);
        if (_accuracies.Exists(point => double.IsFinite(point.Y)))
            lines.AddRange(Panel("accuracy", _accuracies, [.. history.Epochs.Select(epoch => ((double)epoch.Epoch, epoch.ValidationAccuracy ?? double.NaN))]));
        lines.Add(Invariant($"epoch {(_losses.Count == 0 ? 0 : _losses[^1].X):F1} of {_epochs}"));

        // Up to the first line of the last drawing; each line is cleared before it is written.
        if (_isLive && _drawn > 0)
            _writer.Write(Invariant($"\u001b[{_drawn}A"));
        foreach (var line in lines)
            _writer.WriteLine(_isLive ? "\u001b[2K" + line : line);
        _writer.Flush();
        (_drawn, _last) = (lines.Count, Stopwatch.GetTimestamp());
    }

    private List<string> Panel(string name, List<(double X, double Y)> line, List<(double X, double Y)> marks)
    {
        var title = line.Count == 0 ? name : $"{name} {Text(line[^1].Y)}";
        if (marks.FindLast(mark => double.IsFinite(mark.Y)) is { X: > 0 } last)
            title += $", validation {Text(last.Y)}";
        return TerminalPlot.Draw(title, line, marks, _epochs, Width, Height);

        static string Text(double value) => Invariant($"{value:F4}");
    }
}
