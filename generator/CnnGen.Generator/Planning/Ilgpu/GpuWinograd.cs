using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>
/// Winograd's algorithm for a convolution that moves by one pixel, or for its gradient by the input, which is one of turned weights: tiles of the map become points, at each of which channels are multiplied by filters,
/// and points become tiles of the result.
/// </summary>
/// <param name="OutputTile">Rows and columns of a tile of the result.</param>
/// <param name="Kernel">Rows and columns of taps.</param>
/// <param name="Source">What is read.</param>
/// <param name="Result">What comes of it.</param>
/// <param name="Padding">Zeros before the source's first row and column (may be negative: then rows and columns are left out).</param>
internal sealed record GpuWinograd(int OutputTile, int Kernel, GpuStorage Source, GpuStorage Result, Size2 Padding)
{
    /// <summary>
    /// Multiply-adds that a GPU makes in the time in which it moves a float between its memory and a core, from the published figures of such as have memory of their own (25 to 40). Transforms do nothing but move
    /// floats, so that this decides: products get fewer by a factor, but each of the transforms costs as much as many of them.
    /// </summary>
    private const double MultiplyAddsPerFloat = 30;

    /// <summary>Rows and columns of a tile of the source.</summary>
    public int InputTile => OutputTile + Kernel - 1;

    /// <summary>The points of a tile.</summary>
    public int Points => InputTile * InputTile;

    public int TilesDown => (Result.Height + OutputTile - 1) / OutputTile;

    public int TilesAcross => (Result.Width + OutputTile - 1) / OutputTile;

    /// <summary>The tiles of an image.</summary>
    public int Tiles => TilesDown * TilesAcross;

    /// <summary>Floats of an image that is points: (point, channel, tile).</summary>
    public long SourcePoints => (long)Points * Source.Channels * Tiles;

    /// <summary>Floats of an image's products: (point, filter, tile).</summary>
    public long ResultPoints => (long)Points * Result.Channels * Tiles;

    /// <summary>Floats of the transformed weights: (point, filter, channel).</summary>
    public long Weights => (long)Points * Result.Channels * Source.Channels;

    /// <summary>Whether every tile of the source lies within the map.</summary>
    public bool IsInside => IsInsideAlong(Padding.Height, TilesDown, Source.Height) && IsInsideAlong(Padding.Width, TilesAcross, Source.Width);

    /// <summary>Whether every tile of the result lies within the map.</summary>
    public bool IsWhole => Result.Height % OutputTile == 0 && Result.Width % OutputTile == 0;

    /// <summary>The products: one for each point, as those of a grouped 1x1 convolution are, whose pixels are the tiles.</summary>
    public GpuConvolution Products => new(
        Layout(Points * Source.Channels), Layout(Points * Result.Channels), Points, Size2.One, Size2.One, Size2.One, Size2.Zero);

    private GpuStorage Layout(int planes) => new(planes, TilesDown, TilesAcross, checked(planes * Tiles));

    /// <summary>Whether and with which tiles a convolution is computed so; null for not.</summary>
    /// <param name="spec">The convolution.</param>
    /// <param name="shape">Its numbers.</param>
    /// <param name="isGradient">Whether it is the gradient by the input.</param>
    /// <param name="precision">Whether F(4x4) may be chosen, whose rounding errors are larger.</param>
    public static GpuWinograd? Choose(ConvolutionSpec spec, GpuConvolution shape, bool isGradient, PrecisionKind precision)
    {
        if (!spec.SuitsWinograd)
            return null;
        switch (spec.Algorithm)
        {
            case ConvAlgorithm.Winograd2x2:
                return Of(2, shape, isGradient);
            case ConvAlgorithm.Winograd4x4:
                return Of(4, shape, isGradient);
            case ConvAlgorithm.Auto:
                break;
            default:
                return null;
        }

        GpuWinograd? best = null;
        var least = (double)shape.Output.Length * shape.Depth + (MultiplyAddsPerFloat * (shape.Input.Length + shape.Output.Length));
        foreach (var outputTile in precision == PrecisionKind.Fast && spec.SuitsWinogradTile(4) ? new[] { 2, 4 } : [2])
        {
            var one = Of(outputTile, shape, isGradient);
            if (Math.Max(one.SourcePoints, one.ResultPoints) > int.MaxValue || one.Weights > int.MaxValue)
                continue;

            // Points are written once and read once.
            var moved = shape.Input.Length + shape.Output.Length + (2.0 * (one.SourcePoints + one.ResultPoints));
            var cost = ((double)one.SourcePoints * one.Result.Channels) + (MultiplyAddsPerFloat * moved);
            if (cost < least)
                (best, least) = (one, cost);
        }

        return best;
    }

    private static GpuWinograd Of(int outputTile, GpuConvolution shape, bool isGradient)
    {
        var kernel = shape.Kernel.Height;
        return isGradient
            ? new GpuWinograd(outputTile, kernel, shape.Output, shape.Input, new Size2(kernel - 1 - shape.Padding.Height, kernel - 1 - shape.Padding.Width))
            : new GpuWinograd(outputTile, kernel, shape.Input, shape.Output, shape.Padding);
    }

    private bool IsInsideAlong(int padding, int tiles, int length) => padding <= 0 && (tiles * OutputTile) + Kernel - 1 - padding <= length;

    public override string ToString() => $"F({Numbers.Print(OutputTile)}x{Numbers.Print(OutputTile)}, {Numbers.Print(Kernel)}x{Numbers.Print(Kernel)})";
}
