using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

internal sealed partial class GpuPassPlanner
{
    /// <summary>Groups of threads below which a sum over all images is cut into parts.</summary>
    private const int EnoughGroups = 128;

    private const int MostParts = 32;

    private void PlanConvolution(Convolution convolution)
    {
        var shape = ShapeOf(convolution.Spec, convolution.Input, convolution.ComputedShape, convolution.Result);
        var weights = WeightsOf(convolution.Weight, convolution.Bias, convolution.Norm);
        if (GpuWinograd.Choose(convolution.Spec, shape, isGradient: false, _precision) is { } winograd)
            MultiplyAtPoints(winograd, convolution.Input, weights, convolution.After, convolution.Result, isGradient: false);
        else
            Multiply(shape, convolution.Input, weights, convolution.After, convolution.Result);
    }

    private void PlanProduct(Product product) => Multiply(
        ShapeOf(product.Input, product.Units, StrideOf(product.Input), StrideOf(product.Result)),
        product.Input,
        WeightsOf(product.Weight, product.Bias, product.Norm),
        product.After,
        product.Result);

    private void Multiply(GpuConvolution shape, Tensor input, IReadOnlyList<GpuArgument> weights, Epilogue after, Tensor result)
    {
        var epilogue = EpilogueOf(after, weights.Count > 1);
        GpuKernel kernel = shape.IsNarrow
            ? new DirectConvolutionKernel(shape, epilogue)
            : new TiledConvolutionKernel(shape, GpuTile.For(shape.Filters, shape.Output.Pixels), epilogue);
        var launch = LaunchOf(kernel, [Read(input), .. weights, Write(result), .. after.Operands.Select(Read)]);
        _launches.Add(launch with { ForOneImage = !_isTraining && shape.IsPointwise && shape.Input.Pixels == 1 ? new OneImageProductKernel(shape, epilogue) : null });
    }

    private void PlanInputGradient(ConvolutionInputGradient gradient)
    {
        var shape = ShapeOf(gradient.Spec, gradient.Input.Shape, gradient.Gradient.Shape, StrideOf(gradient.Result), StrideOf(gradient.Gradient));
        if (GpuWinograd.Choose(gradient.Spec, shape, isGradient: true, _precision) is { } winograd)
            MultiplyAtPoints(winograd, gradient.Gradient, [Read(gradient.Weight)], gradient.After, gradient.Result, isGradient: true);
        else
            MultiplyBack(shape, gradient.Gradient, gradient.Weight, gradient.After, gradient.Result);
    }

    private void PlanInputGradient(ProductInputGradient gradient) => MultiplyBack(
        ShapeOf(gradient.Input, gradient.Gradient.Shape.Channels, StrideOf(gradient.Result), StrideOf(gradient.Gradient)),
        gradient.Gradient,
        gradient.Weight,
        gradient.After,
        gradient.Result);

    private void MultiplyBack(GpuConvolution shape, Tensor gradient, Tensor weight, Epilogue after, Tensor result)
    {
        var epilogue = EpilogueOf(after, hasBias: false);
        GpuKernel kernel = shape.IsNarrow
            ? new DirectInputGradientKernel(shape, epilogue)
            : new TiledInputGradientKernel(shape, GpuTile.For(shape.Channels, shape.Input.Pixels), epilogue);
        Launch(kernel, [Read(gradient), Read(weight), Write(result), .. after.Operands.Select(Read)]);
    }

    private void PlanWeightGradient(ConvolutionWeightGradient gradient) => SumWeightGradient(
        ShapeOf(gradient.Spec, gradient.Input.Shape, gradient.Gradient.Shape, StrideOf(gradient.Input), StrideOf(gradient.Gradient)),
        gradient.Input,
        gradient.Gradient,
        gradient.Result);

    private void PlanWeightGradient(ProductWeightGradient gradient) => SumWeightGradient(
        ShapeOf(gradient.Input, gradient.Gradient.Shape.Channels, StrideOf(gradient.Input), StrideOf(gradient.Gradient)),
        gradient.Input,
        gradient.Gradient,
        gradient.Result);

