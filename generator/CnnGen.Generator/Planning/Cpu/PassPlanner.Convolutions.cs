using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

internal sealed partial class PassPlanner
{
    private static Taps OneByOne { get; } = new(Size2.One, Size2.One, Size2.One, Size2.Zero);

    private void PlanConvolution(Convolution convolution)
    {
        var (spec, weight) = (convolution.Spec, convolution.Weight);
        var (form, inputKind) = _layout.FormOf(weight);
        var taps = ConvolutionPlanning.TapsOf(spec.Window);
        var (inputShape, outputShape) = (convolution.Input.Shape, convolution.ComputedShape);
        var (inputStorage, input) = ReadAs(
            convolution.Input, inputKind, taps.Halo(inputShape.Height, inputShape.Width, outputShape.Height, outputShape.Width));
        if (_layout.WinogradOf(spec, weight, convolution.Input, outputShape) is { } tiles)
        {
            PlanWinograd(convolution, tiles, inputStorage, input);
            return;
        }

        var weights = Weights(weight, convolution.Bias, convolution.Norm, packing => FoldingOf(convolution, form, packing));
        var after = EpilogueOf(convolution.After, weights.HasBias);
        var output = StorageOf(convolution.Result);
        Kernel kernel;
        switch (form)
        {
            case ConvolutionForm.Planar:
                kernel = new ConvPlanarKernel(inputStorage, output, taps, spec.Groups, after);
                break;
            case ConvolutionForm.Depthwise:
                kernel = new DepthwiseKernel(inputStorage, output, taps, after);
                break;
            case ConvolutionForm.Im2Col:
                var matrix = MatrixOf(spec, inputShape, outputShape);
                input = Unrolled(taps, inputStorage, input, outputShape, matrix);
                kernel = new ConvPixelsKernel(matrix, output, OneByOne, LaneBlocks.For(spec.Filters, matrix.Channels, 1), after);
                break;
            default:
                kernel = new ConvPixelsKernel(inputStorage, output, taps, LaneBlocks.For(spec.Filters, inputShape.Channels, spec.Groups), after);
                break;
        }

        var result = Write(convolution.Result);
        Image(kernel, [input, .. weights.Arguments, result, .. OperandsOf(convolution.After)]);
    }

    /// <summary>All packings are rows of neighbouring filters, which lie as the bias does; those of kernels along the width end in a gap.</summary>
    private static FoldWeightsKernel FoldingOf(Convolution convolution, ConvolutionForm form, PackedWeights packing)
    {
        var (spec, channels) = (convolution.Spec, convolution.Input.Shape.Channels);
        switch (form)
        {
            case ConvolutionForm.Planar:
                return new FoldWeightsKernel(1, channels / spec.Groups * packing.Kernel.Height * packing.Kernel.Width, spec.Filters);
            case ConvolutionForm.Depthwise:
                return new FoldWeightsKernel(1, packing.Kernel.Height * packing.Kernel.Width, packing.ColumnStride);
            default:
                var blocks = LaneBlocks.For(spec.Filters, channels, spec.Groups);
                return new FoldWeightsKernel(blocks.BlockCount, packing.Length / blocks.TotalLanes, blocks.BlockLanes);
        }
    }

    /// <summary>
    /// The transformed weights are read by all threads. A prediction makes them where the parameters have changed, training before each batch.
    /// </summary>
    private void PlanWinograd(Convolution convolution, WinogradTiles tiles, Storage inputStorage, Argument input)
    {
        var (spec, weight) = (convolution.Spec, convolution.Weight);
        var taps = ConvolutionPlanning.TapsOf(spec.Window);
        var blocks = LaneBlocks.For(spec.Filters, convolution.Input.Shape.Channels, spec.Groups);
        tiles = TilesOfTraining(spec, tiles, blocks);
        var packing = _parameters[(ParameterTensor)weight].Packing!;
        (Argument Scales, Argument Shifts)? norm = convolution.Norm is { } folded ? PlanRunningCoefficients(folded, convolution.Bias) : null;
        if (inputStorage.Kind != StorageKind.Pixels)
        {
            // Planes are turned into pixels first: this algorithm was asked for where few channels arrive.
            (inputStorage, input) = ReadAs(convolution.Input, StorageKind.Pixels, inputStorage.Halo);
        }

        var hasBias = convolution.Bias is not null || norm is not null;
        Argument[] bias = norm is { } shifted ? [shifted.Shifts] : [.. Optional.Of(convolution.Bias).Select(Read)];
        var result = Write(convolution.Result);
        var kernel = new WinogradKernel(inputStorage, StorageOf(convolution.Result), taps, tiles, blocks, EpilogueOf(convolution.After, hasBias));
        var weights = new WinogradSource(packing, Read(weight), norm?.Scales, Name + "Points", Name + "Tiles");
        AddWinograd(kernel, weights, input, [.. bias, result, .. OperandsOf(convolution.After)]);
    }

