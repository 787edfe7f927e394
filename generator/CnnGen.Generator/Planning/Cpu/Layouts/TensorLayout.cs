using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Operations.Rewrites;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Planning.Cpu.Layouts;

/// <summary>
/// How each tensor of a network lies in memory, chosen from what computes it and all that read it; one choice for all passes, since parameters lie as kernels read them.
/// A gradient lies as its tensor does.
/// </summary>
internal sealed class TensorLayout
{
    private readonly Dictionary<Tensor, StorageKind> _kinds = [];
    private readonly Dictionary<Tensor, Halo> _halos = [];
    private readonly Dictionary<Tensor, Storage> _storages = [];
    private readonly Dictionary<Tensor, EquatableArray<Digit>> _features = [];
    private readonly Dictionary<Tensor, (ConvolutionForm Form, StorageKind Input)> _forms = [];
    private readonly Dictionary<Tensor, TensorShape> _pixelOrders = [];
    private readonly HashSet<Tensor> _flattenedInPlace = [];
    private readonly IReadOnlyList<Operation> _operations;
    private readonly Readers _readers;
    private readonly LayoutKind _outer;

    /// <param name="operations">All operations of the network, before any are joined.</param>
    /// <param name="precision">Which algorithms may be chosen.</param>
    /// <param name="outer">How callers have images and outputs.</param>
    public TensorLayout(IReadOnlyList<Operation> operations, PrecisionKind precision, LayoutKind outer = LayoutKind.ChannelsFirst)
    {
        Precision = precision;
        _outer = outer;
        _operations = operations;
        _readers = new Readers(operations);
        foreach (var operation in operations)
            ChooseKind(operation);
        ChooseHalos();
        foreach (var operation in operations)
        {
            if (operation is Reshape reshape && CanFlattenInPlace(reshape))
                _flattenedInPlace.Add(reshape.Result);
        }

        foreach (var operation in operations)
        {
            foreach (var result in operation.Results)
                _features[result] = FindFeatures(operation, result);
        }
    }

    public PrecisionKind Precision { get; }

    /// <summary>Whether a caller has a map of this shape pixel by pixel; one of a single channel or pixel lies in both orders at once.</summary>
    public bool IsInterleaved(TensorShape shape) => _outer == LayoutKind.ChannelsLast && shape.Channels > 1 && (shape.Height > 1 || shape.Width > 1);

    /// <summary>Where a caller has a map's elements: without gaps, in C x H x W order or pixel by pixel.</summary>
    public Storage OuterOf(TensorShape shape) => IsInterleaved(shape) ? Storage.Interleaved(shape) : Storage.Vector(checked((int)shape.Length));

    /// <summary>The same of an image that is read where the caller has it, in the kind of layout that its readers take.</summary>
    public Storage InPlace(Tensor image) => !IsInterleaved(image.Shape) ? Storage.Planes(image.Shape)
        : _kinds[image] == StorageKind.Pixels ? Storage.Interleaved(image.Shape)
        : Storage.InterleavedPlanes(image.Shape);

    /// <summary>How the convolutions over a weight are computed, and the kind of layout that they read.</summary>
    public (ConvolutionForm Form, StorageKind Input) FormOf(Tensor weight) => _forms[weight];

    public Storage StorageOf(Tensor tensor)
    {
        var of = tensor.Like;
        if (!_storages.TryGetValue(of, out var storage))
        {
            storage = _flattenedInPlace.Contains(of) && _readers.Producer(of) is Reshape reshape
                ? StorageOf(reshape.Input)
                : _kinds[of] switch
                {
                    StorageKind.Pixels => Storage.Pixels(of.Shape, HaloOf(of)),
                    StorageKind.Planar => Storage.Planar(of.Shape, HaloOf(of)),
                    _ => Storage.Vector(of.Shape.Channels),
                };
            _storages.Add(of, storage);
        }

        return storage;
    }

    /// <summary>The order in which a vector's features lie, as digits of the logical C x H x W index.</summary>
    public EquatableArray<Digit> FeaturesOf(Tensor tensor) => _features[tensor.Like];

    /// <summary>The shape of the map whose pixels a vector's features lie in the order of; null where they lie in their own.</summary>
    public TensorShape? PixelOrderOf(Tensor tensor) => _pixelOrders.TryGetValue(tensor.Like, out var shape) ? shape : null;

