using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// Pooling of one image. Windows are clipped to the image, so that padding never wins a maximum.
/// Arguments: input, output.
/// </summary>
/// <param name="PaddingEnd">The padding below and to the right that a mean counts; 0 where it counts none.</param>
internal sealed record PoolKernel(PoolFunction Function, Storage Input, Storage Output, Taps Taps, Size2 PaddingEnd = default) : Kernel
{
    /// <summary>Rows of pixels are units; planes are few and small, and go from one end to the other.</summary>
    public override bool HasUnits => Input.Kind == StorageKind.Pixels && Output.Height > 1;

    public override int UnitsFor(int lanes) => Output.Height;

    /// <summary>A pooling multiplies nothing: sharing it is judged by what its windows read.</summary>
    public override long MultiplyAdds => Sharing.PerReadElement * Output.Channels * Output.Height * Output.Width * Taps.Count;

    /// <summary>Whether every window lies within the image.</summary>
    public bool WindowsAreInside => Taps.IsInside(Input, Output);

    public override string Name => Text($"{(Function == PoolFunction.Max ? "MaxPool" : "AveragePool")}{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text(
        $"{(Function == PoolFunction.Max ? "Max" : "Average")} pooling {Taps}, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}.");
}

/// <summary>
/// The gradient of <see cref="PoolKernel"/>. A maximum's gradient goes to the first element of the window, row by row, that equals it.
/// Arguments (max): input, output, output gradient, input gradient; (average): output gradient, input gradient.
/// </summary>
/// <param name="PaddingEnd">The padding below and to the right that a mean counts; 0 where it counts none.</param>
internal sealed record PoolGradientKernel(
    PoolFunction Function, Storage Input, Storage Output, Storage OutputGradient, Storage InputGradient, Taps Taps, Size2 PaddingEnd = default) : Kernel
{
    public override string Name => Text($"{(Function == PoolFunction.Max ? "MaxPool" : "AveragePool")}Gradient{Taps.Kernel}_{Input.Channels}x{Input.Height}x{Input.Width}");

    public override string Comment => Text(
        $"Input gradient of {(Function == PoolFunction.Max ? "max" : "average")} pooling {Taps}, {Input.Channels}x{Input.Height}x{Input.Width} -> {Output.Channels}x{Output.Height}x{Output.Width}.");

    /// <summary>Whether every window lies within the image.</summary>
    public bool WindowsAreInside => Taps.IsInside(Input, Output);

    /// <summary>Whether no input pixel lies in two windows: then gradients are stored, not added.</summary>
    public bool IsDisjoint => Taps.Stride.Height >= Extent.Height && Taps.Stride.Width >= Extent.Width;

    private Size2 Extent => new(
        (Taps.Dilation.Height * (Taps.Kernel.Height - 1)) + 1,
        (Taps.Dilation.Width * (Taps.Kernel.Width - 1)) + 1);
}
