using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>Numbers that are known when the network is compiled, one a channel, a thread for each image. Views: result.</summary>
/// <param name="Values">The numbers.</param>
/// <param name="ResultStride">Floats from an image's numbers to the next's.</param>
internal sealed record GpuConstantsKernel(EquatableArray<float> Values, int ResultStride) : GpuKernel
{
    public override string Name => Text($"Constants_{Values.Count}");

    public override string Comment => Text($"{Values.Count} constants.");

    public override IReadOnlyList<string> Views => ["result"];

    public override GpuGrid Grid => GpuGrid.Each(1);
}

/// <summary>What has the mean 0 and the variance 1 within an image, a thread for each group of channels or for each pixel. Views: input, result.</summary>
internal sealed record GpuStandardizationKernel(StandardSpec Spec, GpuStorage Input, int ResultStride) : GpuKernel
{
    /// <summary>What is standardised together, of one image.</summary>
    public int Items => Spec.Groups == 0 ? Input.Pixels : Spec.Groups;

    /// <summary>Elements of an item.</summary>
    public int Elements => Input.Length / Items;

    /// <summary>From an item's element to the next.</summary>
    public int Step => Spec.Groups == 0 ? Input.Pixels : 1;

    /// <summary>From an item to the next.</summary>
    public int ItemStride => Spec.Groups == 0 ? 1 : Elements;

    public override string Name => Text($"Standardize{Spec.Groups}_{Input}");

    public override string Comment => Spec.Groups == 0
        ? Text($"The channels at each pixel of {Input} with the mean 0 and the variance 1.")
        : Text($"{Spec.Groups} groups of channels of {Input} with the mean 0 and the variance 1.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Items);
}

/// <summary>The gradient through a standardisation, which computes the moments again. Views: input, gradient, result.</summary>
internal sealed record GpuStandardizationGradientKernel(GpuStandardizationKernel Forward, int GradientStride) : GpuKernel
{
    public override string Name => Forward.Name.Replace("Standardize", "StandardizeGradient");

    public override string Comment => "The gradient through: " + Forward.Comment;

    public override IReadOnlyList<string> Views => ["input", "gradient", "result"];

    public override GpuGrid Grid => Forward.Grid;
}

/// <summary>The largest of each so many neighbouring channels, a thread for each. Views: input, result.</summary>
internal sealed record GpuLargestChannelKernel(int Pieces, GpuStorage Input, GpuStorage Result) : GpuKernel
{
    public override string Name => Text($"Largest{Pieces}_{Input}");

    public override string Comment => Text($"The largest of each {Pieces} channels of {Input}.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Result.Length);
}

/// <summary>The gradient of a largest channel, which goes to the first that equals it, a thread for each of the result. Views: input, output, gradient, result.</summary>
internal sealed record GpuLargestChannelGradientKernel(int Pieces, GpuStorage Input, GpuStorage Output, int GradientStride, int ResultStride) : GpuKernel
{
    public override string Name => Text($"LargestGradient{Pieces}_{Input}");

    public override string Comment => Text($"The gradient of the largest of each {Pieces} channels of {Input}.");

    public override IReadOnlyList<string> Views => ["input", "output", "gradient", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Output.Length);
}
