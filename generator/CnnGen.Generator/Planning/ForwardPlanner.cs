using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Planning;

/// <summary>The steps of the forward pass, for predicting and for training alike: one method a layer.</summary>
internal sealed class ForwardPlanner(TensorPlanner tensors, ParameterPlanner parameters, ProgramBuilder program, bool isTraining)
{
    private readonly Dictionary<int, PlanBuffer> _buffers = [];
    private readonly Dictionary<int, BatchNormBuffers> _batchNorms = [];
    private int _dropouts;

    /// <summary>What the passes of a batch norm hand to one another.</summary>
    public sealed record BatchNormBuffers(PlanBuffer Means, PlanBuffer InverseDeviations);

    /// <summary>The memory that a node's output lies in.</summary>
    public PlanBuffer BufferOf(Node node) => _buffers[tensors.Producer(node).Index];

    public BatchNormBuffers BatchNormOf(Node node) => _batchNorms[node.Index];

    /// <summary>The dropout layer's place among all: names its masks.</summary>
    public Dictionary<int, int> DropoutStreams { get; } = [];

    public void Plan(Node node)
    {
        if (tensors.IsAlias(node) || tensors.IsReadInPlace(node))
            return;
        if (node.Layer is DropoutLayer && !isTraining)
        {
            _buffers[node.Index] = BufferOf(tensors.InputOf(node));
            return;
        }

        if (_buffers.ContainsKey(node.Index))
            return; // a pooling that the convolution before it has computed

        // Training wants the convolution's own output too.
        var pool = isTraining ? null : tensors.FusedPool(node);
        var result = pool ?? node;
        var storage = tensors.StorageOf(result);
        var output = program.Buffer(NameOf(result), storage.Length, BufferKind.Image);
        _buffers[result.Index] = output;

        // Training gives each tensor memory of its own, whose halo stays as zero as it was allocated.
        if (!isTraining && storage.Halo != default)
            program.Image(node, new ClearHaloKernel(storage), new Argument.Buffer(output));
        switch (node.Layer)
        {
            case InputLayer:
                program.Image(
                    node,
                    new CopyKernel(Dense(node.OutputShape), storage, Size2.One),
                    new Argument.External(ExternalMemory.Images, checked((int)node.OutputShape.Length)),
                    new Argument.Buffer(output));
                break;
            case Conv2DLayer conv:
                PlanConvolution(node, conv, pool is null ? null : TensorPlanner.PoolOf(pool), storage, output);
                break;
            case DenseLayer:
                PlanDense(node, storage, output);
                break;
            case MaxPoolLayer or AveragePoolLayer or GlobalAveragePoolLayer or GlobalMaxPoolLayer:
                var (function, taps) = PoolOf(node);
                program.Image(node, new PoolKernel(function, InputStorage(node), storage, taps), Input(node), new Argument.Buffer(output));
                break;
            case FlattenLayer:
                program.Image(node, new CopyKernel(InputStorage(node), storage, Size2.One), Input(node), new Argument.Buffer(output));
                break;
            case ActivationLayer activation:
                program.Image(node, new ActivationKernel(storage, Fused(activation)), Input(node), new Argument.Buffer(output));
                break;
            case SoftmaxLayer:
                program.Image(node, new SoftmaxKernel(storage, PassKind.Forward), Input(node), new Argument.Buffer(output));
                break;
            case LocalResponseNormLayer norm:
                program.Image(node, new LocalResponseNormKernel(storage, norm, PassKind.Forward), Input(node), new Argument.Buffer(output));
                break;
            case DropoutLayer dropout:
                DropoutStreams[node.Index] = _dropouts++;
                program.Image(
                    node,
                    new DropoutKernel(storage, tensors.PixelOrderOf(node), dropout.Rate, DropoutStreams[node.Index]),
                    Input(node),
                    new Argument.Buffer(output),
                    new Argument.Value(RunTimeValue.Seed),
                    new Argument.Value(RunTimeValue.Image));
                break;
            case BatchNormLayer norm:
                PlanBatchNorm(node, norm, storage, output);
                break;
            default:
                throw new InvalidOperationException($"No forward plan for {node.Layer.Kind}.");
        }
    }

