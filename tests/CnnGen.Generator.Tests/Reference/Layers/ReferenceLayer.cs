using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>
/// What one node computes over a batch, forward and backward, in plain loops: written to be obviously right, and
/// sharing nothing with the generator but the graph. An object serves one pass.
/// </summary>
internal abstract class ReferenceLayer
{
    /// <summary>The gradients of the trained parameters, by their names in the layer (<c>weight</c>); filled by Backward.</summary>
    public Dictionary<string, double[]> Gradients { get; } = [];

    /// <summary>The running statistics after a training step, by their names in the layer; filled by Forward.</summary>
    public Dictionary<string, double[]> RunningStatistics { get; } = [];

    /// <summary>The outputs of the batch's images. <paramref name="inputs"/> holds, for each input of the node, the batch's tensors.</summary>
    public abstract Tensor[] Forward(Tensor[][] inputs);

    /// <summary>The gradients of the loss to each input, from those to the outputs.</summary>
    public abstract Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients);

    public static ReferenceLayer Create(Node node, ParametersOfNode parameters, PassMode mode) => node.Layer switch
    {
        Conv2DLayer conv => new ReferenceConv2D(conv, node, parameters),
        Conv2DTransposeLayer conv => new ReferenceConv2DTranspose(conv, node, parameters),
        LocallyConnected2DLayer local => new ReferenceLocallyConnected2D(local, node, parameters),
        DenseLayer dense => new ReferenceDense(dense, node, parameters),
        FlattenLayer => new ReferenceFlatten(node),
        MaxPoolLayer pool => new ReferenceMaxPool(pool.Window, node),
        AveragePoolLayer pool => new ReferenceAveragePool(pool, node),
        LpPoolLayer pool => new ReferenceLpPool(pool, node),
        MixedPoolLayer pool => new ReferenceMixedPool(pool, node, parameters),
        StochasticPoolLayer pool => new ReferenceStochasticPool(pool, node, mode),
        GlobalMaxPoolLayer => new ReferenceGlobalMaxPool(node),
        GlobalAveragePoolLayer => new ReferenceGlobalAveragePool(node),
        ActivationLayer activation => new ReferenceActivation(activation),
        PReLULayer => new ReferencePReLU(parameters),
        SoftmaxLayer => new ReferenceSoftmax(),
        LogSoftmaxLayer => new ReferenceLogSoftmax(),
        BatchNormLayer batchNorm => new ReferenceBatchNorm(batchNorm, node, parameters, mode.IsTraining),
        DropoutLayer => new ReferenceDropout(node, mode),
        LocalResponseNormLayer norm => new ReferenceLocalResponseNorm(norm),
        JoinLayer join => new ReferenceJoin(join, node),
        ConcatLayer => new ReferenceConcat(node),
        UpsampleLayer upsample => new ReferenceUpsample(upsample, node),
        AdaptiveMaxPoolLayer pool => new ReferenceParts(node.OutputShape, pool.Size),
        SpatialPyramidPoolLayer pool => new ReferenceParts(node.OutputShape, [.. pool.Sizes.Select(Size2.Square)]),
        RegionLayer regions => new ReferenceRegions(regions, mode.Regions),
        StandardizeLayer standardize => new ReferenceStandardize(standardize),
        ImageFilterLayer filter => new ReferenceImageFilter(filter, node),
        GroupNormLayer norm => new ReferenceStandard(norm, norm.Epsilon, parameters),
        LayerNormLayer norm => new ReferenceStandard(norm, norm.Epsilon, parameters),
        ChannelShuffleLayer shuffle => new ReferenceChannelShuffle(shuffle),
        ChannelSliceLayer slice => new ReferenceChannelSlice(slice, node),
        MaxoutLayer maxout => new ReferenceMaxout(maxout, node),
        PadLayer pad => new ReferencePad(pad, node),
        CropLayer crop => new ReferenceCrop(crop, node),
        AdaptiveAveragePoolLayer pool => new ReferenceAdaptiveAveragePool(pool, node),
        SpectralPoolLayer => new ReferenceSpectralPool(node),
        HeadLayer => new ReferenceIdentity(),
        ShortcutLayer shortcut when shortcut.IsIdentity(node.InputShape) => new ReferenceIdentity(),
        ShortcutLayer shortcut => new ReferenceShortcut(shortcut, node, parameters.All, mode),
        TwiceLayer twice => new ReferenceTwice(twice, node, parameters, mode),
        var other => throw new NotSupportedException($"The reference interpreter doesn't know the layer {other.Kind} ({node.Name})."),
    };
}

/// <summary>A layer with one input that treats each image by itself.</summary>
internal abstract class PerImageReferenceLayer : ReferenceLayer
{
    public sealed override Tensor[] Forward(Tensor[][] inputs) => Array.ConvertAll(inputs[0], Forward);

    public sealed override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
    {
        var gradients = new Tensor[outputs.Length];
        for (var image = 0; image < outputs.Length; image++)
            gradients[image] = Backward(inputs[0][image], outputs[image], outputGradients[image]);
        return [gradients];
    }

    protected abstract Tensor Forward(Tensor input);

    /// <summary>The gradient to the input; adds to <see cref="ReferenceLayer.Gradients"/>.</summary>
    protected abstract Tensor Backward(Tensor input, Tensor output, Tensor outputGradient);
}

/// <summary>Whether a pass is a training step, and the mask that dropout applies in one.</summary>
internal sealed record PassMode(bool IsTraining, DropoutMask? Mask)
{
    /// <summary>The regions of each image of the batch, four numbers each.</summary>
    public double[][] Regions { get; init; } = [];
}

/// <summary>One node's parameters out of all, checked as they are read.</summary>
internal sealed class ParametersOfNode(Node node, IReadOnlyDictionary<string, double[]> all)
{
    /// <summary>Those of all nodes.</summary>
    public IReadOnlyDictionary<string, double[]> All { get; } = all;

    /// <summary>The full name of one: <c>conv1.weight</c>.</summary>
    public string FullName(string name) => $"{node.TensorName}.{name}";

    /// <summary>The numbers of one, in PyTorch's logical layout.</summary>
    public double[] Get(string name)
    {
        var spec = node.Parameters.SingleOrDefault(p => p.Name == name)
            ?? throw new ArgumentException($"{node.Name} ({node.Layer.Kind}) has no parameter '{name}'.", nameof(name));
        if (!All.TryGetValue(FullName(name), out var numbers))
            throw new ArgumentException($"The parameter '{FullName(name)}' of {node.Name} is missing.");
        if (numbers.Length != spec.Length)
            throw new ArgumentException($"The parameter '{FullName(name)}' has {numbers.Length} numbers; {string.Join("x", spec.Dimensions)} = {spec.Length} are needed.");
        return numbers;
    }
}
