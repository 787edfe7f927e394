using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>What came of each epoch that a training finished.</summary>
public sealed class TrainingHistory
{
    private readonly List<EpochResult> _epochs = [];

    internal TrainingHistory()
    {
    }

    /// <summary>The finished epochs, first to last.</summary>
    public IReadOnlyList<EpochResult> Epochs => _epochs;

    /// <summary>Why the training ended before its last epoch, where a callback ended it; else null.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>One line for each epoch.</summary>
    public override string ToString() => string.Join('\n', _epochs);

    /// <summary>A drawing of loss and accuracy over the epochs, of training and validation.</summary>
    /// <returns>An SVG document.</returns>
    public string ToSvg() => LineChart.Svg(
        Panel("Loss", epoch => epoch.Loss, epoch => epoch.ValidationLoss), Panel("Accuracy", epoch => epoch.Accuracy, epoch => epoch.ValidationAccuracy));

    internal void Add(EpochResult result) => _epochs.Add(result);

    private LineChart.Panel Panel(string title, Func<EpochResult, double> training, Func<EpochResult, double?> validation) => new(
        title,
        "epoch",
        false,
        new LineChart.Line("training", [.. _epochs.Select(epoch => ((double)epoch.Epoch, training(epoch)))]),
        new LineChart.Line("validation", [.. _epochs.Select(epoch => ((double)epoch.Epoch, validation(epoch) ?? double.NaN))]));
}

/// <summary>What came of one epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">The mean loss over the training images, each under the parameters of its time.</param>
/// <param name="Accuracy">The part of the training images that the model classed right, each at its time; NaN for images without labels.</param>
/// <param name="ValidationLoss">The mean loss over the validation images at the epoch's end; null without such images.</param>
/// <param name="ValidationAccuracy">The part of the validation images classed right at the epoch's end; null without such images, NaN without labels.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="Seconds">What training took, validation not counted.</param>
/// <param name="ImagesPerSecond">Images trained a second, validation not counted.</param>
public sealed record EpochResult(
    int Epoch,
    double Loss,
    double Accuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    float LearningRate,
    double Seconds,
    double ImagesPerSecond)
{
    /// <summary>As <c>epoch 2: loss 0.0712, accuracy 0.9781, validation loss 0.0634, accuracy 0.9802, 0.98 s</c>.</summary>
    public override string ToString()
    {
        var validation = ValidationLoss is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $", validation loss {ValidationLoss:F4}, accuracy {ValidationAccuracy:F4}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {Epoch}: loss {Loss:F4}, accuracy {Accuracy:F4}{validation}, {Seconds:F2} s");
    }
}
