using System.Globalization;

namespace CnnGen;

/// <summary>
/// The loss became NaN or infinite. Training stopped before the gradients of that batch were applied; the parameters are those that gave this loss,
/// which is to say that they are of no use: go back to saved ones, or start anew.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(string what, int epoch, int epochs, int batch, int batches, float learningRate, double loss)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Training diverged: the {what} is {loss} in epoch {epoch} of {epochs}, at batch {batch} of {batches}, with learning rate {learningRate:G4}. ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"Try a tenth of the optimiser's learning rate, a warm-up ({nameof(OneCycleSchedule)}) or normalisation layers (BatchNorm); ")
            + "and see that the images hold no NaN or infinity and are scaled to about 0 to 1.")
    {
        Epoch = epoch;
        Batch = batch;
        LearningRate = learningRate;
        Loss = loss;
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch within the epoch, from 1.</summary>
    public int Batch { get; }

    /// <summary>The learning rate at that batch.</summary>
    public float LearningRate { get; }

    /// <summary>The loss: NaN or infinite.</summary>
    public double Loss { get; }
}