    /// <summary>Elements in C x H x W order without gaps, as callers have them.</summary>
    public static Storage Dense(TensorShape shape) => Storage.Vector(checked((int)shape.Length));

    public static FusedActivation Fused(ActivationLayer layer) => new(layer.Function, layer.Parameter);

    public static (PoolFunction Function, Taps Taps) PoolOf(Node node)
    {
        var whole = new Taps(new Size2(node.InputShape.Height, node.InputShape.Width), Size2.One, Size2.One, Size2.Zero);
        return node.Layer switch
        {
            MaxPoolLayer pool => (PoolFunction.Max, ConvolutionPlanning.TapsOf(pool.Window)),
            AveragePoolLayer pool => (
                pool.CountPadding ? PoolFunction.AverageWithPadding : PoolFunction.AverageInside,
                ConvolutionPlanning.TapsOf(pool.Window)),
            GlobalMaxPoolLayer => (PoolFunction.Max, whole),
            _ => (PoolFunction.AverageInside, whole),
        };
    }

    public Argument Parameter(Node node, string name) => new Argument.Parameter(parameters[node, name]);

    public static string NameOf(Node node) => char.ToLowerInvariant(node.Name[0]) + node.Name.Substring(1);

    private Argument Input(Node node) => tensors.InputOf(node) is var input && tensors.IsReadInPlace(input)
        ? new Argument.External(ExternalMemory.Images, checked((int)input.OutputShape.Length))
        : new Argument.Buffer(BufferOf(input));

    private Storage InputStorage(Node node) => tensors.StorageOf(tensors.InputOf(node));

    private FusedActivation? ActivationOf(Node node) =>
        tensors.FusedActivation(node)?.Layer is ActivationLayer activation ? Fused(activation) : null;

    /// <summary>The activation that the kernel applies in registers; the others follow as a pass of their own.</summary>
    private FusedActivation? InRegisters(Node node) => ActivationOf(node) is { FitsRegisters: true } activation ? activation : null;

    private void PlanConvolution(Node node, Conv2DLayer layer, FusedPool? pool, Storage storage, PlanBuffer output)
    {
        var inputStorage = InputStorage(node);
        var taps = ConvolutionPlanning.TapsOf(layer.Window);
        var activation = InRegisters(node);
        var input = Input(node);
        if (tensors.Form(node) == ConvolutionForm.Pixels && tensors.WinogradOf(node) is { } tiles)
        {
            PlanWinograd(node, layer, tiles, LaneBlocks.For(layer.Filters, node.InputShape.Channels, layer.Groups), pool, storage, output);
            return;
        }

        var weights = Weights(node, layer.Bias);
        Kernel kernel;
        switch (tensors.Form(node))
        {
            case ConvolutionForm.Planar:
                kernel = new ConvPlanarKernel(inputStorage, storage, taps, layer.Groups, weights.HasBias, activation, pool);
                break;
            case ConvolutionForm.Depthwise:
                kernel = new DepthwiseKernel(inputStorage, storage, taps, weights.HasBias, activation);
                break;
            case ConvolutionForm.Im2Col:
                var matrix = MatrixOf(node, layer);
                var windows = program.Buffer(NameOf(node) + "Windows", matrix.Length, BufferKind.Worker);
                program.Image(
                    node,
                    new Im2ColKernel(inputStorage, taps, node.OutputShape.Height, node.OutputShape.Width, matrix.PixelStride),
                    input,
                    new Argument.Buffer(windows));
                input = new Argument.Buffer(windows);
                kernel = new ConvPixelsKernel(matrix, storage, OneByOne, LaneBlocks.For(layer.Filters, matrix.Channels, 1), weights.HasBias, activation);
                break;
            default:
                var blocks = LaneBlocks.For(layer.Filters, node.InputShape.Channels, layer.Groups);
                kernel = new ConvPixelsKernel(
                    inputStorage, storage, taps, blocks, weights.HasBias, activation, pool);
                break;
        }

        program.Image(node, kernel, [input, .. weights.Arguments, new Argument.Buffer(output)]);
        PlanActivation(node, storage, output);
    }

