using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu;

internal sealed partial class PassPlanner
{
    private readonly Dictionary<Tensor, Argument> _partials = [];

    private void PlanBiasGradient(ConvolutionBiasGradient gradient)
    {
        var length = checked((int)((ParameterTensor)gradient.Result.Like).Spec.Length);
        var partial = Partial(gradient.Result, length);
        Image(new BiasGradientKernel(StorageOf(gradient.Gradient)), Read(gradient.Gradient), partial);
    }

    private void PlanWeightGradient(ConvolutionWeightGradient gradient)
    {
        var spec = gradient.Spec;
        var (form, inputKind) = _layout.FormOf(gradient.Weight);
        var taps = ConvolutionPlanning.TapsOf(spec.Window);
        var (inputShape, outputShape) = (gradient.Input.Shape, gradient.Gradient.Shape);
        var (inputStorage, input) = ReadAs(
            gradient.Input, inputKind, taps.Halo(inputShape.Height, inputShape.Width, outputShape.Height, outputShape.Width));
        var (storage, by) = ReadAs(gradient.Gradient, ConvolutionPlanning.OutputKind(form), default);
        var blocks = LaneBlocks.For(spec.Filters, inputShape.Channels, spec.Groups);
        if (form == ConvolutionForm.Pixels && inputKind == StorageKind.Pixels && HasEachImage(inputStorage, input) && HasEachImage(storage, by)
            && WeightGradientCost.Choose(spec, blocks, outputShape.Height, outputShape.Width, _layout.Precision) is { } tiles)
        {
            PlanWinograd(gradient, new WinogradWeightGradientKernel(inputStorage, storage, taps, tiles, blocks), input, by);
            return;
        }

        var partial = Partial(gradient.Result, _parameters[(ParameterTensor)gradient.Weight].Length);
        switch (form)
        {
            case ConvolutionForm.Planar:
                Image(new WeightGradientPlanarKernel(inputStorage, storage, taps, spec.Groups), input, by, partial);
                break;
            case ConvolutionForm.Depthwise:
                Image(new DepthwiseWeightGradientKernel(inputStorage, storage, taps), input, by, partial);
                break;
            case ConvolutionForm.Im2Col:
                var matrix = MatrixOf(spec, inputShape, outputShape);
                var windows = Unrolled(taps, inputStorage, input, outputShape, matrix);
                Image(new WeightGradientPixelsKernel(matrix, storage, OneByOne, LaneBlocks.For(spec.Filters, matrix.Channels, 1)), windows, by, partial);
                break;
            default:
                Image(new WeightGradientPixelsKernel(inputStorage, storage, taps, blocks), input, by, partial);
                break;
        }

        if (form == ConvolutionForm.Pixels && blocks.MixesGroups)
        {
            _program.AtEnd(new Region.Once([Once(
                new ClearBetweenGroupsKernel(
                    blocks,
                    spec.Groups,
                    spec.Filters / spec.Groups,
                    inputShape.Channels / spec.Groups,
                    taps.Count,
                    inputStorage.Kind == StorageKind.Planar),
                Read(gradient.Result))]));
        }
    }

    /// <summary>
    /// A weight gradient by Winograd's algorithm: summed in each chunk, or, where the weights are more than the tiles, over the whole batch, which needs no sums of the chunks' own.
    /// </summary>
    private void PlanWinograd(ConvolutionWeightGradient gradient, WinogradWeightGradientKernel kernel, Argument input, Argument by)
    {
        Argument.Buffer Buffer(string name, int length, BufferKind kind) => new(_program.Buffer(Name + name, length, kind));
        var ofImages = kernel with { Tiles = kernel.Tiles with { BlockTiles = kernel.Tiles.Count, AcrossImages = false } };
        if (_operations.Count(operation => operation.Results.Contains(gradient.Result)) > 1 || !WeightGradientCost.IsOfBatch(ofImages))
        {
            var partial = Partial(gradient.Result, _parameters[(ParameterTensor)gradient.Weight].Length);
            var scratch = Buffer("WeightGradientTiles", kernel.ScratchLength, BufferKind.Scratch);
            _program.Add(StepOf(StepScope.Rows, new Call(kernel, input, by, partial, scratch, new Argument.Value(RunTimeValue.Rows))));
            return;
        }

        var inputPoints = Buffer("InputPoints", ofImages.InputPointsLength, BufferKind.Image);
        var gradientPoints = Buffer("GradientPoints", ofImages.GradientPointsLength, BufferKind.Image);
        var points = new WinogradGradientPointsKernel(ofImages);
        Image(points, input, by, inputPoints, gradientPoints, Buffer("GradientEdges", points.ScratchLength, BufferKind.Scratch));
        var sums = new WinogradGradientSumsKernel(ofImages);
        _program.AtEnd(new Region.Units(Once(
            sums,
            inputPoints,
            gradientPoints,
            Read(gradient.Result),
            Buffer("GradientSums", sums.ScratchLength, BufferKind.Scratch),
            new Argument.Value(RunTimeValue.Count))));
    }

