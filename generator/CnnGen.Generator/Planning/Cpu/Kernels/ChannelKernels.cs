using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>Numbers known when the network is compiled. Argument: result, a vector.</summary>
internal sealed record ConstantsKernel(EquatableArray<float> Values) : Kernel
{
    public override string Name => Text($"Constants_{Values.Count}");

    public override string Comment => Text($"{Values.Count} constants, one a channel.");
}

/// <summary>Groups of channels mixed. Arguments: input, output.</summary>
internal sealed record ShuffleKernel(Storage Input, Storage Output, int Groups) : Kernel
{
    public override string Name => Text($"Shuffle{Groups}_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text($"{Groups} groups of the channels of {Input.Channels}x{Input.Height}x{Input.Width}, mixed.");
}

/// <summary>The largest of neighbouring channels. Arguments (forward): input, output; (backward): input, output, output gradient, input gradient.</summary>
internal sealed record MaxoutKernel(Storage Input, Storage Output, int Pieces, PassKind Pass) : Kernel
{
    public override string Name => Text($"Maxout{(Pass == PassKind.Backward ? "Gradient" : "")}{Pieces}_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text($"{(Pass == PassKind.Backward ? "Gradient of the" : "The")} largest of each {Pieces} channels of {Input.Channels}x{Input.Height}x{Input.Width}.");
}

/// <summary>The largest element of each part. Arguments (forward): input, output; (backward): input, output, output gradient, input gradient.</summary>
internal sealed record PartsKernel(Storage Input, Storage Output, PassKind Pass) : Kernel
{
    public override string Name => Text($"AdaptiveMaxPool{(Pass == PassKind.Backward ? "Gradient" : "")}_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text(
        $"{(Pass == PassKind.Backward ? "Gradient of the" : "The")} largest element of each of {Output.Height}x{Output.Width} parts of {Input.Channels}x{Input.Height}x{Input.Width}.");
}

/// <summary>
/// An element drawn from each window. Arguments (forward): input, output, seed, image; (backward): input, output gradient, input gradient, seed, image.
/// </summary>
internal sealed record RandomPoolKernel(Storage Input, Storage Output, Taps Taps, int Stream, PassKind Pass) : Kernel
{
    public override string Name => Text($"StochasticPool{(Pass == PassKind.Backward ? "Gradient" : "")}{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text(
        $"{(Pass == PassKind.Backward ? "Gradient of an" : "An")} element drawn from each window {Taps}, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}.");
}

/// <summary>
/// Mean 0 and variance 1 within an image. Arguments (forward): input, output; (backward): input, output gradient, input gradient. All lie alike.
/// </summary>
internal sealed record StandardizeKernel(Storage Storage, StandardSpec Spec, PassKind Pass) : Kernel
{
    public override string Name => Text($"Standardize{(Pass == PassKind.Backward ? "Gradient" : "")}_{Storage.Channels}x{Storage.Height}x{Storage.Width}");

    public override string Comment => Text(
        $"{(Pass == PassKind.Backward ? "Gradient of mean" : "Mean")} 0 and variance 1 {(Spec.Groups == 0 ? "at each pixel" : Spec.Groups == 1 ? "of all channels" : Text($"of {Spec.Groups} groups of channels"))} of {Storage.Channels}x{Storage.Height}x{Storage.Width}.");
}