    /// <summary>The weights that a convolution by Winograd's algorithm transforms.</summary>
    /// <param name="Packing">How they lie.</param>
    /// <param name="Weights">Where.</param>
    /// <param name="Scales">What they are multiplied by, filter by filter, where a batch norm is folded into them.</param>
    /// <param name="PointsName">What the memory is called in which they are transformed.</param>
    /// <param name="TilesName">What the memory is called in which tiles are.</param>
    private readonly record struct WinogradSource(PackedWeights Packing, Argument Weights, Argument? Scales, string PointsName, string TilesName)
    {
        public int ChannelStride => Packing.Channels[0].Stride;
    }

    /// <summary>The tiles of a convolution in a pass over batches, whose images may be worth the weights of another algorithm together.</summary>
    private WinogradTiles TilesOfTraining(ConvolutionSpec spec, WinogradTiles tiles, LaneBlocks blocks) =>
        _isTraining ? ConvolutionCost.OfBatch(spec, tiles, blocks, _layout.Precision) ?? tiles : tiles;

    /// <summary>The calls of Winograd's kernel: one for each image, or for all images of a chunk at once, or, for those of a batch, the three of its parts.</summary>
    private void AddWinograd(WinogradKernel kernel, WinogradSource source, Argument input, IReadOnlyList<Argument> after)
    {
        if (kernel.Tiles.OfBatch)
        {
            AddWinogradOfBatch(kernel, source, input, after);
            return;
        }

        kernel = kernel with { WeightsAreNear = kernel.Tiles.AcrossImages && WeightFetching.AreNear(_parameters.TotalLength) };
        var weights = new WinogradWeights(kernel.Tiles.OutputTile, kernel.Tiles.Kernel, kernel.Blocks);
        var transformed = new Argument.Buffer(_program.Buffer(source.PointsName, weights.Length, BufferKind.Shared));
        var transform = new WinogradWeightsKernel(source.Packing, source.ChannelStride, weights, source.Scales is not null);
        Prepare(transform, source.Scales is { } scales ? [source.Weights, scales, transformed] : [source.Weights, transformed]);
        var scratch = new Argument.Buffer(_program.Buffer(source.TilesName, kernel.ScratchLength, BufferKind.Scratch));
        _program.Add(kernel.Tiles.AcrossImages
            ? StepOf(StepScope.Rows, new Call(kernel, [input, transformed, .. after, scratch, new Argument.Value(RunTimeValue.Rows)]))
            : StepOf(StepScope.Image, new Call(kernel, [input, transformed, .. after, scratch])));
    }

    private void AddWinogradOfBatch(WinogradKernel kernel, WinogradSource source, Argument input, IReadOnlyList<Argument> after)
    {
        var products = new WinogradProductsKernel(kernel, source.Packing, source.ChannelStride);
        var (inputs, outputs) = (new WinogradInputsKernel(kernel), new WinogradOutputsKernel(kernel));
        var tiles = OfBatch("BatchTiles", inputs.TilesLength);
        var results = OfBatch("BatchProducts", products.ProductsLength);
        Image(inputs, input, tiles, Scratch(source.TilesName, inputs.ScratchLength));
        _program.Whole(new Region.Units(StepOf(StepScope.Rows, new Call(
            products, tiles, source.Weights, results, Scratch(source.PointsName, products.WeightsLength), new Argument.Value(RunTimeValue.Count)))));
        Image(outputs, [results, .. after, Scratch(source.TilesName, outputs.ScratchLength)]);
        Argument Scratch(string name, int length) => new Argument.Buffer(_program.Buffer(name, length, BufferKind.Scratch));
    }

    /// <summary>Memory for the tiles of all images, which one convolution after the other uses.</summary>
    private Argument OfBatch(string name, int length)
    {
        if (!_ofBatch.TryGetValue((name, length), out var buffer))
            _ofBatch.Add((name, length), buffer = _program.Buffer(name, length, BufferKind.Image));
        return new Argument.Buffer(buffer);
    }

    private readonly Dictionary<(string Name, int Length), PlanBuffer> _ofBatch = [];

    /// <summary>The matrix of unrolled windows: a map of as many pixels as the output, with a channel for each tap and channel.</summary>
    private static Storage MatrixOf(ConvolutionSpec spec, TensorShape input, TensorShape output) => Storage.Pixels(
        TensorShape.Map(checked(spec.Window.Kernel.Height * spec.Window.Kernel.Width * input.Channels), output.Height, output.Width), default);

    private Argument Unrolled(Taps taps, Storage inputStorage, Argument input, TensorShape output, Storage matrix)
    {
        var windows = new Argument.Buffer(_program.Buffer(Name + "Windows", matrix.Length, BufferKind.Worker));
        Image(new Im2ColKernel(inputStorage, taps, output.Height, output.Width, matrix.PixelStride), input, windows);
        return windows;
    }
}
