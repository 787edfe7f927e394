namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>The largest element of each part of a map, a thread for each part: part i of h has the rows from floor(i H / h) to ceil((i + 1) H / h). Views: input, result.</summary>
internal sealed record GpuLargestOfPartsKernel(GpuStorage Input, GpuStorage Result) : GpuKernel
{
    public override string Name => Text($"LargestOfParts_{Input}_To_{Result.Height}x{Result.Width}");

    public override string Comment => Text($"The largest elements of {Result.Height}x{Result.Width} parts of {Input}.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Result.Length);
}

/// <summary>
/// The gradient of the largest of parts, which goes to the first element of each, row by row, that equals it: a thread for each input, which looks at the parts that it is in. Views: input, output, gradient, result.
/// </summary>
internal sealed record GpuLargestOfPartsGradientKernel(GpuStorage Input, GpuStorage Output, int GradientStride, int ResultStride) : GpuKernel
{
    public override string Name => Text($"LargestOfPartsGradient_{Input}_From_{Output.Height}x{Output.Width}");

    public override string Comment => Text($"The gradient of the largest elements of {Output.Height}x{Output.Width} parts of {Input}.");

    public override IReadOnlyList<string> Views => ["input", "output", "gradient", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Input.Length);
}

/// <summary>An element of each window, drawn by its share of the sum of those above 0 with the CPU's numbers, a thread for each window. Views: input, result.</summary>
/// <param name="Windows">The windows.</param>
/// <param name="Stream">The layer's place among all that draw.</param>
internal sealed record GpuRandomPoolKernel(GpuWindows Windows, int Stream) : GpuKernel
{
    public override string Name => Text($"StochasticPool{Windows.Window.Kernel}_{Windows.Input}");

    public override string Comment => Text($"Stochastic pooling {Windows}.");

    public override IReadOnlyList<string> Views => ["input", "result"];

    public override IReadOnlyList<GpuNumber> RunTimeNumbers => [GpuNumber.Count, GpuNumber.Seed];

    public override GpuGrid Grid => GpuGrid.Each(Windows.Output.Length);
}

/// <summary>The gradient of what was drawn, which is drawn again: a thread for each input, which looks at the windows that it is in. Views: input, gradient, result.</summary>
internal sealed record GpuRandomPoolGradientKernel(GpuWindows Windows, int Stream, int GradientStride, int ResultStride) : GpuKernel
{
    public override string Name => Text($"StochasticPoolGradient{Windows.Window.Kernel}_{Windows.Input}");

    public override string Comment => Text($"The gradient by the input of stochastic pooling {Windows}.");

    public override IReadOnlyList<string> Views => ["input", "gradient", "result"];

    public override IReadOnlyList<GpuNumber> RunTimeNumbers => [GpuNumber.Count, GpuNumber.Seed];

    public override GpuGrid Grid => GpuGrid.Each(Windows.Input.Length);
}

/// <summary>Products of each window with weights that only its pixel has. The weights lie as pixels x (rows, columns, channels of the window) x filters, the biases as pixels x filters.</summary>
/// <param name="Windows">What is multiplied, and what comes of it.</param>
internal abstract record GpuLocalKernel(GpuWindows Windows) : GpuKernel
{
    /// <summary>Products that one output sums.</summary>
    public int Depth => Windows.Window.Kernel.Height * Windows.Window.Kernel.Width * Windows.Input.Channels;

    protected string Size => Text($"{Windows.Window.Kernel}_{Windows.Input}_To_{Windows.Output.Channels}");
}

/// <summary>The products, a thread for each output. Views: input, weights, [bias], result.</summary>
internal sealed record GpuLocalProductKernel(GpuWindows Windows, bool HasBias) : GpuLocalKernel(Windows)
{
    public override string Name => "LocallyConnected" + Size;

    public override string Comment => Text($"Products of each pixel's own weights, {Windows}.");

    public override IReadOnlyList<string> Views => HasBias ? ["input", "weights", "bias", "result"] : ["input", "weights", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Windows.Output.Length);
}

/// <summary>Their gradient by the map, a thread for each input, which looks at the windows that it is in. Views: gradient, weights, result.</summary>
internal sealed record GpuLocalInputGradientKernel(GpuWindows Windows, int ResultStride) : GpuLocalKernel(Windows)
{
    public override string Name => "LocallyConnectedInputGradient" + Size;

    public override string Comment => Text($"The gradient by the input of products of each pixel's own weights, {Windows}.");

    public override IReadOnlyList<string> Views => ["gradient", "weights", "result"];

    public override GpuGrid Grid => GpuGrid.Each(Windows.Input.Length);
}

/// <summary>Their gradient by the weights, a thread for each, which sums over the images in their order. Views: input, gradient, result.</summary>
internal sealed record GpuLocalWeightGradientKernel(GpuWindows Windows) : GpuLocalKernel(Windows)
{
    public override string Name => "LocallyConnectedWeightGradient" + Size;

    public override string Comment => Text($"The gradient by each pixel's own weights, {Windows}.");

    public override IReadOnlyList<string> Views => ["input", "gradient", "result"];

    public override GpuGrid Grid => GpuGrid.EachOnce((long)Windows.Output.Length * Depth);
}

/// <summary>Their gradient by the biases, a thread for each, which sums over the images in their order. Views: gradient, result.</summary>
internal sealed record GpuLocalBiasGradientKernel(GpuStorage Gradient) : GpuKernel
{
    public override string Name => Text($"LocallyConnectedBiasGradient_{Gradient}");

    public override string Comment => Text($"The gradient by each pixel's own biases, {Gradient}.");

    public override IReadOnlyList<string> Views => ["gradient", "result"];

    public override GpuGrid Grid => GpuGrid.EachOnce(Gradient.Length);
}
