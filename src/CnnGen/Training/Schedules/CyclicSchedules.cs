namespace CnnGen;

/// <summary>
/// Half a cosine down, over and over (Loshchilov, Hutter 2017, equation 5; PyTorch's <c>CosineAnnealingWarmRestarts</c>, stepped with every batch): within a cycle of T epochs of which t
/// have passed, final + (1 - final) (1 + cos(pi t / T)) / 2. Each cycle is <see cref="Multiplier"/> times as long as the one before.
/// </summary>
public sealed class CosineRestartsSchedule : LearningRateSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="epochs">The epochs of the first cycle, 1 or more.</param>
    /// <param name="multiplier">How much longer each cycle is than the one before, 1 or more.</param>
    /// <param name="finalFactor">The part of the optimiser's rate at a cycle's end, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public CosineRestartsSchedule(int epochs, int multiplier = 1, double finalFactor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplier, 1);
        CheckPart(finalFactor, nameof(finalFactor));
        Epochs = epochs;
        Multiplier = multiplier;
        FinalFactor = finalFactor;
    }

    /// <summary>The epochs of the first cycle.</summary>
    public int Epochs { get; }

    /// <summary>How much longer each cycle is than the one before.</summary>
    public int Multiplier { get; }

    /// <summary>The part of the optimiser's rate at a cycle's end.</summary>
    public double FinalFactor { get; }

    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        var length = (double)Epochs * stepsPerEpoch;
        double passed = step;
        if (Multiplier == 1)
            passed %= length;
        for (; passed >= length; length *= Multiplier)
            passed -= length;
        return (float)Cosine(1, FinalFactor, passed / length);
    }
}

/// <summary>How high the cycles of a <see cref="CyclicalSchedule"/> are.</summary>
public enum CycleHeight
{
    /// <summary>All alike (Smith 2017, "triangular").</summary>
    Constant,

    /// <summary>Each half as high as the one before ("triangular2").</summary>
    Halving,
}

/// <summary>
/// In a line from a low rate up to the optimiser's and down again, over and over (Smith 2017, section 3.1; PyTorch's <c>CyclicLR</c>). The momentum, which that one cycles too unless told otherwise,
/// stays as it is.
/// </summary>
public sealed class CyclicalSchedule : LearningRateSchedule
{
    /// <summary>Makes the schedule.</summary>
    /// <param name="lowFactor">The part of the optimiser's rate at the lowest point, in [0, 1].</param>
    /// <param name="epochsUp">The epochs of a rise, finite, above 0; a fall takes as many.</param>
    /// <param name="height">How high cycles are.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public CyclicalSchedule(double lowFactor = 0.1, double epochsUp = 2, CycleHeight height = CycleHeight.Constant)
    {
        CheckPart(lowFactor, nameof(lowFactor));
        CheckAbove(epochsUp, 0, nameof(epochsUp));
        if (height is not (CycleHeight.Constant or CycleHeight.Halving))
            throw new ArgumentOutOfRangeException(nameof(height), height, "There is no such height.");
        LowFactor = lowFactor;
        EpochsUp = epochsUp;
        Height = height;
    }

    /// <summary>The part of the optimiser's rate at the lowest point.</summary>
    public double LowFactor { get; }

    /// <summary>The epochs of a rise.</summary>
    public double EpochsUp { get; }

    /// <summary>How high cycles are.</summary>
    public CycleHeight Height { get; }

    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        var halves = step / (EpochsUp * stepsPerEpoch);
        var cycle = Math.Floor(halves / 2);
        var height = 1 - Math.Abs(halves - (2 * cycle) - 1);
        if (Height == CycleHeight.Halving)
            height *= Math.Pow(0.5, cycle);
        return (float)(LowFactor + ((1 - LowFactor) * height));
    }
}
