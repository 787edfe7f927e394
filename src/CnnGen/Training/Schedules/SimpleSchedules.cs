using System.Globalization;

namespace CnnGen;

/// <summary>In a line from one part of the optimiser's rate to another: start + (end - start) step / totalSteps (PyTorch's <c>LinearLR</c> over all steps).</summary>
public sealed class LinearSchedule : LearningRateSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="startFactor">The part of the optimiser's rate at the start, finite, 0 or more.</param>
    /// <param name="endFactor">The part at the end, finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public LinearSchedule(double startFactor = 1, double endFactor = 0)
    {
        CheckFactor(startFactor, nameof(startFactor));
        CheckFactor(endFactor, nameof(endFactor));
        StartFactor = startFactor;
        EndFactor = endFactor;
    }

    /// <summary>The part of the optimiser's rate at the start.</summary>
    public double StartFactor { get; }

    /// <summary>The part of the optimiser's rate at the end.</summary>
    public double EndFactor { get; }

    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        return (float)(StartFactor + ((EndFactor - StartFactor) * step / totalSteps));
    }
}

/// <summary>Falls as a power of what is left of the training (PyTorch's <c>PolynomialLR</c> over all steps): final + (1 - final) (1 - step / totalSteps)^power.</summary>
public sealed class PolynomialSchedule : LearningRateSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="power">The power, finite, above 0.</param>
    /// <param name="finalFactor">The part of the optimiser's rate at the end, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public PolynomialSchedule(double power = 2, double finalFactor = 0)
    {
        CheckAbove(power, 0, nameof(power));
        CheckPart(finalFactor, nameof(finalFactor));
        Power = power;
        FinalFactor = finalFactor;
    }

    /// <summary>The power.</summary>
    public double Power { get; }

    /// <summary>The part of the optimiser's rate at the end.</summary>
    public double FinalFactor { get; }

    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        return (float)(FinalFactor + ((1 - FinalFactor) * Math.Pow(1 - (step / (double)totalSteps), Power)));
    }
}

/// <summary>Multiplies the rate by <see cref="Gamma"/> after each epoch (PyTorch's <c>ExponentialLR</c>), or smoothly over its steps: gamma^epoch.</summary>
public sealed class ExponentialSchedule : LearningRateSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="gamma">The factor of an epoch, finite, above 0.</param>
    /// <param name="smooth">Whether the rate changes with every step, and not only after each epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is out of its range.</exception>
    public ExponentialSchedule(double gamma, bool smooth = false)
    {
        CheckAbove(gamma, 0, nameof(gamma));
        Gamma = gamma;
        Smooth = smooth;
    }

    /// <summary>The factor of an epoch.</summary>
    public double Gamma { get; }

    /// <summary>Whether the rate changes with every step.</summary>
    public bool Smooth { get; }

    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        return (float)Math.Pow(Gamma, Smooth ? step / (double)stepsPerEpoch : step / stepsPerEpoch);
    }
}

/// <summary>A function of one's own.</summary>
public sealed class FunctionSchedule : LearningRateSchedule
{
    private readonly Func<long, long, long, double> _function;

    /// <summary>Makes the schedule.</summary>
    /// <param name="function">The factor in a step, from the step (from 0), the steps of the whole training and those of an epoch; finite, 0 or more.</param>
    public FunctionSchedule(Func<long, long, long, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        _function = function;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The function gave a factor that is negative or not finite.</exception>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        var factor = _function(step, totalSteps, stepsPerEpoch);
        if (!((float)factor >= 0 && float.IsFinite((float)factor)))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The schedule's function gave {factor} for step {step} of {totalSteps}, but a factor must be a finite number, 0 or more."));
        return (float)factor;
    }
}
