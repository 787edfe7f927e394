using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Planning;

/// <summary>
/// The steps of the backward pass, one method a layer: from the gradient by a node's output to the gradients by its parameters and its input.
/// </summary>
internal sealed class BackwardPlanner(
    TensorPlanner tensors, ParameterPlanner parameters, ProgramBuilder program, ForwardPlanner forward)
{
    private readonly Dictionary<int, PlanBuffer> _gradients = [];

    /// <summary>The gradient by a node's output; it lies as the output does.</summary>
    public PlanBuffer GradientOf(Node node)
    {
        var producer = tensors.Producer(node);
        if (!_gradients.TryGetValue(producer.Index, out var buffer))
        {
            buffer = program.Buffer(ForwardPlanner.NameOf(producer) + "Gradient", tensors.StorageOf(producer).Length, BufferKind.Image);
            _gradients.Add(producer.Index, buffer);
        }

        return buffer;
    }

    public void Plan(Node node)
    {
        if (node.Layer is InputLayer || tensors.IsAlias(node))
            return;
        var storage = tensors.StorageOf(node);
        if (tensors.FusedActivation(node) is { Layer: ActivationLayer fused } activation && tensors.MaxPoolAfter(activation) is null)
            ActivationGradient(activation, fused, storage, forward.BufferOf(node), GradientOf(node));

        // A maximum passes its gradient to elements that equal it: the activation's derivative there is the same, and the pooled map is smaller.
        var before = node.Layer is MaxPoolLayer ? tensors.InputOf(node) : null;
        if (before is { Layer: ActivationLayer pooled } && tensors.IsAlias(before) && tensors.MaxPoolAfter(before) == node)
            ActivationGradient(before, pooled, storage, forward.BufferOf(node), GradientOf(node));

        var input = tensors.InputOf(node);
        var inputStorage = tensors.StorageOf(input);
        var (output, gradient) = (Output(node), Gradient(node));
        switch (node.Layer)
        {
            case Conv2DLayer conv:
                PlanConvolution(node, conv, storage);
                break;
            case DenseLayer dense:
                PlanDense(node, dense, storage);
                break;
            case MaxPoolLayer or GlobalMaxPoolLayer:
                Image(node, Pool(), Output(input), output, gradient, Gradient(input));
                break;
            case AveragePoolLayer or GlobalAveragePoolLayer:
                Image(node, Pool(), gradient, Gradient(input));
                break;
            case FlattenLayer:
                Image(node, new CopyKernel(storage, inputStorage, Size2.One), gradient, Gradient(input));
                break;
            case ActivationLayer standalone:
                // Element by element, whatever the order: behind a flatten in place the input's storage is still a map's.
                Image(node, new CopyKernel(storage, storage, Size2.One), gradient, Gradient(input));
                ActivationGradient(node, standalone, storage, forward.BufferOf(node), GradientOf(input));
                break;
            case SoftmaxLayer:
                Image(node, new CopyKernel(storage, inputStorage, Size2.One), gradient, Gradient(input));
                Image(node, new SoftmaxKernel(storage, PassKind.Backward), output, Gradient(input));
                break;
            case LocalResponseNormLayer norm:
                Image(node, new LocalResponseNormKernel(storage, norm, PassKind.Backward), Output(input), gradient, Gradient(input));
                break;
            case DropoutLayer dropout:
                Image(
                    node,
                    new DropoutKernel(storage, tensors.PixelOrderOf(node), dropout.Rate, forward.DropoutStreams[node.Index]),
                    gradient,
                    Gradient(input),
                    new Argument.Value(RunTimeValue.Seed),
                    new Argument.Value(RunTimeValue.Image));
                break;
            case BatchNormLayer:
                PlanBatchNorm(node, storage);
                break;
            default:
                throw new InvalidOperationException($"No backward plan for {node.Layer.Kind}.");
        }

        PoolGradientKernel Pool()
        {
            var (function, taps) = ForwardPlanner.PoolOf(node);
            return new PoolGradientKernel(function, inputStorage, storage, storage, inputStorage, taps);
        }
    }

    private static bool IsImage(Node node) => node.Layer is InputLayer;

    private Argument Output(Node node) => new Argument.Buffer(forward.BufferOf(node));

    private Argument Gradient(Node node) => new Argument.Buffer(GradientOf(node));

    private Argument ParameterGradient(Node node, string name) =>
        new Argument.Parameter(parameters[node, name], IsGradient: true);

    /// <summary>A step towards the input's gradient: the image's is computed only where it's asked for.</summary>
    private void Image(Node node, Kernel kernel, params Argument[] arguments) => program.Add(new Step(
        StepScope.Image, node.Name, new Call(kernel, arguments), ForImageGradients: IsImage(tensors.InputOf(node))));

    private void ActivationGradient(Node node, ActivationLayer layer, Storage storage, PlanBuffer output, PlanBuffer gradient) => program.Image(
        node,
        new ActivationGradientKernel(storage, ForwardPlanner.Fused(layer)),
        new Argument.Buffer(output),
        new Argument.Buffer(gradient));

    private void PlanConvolution(Node node, Conv2DLayer layer, Storage storage)
    {
        var input = tensors.InputOf(node);
        var inputStorage = tensors.StorageOf(input);
        var form = tensors.Form(node);
        var taps = ConvolutionPlanning.TapsOf(layer.Window);
        var weight = parameters[node, "weight"];
        var name = ForwardPlanner.NameOf(node);

        if (layer.Bias)
        {
            var bias = parameters[node, "bias"];
            var partial = Partial(node, name + "BiasPartial", "bias", bias.Length);
            program.Image(node, new BiasGradientKernel(storage), Gradient(node), new Argument.Buffer(partial));
        }

        var weightPartial = Partial(node, name + "WeightPartial", "weight", weight.Length);
        var blocks = LaneBlocks.For(layer.Filters, node.InputShape.Channels, layer.Groups);
        switch (form)
        {
            case ConvolutionForm.Planar:
                program.Image(
                    node,
                    new WeightGradientPlanarKernel(inputStorage, storage, taps, layer.Groups),
                    Output(input),
                    Gradient(node),
                    new Argument.Buffer(weightPartial));
                break;
            case ConvolutionForm.Depthwise:
                program.Image(
                    node,
                    new DepthwiseWeightGradientKernel(inputStorage, storage, taps),
                    Output(input),
                    Gradient(node),
                    new Argument.Buffer(weightPartial));
                break;
            case ConvolutionForm.Im2Col:
                var matrix = ForwardPlanner.MatrixOf(node, layer);
                var windows = program.Buffer(name + "Windows", matrix.Length, BufferKind.Worker);
                program.Image(
                    node,
                    new Im2ColKernel(inputStorage, taps, node.OutputShape.Height, node.OutputShape.Width, matrix.PixelStride),
                    Output(input),
                    new Argument.Buffer(windows));
                program.Image(
                    node,
                    new WeightGradientPixelsKernel(matrix, storage, ForwardPlanner.OneByOne, LaneBlocks.For(layer.Filters, matrix.Channels, 1)),
                    new Argument.Buffer(windows),
                    Gradient(node),
                    new Argument.Buffer(weightPartial));
                break;
            default:
                program.Image(
                    node,
                    new WeightGradientPixelsKernel(inputStorage, storage, taps, blocks),
                    Output(input),
                    Gradient(node),
                    new Argument.Buffer(weightPartial));
                break;
        }

        if (form == ConvolutionForm.Pixels && blocks.MixesGroups)
        {
            program.AtEnd(new Region.Once([ForwardPlanner.Once(node, new Call(
                new ClearBetweenGroupsKernel(
                    blocks,
                    layer.Groups,
                    layer.Filters / layer.Groups,
                    node.InputShape.Channels / layer.Groups,
                    taps.Count,
                    inputStorage.Kind == StorageKind.Planar),
                ParameterGradient(node, "weight")))]));
        }

        PlanInputGradient(node, layer, storage, inputStorage, taps, weight);
    }

    private void PlanInputGradient(Node node, Conv2DLayer layer, Storage storage, Storage inputStorage, Taps taps, ParameterPlan weight)
    {
        var input = tensors.InputOf(node);
        var name = ForwardPlanner.NameOf(node);
        var isUnitStride = taps.Stride == Size2.One;
        var channels = node.InputShape.Channels;
        if (tensors.Form(node) == ConvolutionForm.Depthwise)
        {
            Image(
                node,
                new DepthwiseInputGradientKernel(inputStorage, storage, taps),
                Gradient(node),
                new Argument.Parameter(weight),
                Gradient(input));
        }
        else if (tensors.Form(node) == ConvolutionForm.Im2Col || (!isUnitStride && layer.Groups == 1))
        {
            PlanInputGradientByColumns(node, layer, storage, inputStorage, taps, weight);
        }
        else if (inputStorage.Kind == StorageKind.Planar)
        {
            var turned = taps.Transposed() with { Stride = Size2.One };
            var source = Spread(node, layer, Storage.Planar, turned, out var sourceBuffer);
            Image(node, new CopyKernel(storage, source, taps.Stride), Gradient(node), new Argument.Buffer(sourceBuffer));
            var packing = WeightPacking.Broadcast(channels, layer.Filters, layer.Groups, taps.Kernel);
            var transposed = Transposed(node, layer, weight, packing);
            Image(
                node,
                new ConvPlanarKernel(source, inputStorage, turned, layer.Groups, false, null),
                new Argument.Buffer(sourceBuffer),
                new Argument.Buffer(transposed),
                Gradient(input));
        }
        else
        {
            var turned = taps.Transposed() with { Stride = Size2.One };
            var (source, sourceArgument) = (storage, Gradient(node));
            if (!isUnitStride)
            {
                source = Spread(node, layer, Storage.Pixels, turned, out var spreadBuffer);
                sourceArgument = new Argument.Buffer(spreadBuffer);
                Image(node, new CopyKernel(storage, source, taps.Stride), Gradient(node), sourceArgument);
            }

            var packing = WeightPacking.Blocked(channels, layer.Filters, layer.Groups, taps.Kernel, StorageKind.Pixels);
            var blocks = LaneBlocks.For(channels, layer.Filters, layer.Groups);
            if (ConvolutionCost.Choose(layer, StorageKind.Pixels, blocks, inputStorage.Height, inputStorage.Width, tensors.Precision) is { } tiles)
            {
                PlanWinogradInputGradient(node, layer, turned, tiles, blocks, packing);
                return;
            }

            var transposed = Transposed(node, layer, weight, packing);
            Image(
                node,
                new ConvPixelsKernel(source, inputStorage, turned, blocks, false, null),
                sourceArgument,
                new Argument.Buffer(transposed),
                Gradient(input));
        }

        // The output's gradient with the halo that the turned kernel wants, and zeros between its pixels where the convolution has a stride.
        Storage Spread(Node node, Conv2DLayer layer, Func<TensorShape, Halo, Storage> layout, Taps turned, out PlanBuffer buffer)
        {
            var stride = layer.Window.Stride;
            var spread = TensorShape.Map(
                layer.Filters,
                ((node.OutputShape.Height - 1) * stride.Height) + 1,
                ((node.OutputShape.Width - 1) * stride.Width) + 1);
            var halo = turned.Halo(spread.Height, spread.Width, node.InputShape.Height, node.InputShape.Width);
            var storage = layout(spread, halo);
            buffer = program.Buffer(name + "Spread", storage.Length, BufferKind.Worker);
            return storage;
        }
    }

    /// <summary>The forward algorithm over turned weights, which are transformed after they were turned.</summary>
    private void PlanWinogradInputGradient(
        Node node, Conv2DLayer layer, Taps turned, WinogradTiles tiles, LaneBlocks blocks, PackedWeights packing)
    {
        var input = tensors.InputOf(node);
        var name = ForwardPlanner.NameOf(node);
        var weights = new WinogradWeights(tiles.OutputTile, tiles.Kernel, blocks);
        var transformed = program.Buffer(name + "TransposedPoints", weights.Length, BufferKind.Shared);

        // What is put first later runs earlier: the weights are turned, then transformed.
        var transposed = program.Buffer(name + "Transposed", packing.Length, BufferKind.Shared);
        var region = ForwardPlanner.WinogradWeightsRegion(
            node, new WinogradWeightsKernel(packing, packing.Channels[0].Stride, weights), [new Argument.Buffer(transposed)], transformed);
        program.First(region with { Step = region.Step with { ForImageGradients = IsImage(input) } });
        TransposeInto(transposed, node, parameters[node, "weight"], TransposeOf(node, layer, parameters[node, "weight"], packing));

        var kernel = new WinogradKernel(tensors.StorageOf(node), tensors.StorageOf(input), turned, tiles, blocks, false, null);
        var scratch = program.Buffer(name + "GradientTiles", kernel.ScratchLength, BufferKind.Scratch);
        var step = ForwardPlanner.WinogradStep(
            node, kernel, [Gradient(node), new Argument.Buffer(transformed), Gradient(input), new Argument.Buffer(scratch)]);
        program.Add(step with { ForImageGradients = IsImage(input) });
    }

    /// <summary>Gradients of the unrolled windows, added back to where the windows lie.</summary>
    private void PlanInputGradientByColumns(Node node, Conv2DLayer layer, Storage storage, Storage inputStorage, Taps taps, ParameterPlan weight)
    {
        var input = tensors.InputOf(node);
        var name = ForwardPlanner.NameOf(node);
        var matrix = ForwardPlanner.MatrixOf(node, layer);
        var source = WeightPacking.Dense(layer.Filters, matrix.Channels, [new Digit(matrix.Channels, 1)]);
        var target = WeightPacking.Dense(matrix.Channels, layer.Filters, [new Digit(layer.Filters, 1)]);
        var transposed = TransposedBuffer(
            node, weight, new TransposeWeightsKernel(source, target, 1, layer.Filters, matrix.Channels, false), target.Length);
        var columns = program.Buffer(name + "WindowGradients", matrix.Length, BufferKind.Worker);
        Image(
            node,
            new ConvPixelsKernel(storage, matrix, ForwardPlanner.OneByOne, LaneBlocks.For(matrix.Channels, layer.Filters, 1), false, null),
            Gradient(node),
            new Argument.Buffer(transposed),
            new Argument.Buffer(columns));
        Image(
            node,
            new Col2ImKernel(inputStorage, taps, node.OutputShape.Height, node.OutputShape.Width, matrix.PixelStride),
            new Argument.Buffer(columns),
            Gradient(input));
    }

    private void PlanDense(Node node, DenseLayer layer, Storage storage)
    {
        var input = tensors.InputOf(node);
        var inputLength = tensors.StorageOf(input).Length;
        var depth = node.InputShape.Channels;
        var blocks = LaneBlocks.For(layer.Units, depth, 1);
        var weight = parameters[node, "weight"];
        if (layer.Bias)
        {
            program.AtEnd(new Region.Once([ForwardPlanner.Once(node, new Call(
                new RowSumKernel(storage.Length), Gradient(node), ParameterGradient(node, "bias"), new Argument.Value(RunTimeValue.Count)))]));
        }

        var kernel = new ProductWeightGradientKernel(depth, blocks, inputLength, storage.Length);
        program.AtEnd(new Region.Units(
            ForwardPlanner.Once(node, new Call(
                kernel,
                Output(input),
                Gradient(node),
                ParameterGradient(node, "weight"),
                new Argument.Value(RunTimeValue.Count)))));

        var target = WeightPacking.Dense(depth, layer.Units, [new Digit(layer.Units, 1)]);
        var source = WeightPacking.Dense(layer.Units, depth, [new Digit(depth, 1)]);
        var transposed = TransposedBuffer(node, weight, new TransposeWeightsKernel(source, target, 1, layer.Units, depth, false), target.Length);
        program.Product(
            node,
            new ProductKernel(layer.Units, LaneBlocks.For(depth, layer.Units, 1), storage.Length, inputLength, false, null),
            IsImage(input),
            Gradient(node),
            new Argument.Buffer(transposed),
            Gradient(input));
    }

    private void PlanBatchNorm(Node node, Storage storage)
    {
        var input = tensors.InputOf(node);
        var inputStorage = tensors.StorageOf(input);
        var name = ForwardPlanner.NameOf(node);
        var channels = node.InputShape.Channels;
        var statistics = forward.BatchNormOf(node);
        var partials = program.Buffer(name + "GradientSums", channels, BufferKind.Chunk, isDouble: true);
        var productPartials = program.Buffer(name + "ProductSums", channels, BufferKind.Chunk, isDouble: true);
        var sums = program.Buffer(name + "GradientSum", channels, BufferKind.Shared, isDouble: true);
        var products = program.Buffer(name + "ProductSum", channels, BufferKind.Shared, isDouble: true);
        var (a, b, d) = (Coefficient("A"), Coefficient("B"), Coefficient("D"));

        program.ChunkStart(node, ForwardPlanner.Clear(partials));
        program.ChunkStart(node, ForwardPlanner.Clear(productPartials));
        program.Image(
            node,
            new BatchNormGradientSumsKernel(inputStorage, storage),
            Output(input),
            Gradient(node),
            new Argument.Buffer(statistics.Means),
            new Argument.Buffer(partials),
            new Argument.Buffer(productPartials));
        program.Barrier(
            ForwardPlanner.Once(node, ForwardPlanner.SumChannels(partials, sums, channels)),
            ForwardPlanner.Once(node, ForwardPlanner.SumChannels(productPartials, products, channels)),
            ForwardPlanner.Once(node, new Call(
                RunTimeMethod.BatchNormBackwardCoefficients,
                new Argument.Buffer(statistics.Means),
                new Argument.Buffer(statistics.InverseDeviations),
                new Argument.Buffer(sums),
                new Argument.Buffer(products),
                new Argument.Value(RunTimeValue.Count, node.InputShape.Height * node.InputShape.Width),
                forward.Parameter(node, "weight"),
                ParameterGradient(node, "weight"),
                ParameterGradient(node, "bias"),
                new Argument.Buffer(a),
                new Argument.Buffer(b),
                new Argument.Buffer(d),
                new Argument.Integer(channels))));
        Image(
            node,
            new BatchNormGradientKernel(inputStorage, storage, inputStorage),
            Output(input),
            Gradient(node),
            Gradient(input),
            new Argument.Buffer(a),
            new Argument.Buffer(b),
            new Argument.Buffer(d));

        PlanBuffer Coefficient(string letter) => program.Buffer(name + "Gradient" + letter, channels, BufferKind.Shared);
    }

    /// <summary>A chunk's sum of a parameter's gradient over its images; the chunks' sums are added up in order at the end.</summary>
    private PlanBuffer Partial(Node node, string name, string parameter, int length)
    {
        var partial = program.Buffer(name, length, BufferKind.Chunk);
        program.ChunkStart(node, ForwardPlanner.Clear(partial));
        program.AtEnd(new Region.Sums([ForwardPlanner.Once(node, new Call(
            RunTimeMethod.SumPartials,
            new Argument.Buffer(partial),
            new Argument.Value(RunTimeValue.Chunks),
            ParameterGradient(node, parameter),
            new Argument.Integer(partial.Length)))]));
        return partial;
    }

    private PlanBuffer Transposed(Node node, Conv2DLayer layer, ParameterPlan weight, PackedWeights target) =>
        TransposedBuffer(node, weight, TransposeOf(node, layer, weight, target), target.Length);

    private static TransposeWeightsKernel TransposeOf(Node node, Conv2DLayer layer, ParameterPlan weight, PackedWeights target) => new(
        weight.Packing!, target, layer.Groups, layer.Filters / layer.Groups, node.InputShape.Channels / layer.Groups, true);

    /// <summary>The weights as the input's gradient reads them, made anew before each batch.</summary>
    private PlanBuffer TransposedBuffer(Node node, ParameterPlan weight, TransposeWeightsKernel kernel, int length)
    {
        var buffer = program.Buffer(ForwardPlanner.NameOf(node) + "Transposed", length, BufferKind.Shared);
        TransposeInto(buffer, node, weight, kernel);
        return buffer;
    }

    private void TransposeInto(PlanBuffer buffer, Node node, ParameterPlan weight, TransposeWeightsKernel kernel)
    {
        var step = ForwardPlanner.Once(node, new Call(
            kernel, new Argument.Parameter(weight), new Argument.Buffer(buffer))) with { ForImageGradients = IsImage(tensors.InputOf(node)) };
        program.First(kernel.IsWorthSharing ? new Region.Units(step) : new Region.Once([step]));
    }
}
