using CnnGen.Generator.Operations;
using CnnGen.Generator.Operations.Rewrites;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;
using CnnGen.Generator.Planning.Cpu.Memory;

namespace CnnGen.Generator.Planning.Cpu;

/// <summary>
/// Makes a program of a pass's operations: which kernel computes each, where its operands lie, in which loop over images it stands. One file a family of operations.
/// </summary>
internal sealed partial class PassPlanner
{
    private readonly TensorLayout _layout;
    private readonly ParameterPlanner _parameters;
    private readonly bool _isTraining;
    private readonly ProgramBuilder _program = new();
    private readonly Func<string, int>? _nodeOf;
    private readonly IReadOnlyList<Operation> _operations;
    private readonly Readers _readers;
    private readonly MemorySharing _memory;
    private readonly Dictionary<Tensor, PlanBuffer> _buffers = [];
    private Operation _operation = null!;

    private PassPlanner(IReadOnlyList<Operation> operations, TensorLayout layout, ParameterPlanner parameters, bool isTraining, Func<string, int>? nodeOf = null)
    {
        (_layout, _parameters, _isTraining, _nodeOf) = (layout, parameters, isTraining, nodeOf);
        _operations = operations;
        _readers = new Readers(operations);
        FindParts(operations);
        _memory = new MemorySharing(operations, layout, StorageOf, IsReadInPlace);
    }

    /// <param name="operations">The pass, differentiated and joined.</param>
    /// <param name="layout">Where tensors lie.</param>
    /// <param name="parameters">Where parameters lie.</param>
    /// <param name="isTraining">Whether each tensor has memory of its own throughout the pass, and weights are prepared before each batch.</param>
    public static PlanProgram Plan(IReadOnlyList<Operation> operations, TensorLayout layout, ParameterPlanner parameters, bool isTraining)
    {
        var planner = new PassPlanner(operations, layout, parameters, isTraining);
        planner.PlanAll(operations);
        return planner._program.Build();
    }

