namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>One of the transforms of Winograd's algorithm; the products between them are those of a <see cref="TiledConvolutionKernel"/>.</summary>
/// <param name="Winograd">The algorithm and its maps.</param>
internal abstract record GpuWinogradKernel(GpuWinograd Winograd) : GpuKernel
{
    protected string Tile => Text($"{Winograd.OutputTile}x{Winograd.OutputTile}");
}

/// <summary>Weights to points, a thread for each filter and channel. Of a gradient filters and channels change places, and taps are read from the last to the first. Views: weights, result.</summary>
/// <param name="Winograd">The algorithm; of a gradient its source has the filters.</param>
/// <param name="IsTurned">Whether it is for a gradient.</param>
internal sealed record GpuWinogradWeightsKernel(GpuWinograd Winograd, bool IsTurned) : GpuWinogradKernel(Winograd)
{
    public override string Name => Text($"WinogradWeights{Tile}_{(IsTurned ? "Turned" : "")}{Winograd.Source.Channels}x{Winograd.Result.Channels}");

    public override string Comment => Text($"Weights of {Winograd.Source.Channels} -> {Winograd.Result.Channels} channels as points of {Winograd}{(IsTurned ? ", for the gradient by the input" : "")}.");

    public override IReadOnlyList<string> Views => ["weights", "result"];

    public override IReadOnlyList<GpuNumber> RunTimeNumbers => [];

    public override GpuGrid Grid => GpuGrid.EachOnce((long)Winograd.Source.Channels * Winograd.Result.Channels);
}

/// <summary>A map to points, a thread for each tile of each channel. Views: source, result.</summary>
internal sealed record GpuWinogradInputKernel(GpuWinograd Winograd) : GpuWinogradKernel(Winograd)
{
    public override string Name => Text($"WinogradTiles{Tile}_{Winograd.Source}");

    public override string Comment => Text($"Tiles of {Winograd.Source} as points of {Winograd}.");

    public override IReadOnlyList<string> Views => ["source", "result"];

    public override GpuGrid Grid => GpuGrid.Each((long)Winograd.Source.Channels * Winograd.Tiles);
}

/// <summary>Products at points to a map, a thread for each tile of each filter. Views: products, [bias], result, operands.</summary>
internal sealed record GpuWinogradOutputKernel(GpuWinograd Winograd, GpuEpilogue After) : GpuWinogradKernel(Winograd)
{
    public override string Name => Text($"WinogradResult{Tile}_{Winograd.Result}");

    public override string Comment => Text($"Products at points of {Winograd} as {Winograd.Result}{After}.");

    public override IReadOnlyList<string> Views => ["products", .. After.HasBias ? (string[])["bias"] : [], "result", .. Numbered(After.OperandStrides.Count, 1)];

    public override GpuGrid Grid => GpuGrid.Each((long)Winograd.Result.Channels * Winograd.Tiles);
}