    /// <summary>Whether a map is read as a vector (or a vector's gradient as a map's) where it lies.</summary>
    public bool IsInPlace(Reshape reshape) => _flattenedInPlace.Contains(reshape.Result.Like) || _flattenedInPlace.Contains(reshape.Input.Like);

    /// <summary>The tiles of a convolution that Winograd's algorithm computes, or null.</summary>
    public WinogradTiles? WinogradOf(ConvolutionSpec spec, Tensor weight, Tensor input, TensorShape output) => FormOf(weight) is { Form: ConvolutionForm.Pixels } form
        ? ConvolutionCost.Choose(
            spec, form.Input, LaneBlocks.For(spec.Filters, input.Shape.Channels, spec.Groups), output.Height, output.Width, Precision)
        : null;

    private Halo HaloOf(Tensor tensor) => _halos.TryGetValue(tensor, out var halo) ? halo : default;

    private void ChooseKind(Operation operation)
    {
        switch (operation)
        {
            case LoadImage image:
                // Few channels make thin pixels. Many that arrive as planes, which most convolutions read as well, are worth turning into pixels for the others.
                _kinds[image.Result] = image.Result.Shape.Channels < Storage.Lanes || (!IsInterleaved(image.Result.Shape) && _readers.Of(image.Result).All(ReadsPlanes))
                    ? StorageKind.Planar
                    : StorageKind.Pixels;
                break;
            case Convolution convolution:
                if (!_forms.TryGetValue(convolution.Weight, out var form))
                {
                    var kind = _kinds[convolution.Input];
                    form = (ConvolutionPlanning.FormOf(convolution.Spec, convolution.Input.Shape.Channels, kind), kind);
                    _forms.Add(convolution.Weight, form);
                }

                _kinds[convolution.Result] = ConvolutionPlanning.OutputKind(form.Form);
                break;
            case ConvolutionInputGradient transposed:
                // Transposed convolutions are over pixels; the convolution that leads back reads their result.
                if (!_forms.ContainsKey(transposed.Weight))
                    _forms.Add(transposed.Weight, (ConvolutionPlanning.FormOf(transposed.Spec, transposed.Result.Shape.Channels, StorageKind.Pixels), StorageKind.Pixels));
                _kinds[transposed.Result] = StorageKind.Pixels;
                break;
            case AsPixels or LocalProduct or RegionPool:
                _kinds[operation.Results[0]] = StorageKind.Pixels;
                break;
            case Pool { IsGlobal: true } pool when pool.Window.Kernel == new Size2(pool.Input.Shape.Height, pool.Input.Shape.Width) && pool.Window.Padding == Padding.None:
                // One pixel: its channels are neighbours, which is what whatever follows wants, but for a convolution whose weights are those of planes.
                var readsPlanes = _readers.Of(pool.Result).Any(reader => reader is Convolution convolution && _forms.TryGetValue(convolution.Weight, out var chosen) && chosen.Input == StorageKind.Planar);
                _kinds[pool.Result] = readsPlanes ? StorageKind.Planar : StorageKind.Pixels;
                break;
            default:
                foreach (var result in operation.Results)
                    _kinds[result] = result.Shape.IsVector ? StorageKind.Vector : KindOfMaps(operation);
                break;
        }
    }

    /// <summary>Of several maps, planes only where all are.</summary>
    private StorageKind KindOfMaps(Operation operation) => operation.Inputs.Any(input =>
        input is { IsImage: true, Shape.IsVector: false } && _kinds[input] == StorageKind.Pixels && (operation is not Pointwise pointwise || pointwise.IsFull(input)))
            ? StorageKind.Pixels
            : StorageKind.Planar;

    /// <summary>Whether an operation reads planes as fast as pixels: a direct convolution over all channels.</summary>
    private static bool ReadsPlanes(Operation operation) =>
        operation is Convolution { Spec: { Groups: 1, SuitsWinograd: false, Algorithm: not ConvAlgorithm.Im2Col } };

