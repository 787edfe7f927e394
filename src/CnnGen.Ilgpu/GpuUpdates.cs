using CnnGen.Runtime;
using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, int>;
using Step = System.Action<ILGPU.KernelConfig, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, int>;

namespace CnnGen.Ilgpu;

/// <summary>What optimisers do to a session's parameters: launches on its device, of kernels that are compiled when they are first asked for. Sums come back to the processor; all else stays there.</summary>
internal sealed class GpuUpdates : UpdateDevice, IDisposable
{
    private readonly Action _parametersChanged;
    private readonly List<Parameter> _trained;
    private readonly Dictionary<UpdateKind, Step> _steps = [];
    private readonly Lazy<GpuSegments> _segments;
    private readonly Lazy<GpuOrthogonalizer> _orthogonalizer;
    private readonly Lazy<Action<KernelConfig, ArrayView<float>, float, int>> _scale;
    private readonly Lazy<Action<KernelConfig, ArrayView<float>, float, int>> _clip;
    private readonly Lazy<Action<KernelConfig, ArrayView<float>, ArrayView<float>, float, int, int>> _add;
    private readonly Lazy<Action<KernelConfig, ArrayView<float>, ArrayView<float>, float, int>> _average;
    private readonly Lazy<Action<KernelConfig, ArrayView<float>, ArrayView<float>, int>> _copy;

    /// <param name="memory">The session's memory.</param>
    /// <param name="program">What says where each parameter lies.</param>
    /// <param name="store">The model's parameters.</param>
    /// <param name="parametersChanged">Is told when a step has been taken.</param>
    public GpuUpdates(GpuMemory memory, GpuProgram program, ParameterStore store, Action parametersChanged)
    {
        (Memory, Sizes, _parametersChanged) = (memory, program.Sizes, parametersChanged);
        _trained = ParameterSegment.Trained(store);
        Places = [.. program.Parameters.Select(parameter => (store[parameter.Name], parameter.Offset))];
        (Values, Gradients) = (new GpuFloats(this, memory.Parameters, isAll: true, null), new GpuFloats(this, memory.Gradients, isAll: false, null));
        var accelerator = memory.Device.Accelerator;
        _segments = new(() => new GpuSegments(this, accelerator, _trained));
        _orthogonalizer = new(() => new GpuOrthogonalizer(accelerator, [.. _trained.Where(parameter => parameter.IsMatrix)]));
        _scale = new(() => accelerator.LoadStreamKernel<ArrayView<float>, float, int>(GpuVectorKernels.Scale));
        _clip = new(() => accelerator.LoadStreamKernel<ArrayView<float>, float, int>(GpuVectorKernels.Clip));
        _add = new(() => accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, float, int, int>(GpuVectorKernels.Add));
        _average = new(() => accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, float, int>(GpuVectorKernels.Average));
        _copy = new(() => accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(GpuVectorKernels.Copy));
    }

    public override string Name => Memory.Device.ToString();

    public override bool IsLost => Memory.IsLost;

    public override DeviceFloats Values { get; }

    public override DeviceFloats Gradients { get; }

    public GpuMemory Memory { get; }

    public GpuSizes Sizes { get; }

    /// <summary>Each parameter, and its first float.</summary>
    public IReadOnlyList<(Parameter Parameter, int Offset)> Places { get; }

    private int Trained => (int)Sizes.Trained;

    private Accelerator Accelerator => Memory.Device.Accelerator;

    public override DeviceFloats Allocate(bool hasStatistics)
    {
        Memory.CheckThere();
        var length = hasStatistics ? Sizes.Parameters : Sizes.Trained;
        MemoryBuffer1D<float, Stride1D.Dense> buffer;
        try
        {
            buffer = Accelerator.Allocate1D<float>(Math.Max(1, length));
        }
        catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException)
        {
            throw new GpuException(
                FormattableString.Invariant($"{Name} has no room for what is kept beside the parameters between steps: {sizeof(float) * length:N0} bytes more. Take a smaller batch, or an optimiser that keeps less."), exception);
        }