    /// <summary>What a layer multiplies by and adds.</summary>
    private readonly record struct LayerWeights(Argument Weight, Argument? Bias)
    {
        public bool HasBias => Bias is not null;

        public Argument[] Arguments => Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>The layer's parameters, or, where a batch norm is folded into them, what follows from both: computed once for each change of the parameters.</summary>
    private LayerWeights Weights(Node node, bool hasBias)
    {
        var weight = Parameter(node, "weight");
        if (FoldNorm(node, hasBias) is not { } norm)
            return new LayerWeights(weight, hasBias ? Parameter(node, "bias") : null);
        var packing = parameters[node, "weight"].Packing!;
        var folded = program.Buffer(NameOf(node) + "Folded", packing.Length, BufferKind.Shared);
        program.Prepare(new Region.Units(Once(node, new Call(
            FoldWeights(node, packing), weight, norm.Scales, new Argument.Buffer(folded)))));
        return new LayerWeights(new Argument.Buffer(folded), norm.Shifts);
    }

    /// <summary>All packings are rows of neighbouring filters, which lie as the bias does; those of kernels along the width end in a gap.</summary>
    private FoldWeightsKernel FoldWeights(Node node, PackedWeights packing)
    {
        switch (node.Layer)
        {
            case Conv2DLayer conv when tensors.Form(node) == ConvolutionForm.Planar:
                return new FoldWeightsKernel(1, node.InputShape.Channels / conv.Groups * packing.Kernel.Height * packing.Kernel.Width, conv.Filters);
            case Conv2DLayer when tensors.Form(node) == ConvolutionForm.Depthwise:
                return new FoldWeightsKernel(1, packing.Kernel.Height * packing.Kernel.Width, packing.ColumnStride);
            default:
                var blocks = LaneBlocks.For(node.OutputShape.Channels, node.InputShape.Channels, node.Layer is Conv2DLayer { Groups: var groups } ? groups : 1);
                return new FoldWeightsKernel(blocks.BlockCount, packing.Length / blocks.TotalLanes, blocks.BlockLanes);
        }
    }

    /// <summary>The factors of a layer's filters, and its bias, where a batch norm is folded into it; null where none is.</summary>
    private (Argument Scales, Argument Shifts)? FoldNorm(Node node, bool hasBias)
    {
        if (tensors.FoldedNorm(node) is not { Layer: BatchNormLayer layer } norm)
            return null;

        // Buffers are whole vectors, as the bias is: unused lanes are zero.
        var channels = norm.InputShape.Channels;
        var scales = new Argument.Buffer(program.Buffer(NameOf(norm) + "Scales", channels, BufferKind.Shared));
        var shifts = new Argument.Buffer(program.Buffer(NameOf(norm) + "Shifts", channels, BufferKind.Shared));
        Argument[] bias = hasBias ? [Parameter(node, "bias")] : [];
        program.Prepare(new Region.Units(Once(norm, new Call(
            new FoldNormKernel(channels, hasBias, layer.Epsilon),
            [Parameter(norm, "weight"), Parameter(norm, "bias"), Parameter(norm, "running_mean"), Parameter(norm, "running_var"), .. bias, scales, shifts]))));
        return (scales, shifts);
    }

    /// <summary>The transform of a convolution's weights, shared among threads.</summary>
    public static Region.Units WinogradWeightsRegion(Node node, WinogradWeightsKernel transform, Argument[] sources, PlanBuffer transformed) =>
        new(Once(node, new Call(transform, [.. sources, new Argument.Buffer(transformed)])));

    /// <summary>
    /// The transformed weights are read by all threads. A prediction makes them where the parameters have changed, training before each batch.
    /// </summary>
    private void PlanWinograd(
        Node node, Conv2DLayer layer, WinogradTiles tiles, LaneBlocks blocks, FusedPool? pool, Storage storage, PlanBuffer output)
    {
        var name = NameOf(node);
        var taps = ConvolutionPlanning.TapsOf(layer.Window);
        var (inputStorage, input) = (InputStorage(node), Input(node));
        var packing = parameters[node, "weight"].Packing!;
        var weights = new WinogradWeights(tiles.OutputTile, tiles.Kernel, blocks);
        var transformed = program.Buffer(name + "Points", weights.Length, BufferKind.Shared);
        var folded = FoldNorm(node, layer.Bias);
        var transform = new WinogradWeightsKernel(packing, packing.Channels[0].Stride, weights, folded is not null);
        Argument[] sources = folded is { } fold ? [Parameter(node, "weight"), fold.Scales] : [Parameter(node, "weight")];
        var region = WinogradWeightsRegion(node, transform, sources, transformed);
        if (isTraining)
            program.First(region);
        else
            program.Prepare(region);

        if (inputStorage.Kind != StorageKind.Pixels)
        {
            // Planes are turned into pixels first: this algorithm was asked for where few channels arrive.
            var pixels = Storage.Pixels(node.InputShape, inputStorage.Halo);
            var copy = program.Buffer(name + "Pixels", pixels.Length, BufferKind.Worker);
            if (!isTraining && pixels.Halo != default)
                program.Image(node, new ClearHaloKernel(pixels), new Argument.Buffer(copy));
            program.Image(node, new CopyKernel(inputStorage, pixels, Size2.One), input, new Argument.Buffer(copy));
            (inputStorage, input) = (pixels, new Argument.Buffer(copy));
        }

        var hasBias = layer.Bias || folded is not null;
        var kernel = new WinogradKernel(inputStorage, storage, taps, tiles, blocks, hasBias, InRegisters(node), pool);
        var scratch = program.Buffer(name + "Tiles", kernel.ScratchLength, BufferKind.Scratch);
        Argument[] bias = folded is { } norm ? [norm.Shifts] : layer.Bias ? [Parameter(node, "bias")] : [];
        program.Add(WinogradStep(
            node,
            kernel,
            [
                input,
                new Argument.Buffer(transformed),
                .. bias,
                new Argument.Buffer(output),
                new Argument.Buffer(scratch),
            ]));
        PlanActivation(node, storage, output);
    }

    /// <summary>A call of Winograd's kernel: for each image, or for all images of a chunk at once.</summary>
    public static Step WinogradStep(Node node, WinogradKernel kernel, IReadOnlyList<Argument> arguments) => kernel.Tiles.AcrossImages
        ? new Step(StepScope.Rows, node.Name, new Call(kernel, [.. arguments, new Argument.Value(RunTimeValue.Rows)]))
        : new Step(StepScope.Image, node.Name, new Call(kernel, [.. arguments]));

    /// <summary>The matrix of unrolled windows: a map of as many pixels as the output, with a channel for each tap and channel.</summary>
    public static Storage MatrixOf(Node node, Conv2DLayer layer) => Storage.Pixels(
        TensorShape.Map(
            checked(layer.Window.Kernel.Height * layer.Window.Kernel.Width * node.InputShape.Channels),
            node.OutputShape.Height,
            node.OutputShape.Width),
        default);

    public static Taps OneByOne { get; } = new(Size2.One, Size2.One, Size2.One, Size2.Zero);

    private void PlanDense(Node node, Storage storage, PlanBuffer output)
    {
        var layer = (DenseLayer)node.Layer;
        var weights = Weights(node, layer.Bias);
        var kernel = new ProductKernel(
            node.InputShape.Channels,
            LaneBlocks.For(layer.Units, node.InputShape.Channels, 1),
            InputStorage(node).Length,
            storage.Length,
            weights.HasBias,
            InRegisters(node));
        program.Product(node, kernel, false, [Input(node), .. weights.Arguments, new Argument.Buffer(output)]);
        PlanActivation(node, storage, output);
    }

    private void PlanActivation(Node node, Storage storage, PlanBuffer output)
    {
        if (ActivationOf(node) is { } activation && (node.Layer is BatchNormLayer || !activation.FitsRegisters))
        {
            program.Image(
                tensors.FusedActivation(node)!,
                new ActivationKernel(storage, activation),
                new Argument.Buffer(output),
                new Argument.Buffer(output));
        }
    }

    private void PlanBatchNorm(Node node, BatchNormLayer layer, Storage storage, PlanBuffer output)
    {
        var name = NameOf(node);
        var channels = node.InputShape.Channels;
        var input = InputStorage(node);
        var scales = program.Buffer(name + "Scales", channels, isTraining ? BufferKind.Shared : BufferKind.Worker);
        var shifts = program.Buffer(name + "Shifts", channels, isTraining ? BufferKind.Shared : BufferKind.Worker);
        if (isTraining)
        {
            PlanBatchStatistics(node, layer, input, scales, shifts);
        }
        else
        {
            program.ChunkStart(node, new Call(
                RunTimeMethod.BatchNormPredictionCoefficients,
                Parameter(node, "weight"),
                Parameter(node, "bias"),
                Parameter(node, "running_mean"),
                Parameter(node, "running_var"),
                new Argument.Float(layer.Epsilon),
                new Argument.Buffer(scales),
                new Argument.Buffer(shifts),
                new Argument.Integer(channels)));
        }

        program.Image(
            node,
            new BatchNormApplyKernel(input, storage),
            Input(node),
            new Argument.Buffer(output),
            new Argument.Buffer(scales),
            new Argument.Buffer(shifts));
        PlanActivation(node, storage, output);
    }

    /// <summary>
    /// The batch's mean, then its variance around that mean: two passes with a barrier after each. Chunks keep sums of their own, which are
    /// added up in order, so that the result doesn't depend on the number of threads.
    /// </summary>
    private void PlanBatchStatistics(Node node, BatchNormLayer layer, Storage input, PlanBuffer scales, PlanBuffer shifts)
    {
        var name = NameOf(node);
        var channels = node.InputShape.Channels;
        var pixels = node.InputShape.Height * node.InputShape.Width;
        var sums = program.Buffer(name + "Sums", channels, BufferKind.Chunk, isDouble: true);
        var squares = program.Buffer(name + "Squares", channels, BufferKind.Chunk, isDouble: true);
        var means = program.Buffer(name + "Means", channels, BufferKind.Shared, isDouble: true);
        var deviations = program.Buffer(name + "InverseDeviations", channels, BufferKind.Shared, isDouble: true);
        _batchNorms[node.Index] = new BatchNormBuffers(means, deviations);
        var elements = new Argument.Value(RunTimeValue.Count, pixels);

        program.ChunkStart(node, Clear(sums));
        program.Image(node, new BatchNormSumsKernel(input), Input(node), new Argument.Buffer(sums));
        program.Barrier(
            Once(node, SumChannels(sums, means, channels)),
            Once(node, new Call(RunTimeMethod.BatchNormMeans, new Argument.Buffer(means), elements, new Argument.Integer(channels))));
        program.ChunkStart(node, Clear(squares));
        program.Image(node, new BatchNormSquaresKernel(input), Input(node), new Argument.Buffer(means), new Argument.Buffer(squares));
        program.Barrier(
            Once(node, SumChannels(squares, deviations, channels)),
            Once(node, new Call(
                RunTimeMethod.BatchNormTrainingCoefficients,
                new Argument.Buffer(means),
                new Argument.Buffer(deviations),
                elements,
                Parameter(node, "weight"),
                Parameter(node, "bias"),
                new Argument.Float(layer.Epsilon),
                new Argument.Float(layer.Momentum),
                Parameter(node, "running_mean"),
                Parameter(node, "running_var"),
                new Argument.Buffer(scales),
                new Argument.Buffer(shifts),
                new Argument.Integer(channels))));
    }

    public static Call Clear(PlanBuffer buffer) =>
        new(RunTimeMethod.Clear, new Argument.Buffer(buffer), new Argument.Integer(buffer.Length));

    public static Call SumChannels(PlanBuffer partials, PlanBuffer result, int channels) => new(
        RunTimeMethod.SumChannelPartials,
        new Argument.Buffer(partials),
        new Argument.Value(RunTimeValue.Chunks),
        new Argument.Buffer(result),
        new Argument.Integer(channels));

    public static Step Once(Node node, Call call) => new(StepScope.Chunk, node.Name, call);
}
