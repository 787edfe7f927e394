namespace CnnGen;

/// <summary>What a model's <c>Warmup</c> makes ready.</summary>
public enum WarmupFor
{
    /// <summary>Predictions.</summary>
    Prediction,

    /// <summary>Training steps (<c>ComputeGradients</c>); a trainer that validates predicts too.</summary>
    Training,
}
