using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// Adds one image's sum of each channel to double sums. Arguments: input, sums (of doubles).
/// </summary>
internal sealed record BatchNormSumsKernel(Storage Input) : Kernel
{
    public override string Name => Text($"BatchNormSums_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text($"Sums each of {Input.Channels} channels.");
}

/// <summary>
/// Adds one image's sum of squares around the mean to double sums. Arguments: input, means, sums (of doubles).
/// </summary>
internal sealed record BatchNormSquaresKernel(Storage Input) : Kernel
{
    public override string Name => Text($"BatchNormSquares_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text($"Sums the squares around the mean of each of {Input.Channels} channels.");
}

/// <summary>
/// A batch norm's factors and addends when predicting, the latter with the bias of the layer before it: what is folded into that layer's weights and bias.
/// Arguments: gamma, beta, running mean, running variance, bias (when there is one), scales, shifts. One unit.
/// </summary>
internal sealed record FoldNormKernel(int Channels, bool HasBias, float Epsilon) : Kernel
{
    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => 1;

    public override string Name => Text($"FoldNorm_{Channels}");

    public override string Comment => Text($"Factors of the weights, and the bias, that {Channels} normalised channels become.");
}

/// <summary>
/// Packed weights times the factor of their filter. Arguments: weight, scales, folded weights. A unit is a row: one tap's weights of a block of filters.
/// </summary>
/// <param name="Blocks">Blocks of filters.</param>
/// <param name="Rows">Rows of a block.</param>
/// <param name="Lanes">Filters of a block.</param>
internal sealed record FoldWeightsKernel(int Blocks, int Rows, int Lanes) : Kernel
{
    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => checked(Blocks * Rows);

    public override string Name => Text($"FoldWeights_{Rows}x{Blocks * Lanes}");

    public override string Comment => Text($"{Rows} rows of weights of {Blocks * Lanes} filters, each times its filter's factor.");
}

/// <summary>
/// Adds one image's sums of the gradient, and of the gradient times the centred input. Arguments: input, output gradient, means, gradient sums, product sums (doubles).
/// </summary>
internal sealed record BatchNormGradientSumsKernel(Storage Input, Storage OutputGradient) : Kernel
{
    public override string Name => Text($"BatchNormGradientSums_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text($"Sums the gradient, and its product with the centred input, of each of {Input.Channels} channels.");
}