        ArrayView<float> view = buffer.View;
        view.MemSetToZero(Accelerator.DefaultStream);
        return new GpuFloats(this, view, hasStatistics, buffer);
    }

    public override void Update(UpdateKind kind, ReadOnlySpan<float> numbers, DeviceFloats? first, DeviceFloats? second, DeviceFloats? third)
    {
        if (Trained == 0)
            return;
        if (!_steps.TryGetValue(kind, out var step))
            _steps.Add(kind, step = Load(kind));
        var segments = _segments.Value;
        segments.Take(numbers);

        // There is no view of nothing: what a rule doesn't have it doesn't read either.
        Memory.Launch(() => step(Threads(Trained), Memory.Parameters, Memory.Gradients, ViewOf(first), ViewOf(second), ViewOf(third), segments.OfUnits, segments.Numbers, Trained));
    }

    public override double[] SumSquares(DeviceFloats values) => _segments.Value.SumSquares(((GpuFloats)values).View);

    public override void ScaleGradients(float factor) => Memory.Launch(() => _scale.Value(Threads(Trained), Memory.Gradients, factor, Trained));

    public override void ClipGradients(float bound) => Memory.Launch(() => _clip.Value(Threads(Trained), Memory.Gradients, bound, Trained));

    public override void AddGradients(DeviceFloats sums, float part, bool isFirst) =>
        Memory.Launch(() => _add.Value(Threads(Trained), ((GpuFloats)sums).View, Memory.Gradients, part, isFirst ? 1 : 0, Trained));

    /// <summary>Adds a part of gradients that come from elsewhere to those that are here.</summary>
    /// <param name="room">Where they come to lie.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="part">What they are multiplied by.</param>
    public void AddToGradients(GpuFloats room, float[] gradients, float part)
    {
        Memory.Upload(gradients, room.View);
        Memory.Launch(() => _add.Value(Threads(Trained), Memory.Gradients, room.View, part, 0, Trained));
    }

    public override void Average(DeviceFloats average, float part) =>
        Memory.Launch(() => _average.Value(Threads((int)Sizes.Parameters), ((GpuFloats)average).View, Memory.Parameters, part, (int)Sizes.Parameters));

    /// <summary>As many numbers as both have.</summary>
    public void Copy(GpuFloats target, GpuFloats source)
    {
        var length = Math.Min(target.Length, source.Length);
        Memory.Launch(() => _copy.Value(Threads(length), target.View, source.View, length));
    }

    public override void Orthogonalize(int segment, DeviceFloats momentum, float part, int iterations, float shrinking, float rate)
    {
        var (parameter, offset) = Places.First(place => place.Parameter == _trained[segment]);
        Memory.Launch(() => _orthogonalizer.Value.Step(
            parameter, Memory.Parameter(offset, parameter.Length), Memory.Gradient(offset, parameter.Length), ((GpuFloats)momentum).View.SubView((long)offset, parameter.Length), part, iterations, shrinking, rate));
    }

    public void Dispose()
    {
        if (IsLost)
            return;
        if (_segments.IsValueCreated)
            _segments.Value.Dispose();
        if (_orthogonalizer.IsValueCreated)
            _orthogonalizer.Value.Dispose();
    }

    protected override void ParametersChanged() => _parametersChanged();

    /// <summary>A thread for each of so many numbers.</summary>
    internal static KernelConfig Threads(int count) => new((Math.Max(1, count) + GpuUpdateKernels.Threads - 1) / GpuUpdateKernels.Threads, 1, 1, GpuUpdateKernels.Threads, 1, 1);

    private ArrayView<float> ViewOf(DeviceFloats? floats) => floats == null ? Memory.Gradients : ((GpuFloats)floats).View;

    private Step Load(UpdateKind kind) => Accelerator.LoadStreamKernel(KernelOf(kind));

    private static Kernel KernelOf(UpdateKind kind) => kind switch
    {
        UpdateKind.Sgd => GpuUpdateKernels.Sgd,
        UpdateKind.SgdMomentum => GpuUpdateKernels.SgdMomentum,
        UpdateKind.Adagrad => GpuUpdateKernels.Adagrad,
        UpdateKind.RmsProp => GpuUpdateKernels.RmsProp,
        UpdateKind.Adam => GpuUpdateKernels.Adam,
        UpdateKind.Nadam => GpuUpdateKernels.Nadam,
        UpdateKind.Lion => GpuUpdateKernels.Lion,
        UpdateKind.Lookahead => GpuUpdateKernels.Lookahead,
        UpdateKind.Lars => GpuUpdateKernels.Lars,
        UpdateKind.LambDirection => GpuUpdateKernels.LambDirection,
        UpdateKind.LambStep => GpuUpdateKernels.LambStep,
        UpdateKind.MuonMomentum => GpuUpdateKernels.MuonMomentum,
        _ => throw new NotSupportedException($"There is no kernel for {kind}."),
    };
}
