using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

internal sealed partial class GpuPassPlanner
{
    /// <summary>
    /// A convolution, or its gradient by the input, in three kernels. What weights become is kept where they don't change; in a training step it is made for each of its uses in a place that the next use takes
    /// over, since it is several times as long as the weights.
    /// </summary>
    private void MultiplyAtPoints(GpuWinograd winograd, Tensor source, IReadOnlyList<GpuArgument> weights, Epilogue after, Tensor result, bool isGradient)
    {
        var length = checked((int)winograd.Weights);
        var points = _isTraining ? Scratch(length) : new GpuArgument.Buffer(NewBuffer(result.Name + "Weights", length, isPerImage: false));
        Prepare(new GpuWinogradWeightsKernel(Shared(winograd), isGradient), weights[0], points);

        var tiles = new GpuArgument.Buffer(NewBuffer(result.Name + "Tiles", checked((int)winograd.SourcePoints), isPerImage: true));
        Launch(new GpuWinogradInputKernel(winograd with { Result = Dense(winograd.Result) }), Read(source), tiles);

        var products = new GpuArgument.Buffer(NewBuffer(result.Name + "Products", checked((int)winograd.ResultPoints), isPerImage: true));
        Launch(new TiledConvolutionKernel(winograd.Products, GpuTile.For(winograd.Result.Channels, winograd.Tiles), GpuEpilogue.None), tiles, points, products);

        var epilogue = EpilogueOf(after, weights.Count > 1);
        Launch(
            new GpuWinogradOutputKernel(winograd with { Source = Dense(winograd.Source), Padding = Size2.Zero }, epilogue),
            [products, .. weights.Skip(1), Write(result), .. after.Operands.Select(Read)]);
    }

    /// <summary>The algorithm for any maps: weights become the same points whatever the maps' size, so that layers of other sizes share the kernel.</summary>
    private static GpuWinograd Shared(GpuWinograd winograd) => winograd with
    {
        Source = new GpuStorage(winograd.Source.Channels, 1, 1, winograd.Source.Channels),
        Result = new GpuStorage(winograd.Result.Channels, 1, 1, winograd.Result.Channels),
        Padding = Size2.Zero,
    };

    /// <summary>A map of which only the size counts.</summary>
    private static GpuStorage Dense(GpuStorage storage) => storage with { ImageStride = storage.Length };
}
