namespace CnnGen.Generator.Planning.Kernels;

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
/// output = input * scale + shift, a channel's own. Arguments: input, output, scales, shifts.
/// </summary>
internal sealed record BatchNormApplyKernel(Storage Input, Storage Output) : Kernel
{
    public override string Name => Text($"BatchNorm_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text($"Scales and shifts each of {Input.Channels} channels.");
}

/// <summary>
/// Adds one image's sums of the gradient, and of the gradient times the centred input. Arguments: input, output gradient, means, gradient sums, product sums (doubles).
/// </summary>
internal sealed record BatchNormGradientSumsKernel(Storage Input, Storage OutputGradient) : Kernel
{
    public override string Name => Text($"BatchNormGradientSums_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text($"Sums the gradient, and its product with the centred input, of each of {Input.Channels} channels.");
}

/// <summary>
/// The input's gradient: a * gradient + b * input + d, a channel's own. Arguments: input, output gradient, input gradient, a, b, d.
/// </summary>
internal sealed record BatchNormGradientKernel(Storage Input, Storage OutputGradient, Storage InputGradient) : Kernel
{
    public override string Name => Text($"BatchNormGradient_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text($"Gradient of the normalised {Input.Channels} channels.");
}
