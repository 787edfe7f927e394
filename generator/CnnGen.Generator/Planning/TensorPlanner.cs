using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning.Kernels;

namespace CnnGen.Generator.Planning;

/// <summary>
/// What each node becomes: which of them a neighbour's kernel computes along with its own, and where each output lies.
/// A gradient lies as its tensor does. A prediction folds batch norms into the convolutions and dense layers before them, which training can't.
/// </summary>
internal sealed class TensorPlanner
{
    private readonly Network _network;
    private readonly bool _isPrediction;
    private readonly ILookup<int, Node> _consumers;
    private readonly StorageKind[] _kinds;
    private readonly ConvolutionForm[] _forms;
    private readonly Halo[] _halos;

    public TensorPlanner(Network network, bool isPrediction)
    {
        _network = network;
        _isPrediction = isPrediction;
        _consumers = network.Nodes
            .SelectMany(node => node.Inputs.Select(input => (input, node)))
            .ToLookup(edge => edge.input, edge => edge.node);
        _kinds = new StorageKind[network.Nodes.Count];
        _forms = new ConvolutionForm[network.Nodes.Count];
        _halos = new Halo[network.Nodes.Count];
        foreach (var node in network.Nodes)
            ChooseKind(node);
        ChooseHalos();
    }

    public PrecisionKind Precision => _network.Precision;

    public ConvolutionForm Form(Node node) => _forms[node.Index];

    public StorageKind Kind(int node) => _kinds[node];

    public Node InputOf(Node node) => _network.Nodes[node.Inputs[0]];

    /// <summary>The layout of a node's output (and of its gradient).</summary>
    public Storage StorageOf(Node node)
    {
        // Where a batch norm is folded, its own layout is what its readers want; the features of a map then lie as when training.
        if (FoldedNorm(node) is { } norm)
            return StorageOf(norm);
        if (IsReadInPlace(node))
            return Storage.Planes(node.OutputShape);
        var shape = node.OutputShape;
        return node.Layer is FlattenLayer && IsAlias(node)
            ? StorageOf(InputOf(node))
            : _kinds[node.Index] switch
            {
                StorageKind.Pixels => Storage.Pixels(shape, _halos[node.Index]),
                StorageKind.Planar => Storage.Planar(shape, _halos[node.Index]),
                _ => Storage.Vector(shape.Channels),
            };
    }

    /// <summary>The order in which a vector's features lie, as digits of the logical C x H x W index.</summary>
    public EquatableArray<Digit> FeaturesOf(Node node)
    {
        switch (node.Layer)
        {
            case FlattenLayer when IsAlias(node):
                var (source, shape) = (InputOf(node), node.InputShape);
                return _kinds[source.Index] == StorageKind.Pixels
                    ? [new Digit(shape.Channels, 1), new Digit(shape.Height, shape.Width * shape.Channels), new Digit(shape.Width, shape.Channels)]
                    : [new Digit(node.OutputShape.Channels, 1)];
            case ActivationLayer or DropoutLayer:
                return FeaturesOf(InputOf(node));
            default:
                return [new Digit(node.OutputShape.Channels, 1)];
        }
    }

    /// <summary>The shape of the map whose pixels a vector's features lie in the order of; null where they lie in their own.</summary>
    public TensorShape? PixelOrderOf(Node node) => node.Layer switch
    {
        FlattenLayer when IsAlias(node) => _kinds[InputOf(node).Index] == StorageKind.Pixels ? node.InputShape : null,
        ActivationLayer or DropoutLayer => PixelOrderOf(InputOf(node)),
        _ => null,
    };

    /// <summary>The batch norm whose running statistics become part of the node's weights and bias, or null.</summary>
    public Node? FoldedNorm(Node node) =>
        _isPrediction && node.Layer is (Conv2DLayer or DenseLayer) && OnlyConsumer(node) is { Layer: BatchNormLayer } norm ? norm : null;

