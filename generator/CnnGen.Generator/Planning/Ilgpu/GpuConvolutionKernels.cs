namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>A convolution, one of its gradients, or the same of a dense layer.</summary>
/// <param name="Shape">The convolution.</param>
internal abstract record GpuConvolutionKernel(GpuConvolution Shape) : GpuKernel
{
    protected bool IsProduct => Shape.IsPointwise && Shape.Input.Pixels == 1;

    /// <summary>The layer's numbers: <c>5x5_6x14x14</c>, or <c>120x84</c> of a dense layer.</summary>
    protected string Size => IsProduct
        ? Text($"{Shape.Input.Channels}x{Shape.Output.Channels}")
        : Text($"{Shape.Kernel}_{Shape.Input.Channels}x{Shape.Input.Height}x{Shape.Input.Width}");

    protected string Kind => IsProduct ? "Product" : Shape.Groups == Shape.Input.Channels && Shape.Groups > 1 ? "Depthwise" : "Conv";

    protected string What => IsProduct ? "product" : "convolution";

    protected static IReadOnlyList<string> WithEpilogue(GpuEpilogue after, string first) =>
        [first, "weights", .. after.HasBias ? (string[])["bias"] : [], "result", .. Numbered(after.OperandStrides.Count, 1)];
}

/// <summary>
/// A convolution as a product in tiles: filters x (channel, row, column of the kernel) times the windows, which are read where they lie. Views: input, weights, [bias], result, operands.
/// </summary>
internal sealed record TiledConvolutionKernel(GpuConvolution Shape, GpuTile Tile, GpuEpilogue After) : GpuConvolutionKernel(Shape)
{
    public override string Name => Text($"{Kind}{Size}");

    public override string Comment => Text($"The {What} {Shape}{After}, in tiles of {Tile}.");

    public override IReadOnlyList<string> Views => WithEpilogue(After, "input");

    public override GpuGrid Grid => new(Tile.Threads, Tile.Columns, Shape.Output.Pixels, 0, Shape.Groups * Tile.RowTiles(Shape.Filters));
}

/// <summary>
/// A convolution's gradient by its input as a product in tiles: the weights of each channel times the windows of the gradient that the channel's pixels are in. Views: gradient, weights, [bias], result, operands.
/// </summary>
internal sealed record TiledInputGradientKernel(GpuConvolution Shape, GpuTile Tile, GpuEpilogue After) : GpuConvolutionKernel(Shape)
{
    public override string Name => Text($"{Kind}InputGradient{Size}");

    public override string Comment => Text($"The gradient by the input of the {What} {Shape}{After}, in tiles of {Tile}.");

    public override IReadOnlyList<string> Views => WithEpilogue(After, "gradient");

    public override GpuGrid Grid => new(Tile.Threads, Tile.Columns, Shape.Input.Pixels, 0, Shape.Groups * Tile.RowTiles(Shape.Channels));
}

/// <summary>
/// A convolution's gradient by its weights as a product in tiles: the gradient's planes times the windows, summed over the pixels of all images. Where there are several parts, each sums some of the images,
/// and stores its sums behind those of the part before. Views: input, gradient, result.
/// </summary>
internal sealed record TiledWeightGradientKernel(GpuConvolution Shape, GpuTile Tile, int Parts) : GpuConvolutionKernel(Shape)
{
    public override string Name => Text($"{Kind}WeightGradient{Size}");

    public override string Comment => Parts == 1
        ? Text($"The gradient by the weights of the {What} {Shape}, in tiles of {Tile}.")
        : Text($"The gradient by the weights of the {What} {Shape}, in tiles of {Tile}, in {Parts} sums over some of the images each.");

    public override IReadOnlyList<string> Views => ["input", "gradient", "result"];

    public override GpuGrid Grid => new(Tile.Threads, Tile.Columns, 0, Shape.Depth, Parts * Shape.Groups * Tile.RowTiles(Shape.Filters));
}

/// <summary>A convolution of few filters a group, a thread for each output. Views: input, weights, [bias], result, operands.</summary>
internal sealed record DirectConvolutionKernel(GpuConvolution Shape, GpuEpilogue After) : GpuConvolutionKernel(Shape)
{
    public override string Name => Text($"{Kind}{Size}");

    public override string Comment => Text($"The convolution {Shape}{After}, a thread for each output.");

    public override IReadOnlyList<string> Views => WithEpilogue(After, "input");

    public override GpuGrid Grid => GpuGrid.Each(Shape.Output.Length);
}

/// <summary>The gradient by the input of a convolution of few filters a group, a thread for each input. Views: gradient, weights, [bias], result, operands.</summary>
internal sealed record DirectInputGradientKernel(GpuConvolution Shape, GpuEpilogue After) : GpuConvolutionKernel(Shape)
{
    public override string Name => Text($"{Kind}InputGradient{Size}");

    public override string Comment => Text($"The gradient by the input of the convolution {Shape}{After}, a thread for each input.");

    public override IReadOnlyList<string> Views => WithEpilogue(After, "gradient");

    public override GpuGrid Grid => GpuGrid.Each(Shape.Input.Length);
}

/// <summary>The gradient by the weights of a convolution of few filters a group, a group of threads for each weight. Views: input, gradient, result.</summary>
internal sealed record DirectWeightGradientKernel(GpuConvolution Shape) : GpuConvolutionKernel(Shape)
{
    public const int Threads = 64;

    public override string Name => Text($"{Kind}WeightGradient{Size}");

    public override string Comment => Text($"The gradient by the weights of the convolution {Shape}, a group of threads for each weight.");

    public override IReadOnlyList<string> Views => ["input", "gradient", "result"];

    public override GpuGrid Grid => new(Threads, 1, 0, (long)Shape.Output.Channels * Shape.Depth);
}

/// <summary>A dense layer over one image: a group of threads for each unit, whose sums are added pair by pair. Views: input, weights, [bias], result, operands.</summary>
internal sealed record OneImageProductKernel(GpuConvolution Shape, GpuEpilogue After) : GpuConvolutionKernel(Shape)
{
    public const int Threads = 64;

    public override string Name => Text($"ProductOfOne{Size}");

    public override string Comment => Text($"The product {Shape}{After} of one image, a group of threads for each unit.");

    public override IReadOnlyList<string> Views => WithEpilogue(After, "input");

    public override IReadOnlyList<GpuNumber> RunTimeNumbers => [];

    public override GpuGrid Grid => new(Threads, 1, 0, Shape.Output.Channels);
}
