namespace CnnGen.Generator.Operations;

/// <summary>What is taken of each region of a map.</summary>
/// <param name="Size">Rows and columns of parts.</param>
/// <param name="Scale">What a region's coordinates are multiplied with.</param>
/// <param name="Sampling">How parts are sampled; null for their largest elements.</param>
internal sealed record RegionSpec(Size2 Size, float Scale, SamplingSpec? Sampling)
{
    /// <summary>The numbers of a region: x1, y1, x2, y2.</summary>
    public const int RegionLength = 4;
}

/// <summary>Means of bilinear samples.</summary>
/// <param name="Ratio">Samples along each axis of a part; 0 for as many as it has elements.</param>
/// <param name="IsAligned">Whether the middles of pixels lie at halves.</param>
internal sealed record SamplingSpec(int Ratio, bool IsAligned);

/// <summary>What the parts of each region of a map hold. The regions come with the image, and have no gradient.</summary>
internal sealed class RegionPool(string label, RegionSpec spec, Tensor input, Tensor result) : Mapping(label, input, result)
{
    public RegionSpec Spec { get; } = spec;

    protected override Operation GradientBy(Tensor gradient, Tensor result) => new RegionPoolGradient(Label, Spec, Input, gradient, result);
}

/// <summary>The gradient by the map, which goes to the elements that were read.</summary>
internal sealed class RegionPoolGradient(string label, RegionSpec spec, Tensor input, Tensor gradient, Tensor result) : Operation(label)
{
    public RegionSpec Spec { get; } = spec;

    /// <summary>The map: means don't depend on it, but their gradient lies as it does.</summary>
    public Tensor Input { get; } = input;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => Spec.Sampling is null ? [Input, Gradient] : [Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}
