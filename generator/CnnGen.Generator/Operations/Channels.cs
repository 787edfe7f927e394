using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Operations;

/// <summary>Numbers that are known when the network is compiled, one a channel.</summary>
internal sealed class ChannelConstants(string label, EquatableArray<float> values, Tensor result) : Operation(label)
{
    public EquatableArray<float> Values { get; } = values;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [];

    public override IReadOnlyList<Tensor> Results => [Result];

    // Nothing that is trained makes them.
    public override void Differentiate(Differentiation to)
    {
    }
}

/// <summary>Mixes groups of channels: the first of each group, then the second of each. The gradient mixes them back.</summary>
internal sealed class ChannelShuffle(string label, int groups, Tensor input, Tensor result) : Mapping(label, input, result)
{
    public int Groups { get; } = groups;

    protected override Operation GradientBy(Tensor gradient, Tensor result) => new ChannelShuffle(Label, Input.Shape.Channels / Groups, gradient, result);
}

/// <summary>The largest of each so many neighbouring channels.</summary>
internal sealed class LargestChannel(string label, int pieces, Tensor input, Tensor result) : Mapping(label, input, result)
{
    public int Pieces { get; } = pieces;

    protected override Operation GradientBy(Tensor gradient, Tensor result) => new LargestChannelGradient(Label, Pieces, Input, Result, gradient, result);
}

/// <summary>The gradient of a largest channel, which goes to the first that equals it.</summary>
internal sealed class LargestChannelGradient(string label, int pieces, Tensor input, Tensor output, Tensor gradient, Tensor result) : Operation(label)
{
    public int Pieces { get; } = pieces;

    public Tensor Input { get; } = input;

    public Tensor Output { get; } = output;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input, Output, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}

/// <summary>What has the mean 0 and the variance 1 within an image.</summary>
/// <param name="Groups">The groups of channels, each over all pixels; 0 for all channels at each pixel by itself.</param>
/// <param name="Epsilon">What is added to the variance.</param>
internal sealed record StandardSpec(int Groups, float Epsilon);

/// <summary>An image's elements less their mean, over the root of their variance and an epsilon.</summary>
internal sealed class Standardization(string label, StandardSpec spec, Tensor input, Tensor result) : Mapping(label, input, result)
{
    public StandardSpec Spec { get; } = spec;

    protected override Operation GradientBy(Tensor gradient, Tensor result) => new StandardizationGradient(Label, Spec, Input, gradient, result);
}

/// <summary>The gradient through a standardisation, which computes the moments again.</summary>
internal sealed class StandardizationGradient(string label, StandardSpec spec, Tensor input, Tensor gradient, Tensor result) : Operation(label)
{
    public StandardSpec Spec { get; } = spec;

    public Tensor Input { get; } = input;

    public Tensor Gradient { get; } = gradient;

    public Tensor Result { get; } = result;

    public override IReadOnlyList<Tensor> Inputs => [Input, Gradient];

    public override IReadOnlyList<Tensor> Results => [Result];
}
