using System.Globalization;

namespace CnnGen;

/// <summary>How the learning rate moves during training: a factor, for each step, on the optimiser's rate.</summary>
public abstract class LearningRateSchedule
{
    /// <summary>The factor by which the optimiser's learning rate is multiplied in a step.</summary>
    /// <param name="step">The step (batch) of this training, from 0 to <paramref name="totalSteps"/> - 1.</param>
    /// <param name="totalSteps">The steps of the whole training: epochs x steps per epoch.</param>
    /// <param name="stepsPerEpoch">The steps of one epoch.</param>
    /// <returns>A finite factor, 0 or more.</returns>
    public abstract float At(long step, long totalSteps, long stepsPerEpoch);

    /// <summary>Called when a training begins anew, or is resumed: forgets what earlier ones came to.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>
    /// Called after each epoch of a training and its validation; for schedules that go by them. Where a training is resumed, called after <see cref="Begin"/> for each epoch that was
    /// finished, in their order: what a schedule keeps has to come from these results alone.
    /// </summary>
    /// <param name="result">What came of the epoch.</param>
    public virtual void EpochEnded(EpochResult result)
    {
    }

    /// <summary>What a training's state says of its schedule's kind.</summary>
    internal virtual string Kind => GetType().Name;

    /// <summary>From <paramref name="start"/> at 0 along half a cosine to <paramref name="end"/> at 1.</summary>
    private protected static double Cosine(double start, double end, double position) =>
        end + ((start - end) * (1 + Math.Cos(Math.PI * position)) / 2);

    private protected static void CheckAbove(double value, double minimum, string name)
    {
        if (!(value > minimum && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be a finite number above {minimum}."));
    }

    private protected static void CheckFactor(double value, string name)
    {
        if (!((float)value >= 0 && float.IsFinite((float)value)))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be a finite number, 0 or more."));
    }

    private protected static void CheckPart(double value, string name)
    {
        if (!(value is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be from 0 to 1."));
    }

    private protected static void CheckSteps(long step, long totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, totalSteps);
    }
}

/// <summary>The optimiser's learning rate throughout.</summary>
public sealed class ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        return 1;
    }
}

/// <summary>
/// Multiplies the rate by <see cref="Gamma"/> every so many epochs (PyTorch's <c>StepLR</c>): gamma^floor(epoch / epochs).
/// </summary>
public sealed class StepSchedule : LearningRateSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="epochs">The epochs between two drops, 1 or more.</param>
    /// <param name="gamma">The factor of a drop, finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public StepSchedule(int epochs, double gamma = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        CheckAbove(gamma, 0, nameof(gamma));
        Epochs = epochs;
        Gamma = gamma;
    }

    /// <summary>The epochs between two drops.</summary>
    public int Epochs { get; }

    /// <summary>The factor of a drop.</summary>
    public double Gamma { get; }

    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        return (float)Math.Pow(Gamma, step / stepsPerEpoch / Epochs);
    }
}

/// <summary>
/// Half a cosine from the optimiser's rate towards a final one (Loshchilov, Hutter 2017, equation 5, without restarts; PyTorch's <c>CosineAnnealingLR</c> with T_max = all
/// steps, stepped once a batch): final + (1 - final) (1 + cos(pi step / totalSteps)) / 2.
/// </summary>
public sealed class CosineSchedule : LearningRateSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="finalFactor">The part of the optimiser's rate at the end, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="finalFactor"/> is outside [0, 1].</exception>
    public CosineSchedule(double finalFactor = 0)
    {
        CheckPart(finalFactor, nameof(finalFactor));
        FinalFactor = finalFactor;
    }

    /// <summary>The part of the optimiser's rate at the end.</summary>
    public double FinalFactor { get; }

    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        return (float)Cosine(1, FinalFactor, step / (double)totalSteps);
    }
}

/// <summary>
/// One cycle (Smith, Topin 2018): warms up from 1/<see cref="InitialDivisor"/> of the optimiser's rate to all of it, then goes down to
/// 1/(<see cref="InitialDivisor"/> x <see cref="FinalDivisor"/>), both along half a cosine. The rates are those of PyTorch's <c>OneCycleLR</c> with its defaults; the momentum,
/// which that one cycles too unless told otherwise, stays as it is.
/// </summary>
public sealed class OneCycleSchedule : LearningRateSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="warmUp">The part of all steps that the rate rises in, in [0, 1].</param>
    /// <param name="initialDivisor">The optimiser's rate over the first one, above 0.</param>
    /// <param name="finalDivisor">The first rate over the last one, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public OneCycleSchedule(double warmUp = 0.3, double initialDivisor = 25, double finalDivisor = 1e4)
    {
        CheckPart(warmUp, nameof(warmUp));
        CheckAbove(initialDivisor, 0, nameof(initialDivisor));
        CheckAbove(finalDivisor, 0, nameof(finalDivisor));
        WarmUp = warmUp;
        InitialDivisor = initialDivisor;
        FinalDivisor = finalDivisor;
    }

    /// <summary>The part of all steps that the rate rises in.</summary>
    public double WarmUp { get; }

    /// <summary>The optimiser's rate over the first one.</summary>
    public double InitialDivisor { get; }

    /// <summary>The first rate over the last one.</summary>
    public double FinalDivisor { get; }

    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        var initial = 1 / InitialDivisor;
        var final = initial / FinalDivisor;

        // The steps at which the rate is highest and lowest; the first may lie between two steps, or before the first if there are few.
        var peak = (WarmUp * totalSteps) - 1;
        var last = totalSteps - 1.0;
        if (step <= peak && peak > 0)
            return (float)Cosine(initial, 1, step / peak);
        peak = Math.Max(peak, 0);
        return (float)(peak < last ? Cosine(1, final, (step - peak) / (last - peak)) : 1);
    }
}
