namespace CnnGen.Generator.Arguments;

/// <summary>What a float argument may be; NaN and the infinities never.</summary>
/// <param name="Description">For the message: <c>finite and 0 or more</c>.</param>
/// <param name="Example">A value that is allowed, as one writes it.</param>
internal sealed record FloatRange(Func<float, bool> Allows, string Description, string Example)
{
    public bool Contains(float value) => !float.IsNaN(value) && !float.IsInfinity(value) && Allows(value);

    public static FloatRange NotNegative(string example) => new(value => value >= 0, "finite and 0 or more", example);

    public static FloatRange Positive(string example) => new(value => value > 0, "finite and above 0", example);

    public static FloatRange Fraction(string example) => new(value => value is >= 0 and <= 1, "from 0 to 1", example);

    /// <summary>[0, 1): a probability of which 1 makes no sense.</summary>
    public static FloatRange BelowOne(string example) => new(value => value is >= 0 and < 1, "at least 0 and below 1", example);
}
