using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Planning;

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
        var packing = _parameters[(ParameterTensor)weight].Packing!;
        var weights = new WinogradWeights(tiles.OutputTile, tiles.Kernel, blocks);
        var transformed = new Argument.Buffer(_program.Buffer(Name + "Points", weights.Length, BufferKind.Shared));
        (Argument Scales, Argument Shifts)? norm = convolution.Norm is { } folded ? PlanRunningCoefficients(folded, convolution.Bias) : null;
        var transform = new WinogradWeightsKernel(packing, packing.Channels[0].Stride, weights, norm is not null);
        Prepare(transform, norm is { } fold ? [Read(weight), fold.Scales, transformed] : [Read(weight), transformed]);

        if (inputStorage.Kind != StorageKind.Pixels)
        {
            // Planes are turned into pixels first: this algorithm was asked for where few channels arrive.
            (inputStorage, input) = ReadAs(convolution.Input, StorageKind.Pixels, inputStorage.Halo);
        }

        var hasBias = convolution.Bias is not null || norm is not null;
        Argument[] bias = norm is { } shifted ? [shifted.Shifts] : [.. Optional.Of(convolution.Bias).Select(Read)];
        var result = Write(convolution.Result);
        var kernel = new WinogradKernel(inputStorage, StorageOf(convolution.Result), taps, tiles, blocks, EpilogueOf(convolution.After, hasBias));
        var scratch = new Argument.Buffer(_program.Buffer(Name + "Tiles", kernel.ScratchLength, BufferKind.Scratch));
        _program.Add(WinogradStep(kernel, [input, transformed, .. bias, result, .. OperandsOf(convolution.After), scratch]));
    }

    /// <summary>A call of Winograd's kernel: for each image, or for all images of a chunk at once.</summary>
    private Step WinogradStep(WinogradKernel kernel, IReadOnlyList<Argument> arguments) => kernel.Tiles.AcrossImages
        ? StepOf(StepScope.Rows, new Call(kernel, [.. arguments, new Argument.Value(RunTimeValue.Rows)]))
        : StepOf(StepScope.Image, new Call(kernel, [.. arguments]));

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