    /// <summary>Whether a prediction reads the images where the caller has them: by kernels that take single elements of planes and need no halo.</summary>
    public bool IsReadInPlace(Node node) =>
        _isPrediction
        && node.Layer is InputLayer
        && _kinds[node.Index] == StorageKind.Planar
        && _halos[node.Index] == default
        && _consumers[node.Index].Any()
        && _consumers[node.Index].All(consumer =>
            consumer.Layer is Conv2DLayer && _forms[consumer.Index] == ConvolutionForm.Pixels && WinogradOf(consumer) is null);

    /// <summary>The activation that the node's own kernel applies, or null.</summary>
    public Node? FusedActivation(Node node) =>
        node.Layer is Conv2DLayer or DenseLayer or BatchNormLayer
        && OnlyConsumer(FoldedNorm(node) ?? node) is { Layer: ActivationLayer } activation
            ? activation
            : null;

    /// <summary>The max pooling that alone reads the activation's output, or null.</summary>
    public Node? MaxPoolAfter(Node activation) => OnlyConsumer(activation) is { Layer: MaxPoolLayer } pool ? pool : null;

    /// <summary>
    /// The pooling that the convolution's kernel can compute along with its own when predicting: its windows tile the output, and what comes between is done
    /// in registers, or can come after. Null where there is none.
    /// </summary>
    public Node? FusedPool(Node node)
    {
        var activation = FusedActivation(node);
        if (node.Layer is not Conv2DLayer || OnlyConsumer(activation ?? FoldedNorm(node) ?? node) is not { } pool || PoolOf(pool) is not { } fused)
            return null;
        if (activation?.Layer is ActivationLayer layer)
        {
            var function = ForwardPlanner.Fused(layer);
            if (!function.FitsRegisters && fused.ActivatesFirst(function))
                return null;
        }

        var fits = _forms[node.Index] switch
        {
            ConvolutionForm.Planar => fused.Size is { Width: 2, Height: <= 3 },
            ConvolutionForm.Pixels => WinogradOf(node) is null ? fused.Count <= 4 : fused.Size == Size2.Square(2),
            _ => false,
        };
        return fits ? pool : null;
    }

    /// <summary>The tiles of a convolution that Winograd's algorithm computes, or null.</summary>
    public WinogradTiles? WinogradOf(Node node)
    {
        var layer = (Conv2DLayer)node.Layer;
        return ConvolutionCost.Choose(
            layer,
            _kinds[node.Inputs[0]],
            LaneBlocks.For(layer.Filters, node.InputShape.Channels, layer.Groups),
            node.OutputShape.Height,
            node.OutputShape.Width,
            Precision);
    }

    /// <summary>The pooling of a node whose windows tile its input: neither overlap nor padding nor a remainder.</summary>
    public static FusedPool? PoolOf(Node node)
    {
        var (function, window) = node.Layer switch
        {
            MaxPoolLayer max => (PoolFunction.Max, max.Window),
            AveragePoolLayer average => (PoolFunction.AverageInside, average.Window),
            _ => (default, null!),
        };
        return window is not null
            && window.Kernel == window.Stride
            && window.Dilation == Size2.One
            && window.Padding == Size2.Zero
            && node.InputShape.Height == node.OutputShape.Height * window.Kernel.Height
            && node.InputShape.Width == node.OutputShape.Width * window.Kernel.Width
                ? new FusedPool(function, window.Kernel)
                : null;
    }

    /// <summary>Whether the node has no memory of its own: its input's is its output.</summary>
    public bool IsAlias(Node node) => node.Layer switch
    {
        FlattenLayer => FlattensInPlace(node),
        ActivationLayer => FusedActivation(InputOf(node)) == node,
        BatchNormLayer => FoldedNorm(InputOf(node)) == node,
        _ => false,
    };

    /// <summary>The node whose kernel writes this node's memory.</summary>
    public Node Producer(Node node) => IsAlias(node) ? Producer(InputOf(node)) : node;

