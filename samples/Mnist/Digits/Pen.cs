namespace MnistSample.Digits;

/// <summary>What a digit is written with.</summary>
/// <param name="Radius">Half the width of its line in pixels.</param>
/// <param name="Pressure">How far the width swings along the digit, as a part of it.</param>
/// <param name="Phase">Where along the swing the digit begins, in turns.</param>
/// <param name="Softness">The width of its edge in pixels, from ink to paper.</param>
/// <param name="Grain">The most that the ink of a pixel lacks, as a part of it.</param>
/// <param name="Noise">The deviation of the noise over the whole image, as a part of full ink.</param>
internal readonly record struct Pen(float Radius, float Pressure, float Phase, float Softness, float Grain, float Noise)
{
    public static Pen Choose(ref DigitRandom random) => new(
        Radius: random.Between(.75f, 2),
        Pressure: random.Between(0, .35f),
        Phase: random.NextSingle(),
        Softness: random.Between(.8f, 1.5f),
        Grain: random.Between(0, .25f),
        Noise: MathF.Max(0, random.Between(-.05f, .07f)));

    /// <summary>Half the width where <paramref name="part"/> of the digit is drawn, in pixels.</summary>
    public float RadiusAt(float part) => Radius * (1 + (Pressure * MathF.Sin(MathF.Tau * (part + Phase))));
}