    /// <summary>
    /// A convolution wants its input padded, and some want the gradient of their output padded; what works in place or element by element has one layout for all that it reads and
    /// computes. The last rule carries a halo along, so all are applied until nothing grows.
    /// </summary>
    private void ChooseHalos()
    {
        var grew = true;
        while (grew)
        {
            grew = false;
            foreach (var operation in _operations)
            {
                switch (operation)
                {
                    case Convolution convolution:
                        var taps = ConvolutionPlanning.TapsOf(convolution.Spec.Window);
                        var (input, output) = (convolution.Input.Shape, convolution.Result.Shape);
                        grew |= Grow(convolution.Input, taps.Halo(input.Height, input.Width, output.Height, output.Width));
                        if (ConvolutionPlanning.GradientReadsHalo(FormOf(convolution.Weight).Form, convolution.Spec, _kinds[convolution.Input]))
                            grew |= Grow(convolution.Result, taps.Transposed().Halo(output.Height, output.Width, input.Height, input.Width));
                        break;
                    case ConvolutionInputGradient transposed:
                        var back = ConvolutionPlanning.TapsOf(transposed.Spec.Window);
                        var (large, small) = (transposed.Result.Shape, transposed.Gradient.Shape);
                        grew |= Grow(transposed.Result, back.Halo(large.Height, large.Width, small.Height, small.Width));
                        if (ConvolutionPlanning.GradientReadsHalo(FormOf(transposed.Weight).Form, transposed.Spec, StorageKind.Pixels))
                            grew |= Grow(transposed.Gradient, back.Transposed().Halo(small.Height, small.Width, large.Height, large.Width));
                        break;
                    case AsPixels pixels when _kinds[pixels.Input] == StorageKind.Pixels:
                        grew |= Tie(pixels.Input, pixels.Result);
                        break;
                    case Pointwise pointwise when !pointwise.Result.Shape.IsVector:
                        foreach (var operand in pointwise.Operands.Where(operand => pointwise.IsFull(operand) && _kinds[operand] == _kinds[pointwise.Result]))
                            grew |= Tie(operand, pointwise.Result);
                        break;
                    case RandomMask or Softmax or ResponseNorm or Standardization when !operation.Results[0].Shape.IsVector:
                        grew |= Tie(operation.Inputs[0], operation.Results[0]);
                        break;
                }
            }
        }

        bool Tie(Tensor a, Tensor b) => Grow(a, HaloOf(b)) | Grow(b, HaloOf(a));
    }

    private bool Grow(Tensor tensor, Halo halo)
    {
        var union = HaloOf(tensor).Union(halo);
        if (union == HaloOf(tensor))
            return false;
        _halos[tensor] = union;
        return true;
    }

    /// <summary>
    /// A map is read as a vector where it lies, if its elements have no gaps and only a product cares for their order (through elementwise operations, if any).
    /// </summary>
    private bool CanFlattenInPlace(Reshape reshape)
    {
        if (!reshape.Result.Shape.IsVector
            || _readers.Producer(reshape.Input) is LoadImage
            || _readers.Only(reshape.Input) != reshape
            || !EndsInProduct(reshape.Result))
        {
            return false;
        }

        var storage = StorageOf(reshape.Input);
        return storage.IsContiguous
            || (storage is { Kind: StorageKind.Pixels, Height: 1, Width: 1 } && storage.Halo == default);
    }

    private bool EndsInProduct(Tensor vector)
    {
        while (true)
        {
            switch (_readers.Only(vector))
            {
                case Product:
                    return true;
                case Pointwise { Operands.Count: 1 } next:
                    vector = next.Result;
                    break;
                case RandomMask next:
                    vector = next.Result;
                    break;
                default:
                    return false;
            }
        }
    }

    private EquatableArray<Digit> FindFeatures(Operation operation, Tensor result)
    {
        switch (operation)
        {
            case Reshape reshape when _flattenedInPlace.Contains(result):
                var shape = reshape.Input.Shape;
                if (_kinds[reshape.Input] == StorageKind.Pixels)
                    _pixelOrders[result] = shape;
                return _kinds[reshape.Input] == StorageKind.Pixels
                    ? [new Digit(shape.Channels, 1), new Digit(shape.Height, shape.Width * shape.Channels), new Digit(shape.Width, shape.Channels)]
                    : [new Digit(result.Shape.Channels, 1)];
            case Pointwise { Operands: [var source] } when result.Shape.IsVector:
                return FeaturesAs(source);
            case RandomMask mask when result.Shape.IsVector:
                return FeaturesAs(mask.Input);
            default:
                return [new Digit(checked((int)Math.Min(result.Shape.Length, int.MaxValue)), 1)];
        }

        EquatableArray<Digit> FeaturesAs(Tensor source)
        {
            _storages[result] = StorageOf(source);
            if (_pixelOrders.TryGetValue(source, out var order))
                _pixelOrders[result] = order;
            return _features[source];
        }
    }
}