    /// <summary>Whether a map lies in memory that each image has its own of, one after the other, rather than in a copy for the image at hand.</summary>
    private static bool HasEachImage(Storage storage, Argument argument) =>
        argument is Argument.Buffer { Memory: { Kind: BufferKind.Image } memory } && memory.Length == Storage.RoundUp(storage.Length);

    private void PlanInputGradient(ConvolutionInputGradient gradient)
    {
        var (spec, weight) = (gradient.Spec, gradient.Weight);
        var (form, inputKind) = _layout.FormOf(weight);
        var taps = ConvolutionPlanning.TapsOf(spec.Window);
        var (channels, outputShape) = (gradient.Input.Shape.Channels, gradient.Gradient.Shape);
        var plan = _parameters[(ParameterTensor)weight];
        var turned = taps.Transposed() with { Stride = Size2.One };
        if (form == ConvolutionForm.Depthwise)
        {
            var (storage, by) = ReadAs(gradient.Gradient, StorageKind.Pixels, default);
            Image(new DepthwiseInputGradientKernel(StorageOf(gradient.Result), storage, taps), by, Read(weight), Write(gradient.Result));
        }
        else if (IsByColumns(spec, form))
        {
            PlanByColumns(gradient);
        }
        else if (inputKind == StorageKind.Planar)
        {
            var (source, by) = Spread(gradient, Storage.Planar, turned);
            var packing = WeightPacking.Broadcast(channels, spec.Filters, spec.Groups, taps.Kernel);
            var transposed = Transposed(TransposeOf(gradient, plan, packing), weight, packing.Length);
            var (target, result) = WriteAs(gradient.Result, StorageKind.Planar);
            Image(
                new ConvPlanarKernel(source, target, turned, spec.Groups, EpilogueOf(gradient.After, false)),
                [by, transposed, result, .. OperandsOf(gradient.After)]);
            Move(target, result, gradient.Result);
        }
        else
        {
            var halo = turned.Halo(outputShape.Height, outputShape.Width, gradient.Input.Shape.Height, gradient.Input.Shape.Width);
            var (source, by) = taps.Stride == Size2.One ? ReadAs(gradient.Gradient, StorageKind.Pixels, halo) : Spread(gradient, Storage.Pixels, turned);
            var packing = WeightPacking.Blocked(channels, spec.Filters, spec.Groups, taps.Kernel, StorageKind.Pixels);
            var blocks = LaneBlocks.For(channels, spec.Filters, spec.Groups);
            var transposed = Transposed(TransposeOf(gradient, plan, packing), weight, packing.Length);
            var (input, result) = WriteAs(gradient.Result, StorageKind.Pixels);
            if (WinogradOf(gradient) is { } tiles)
            {
                // The forward algorithm over turned weights, which are transformed after they were turned.
                tiles = TilesOfTraining(spec, tiles, blocks);
                var kernel = new WinogradKernel(source, input, turned, tiles, blocks, EpilogueOf(gradient.After, false));
                var turnedWeights = new WinogradSource(packing, transposed, null, Name + "TransposedPoints", Name + "GradientTiles");
                AddWinograd(kernel, turnedWeights, by, [result, .. OperandsOf(gradient.After)]);
            }
            else
            {
                Image(
                    new ConvPixelsKernel(source, input, turned, blocks, EpilogueOf(gradient.After, false)),
                    [by, transposed, result, .. OperandsOf(gradient.After)]);
            }

            Move(input, result, gradient.Result);
        }
    }

    /// <summary>
    /// Where a gradient is computed that kernels have in one kind of layout, as they have the weights: in its place, or, where it lies otherwise since the
    /// weights are another map's too, beside it.
    /// </summary>
    private (Storage Storage, Argument Argument) WriteAs(Tensor tensor, StorageKind kind)
    {
        if (StorageOf(tensor) is var own && own.Kind == kind)
            return (own, Write(tensor));
        var storage = kind == StorageKind.Planar ? Storage.Planar(tensor.Shape, default) : Storage.Pixels(tensor.Shape, default);

        // For a chunk's images, since a kernel may compute all of them at once.
        return (storage, new Argument.Buffer(_program.Buffer(tensor.Name + kind, storage.Length, BufferKind.Image)));
    }

    /// <summary>Copies what was computed beside a tensor to its place.</summary>
    private void Move(Storage storage, Argument argument, Tensor tensor)
    {
        if (StorageOf(tensor) is var own && own.Kind != storage.Kind)
            Image(new CopyKernel(storage, own, Size2.One), argument, Write(tensor));
    }

    private WinogradTiles? WinogradOf(ConvolutionInputGradient gradient) => ConvolutionCost.Choose(
        gradient.Spec,
        StorageKind.Pixels,
        LaneBlocks.For(gradient.Input.Shape.Channels, gradient.Spec.Filters, gradient.Spec.Groups),
        gradient.Input.Shape.Height,
        gradient.Input.Shape.Width,
        _layout.Precision);