    private Node? OnlyConsumer(Node node)
    {
        var consumers = _consumers[node.Index].ToList();
        return consumers.Count == 1 ? consumers[0] : null;
    }

    private void ChooseKind(Node node)
    {
        var input = node.Inputs.Count > 0 ? _kinds[node.Inputs[0]] : StorageKind.Planar;
        switch (node.Layer)
        {
            case InputLayer:
                // Images arrive as planes, which most convolutions read as well; many channels are worth turning into pixels for the others.
                _kinds[node.Index] = node.OutputShape.Channels < Storage.Lanes || _consumers[node.Index].All(ReadsPlanes)
                    ? StorageKind.Planar
                    : StorageKind.Pixels;
                break;
            case Conv2DLayer conv:
                _forms[node.Index] = ConvolutionPlanning.FormOf(conv, node.InputShape.Channels, input);
                _kinds[node.Index] = ConvolutionPlanning.OutputKind(_forms[node.Index]);
                break;
            case DenseLayer or FlattenLayer:
                _kinds[node.Index] = StorageKind.Vector;
                break;
            case GlobalAveragePoolLayer or GlobalMaxPoolLayer:
                // One pixel: its channels are neighbours, which is what whatever follows wants.
                _kinds[node.Index] = StorageKind.Pixels;
                break;
            default:
                _kinds[node.Index] = node.OutputShape.IsVector ? StorageKind.Vector : input;
                break;
        }
    }

    /// <summary>Whether a layer reads planes as fast as pixels: a direct convolution over all channels.</summary>
    private static bool ReadsPlanes(Node node) => node.Layer is Conv2DLayer { Groups: 1, SuitsWinograd: false, Algorithm: not ConvAlgorithm.Im2Col };

    /// <summary>
    /// A convolution wants its input padded, and some want the gradient of their output padded; a layer that works in place or element by element
    /// has one layout for both sides. The last rule carries a halo along, so all are applied until nothing grows.
    /// </summary>
    private void ChooseHalos()
    {
        var grew = true;
        while (grew)
        {
            grew = false;
            foreach (var node in _network.Nodes)
            {
                switch (node.Layer)
                {
                    case Conv2DLayer conv:
                        var taps = ConvolutionPlanning.TapsOf(conv.Window);
                        var (input, output) = (node.InputShape, node.OutputShape);
                        grew |= Grow(node.Inputs[0], taps.Halo(input.Height, input.Width, output.Height, output.Width));
                        if (ConvolutionPlanning.GradientReadsHalo(_forms[node.Index], conv, _kinds[node.Inputs[0]]))
                            grew |= Grow(node.Index, taps.Transposed().Halo(output.Height, output.Width, input.Height, input.Width));
                        break;
                    case ActivationLayer or DropoutLayer or SoftmaxLayer or LocalResponseNormLayer when !node.OutputShape.IsVector:
                        grew |= Grow(node.Inputs[0], _halos[node.Index]);
                        grew |= Grow(node.Index, _halos[node.Inputs[0]]);
                        break;
                }
            }
        }
    }

    private bool Grow(int node, Halo halo)
    {
        var union = _halos[node].Union(halo);
        if (union == _halos[node])
            return false;
        _halos[node] = union;
        return true;
    }

    /// <summary>
    /// A map is read as a vector where it lies, if its elements have no gaps and only a dense layer cares for their order (through elementwise layers, if any).
    /// </summary>
    private bool FlattensInPlace(Node flatten)
    {
        var source = InputOf(flatten);
        if (source.Index == 0 || OnlyConsumer(source) != flatten || !EndsInDense(flatten))
            return false;
        var storage = StorageOf(source);
        return storage.IsContiguous
            || (storage is { Kind: StorageKind.Pixels, Height: 1, Width: 1 } && storage.Halo == default);
    }

    private bool EndsInDense(Node node) => OnlyConsumer(node) switch
    {
        { Layer: DenseLayer } => true,
        { Layer: ActivationLayer or DropoutLayer } next => EndsInDense(next),
        _ => false,
    };
}
