using System.Globalization;

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

    /// <summary>One line for each epoch.</summary>
    public override string ToString() => string.Join('\n', _epochs);

    internal void Add(EpochResult result) => _epochs.Add(result);
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
