namespace CnnGen.Runtime;

/// <summary>What a policy of augmentations may do.</summary>
internal enum PolicyKind
{
    Nothing,
    ShearX,
    ShearY,
    MoveX,
    MoveY,
    Turn,
    Brightness,
    Saturation,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
}

/// <summary>How strong the changes of a policy are at most.</summary>
/// <param name="Shear">The shear.</param>
/// <param name="MovedPart">The move, as a part of the width or height; where <paramref name="MovedPixels"/> is 0.</param>
/// <param name="MovedPixels">The move in pixels.</param>
/// <param name="Degrees">The turn.</param>
/// <param name="Factor">How far a factor of brightness, saturation, contrast or sharpness is from 1.</param>
/// <param name="LostBits">The bits that posterizing takes.</param>
internal sealed record PolicyStrengths(double Shear, double MovedPart, double MovedPixels, double Degrees, double Factor, int LostBits)
{
    public static PolicyStrengths RandAugment { get; } = new(0.3, 150.0 / 331, 0, 30, 0.9, 4);

    public static PolicyStrengths TrivialAugment { get; } = new(0.99, 0, 32, 135, 0.99, 6);
}

/// <summary>One change of a policy, as drawn.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Amount">How much: a shear, a part or number of pixels, degrees, what a factor is away from 1, bits that are left, or a threshold.</param>
/// <param name="IsPart">Whether a move is a part of width or height.</param>
internal readonly record struct PolicyChange(PolicyKind Kind, double Amount, bool IsPart = false)
{
    /// <summary>The kinds.</summary>
    public const int Count = 14;

    /// <summary>The greatest of the 31 strengths.</summary>
    public const int MostMagnitude = 30;

    /// <summary>Draws a kind, and a sign where it has one.</summary>
    public static PolicyChange Draw(ref CounterRandom random, PolicyStrengths strengths, int magnitude)
    {
        var kind = (PolicyKind)random.NextInt(Count);
        var part = magnitude / (double)MostMagnitude;
        var sign = random.NextDouble() < 0.5 ? -1 : 1;
        var isPart = strengths.MovedPixels == 0;
        var amount = kind switch
        {
            PolicyKind.ShearX or PolicyKind.ShearY => sign * part * strengths.Shear,
            PolicyKind.MoveX or PolicyKind.MoveY => sign * part * (isPart ? strengths.MovedPart : strengths.MovedPixels),
            PolicyKind.Turn => sign * part * strengths.Degrees,
            PolicyKind.Brightness or PolicyKind.Saturation or PolicyKind.Contrast or PolicyKind.Sharpness => sign * part * strengths.Factor,
            PolicyKind.Posterize => 8 - (int)Math.Round(part * strengths.LostBits),
            PolicyKind.Solarize => 1 - part,
            _ => 0,
        };
        return new PolicyChange(kind, amount, isPart && kind is (PolicyKind.MoveX or PolicyKind.MoveY));
    }

    /// <summary>Changes an image of normalised numbers.</summary>
    public void Apply(ImageShape shape, UnitColors colors, Span<float> image)
    {
        switch (Kind)
        {
            case PolicyKind.Nothing:
                return;
            case PolicyKind.ShearX or PolicyKind.ShearY or PolicyKind.MoveX or PolicyKind.MoveY or PolicyKind.Turn:
                AffineSampling.Apply(shape, image, Map(shape), SourceArea.All(shape), Outside.Zero);
                return;
            case PolicyKind.Saturation when shape.Channels != 3:
                return;
        }

        colors.ToUnit(image);
        var factor = (float)(1 + Amount);
        switch (Kind)
        {
            case PolicyKind.Brightness:
                ColorOperations.Brightness(image, factor);
                break;
            case PolicyKind.Saturation:
                ColorOperations.Saturation(shape, image, factor);
                break;
            case PolicyKind.Contrast:
                ColorOperations.Contrast(shape, image, factor);
                break;
            case PolicyKind.Sharpness:
                ColorOperations.Sharpness(shape, image, factor);
                break;
            case PolicyKind.Posterize:
                ColorOperations.Posterize(image, (int)Amount);
                break;
            case PolicyKind.Solarize:
                ColorOperations.Solarize(image, (float)Amount);
                break;
            case PolicyKind.AutoContrast:
                ColorOperations.AutoContrast(shape, image);
                break;
            case PolicyKind.Equalize:
                ColorOperations.Equalize(shape, image);
                break;
        }

        colors.FromUnit(image);
    }

    /// <summary>Where the pixels come from, of a change of place.</summary>
    public AffineMap Map(ImageShape shape) => Kind switch
    {
        PolicyKind.ShearX => AffineMap.Back(shape, 0, 1, Amount, 0),
        PolicyKind.ShearY => AffineMap.Back(shape, 0, 1, 0, Amount),
        PolicyKind.MoveX => AffineMap.Back(shape, 0, 1, 0, 0, right: IsPart ? Amount * shape.Width : Amount),
        PolicyKind.MoveY => AffineMap.Back(shape, 0, 1, 0, 0, down: IsPart ? Amount * shape.Height : Amount),
        _ => AffineMap.Back(shape, Amount * (Math.PI / 180), 1, 0, 0),
    };
}
