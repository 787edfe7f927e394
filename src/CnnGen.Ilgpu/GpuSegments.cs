using CnnGen.Runtime;
using ILGPU;
using ILGPU.Runtime;

namespace CnnGen.Ilgpu;

/// <summary>Which trained parameter each float of a session's is of, the numbers that a step has for each, and sums over each.</summary>
internal sealed class GpuSegments : IDisposable
{
    private readonly GpuMemory _memory;
    private readonly MemoryBuffer1D<float, Stride1D.Dense>[] _buffers;
    private readonly Action<KernelConfig, ArrayView<float>, ArrayView<float>, int> _squares;
    private readonly Action<KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, int> _sumStrands;
    private readonly int[] _byPlace;
    private readonly int _units;
    private readonly float[] _strands;
    private float[] _sent = [];

    /// <param name="updates">The session's.</param>
    /// <param name="accelerator">Its device.</param>
    /// <param name="trained">The trained parameters in the order of the store's memory, by which optimisers count them; the device has them in the order of a weights file.</param>
    public GpuSegments(GpuUpdates updates, Accelerator accelerator, List<Parameter> trained)
    {
        _memory = updates.Memory;
        var places = updates.Places.Where(place => place.Parameter.IsTrained).OrderBy(place => place.Offset).ToList();
        _byPlace = [.. places.Select(place => trained.IndexOf(place.Parameter))];
        _units = (int)((updates.Sizes.Trained + GpuUpdateKernels.Unit - 1) / GpuUpdateKernels.Unit);
        var bounds = new float[places.Count + 1];
        var ofUnits = new float[_units];
        for (var i = 0; i < places.Count; i++)
        {
            if (places[i].Offset % GpuUpdateKernels.Unit != 0)
                throw new InvalidOperationException($"{places[i].Parameter.Name} begins at {places[i].Offset}, which is no multiple of {GpuUpdateKernels.Unit}.");
            bounds[i] = places[i].Offset / GpuUpdateKernels.Unit;
            ofUnits.AsSpan((int)bounds[i]).Fill(_byPlace[i]);
        }

        bounds[^1] = _units;
        _strands = new float[places.Count * GpuVectorKernels.Strands];
        _buffers =
        [
            .. new[] { _units, places.Count * UpdateDevice.Numbers, _units, bounds.Length, _strands.Length }.Select(length => accelerator.Allocate1D<float>(length)),
        ];
        _memory.Upload(ofUnits, OfUnits);
        _memory.Upload(bounds, _buffers[3].View);
        _squares = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(GpuVectorKernels.Squares);
        _sumStrands = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, int>(GpuVectorKernels.SumStrands);
    }

    /// <summary>The parameter of each unit, by the order of the store's memory.</summary>
    public ArrayView<float> OfUnits => _buffers[0].View;

    /// <summary>The numbers that were taken last.</summary>
    public ArrayView<float> Numbers => _buffers[1].View;

    /// <summary>Takes the numbers of a step; those of most steps of most optimisers are those of the one before.</summary>
    public void Take(ReadOnlySpan<float> numbers)
    {
        if (numbers.SequenceEqual(_sent))
            return;
        _sent = numbers.ToArray();
        _memory.Upload(_sent, Numbers);
    }

    /// <summary>The sums of squares of each parameter, in the order of the store's memory.</summary>
    public double[] SumSquares(ArrayView<float> values)
    {
        _memory.Launch(() =>
        {
            _squares(GpuUpdates.Threads(_units), values, _buffers[2].View, _units);
            _sumStrands(GpuUpdates.Threads(_strands.Length), _buffers[2].View, _buffers[3].View, _buffers[4].View, _strands.Length);
        });
        _memory.Download(_buffers[4].View, _strands);
        var sums = new double[_byPlace.Length];
        for (var i = 0; i < _strands.Length; i++)
            sums[_byPlace[i / GpuVectorKernels.Strands]] += _strands[i];
        return sums;
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
            buffer.Dispose();
    }
}