    /// <summary>Whether the gradient by the input is that of unrolled windows, added back to where they lie.</summary>
    public static bool IsByColumns(ConvolutionSpec spec, ConvolutionForm form) =>
        form == ConvolutionForm.Im2Col || (spec.Window.Stride != Size2.One && spec.Groups == 1);

    /// <summary>The output's gradient with the halo that the turned kernel wants, and zeros between its pixels where the convolution has a stride.</summary>
    private (Storage Storage, Argument Argument) Spread(ConvolutionInputGradient gradient, Func<TensorShape, Halo, Storage> layout, Taps turned)
    {
        var stride = gradient.Spec.Window.Stride;
        var shape = gradient.Gradient.Shape;
        var spread = TensorShape.Map(
            gradient.Spec.Filters,
            ((shape.Height - 1) * stride.Height) + 1,
            ((shape.Width - 1) * stride.Width) + 1);
        var storage = layout(spread, turned.Halo(spread.Height, spread.Width, gradient.Input.Shape.Height, gradient.Input.Shape.Width));
        var buffer = new Argument.Buffer(_program.Buffer(Name + "Spread", storage.Length, BufferKind.Worker));

        // Training's memory between the pixels stays as zero as it was allocated; a prediction's is others' too.
        if (!_isTraining)
            _program.Add(StepOf(StepScope.Image, new Call(RunTimeMethod.Clear, buffer, new Argument.Integer(storage.Length))));
        Image(new CopyKernel(StorageOf(gradient.Gradient), storage, stride), Read(gradient.Gradient), buffer);
        return (storage, buffer);
    }

    /// <summary>Gradients of the unrolled windows, added back to where the windows lie.</summary>
    private void PlanByColumns(ConvolutionInputGradient gradient)
    {
        var (spec, outputShape) = (gradient.Spec, gradient.Gradient.Shape);
        var taps = ConvolutionPlanning.TapsOf(spec.Window);
        var matrix = MatrixOf(spec, gradient.Input.Shape, outputShape);
        var source = WeightPacking.Dense(LaneBlocks.For(spec.Filters, matrix.Channels, 1), [new Digit(matrix.Channels, 1)]);
        var target = WeightPacking.Dense(matrix.Channels, spec.Filters, [new Digit(spec.Filters, 1)]);
        var transposed = Transposed(new TransposeWeightsKernel(source, target, 1, spec.Filters, matrix.Channels, false), gradient.Weight, target.Length);
        var columns = new Argument.Buffer(_program.Buffer(Name + "WindowGradients", matrix.Length, BufferKind.Worker));
        var (storage, by) = ReadAs(gradient.Gradient, StorageKind.Pixels, default);
        Image(
            new ConvPixelsKernel(storage, matrix, OneByOne, LaneBlocks.ForRows(matrix.Channels, spec.Filters), KernelEpilogue.None),
            by,
            transposed,
            columns);
        var (map, result) = WriteAs(gradient.Result, _layout.FormOf(gradient.Weight).Input);
        Image(new Col2ImKernel(map, taps, outputShape.Height, outputShape.Width, matrix.PixelStride), columns, result);
        Move(map, result, gradient.Result);
    }

    /// <summary>A chunk's sum of a parameter's gradient over its images; the chunks' sums are added up in order at the end.</summary>
    private Argument Partial(Tensor gradient, int length)
    {
        if (!_partials.TryGetValue(gradient, out var argument))
        {
            var partial = _program.Buffer(gradient.Like.Name + "Partial", length, BufferKind.Chunk);
            _partials.Add(gradient, argument = new Argument.Buffer(partial));
            _program.ChunkStart(Once(Clear(partial)));
            _program.AtEnd(new Region.Sums([Once(new Call(
                RunTimeMethod.SumPartials,
                argument,
                new Argument.Value(RunTimeValue.Chunks),
                Read(gradient),
                new Argument.Integer(partial.Length)))]));
        }

        return argument;
    }

    private static TransposeWeightsKernel TransposeOf(ConvolutionInputGradient gradient, ParameterPlan weight, PackedWeights target) => new(
        weight.Packing!, target, gradient.Spec.Groups, gradient.Spec.Filters / gradient.Spec.Groups, gradient.Input.Shape.Channels / gradient.Spec.Groups, true);

    /// <summary>The weights as the input's gradient reads them, made anew before each batch; in a prediction, where parameters have changed.</summary>
    private Argument Transposed(TransposeWeightsKernel kernel, Tensor weight, int length)
    {
        var buffer = new Argument.Buffer(_program.Buffer(Name + "Transposed", length, BufferKind.Shared));
        var step = Once(kernel, Read(weight), buffer);
        if (!_isTraining)
            _program.Prepare(new Region.Units(step));
        else if (kernel.IsWorthSharing)
            _program.First(new Region.Units(step));
        else
            _program.First(new Region.Once([step]));
        return buffer;
    }
}
