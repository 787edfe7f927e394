using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// Each pixel's own products with its window of one image; both maps are pixels. Arguments: input, weight, bias (where there is one), output.
/// </summary>
internal sealed record LocalProductKernel(Storage Input, Storage Output, Taps Taps, bool HasBias) : Kernel
{
    public override string Name => Text($"LocallyConnected{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{Output.Channels}");

    public override string Comment => Text(
        $"{Taps} of its own at each pixel, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}: vectors over filters.");
}

/// <summary>The input gradient of <see cref="LocalProductKernel"/>. Arguments: output gradient, weight, input gradient.</summary>
internal sealed record LocalInputGradientKernel(Storage Input, Storage Output, Taps Taps) : Kernel
{
    public override string Name => Text($"LocallyConnectedGradient{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_From_{Output.Channels}");

    public override string Comment => Text(
        $"Input gradient of {Taps} of its own at each pixel, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}.");
}

/// <summary>
/// The weight and bias gradients of <see cref="LocalProductKernel"/> over all images, for a range of units, each a pixel of the output: units are independent, so the result doesn't depend
/// on how threads share them. Arguments: input, output gradient, weight gradient, bias gradient (where there is one), images.
/// </summary>
internal sealed record LocalWeightGradientKernel(Storage Input, Storage Output, Taps Taps, bool HasBias) : Kernel
{
    public int Units => Output.Height * Output.Width;

    public override bool HasUnits => true;

    public override int UnitsFor(int lanes) => Units;

    public override string Name => Text($"LocallyConnectedWeightGradient{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}_To_{Output.Channels}");

    public override string Comment => Text(
        $"Weight gradient of {Taps} of its own at each pixel, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}, summed over images.");
}