    private void PlanAll(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations)
        {
            _operation = operation;
            Plan(operation);
        }
    }

    /// <summary>Elements in C x H x W order without gaps, as callers have them.</summary>
    public static Storage Dense(TensorShape shape) => Storage.Vector(checked((int)shape.Length));

    private void Plan(Operation operation)
    {
        switch (operation)
        {
            case LoadImage load: PlanLoad(load); break;
            case StoreScores store: PlanScores(store); break;
            case StoreImageGradient store: PlanImageGradient(store); break;
            case Keep keep: PlanKeep(keep); break;
            case Seed seed: PlanSeed(seed); break;
            case RectifierGradient gradient: PlanRectifierGradient(gradient); break;
            case Loss loss: PlanLoss(loss); break;
            case Reshape reshape: PlanReshape(reshape); break;
            case AsPixels pixels: PlanAsPixels(pixels); break;
            case Concatenate concatenate: PlanConcatenate(concatenate); break;
            case Slice slice: PlanSlice(slice); break;
            case SliceGradient gradient: PlanSliceGradient(gradient); break;
            case Upsampling upsampling: PlanUpsampling(upsampling); break;
            case ChannelConstants constants: PlanConstants(constants); break;
            case ChannelShuffle shuffle: PlanShuffle(shuffle); break;
            case LargestOfParts parts: PlanParts(parts); break;
            case LargestOfPartsGradient gradient: PlanPartsGradient(gradient); break;
            case RegionPool pool: PlanRegions(pool); break;
            case RegionPoolGradient gradient: PlanRegionsGradient(gradient); break;
            case RandomPool pool: PlanRandomPool(pool); break;
            case RandomPoolGradient gradient: PlanRandomPoolGradient(gradient); break;
            case LargestChannel largest: PlanLargest(largest); break;
            case LargestChannelGradient gradient: PlanLargestGradient(gradient); break;
            case Standardization standardization: PlanStandardization(standardization); break;
            case StandardizationGradient gradient: PlanStandardizationGradient(gradient); break;
            case Resampling resampling: PlanResampling(resampling); break;
            case Convolution convolution: PlanConvolution(convolution); break;
            case ConvolutionInputGradient gradient: PlanInputGradient(gradient); break;
            case ConvolutionWeightGradient gradient: PlanWeightGradient(gradient); break;
            case ConvolutionBiasGradient gradient: PlanBiasGradient(gradient); break;
            case Product product: PlanProduct(product); break;
            case ProductInputGradient gradient: PlanInputGradient(gradient); break;
            case ProductWeightGradient gradient: PlanWeightGradient(gradient); break;
            case ProductBiasGradient gradient: PlanBiasGradient(gradient); break;
            case LocalProduct product: PlanLocal(product); break;
            case LocalInputGradient gradient: PlanLocalGradient(gradient); break;
            case LocalWeightGradient gradient: PlanLocalWeightGradient(gradient); break;
            case Pool pool: PlanPool(pool); break;
            case PoolGradient gradient: PlanPoolGradient(gradient); break;
            case Pointwise pointwise: PlanPointwise(pointwise); break;
            case PixelSum sum: PlanPixelSum(sum); break;
            case RandomMask mask: PlanMask(mask); break;
            case Softmax softmax: PlanSoftmax(softmax); break;
            case SoftmaxGradient gradient: PlanSoftmaxGradient(gradient); break;
            case ResponseNorm norm: PlanResponseNorm(norm); break;
            case ResponseNormGradient gradient: PlanResponseNormGradient(gradient); break;
            case RunningCoefficients coefficients: PlanRunningCoefficients(coefficients.Norm, null); break;
            case BatchStatistics statistics: PlanBatchStatistics(statistics); break;
            case NormGradient gradient: PlanNormGradient(gradient); break;
            default: throw new InvalidOperationException($"No plan for {operation.GetType().Name}.");
        }
    }

    /// <summary>Whether a prediction reads the images where the caller has them: by kernels that take single elements, as they arrive, and need no halo.</summary>
    private bool IsReadInPlace(Tensor tensor) =>
        !_isTraining
        && _readers.Producer(tensor) is LoadImage
        && _layout.StorageOf(tensor) is var storage
        && (storage.Kind == StorageKind.Planar || _layout.IsInterleaved(tensor.Shape))
        && storage.Halo == default
        && _readers.Of(tensor) is { Count: > 0 } readers
        && readers.All(reader => reader is Convolution convolution
            && _layout.FormOf(convolution.Weight).Form == ConvolutionForm.Pixels
            && !convolution.After.Operands.Contains(tensor)
            && _layout.WinogradOf(convolution.Spec, convolution.Weight, convolution.Input, convolution.ComputedShape) is null);

    /// <summary>Whether a prediction's last convolution stores its pixels where the caller wants them: whole vectors of channels, around which nobody needs zeros.</summary>
    private bool IsStoredInPlace(Tensor tensor) =>
        !_isTraining
        && _layout.IsInterleaved(tensor.Shape)
        && tensor.Shape.Channels % Storage.Lanes == 0
        && _readers.Only(tensor) is StoreScores { AppliesSoftmax: false }
        && _readers.Producer(tensor) is Convolution { After.Operands.Count: 0 }
        && _layout.StorageOf(tensor).Kind == StorageKind.Pixels;

    private Storage StorageOf(Tensor tensor) =>
        _parts.TryGetValue(tensor, out var part) ? StorageOf(part.Whole).Slice(tensor.Shape.Channels)
        : IsReadInPlace(tensor) ? _layout.InPlace(tensor)
        : IsStoredInPlace(tensor) ? _layout.OuterOf(tensor.Shape)
        : _layout.StorageOf(tensor);

    private string Name => Tensor.NameOf(_operation.Label);

    /// <summary>A tensor that is there.</summary>
    private Argument Read(Tensor tensor) => tensor switch
    {
        ParameterTensor parameter => new Argument.Parameter(_parameters[parameter]),
        { Role: TensorRole.ParameterGradient, Like: ParameterTensor parameter } => new Argument.Parameter(_parameters[parameter], IsGradient: true),
        { IsImage: true } when IsReadInPlace(tensor) => new Argument.External(ExternalMemory.Images, checked((int)tensor.Shape.Length)),
        { IsImage: true } => new Argument.Buffer(_buffers[_memory.RootOf(tensor)]),
        _ => new Argument.Buffer(_buffers[tensor]),
    };

    /// <summary>Where a tensor is stored: the memory that it was given, or that of a tensor whose place it takes.</summary>
    private Argument Write(Tensor tensor)
    {
        if (!tensor.IsImage)
        {
            if (!_buffers.ContainsKey(tensor))
                _buffers.Add(tensor, _program.Buffer(tensor.Name, tensor.Shape.Channels, BufferKind.Shared, tensor.Role == TensorRole.WideChannels));
            return new Argument.Buffer(_buffers[tensor]);
        }

        if (_parts.TryGetValue(tensor, out var part))
            return ((Argument.Buffer)Write(part.Whole)) with { Offset = part.Offset };
        if (IsStoredInPlace(tensor))
            return new Argument.External(ExternalMemory.Scores, checked((int)tensor.Shape.Length));
        var root = _memory.RootOf(tensor);
        if (!_buffers.TryGetValue(root, out var buffer))
        {
            var storage = StorageOf(root);
            buffer = _program.Buffer(root.Name, storage.Length, BufferKind.Image);
            _buffers.Add(root, buffer);

            // Training gives each tensor memory of its own, whose halo stays as zero as it was allocated.
            if (!_isTraining && storage.Halo != default)
                Image(new ClearHaloKernel(storage), new Argument.Buffer(buffer));
        }

        return new Argument.Buffer(buffer);
    }

    /// <summary>A map in a kind of layout with at least some halo: where it lies, or a copy of it for the operation at hand.</summary>
    private (Storage Storage, Argument Argument) ReadAs(Tensor tensor, StorageKind kind, Halo halo)
    {
        var storage = StorageOf(tensor);
        if (storage.Kind == kind && storage.Halo.Union(halo) == storage.Halo)
            return (storage, Read(tensor));
        var wanted = kind switch
        {
            StorageKind.Pixels => Storage.Pixels(tensor.Shape, halo),
            StorageKind.Planar => Storage.Planar(tensor.Shape, halo),
            _ => Dense(tensor.Shape),
        };
        return (wanted, CopyOf(tensor, wanted));
    }

    /// <summary>A map exactly as another layout has it.</summary>
    private Argument ReadAs(Tensor tensor, Storage wanted) => StorageOf(tensor) == wanted ? Read(tensor) : CopyOf(tensor, wanted);

    private Argument CopyOf(Tensor tensor, Storage wanted)
    {
        var copy = new Argument.Buffer(_program.Buffer(tensor.Name + wanted.Kind, wanted.Length, BufferKind.Worker));
        if (!_isTraining && wanted.Halo != default)
            Image(new ClearHaloKernel(wanted), copy);
        Image(new CopyKernel(StorageOf(tensor), wanted, Size2.One), Read(tensor), copy);
        return copy;
    }

    /// <summary>A call for each image.</summary>
    private void Image(Kernel kernel, params Argument[] arguments) => _program.Add(StepOf(StepScope.Image, new Call(kernel, arguments)));

    private Step StepOf(StepScope scope, Call call) => new(scope, _operation.Label, call, ConditionOf(_operation))
    {
        Description = _operation.Description,
        IsBackward = _operation.IsBackward,
    };

    private Condition? ConditionOf(Operation operation) =>
        operation.ForImageGradients ? new Condition.Given(ExternalMemory.ImageGradients)
        : operation.ForScores ? new Condition.Given(ExternalMemory.Scores)
        : _nodeOf is not null && !operation.IsBackward && operation is not LoadImage ? new Condition.Through(operation.Layers.Max(_nodeOf))
        : null;

    private Step Once(Call call) => StepOf(StepScope.Chunk, call);

    private Step Once(Kernel kernel, params Argument[] arguments) => Once(new Call(kernel, arguments));

    /// <summary>What follows from the parameters alone: before each batch when training, where parameters have changed when predicting.</summary>
    private void Prepare(Kernel kernel, params Argument[] arguments)
    {
        var region = new Region.Units(Once(kernel, arguments));
        if (_isTraining)
            _program.First(region);
        else
            _program.Prepare(region);
    }

    private KernelEpilogue EpilogueOf(Epilogue after, bool hasBias) => new(hasBias, after.Each, after.Operands.Count, after.Pool);

    private Argument[] OperandsOf(Epilogue after) => [.. after.Operands.Select(Read)];
}
