using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>An expression of the elements at one place of several tensors, a thread for each. Views: the operands x0, x1..., result.</summary>
internal sealed record GpuPointwiseKernel(Expression Expression, EquatableArray<GpuOperand> Operands, GpuStorage Result) : GpuKernel
{
    public override string Name => Text($"{NameOf(Expression)}_{Result}");

    public override string Comment => Text($"{Describe(Expression)} over {Result}.");

    public override IReadOnlyList<string> Views => [.. Numbered(Operands.Count), "result"];

    public override GpuGrid Grid => GpuGrid.Each(Result.Length);
}

/// <summary>An expression summed over the pixels of each channel of each image, a thread for each channel. Views: the operands x0, x1..., result.</summary>
/// <param name="Map">The shape of what is summed.</param>
/// <param name="ResultStride">Floats from an image's sums to the next's.</param>
internal sealed record GpuPixelSumKernel(Expression Expression, EquatableArray<GpuOperand> Operands, GpuStorage Map, int ResultStride) : GpuKernel
{
    public override string Name => Text($"PixelSum_{Map}");

    public override string Comment => Text($"{Describe(Expression)} over {Map}, summed over the pixels.");

    public override IReadOnlyList<string> Views => [.. Numbered(Operands.Count), "result"];

    public override GpuGrid Grid => GpuGrid.Each(Map.Channels);
}

/// <summary>
/// Dropout's mask, drawn again from (seed, layer, image, element) wherever it is needed, with the bits of the CPU's: a thread for each element. Views: input, result.
/// </summary>
internal sealed record GpuMaskKernel(float Rate, int Stream, GpuStorage Input, GpuStorage Result) : GpuKernel
{
    public override string Name => Text($"Dropout_{Result}");

    public override string Comment => Text($"Zeros a share of {Rate} of {Result} and scales the others.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override IReadOnlyList<GpuNumber> RunTimeNumbers => [GpuNumber.Count, GpuNumber.Seed];

    public override GpuGrid Grid => GpuGrid.Each(Result.Length);
}

/// <summary>Some channels of a tensor among zeros, a thread for each element. Views: input, result.</summary>
/// <param name="FirstChannel">The result's channel that is the input's first.</param>
internal sealed record GpuSliceGradientKernel(GpuStorage Input, GpuStorage Result, int FirstChannel) : GpuKernel
{
    public override string Name => Text($"SliceGradient_{Result}");

    public override string Comment => Text($"{Input} as channels from {FirstChannel} on of {Result}, whose others are 0.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Result.Length);
}

/// <summary>Each pixel as a square of pixels, a thread for each of them. Views: input, result.</summary>
internal sealed record GpuUpsamplingKernel(Size2 Factor, GpuStorage Input, GpuStorage Result) : GpuKernel
{
    public override string Name => Text($"Upsample{Factor}_{Input}");

    public override string Comment => Text($"Each pixel as {Factor}, {Input} -> {Result}.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Result.Length);
}

/// <summary>The channels of a map in another order: those of each group one after the other become neighbours of the other groups'. Views: input, result.</summary>
internal sealed record GpuShuffleKernel(int Groups, GpuStorage Input, GpuStorage Result) : GpuKernel
{
    public override string Name => Text($"Shuffle{Groups}_{Input}");

    public override string Comment => Text($"{Groups} groups of the channels of {Input} mixed.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Result.Length);
}

/// <summary>Windows of a map.</summary>
/// <param name="Input">What they are of.</param>
/// <param name="Output">What comes of them, an element of each channel for each.</param>
/// <param name="Window">The window.</param>
internal record GpuWindows(GpuStorage Input, GpuStorage Output, Window Window)
{
    /// <summary>Whether every window lies within the map.</summary>
    public bool IsInside => Window.Padding.Start == Size2.Zero
        && ((Output.Height - 1) * Window.Stride.Height) + Window.Extent.Height <= Input.Height
        && ((Output.Width - 1) * Window.Stride.Width) + Window.Extent.Width <= Input.Width;

