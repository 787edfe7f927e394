using System.Globalization;

namespace CnnGen;

/// <summary>
/// Where training is: reported after every batch, and once more after an epoch's validation, which alone has
/// <see cref="ValidationLoss"/> and <see cref="ValidationAccuracy"/>.
/// </summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The epochs of this training.</param>
/// <param name="Batch">The batches of this epoch that are done, from 1.</param>
/// <param name="Batches">The batches of an epoch.</param>
/// <param name="Loss">The mean loss over this epoch's images so far, each under the parameters of its time.</param>
/// <param name="Accuracy">The part of this epoch's images so far that the model classed right, each at its time; NaN for images without labels.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="ImagesPerSecond">Images trained a second in this epoch so far, validation not counted.</param>
/// <param name="ValidationLoss">The mean loss over the validation images, at an epoch's end.</param>
/// <param name="ValidationAccuracy">The part of the validation images that the model classes right, at an epoch's end.</param>
public readonly record struct TrainingProgress(
    int Epoch,
    int Epochs,
    int Batch,
    int Batches,
    double Loss,
    double Accuracy,
    float LearningRate,
    double ImagesPerSecond,
    double? ValidationLoss = null,
    double? ValidationAccuracy = null)
{
    /// <summary>As <c>epoch 2/5, batch 938/938: loss 0.0712, accuracy 0.9781, validation loss 0.0634, accuracy 0.9802, 61234 images/s</c>.</summary>
    public override string ToString()
    {
        var validation = ValidationLoss is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $", validation loss {ValidationLoss:F4}, accuracy {ValidationAccuracy:F4}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {Epoch}/{Epochs}, batch {Batch}/{Batches}: loss {Loss:F4}, accuracy {Accuracy:F4}{validation}, {ImagesPerSecond:F0} images/s");
    }
}
