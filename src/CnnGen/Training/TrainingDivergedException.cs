using System.Globalization;

namespace CnnGen;

/// <summary>
/// The loss became NaN or infinite: training stopped before the gradients of that batch were applied, and the parameters are those that gave this loss. Or a
/// weight was NaN or infinite after an epoch's last step. Either way the parameters are of no use: go back to saved ones, or start anew.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    private const string Advice =
        $"Try a tenth of the optimiser's learning rate, a warm-up ({nameof(OneCycleSchedule)}) or normalisation layers (BatchNorm); "
        + "and see that the images hold no NaN or infinity and are scaled to about 0 to 1.";

    internal TrainingDivergedException(string what, int epoch, int epochs, int batch, int batches, float learningRate, double loss, string? image)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Training diverged: the {what} is {loss} in epoch {epoch} of {epochs}, at batch {batch} of {batches}, with learning rate {learningRate:G4}. ")
            + (image == null ? Advice : $"The cause: {image}. Mend such images, or leave them out."))
    {
        Epoch = epoch;
        Batch = batch;
        LearningRate = learningRate;
        Loss = loss;
    }

    internal TrainingDivergedException(string weights, int epoch, int epochs, int batches, TrainingProgress last)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Training diverged: {weights}, after the last step of epoch {epoch} of {epochs}, with learning rate {last.LearningRate:G4}. ") + Advice)
    {
        Epoch = epoch;
        Batch = batches;
        LearningRate = last.LearningRate;
        Loss = last.Loss;
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch within the epoch, from 1.</summary>
    public int Batch { get; }

    /// <summary>The learning rate at that batch.</summary>
    public float LearningRate { get; }

    /// <summary>The loss: NaN or infinite; or, where a weight became so in an epoch's last step, the epoch's mean.</summary>
    public double Loss { get; }
}
