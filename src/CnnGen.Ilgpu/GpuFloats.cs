using CnnGen.Runtime;
using ILGPU;
using ILGPU.Runtime;

namespace CnnGen.Ilgpu;

/// <summary>A number beside each parameter, in the order of a weights file, as the parameters of a session lie.</summary>
/// <param name="updates">Whose memory it is beside.</param>
/// <param name="view">Where it is.</param>
/// <param name="isAll">Whether running statistics have one too.</param>
/// <param name="own">What is freed with it; null where it is the session's.</param>
internal sealed class GpuFloats(GpuUpdates updates, ArrayView<float> view, bool isAll, MemoryBuffer1D<float, Stride1D.Dense>? own) : DeviceFloats
{
    public ArrayView<float> View { get; } = view;

    public int Length => (int)(isAll ? updates.Sizes.Parameters : updates.Sizes.Trained);

    /// <summary>Packed numbers become those of a weights file, parameter by parameter.</summary>
    public override void Upload(ReadOnlySpan<float> numbers)
    {
        var logical = new float[Length];
        foreach (var (parameter, offset) in Places())
            parameter.Gather(numbers, logical.AsSpan(offset, parameter.Length));
        updates.Memory.Upload(logical, View);
    }

    public override void Download(Span<float> numbers)
    {
        var logical = new float[Length];
        updates.Memory.Download(View, logical);
        foreach (var (parameter, offset) in Places())
            parameter.Scatter(logical.AsSpan(offset, parameter.Length), numbers);
    }

    public override void CopyFrom(DeviceFloats other) => updates.Copy(this, (GpuFloats)other);

    public override void Dispose()
    {
        if (own != null && !updates.IsLost)
            own.Dispose();
    }

    private IEnumerable<(Parameter Parameter, int Offset)> Places() => updates.Places.Where(place => isAll || place.Parameter.IsTrained);
}
