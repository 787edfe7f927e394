namespace CnnGen;

/// <summary>A number of an epoch's result that a callback or a schedule goes by.</summary>
public enum TrainingMetric
{
    /// <summary>The validation's loss, or without validation images the training's.</summary>
    Loss,

    /// <summary>The validation's accuracy, or without validation images the training's.</summary>
    Accuracy,

    /// <summary>The loss over the training images.</summary>
    TrainingLoss,

    /// <summary>The accuracy over the training images.</summary>
    TrainingAccuracy,
}

/// <summary>How metrics are read and compared.</summary>
internal static class TrainingMetrics
{
    public static double Of(this TrainingMetric metric, EpochResult result) => metric switch
    {
        TrainingMetric.Loss => result.ValidationLoss ?? result.Loss,
        TrainingMetric.Accuracy => result.ValidationAccuracy ?? result.Accuracy,
        TrainingMetric.TrainingLoss => result.Loss,
        _ => result.Accuracy,
    };

    public static bool IsHigherBetter(this TrainingMetric metric) => metric is TrainingMetric.Accuracy or TrainingMetric.TrainingAccuracy;

    /// <summary>Whether a number is better than the best so far (NaN: none yet) by more than a margin. NaN is never better.</summary>
    public static bool IsBetter(this TrainingMetric metric, double value, double best, double margin) =>
        !double.IsNaN(value) && (double.IsNaN(best) || (metric.IsHigherBetter() ? value > best + margin : value < best - margin));

    public static void Check(TrainingMetric metric, string name)
    {
        if (metric is < TrainingMetric.Loss or > TrainingMetric.TrainingAccuracy)
            throw new ArgumentOutOfRangeException(name, metric, "There is no such metric.");
    }
}
