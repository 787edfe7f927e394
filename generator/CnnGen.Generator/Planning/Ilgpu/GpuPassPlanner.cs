using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>
/// Makes launches of a pass's operations: which kernel computes each, and where its operands lie. All launches follow one another, so that each finds what those before it computed. One file a family of
/// operations.
/// </summary>
internal sealed partial class GpuPassPlanner
{
    private readonly PrecisionKind _precision;
    private readonly GpuParameters _parameters;
    private readonly GpuTables _tables;
    private readonly bool _isTraining;
    private readonly GpuPlaces _places;
    private readonly Dictionary<Tensor, GpuBuffer> _buffers = [];
    private readonly List<GpuBuffer> _allBuffers = [];
    private readonly List<GpuLaunch> _preparation = [];
    private readonly List<GpuLaunch> _launches = [];
    private readonly HashSet<string> _names = [];
    private readonly HashSet<Tensor> _images = [];
    private readonly HashSet<Tensor> _summed = [];
    private GpuBuffer? _scratch;
    private Operation _operation = null!;
    private int _lossLength;

    private GpuPassPlanner(IReadOnlyList<Operation> operations, PrecisionKind precision, GpuParameters parameters, GpuTables tables, bool isTraining)
    {
        (_precision, _parameters, _tables, _isTraining) = (precision, parameters, tables, isTraining);
        _places = new GpuPlaces(operations);
    }

    /// <param name="operations">The pass, differentiated and joined.</param>
    /// <param name="precision">Which algorithms may be chosen.</param>
    /// <param name="parameters">Where parameters lie.</param>
    /// <param name="tables">Gets what kernels look up.</param>
    /// <param name="isTraining">Whether what follows from the parameters alone is computed in each run, since they change.</param>
    public static GpuProgram Plan(IReadOnlyList<Operation> operations, PrecisionKind precision, GpuParameters parameters, GpuTables tables, bool isTraining)
    {
        var planner = new GpuPassPlanner(operations, precision, parameters, tables, isTraining);
        foreach (var operation in operations)
        {
            planner._operation = operation;
            planner.Plan(operation);
        }

        return new GpuProgram(planner._preparation, planner._launches, planner._allBuffers, planner._lossLength);
    }

    private void Plan(Operation operation)
    {
        switch (operation)
        {
            case LoadImage load: _images.Add(load.Result); break;
            case Reshape or AsPixels or Slice: break;
            case StoreScores store: PlanScores(store); break;
            case StoreImageGradient store: Copy(store.Gradient, GpuStorage.Of(store.Gradient.Shape), new GpuArgument.External(GpuExternal.ImageGradients)); break;
            case Concatenate concatenate: PlanConcatenate(concatenate); break;
            case SliceGradient gradient: Launch(new GpuSliceGradientKernel(StorageOf(gradient.Gradient), StorageOf(gradient.Result), gradient.FirstChannel), Read(gradient.Gradient), Write(gradient.Result)); break;
            case Upsampling upsampling: Launch(new GpuUpsamplingKernel(upsampling.Factor, StorageOf(upsampling.Input), StorageOf(upsampling.Result)), Read(upsampling.Input), Write(upsampling.Result)); break;
            case ChannelShuffle shuffle: Launch(new GpuShuffleKernel(shuffle.Groups, StorageOf(shuffle.Input), StorageOf(shuffle.Result)), Read(shuffle.Input), Write(shuffle.Result)); break;
            case Loss loss: PlanLoss(loss); break;
            case Convolution convolution: PlanConvolution(convolution); break;
            case ConvolutionInputGradient gradient: PlanInputGradient(gradient); break;
            case ConvolutionWeightGradient gradient: PlanWeightGradient(gradient); break;
            case ConvolutionBiasGradient gradient: PlanBiasGradient(gradient.Gradient, gradient.Result); break;
            case Product product: PlanProduct(product); break;
            case ProductInputGradient gradient: PlanInputGradient(gradient); break;
            case ProductWeightGradient gradient: PlanWeightGradient(gradient); break;
            case ProductBiasGradient gradient: PlanBiasGradient(gradient.Gradient, gradient.Result); break;
            case Pool pool: PlanPool(pool); break;
            case PoolGradient gradient: PlanPoolGradient(gradient); break;
            case Pointwise pointwise: PlanPointwise(pointwise); break;
            case PixelSum sum: PlanPixelSum(sum); break;
            case RandomMask mask: Launch(new GpuMaskKernel(mask.Rate, mask.Stream, StorageOf(mask.Input), StorageOf(mask.Result)), Read(mask.Input), Write(mask.Result)); break;
            case Softmax softmax: Launch(new GpuSoftmaxKernel(StorageOf(softmax.Input), StorageOf(softmax.Result), softmax.IsLogarithm), Read(softmax.Input), Write(softmax.Result)); break;
            case SoftmaxGradient gradient: PlanSoftmaxGradient(gradient); break;
            case ResponseNorm norm: Launch(new GpuResponseNormKernel(norm.Spec, StorageOf(norm.Input), StorageOf(norm.Result)), Read(norm.Input), Write(norm.Result)); break;
            case ResponseNormGradient gradient: PlanResponseNormGradient(gradient); break;
            case RunningCoefficients coefficients: PlanRunningCoefficients(coefficients.Norm, null); break;
            case BatchStatistics statistics: PlanBatchStatistics(statistics); break;
            case NormGradient gradient: PlanNormGradient(gradient); break;
            case ChannelConstants constants: Launch(new GpuConstantsKernel(constants.Values, StrideOf(constants.Result)), Write(constants.Result)); break;
            case Standardization standardization: Launch(StandardizationOf(standardization.Spec, standardization.Input, standardization.Result), Read(standardization.Input), Write(standardization.Result)); break;
            case StandardizationGradient gradient: PlanStandardizationGradient(gradient); break;
            case LargestChannel largest: Launch(new GpuLargestChannelKernel(largest.Pieces, StorageOf(largest.Input), StorageOf(largest.Result)), Read(largest.Input), Write(largest.Result)); break;
            case LargestChannelGradient gradient: PlanLargestGradient(gradient); break;
            case Resampling resampling: PlanResampling(resampling); break;
            case LargestOfParts parts: Launch(new GpuLargestOfPartsKernel(StorageOf(parts.Input), StorageOf(parts.Result)), Read(parts.Input), Write(parts.Result)); break;
            case LargestOfPartsGradient gradient: PlanPartsGradient(gradient); break;
            case RandomPool pool: PlanRandomPool(pool); break;
            case RandomPoolGradient gradient: PlanRandomPoolGradient(gradient); break;
            case RegionPool pool: PlanRegions(pool); break;
            case RegionPoolGradient gradient: PlanRegionsGradient(gradient); break;
            case LocalProduct product: PlanLocal(product); break;
            case LocalInputGradient gradient: PlanLocalInputGradient(gradient); break;
            case LocalWeightGradient gradient: PlanLocalWeightGradient(gradient); break;
            default: throw new InvalidOperationException($"{operation.GetType().Name} has no form for a GPU.");
        }
    }

