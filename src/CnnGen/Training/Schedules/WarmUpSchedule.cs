using static System.FormattableString;

namespace CnnGen;

/// <summary>
/// A rise in a line before another schedule (Goyal et al. 2017, section 2.2): in warm-up step i of n, from 0, start + (1 - start) (i + 1) / n of the other's first factor. The other one has the steps that are left,
/// as if they were the whole training.
/// </summary>
public sealed class WarmUpSchedule : LearningRateSchedule
{
    private readonly LearningRateSchedule _then;

    /// <summary>Makes the schedule.</summary>
    /// <param name="epochs">The epochs of the rise, finite, above 0; parts of one count too. A training has to be longer.</param>
    /// <param name="then">What comes after it; null is <see cref="ConstantSchedule"/>.</param>
    /// <param name="startFactor">The part at which the rise begins, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public WarmUpSchedule(double epochs, LearningRateSchedule? then = null, double startFactor = 0)
    {
        CheckAbove(epochs, 0, nameof(epochs));
        CheckPart(startFactor, nameof(startFactor));
        Epochs = epochs;
        StartFactor = startFactor;
        _then = then ?? new ConstantSchedule();
    }

    /// <summary>The epochs of the rise.</summary>
    public double Epochs { get; }

    /// <summary>The part at which the rise begins.</summary>
    public double StartFactor { get; }

    internal override string Kind => $"{base.Kind} before {_then.Kind}";

    /// <inheritdoc/>
    public override void Begin() => _then.Begin();

    /// <inheritdoc/>
    public override void EpochEnded(EpochResult result) => _then.EpochEnded(result);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The warm-up is as long as the training, or longer.</exception>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        var rising = Math.Ceiling(Epochs * stepsPerEpoch);
        if (rising >= totalSteps)
            throw new InvalidOperationException(Invariant($"The warm-up takes {rising} steps, but the whole training has only {totalSteps}. Warm up for fewer epochs than {Epochs}, or train for more."));
        var steps = (long)rising;
        return step >= steps
            ? _then.At(step - steps, totalSteps - steps, stepsPerEpoch)
            : (float)(_then.At(0, totalSteps - steps, stepsPerEpoch) * (StartFactor + ((1 - StartFactor) * (step + 1) / steps)));
    }
}