    public sealed override string ToString() => $"{Window.Print()}, {Input} -> {Output}";
}

/// <summary>The numbers of a pooling; its padding's end counts in means that count padding.</summary>
/// <param name="Function">What it computes of each window.</param>
/// <param name="Input">What is pooled.</param>
/// <param name="Output">What comes of it.</param>
/// <param name="Window">The window.</param>
internal sealed record GpuPooling(PoolFunction Function, GpuStorage Input, GpuStorage Output, Window Window) : GpuWindows(Input, Output, Window)
{
    public bool IsMaximum => Function == PoolFunction.Max;

    public string Kind => IsMaximum ? "MaxPool" : "AveragePool";
}

/// <summary>A pooling, a thread for each output. Views: input, result.</summary>
internal sealed record GpuPoolKernel(GpuPooling Pooling) : GpuKernel
{
    public override string Name => Text($"{Pooling.Kind}{Pooling.Window.Kernel}_{Pooling.Input}");

    public override string Comment => Text($"{(Pooling.IsMaximum ? "Max" : "Average")} pooling {Pooling}.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Pooling.Output.Length);
}

/// <summary>
/// A pooling's gradient, a thread for each input, which sums over the windows that it is in. A maximum's goes to the first element of the window, row by row, that equals it. Views: of a
/// maximum input, output, gradient, result; of a mean gradient, result.
/// </summary>
internal sealed record GpuPoolGradientKernel(GpuPooling Pooling, int GradientStride, int ResultStride) : GpuKernel
{
    public override string Name => Text($"{Pooling.Kind}Gradient{Pooling.Window.Kernel}_{Pooling.Input}");

    public override string Comment => Text($"The gradient by the input of {(Pooling.IsMaximum ? "max" : "average")} pooling {Pooling}.");

    public override IReadOnlyList<string> Views => Pooling.IsMaximum ? ["input", "output", "gradient", "result"] : ["gradient", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Pooling.Input.Length);
}

/// <summary>Softmax over the channels at each pixel, or its logarithm, a thread for each pixel. Views: input, result.</summary>
internal sealed record GpuSoftmaxKernel(GpuStorage Input, GpuStorage Result, bool IsLogarithm) : GpuKernel
{
    public override string Name => Text($"{(IsLogarithm ? "LogSoftmax" : "Softmax")}_{Result}");

    public override string Comment => Text($"{(IsLogarithm ? "The logarithm of softmax" : "Softmax")} over the channels of {Result}.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Result.Pixels);
}

/// <summary>The gradient through a softmax, or its logarithm, from its output, a thread for each pixel. Views: output, gradient, result.</summary>
internal sealed record GpuSoftmaxGradientKernel(GpuStorage Output, int GradientStride, int ResultStride, bool IsLogarithm) : GpuKernel
{
    public override string Name => Text($"{(IsLogarithm ? "LogSoftmax" : "Softmax")}Gradient_{Output}");

    public override string Comment => Text($"The gradient through {(IsLogarithm ? "the logarithm of softmax" : "softmax")} over the channels of {Output}.");

    public override IReadOnlyList<string> Views => ["output", "gradient", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Output.Pixels);
}

/// <summary>Local response normalisation across channels, a thread for each element. Views: input, result.</summary>
internal sealed record GpuResponseNormKernel(ResponseNormSpec Spec, GpuStorage Input, GpuStorage Result) : GpuKernel
{
    public override string Name => Text($"ResponseNorm{Spec.Size}_{Result}");

    public override string Comment => Text($"Local response normalisation over {Spec.Size} channels of {Result}.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Result.Length);
}

/// <summary>The gradient through a local response normalisation, a thread for each element. Views: input, gradient, result.</summary>
internal sealed record GpuResponseNormGradientKernel(ResponseNormSpec Spec, GpuStorage Input, int GradientStride, int ResultStride) : GpuKernel
{
    public override string Name => Text($"ResponseNormGradient{Spec.Size}_{Input}");

    public override string Comment => Text($"The gradient through local response normalisation over {Spec.Size} channels of {Input}.");

    public override IReadOnlyList<string> Views => ["input", "gradient", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Input.Length);
}