    private GpuStorage StorageOf(Tensor tensor) => _places.StorageOf(tensor);

    private int StrideOf(Tensor tensor) => StorageOf(tensor).ImageStride;

    /// <summary>A tensor that is there.</summary>
    private GpuArgument Read(Tensor tensor)
    {
        switch (tensor)
        {
            case ParameterTensor parameter:
                return new GpuArgument.Parameter(_parameters[parameter]);
            case { Role: TensorRole.ParameterGradient, Like: ParameterTensor parameter }:
                return new GpuArgument.Parameter(_parameters[parameter], IsGradient: true);
        }

        if (!tensor.IsImage)
            return new GpuArgument.Buffer(_buffers[tensor]);
        var (root, offset) = _places.Of(tensor);
        return _images.Contains(root) ? new GpuArgument.External(GpuExternal.Images, offset) : new GpuArgument.Buffer(_buffers[root], offset);
    }

    /// <summary>Where a tensor is stored.</summary>
    private GpuArgument Write(Tensor tensor)
    {
        var (root, offset) = tensor.IsImage ? _places.Of(tensor) : (tensor, 0);
        if (!_buffers.TryGetValue(root, out var buffer))
            _buffers.Add(root, buffer = NewBuffer(root.Name, tensor.IsImage ? checked((int)root.Shape.Length) : root.Shape.Channels, tensor.IsImage));
        return new GpuArgument.Buffer(buffer, offset);
    }

    private GpuBuffer NewBuffer(string name, int length, bool isPerImage)
    {
        // Tensors of two layers whose names differ by the case of a letter, and parts of them, may have one name.
        var unique = name;
        for (var i = 2; !_names.Add(unique); i++)
            unique = name + "_" + Numbers.Print(i);
        var buffer = new GpuBuffer(unique, length, isPerImage);
        _allBuffers.Add(buffer);
        return buffer;
    }

    /// <summary>What one launch leaves and the next one takes; all such take one place.</summary>
    private GpuArgument Scratch(long length)
    {
        _scratch ??= NewBuffer("parts", 0, isPerImage: false);
        _scratch.Reserve(checked((int)length));
        return new GpuArgument.Buffer(_scratch);
    }

    private void Launch(GpuKernel kernel, params GpuArgument[] arguments) => _launches.Add(LaunchOf(kernel, arguments));

    /// <summary>What follows from the parameters alone: in each run when training, where parameters have changed when predicting.</summary>
    private void Prepare(GpuKernel kernel, params GpuArgument[] arguments) => (_isTraining ? _launches : _preparation).Add(LaunchOf(kernel, arguments));

    private GpuLaunch LaunchOf(GpuKernel kernel, IReadOnlyList<GpuArgument> arguments)
    {
        if (arguments.Count != kernel.Views.Count || arguments.Count + kernel.RunTimeNumbers.Count > GpuKernel.MostParameters)
            throw new InvalidOperationException($"{kernel.Name} takes {kernel.Views.Count} views, at most {GpuKernel.MostParameters} with its numbers, but is given {arguments.Count}.");
        return new GpuLaunch(kernel, arguments)
        {
            Description = _operation.Description,
            When = _operation.ForImageGradients || _operation is StoreImageGradient ? GpuCondition.ImageGradients : _operation.ForScores ? GpuCondition.Scores : GpuCondition.Always,
        };
    }

    private void Copy(Tensor from, GpuStorage storage, GpuArgument to) =>
        Launch(new GpuPointwiseKernel(Expression.X, [new GpuOperand(GpuOperandKind.Full, StrideOf(from))], storage), Read(from), to);
}
