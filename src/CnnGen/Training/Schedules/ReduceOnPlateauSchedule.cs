namespace CnnGen;

/// <summary>
/// Multiplies the rate by a factor when a metric has not become better for more than so many epochs (PyTorch's <c>ReduceLROnPlateau</c> with a relative threshold): better than best is a loss below best (1 - threshold), or an
/// accuracy above best (1 + threshold).
/// </summary>
public sealed class ReduceOnPlateauSchedule : LearningRateSchedule
{
    private double _scale = 1;
    private double _best = double.NaN;
    private int _bad;
    private int _resting;

    /// <summary>Makes the schedule.</summary>
    /// <param name="factor">The factor of a reduction, above 0, below 1.</param>
    /// <param name="patience">The epochs without a better value that are let pass, 0 or more.</param>
    /// <param name="metric">What has to become better.</param>
    /// <param name="threshold">By which part it has to, in [0, 1].</param>
    /// <param name="coolDown">The epochs after a reduction in which none are counted, 0 or more.</param>
    /// <param name="minimum">The least part of the optimiser's rate, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ReduceOnPlateauSchedule(
        double factor = 0.1, int patience = 10, TrainingMetric metric = TrainingMetric.Loss, double threshold = 1e-4, int coolDown = 0, double minimum = 0)
    {
        CheckAbove(factor, 0, nameof(factor));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(factor, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        ArgumentOutOfRangeException.ThrowIfNegative(coolDown);
        CheckPart(threshold, nameof(threshold));
        CheckPart(minimum, nameof(minimum));
        TrainingMetrics.Check(metric, nameof(metric));
        Factor = factor;
        Patience = patience;
        Metric = metric;
        Threshold = threshold;
        CoolDown = coolDown;
        Minimum = minimum;
    }

    /// <summary>The factor of a reduction.</summary>
    public double Factor { get; }

    /// <summary>The epochs without a better value that are let pass.</summary>
    public int Patience { get; }

    /// <summary>What has to become better.</summary>
    public TrainingMetric Metric { get; }

    /// <summary>By which part it has to.</summary>
    public double Threshold { get; }

    /// <summary>The epochs after a reduction in which none are counted.</summary>
    public int CoolDown { get; }

    /// <summary>The least part of the optimiser's rate.</summary>
    public double Minimum { get; }

    /// <inheritdoc/>
    public override void Begin() => (_scale, _best, _bad, _resting) = (1, double.NaN, 0, 0);

    /// <inheritdoc/>
    public override void EpochEnded(EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var value = Metric.Of(result);
        if (Metric.IsBetter(value, _best, Math.Abs(_best) * Threshold))
            (_best, _bad) = (value, 0);
        else
            _bad++;
        if (_resting > 0)
            (_resting, _bad) = (_resting - 1, 0);
        if (_bad <= Patience)
            return;
        _scale = Math.Max(_scale * Factor, Minimum);
        (_resting, _bad) = (CoolDown, 0);
    }

    /// <inheritdoc/>
    public override float At(long step, long totalSteps, long stepsPerEpoch)
    {
        CheckSteps(step, totalSteps);
        return (float)_scale;
    }
}
