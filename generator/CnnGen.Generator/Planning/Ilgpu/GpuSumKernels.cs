using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>
/// Expressions summed over the pixels of the images, for each channel: a group of threads sums some of the images, each thread every so many elements, and then pair by pair. The sums of a part of the images
/// stand one after the other, behind them those of the next part; of several expressions, all parts of the first stand first. Views: the operands x0, x1..., result.
/// </summary>
internal sealed record GpuChannelSumsKernel(
    EquatableArray<Expression> Expressions, EquatableArray<GpuOperand> Operands, int Channels, int Pixels, int Parts) : GpuKernel
{
    public const int Threads = 64;

    /// <summary>Groups of threads that are enough for a GPU.</summary>
    private const int EnoughGroups = 256;

    private const int MostParts = 32;

    /// <summary>The images are cut into so many parts, whatever the batch, so that sums have one order.</summary>
    public static int PartsFor(int channels) => Math.Max(1, Math.Min(MostParts, EnoughGroups / channels));

    public override string Name => Text($"ChannelSums_{Channels}x{Pixels}");

    public override string Comment => Text($"Of {Channels} channels the sums of {string.Join(" and of ", Expressions)} over {Pixels} pixels, in {Parts} parts of the batch.");

    public override IReadOnlyList<string> Views => [.. Numbered(Operands.Count), "result"];

    public override GpuGrid Grid => new(Threads, 1, 0, Channels, Parts);
}

/// <summary>Adds the sums that parts of the batch have, in the parts' order, a thread for each. Views: sums, result.</summary>
/// <param name="Length">The sums of one part.</param>
/// <param name="Parts">How many parts there are.</param>
/// <param name="Adds">Whether the total is added to what is there.</param>
internal sealed record GpuPartsKernel(int Length, int Parts, bool Adds) : GpuKernel
{
    public override string Name => Text($"{(Adds ? "AddParts" : "SumParts")}{Parts}_{Length}");

    public override string Comment => Text($"{Length} sums of {Parts} parts of the batch, added in the parts' order.");

    public override IReadOnlyList<string> Views => ["sums", "result"];

    public override IReadOnlyList<GpuNumber> RunTimeNumbers => [];

    public override GpuGrid Grid => GpuGrid.EachOnce(Length);
}

/// <summary>The mean of each channel from the sums of the parts. Views: sums, means.</summary>
internal sealed record GpuMeansKernel(int Channels, int Pixels, int Parts) : GpuKernel
{
    public override string Name => Text($"Means_{Channels}x{Pixels}");

    public override string Comment => Text($"The batch's means of {Channels} channels over {Pixels} pixels.");

    public override IReadOnlyList<string> Views => ["sums", "means"];

    public override GpuGrid Grid => GpuGrid.EachOnce(Channels);
}

/// <summary>
/// What follows from the squares of what differs from the means: 1 / the deviations, the factors and addends of the channels, and the running statistics moved. Views: squares, means, weight, bias,
/// runningMean, runningVariance, inverseDeviations, scales, shifts.
/// </summary>
internal sealed record GpuNormCoefficientsKernel(int Channels, int Pixels, int Parts, float Epsilon, float Momentum) : GpuKernel
{
    public override string Name => Text($"NormCoefficients_{Channels}x{Pixels}");

    public override string Comment => Text($"The factors and addends of {Channels} channels by the batch's statistics, to which the running ones move.");

    public override IReadOnlyList<string> Views => ["squares", "means", "weight", "bias", "runningMean", "runningVariance", "inverseDeviations", "scales", "shifts"];

    public override GpuGrid Grid => GpuGrid.EachOnce(Channels);
}

/// <summary>
/// The gradients by a batch norm's weight and bias, and the coefficients of that by its input, from the sums of the gradient and of its products with what differs from the mean. Views: sums, means, inverseDeviations,
/// weight, weightGradient, biasGradient, a, b, d.
/// </summary>
internal sealed record GpuNormGradientKernel(int Channels, int Pixels, int Parts) : GpuKernel
{
    public override string Name => Text($"NormGradient_{Channels}x{Pixels}");

    public override string Comment => Text($"The gradients by weight and bias of {Channels} channels, and the coefficients of that by the input.");

    public override IReadOnlyList<string> Views => ["sums", "means", "inverseDeviations", "weight", "weightGradient", "biasGradient", "a", "b", "d"];

    public override GpuGrid Grid => GpuGrid.EachOnce(Channels);
}

/// <summary>The factors and addends of channels by running statistics, the bias of the layer before counted in. Views: weight, bias, mean, variance, [layerBias], scales, shifts.</summary>
internal sealed record GpuFoldNormKernel(int Channels, bool HasBias, float Epsilon) : GpuKernel
{
    public override string Name => Text($"FoldNorm_{Channels}");

    public override string Comment => Text($"The factors and addends of {Channels} channels by running statistics.");

    public override IReadOnlyList<string> Views => ["weight", "bias", "mean", "variance", .. HasBias ? (string[])["layerBias"] : [], "scales", "shifts"];

    public override IReadOnlyList<GpuNumber> RunTimeNumbers => [];

    public override GpuGrid Grid => GpuGrid.EachOnce(Channels);
}

/// <summary>Weights times the factor of the channel that they make. Views: weights, scales, result.</summary>
internal sealed record GpuFoldWeightsKernel(int Channels, int Depth) : GpuKernel
{
    public override string Name => Text($"FoldWeights_{Channels}x{Depth}");

    public override string Comment => Text($"The weights of {Channels} filters, {Depth} each, times the filters' factors.");

    public override IReadOnlyList<string> Views => ["weights", "scales", "result"];

    public override IReadOnlyList<GpuNumber> RunTimeNumbers => [];

    public override GpuGrid Grid => GpuGrid.EachOnce((long)Channels * Depth);
}

/// <summary>
/// The loss at each pixel of each image and its gradient by the outputs (by the logits, for the cross-entropies), a thread for each. The loss is stored with its weight, so that all that is stored
/// sums to the images' losses. Views: output, targets, gradient, losses.
/// </summary>
/// <param name="Loss">What is computed.</param>
/// <param name="Settings">Its numbers.</param>
/// <param name="Output">The outputs.</param>
/// <param name="GradientStride">Floats from an image's gradient to the next's.</param>
/// <param name="Weight">What it counts in the sum of all losses.</param>
/// <param name="Pixels">The pixels at each of which classes are compared, over which a mean is taken; 1 where all outputs are one sum.</param>
/// <param name="TargetStride">Floats from an image's targets to the next's, which begin with those of these outputs; of boxes with those of the classes.</param>
internal sealed record GpuLossKernel(LossKind Loss, LossSettings Settings, GpuStorage Output, int GradientStride, float Weight, int Pixels, int TargetStride) : GpuKernel
{
    /// <summary>Whether classes' targets have weights.</summary>
    public bool WeighsClasses => Loss == LossKind.CrossEntropy && Settings.ClassWeights.Count > 0;

    public override string Name => Text($"{Loss}_{Output}");

    public override string Comment => Text($"{Loss} over {Output}, and its gradient.");

    public override IReadOnlyList<string> Views => ["output", "targets", "gradient", "losses"];

    public override GpuGrid Grid => GpuGrid.Each(Output.Pixels);
}