    /// <summary>Where the weights give too few tiles to fill a GPU, each part of the images has a sum of its own, and the parts are added in their order.</summary>
    private void SumWeightGradient(GpuConvolution shape, Tensor input, Tensor gradient, Tensor result)
    {
        var weights = shape.Output.Channels * shape.Depth;
        var isFirst = _summed.Add(result);
        var tile = GpuTile.For(shape.Filters, shape.Depth);
        var groups = (long)shape.Groups * tile.RowTiles(shape.Filters) * ((shape.Depth + tile.Columns - 1) / tile.Columns);
        var parts = shape.IsNarrow ? 1 : (int)Math.Max(1, Math.Min(MostParts, EnoughGroups / groups));
        GpuKernel kernel = shape.IsNarrow ? new DirectWeightGradientKernel(shape) : new TiledWeightGradientKernel(shape, tile, parts);
        SumInto(kernel, [Read(input), Read(gradient)], weights, parts, isFirst, result);
    }

    private void PlanBiasGradient(Tensor gradient, Tensor result)
    {
        var (channels, pixels) = (gradient.Shape.Channels, gradient.Shape.Height * gradient.Shape.Width);
        var parts = GpuChannelSumsKernel.PartsFor(channels);
        var isFirst = _summed.Add(result);
        var kernel = new GpuChannelSumsKernel([Expression.X], [new GpuOperand(GpuOperandKind.Full, StrideOf(gradient))], channels, pixels, parts);
        SumInto(kernel, [Read(gradient)], channels, parts, isFirst, result);
    }

    /// <summary>Sums that parts of the batch have each for themselves, and their total: stored, or added to what another operation stored there.</summary>
    private void SumInto(GpuKernel kernel, IReadOnlyList<GpuArgument> arguments, int length, int parts, bool isFirst, Tensor result)
    {
        if (parts == 1 && isFirst)
        {
            Launch(kernel, [.. arguments, Read(result)]);
            return;
        }

        var sums = Scratch((long)length * parts);
        Launch(kernel, [.. arguments, sums]);
        Launch(new GpuPartsKernel(length, parts, Adds: !isFirst), sums, Read(result));
    }

    private GpuEpilogue EpilogueOf(Epilogue after, bool hasBias) => new(hasBias, after.Each, after.Operands.Select(StrideOf).ToEquatableArray());

    private GpuConvolution ShapeOf(ConvolutionSpec spec, Tensor input, TensorShape output, Tensor result) =>
        ShapeOf(spec, input.Shape, output, StrideOf(input), StrideOf(result));

    private static GpuConvolution ShapeOf(ConvolutionSpec spec, TensorShape input, TensorShape output, int inputStride, int outputStride) => new(
        GpuStorage.Of(input) with { ImageStride = inputStride },
        GpuStorage.Of(output) with { ImageStride = outputStride },
        spec.Groups,
        spec.Window.Kernel,
        spec.Window.Stride,
        spec.Window.Dilation,
        spec.Window.Padding.Start);

    /// <summary>A dense layer as a convolution: the features are channels of one pixel.</summary>
    private static GpuConvolution ShapeOf(Tensor input, int units, int inputStride, int outputStride) => new(
        new GpuStorage(checked((int)input.Shape.Length), 1, 1, inputStride), new GpuStorage(units, 1, 1, outputStride), 1, Size2.One, Size2.One, Size2.One, Size2.Zero);

    /// <summary>The layer's parameters, or, where a batch norm is folded into them, what follows from both.</summary>
    private IReadOnlyList<GpuArgument> WeightsOf(Tensor weight, Tensor? bias, FoldedNorm? norm)
    {
        if (norm is null)
            return [Read(weight), .. Optional.Of(bias).Select(Read)];
        var (scales, shifts) = PlanRunningCoefficients(norm, bias);
        var spec = ((ParameterTensor)weight).Spec;
        var folded = new GpuArgument.Buffer(NewBuffer(weight.Name + "Folded", checked((int)spec.Length), isPerImage: false));
        Prepare(new GpuFoldWeightsKernel(spec.Dimensions[0], checked((int)spec.Length / spec.Dimensions[0])), Read(weight), scales, folded);
        return [folded, shifts];
    }
}
