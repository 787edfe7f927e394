namespace CnnGen.Generator.Shapes;

/// <summary>What is emitted of a model.</summary>
[Flags]
internal enum PassKinds
{
    /// <summary>Predictions.</summary>
    Predict = 1,

    /// <summary>Training as well.</summary>
    Train = 2,

    /// <summary>What each layer computes when predicting, and gradients by it.</summary>
    Explain = 4,
}
