using System.Globalization;

namespace CnnGen;

/// <summary>What a model takes an image for.</summary>
/// <param name="Class">The class's number: the label that training images of it have.</param>
/// <param name="Probability">How sure the model is, 0 to 1: its output for the class.</param>
public readonly record struct Classification(int Class, float Probability)
{
    /// <summary>The class's name, where the model knows it (<see cref="Runtime.ParameterStore.ClassNames"/>).</summary>
    public string? Name { get; init; }

    /// <summary>As <c>7 (0.9987)</c>, or <c>cat (0.9987)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name ?? Class.ToString(CultureInfo.InvariantCulture)} ({Probability:F4})");
}
