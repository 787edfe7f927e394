using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace CnnGen.Ilgpu;

/// <summary>Where a batch that comes from the processor lies on the device.</summary>
/// <param name="Images">The images.</param>
/// <param name="Regions">Their regions; no view where the model takes none.</param>
/// <param name="Targets">What is wanted of them.</param>
internal readonly record struct GpuInputs(ArrayView<float> Images, ArrayView<float> Regions, ArrayView<float> Targets);

/// <summary>A second place on the device for a batch, which is uploaded there by a stream of its own, from page-locked memory, while the batch before it is trained on.</summary>
internal sealed class GpuStaging : IDisposable
{
    private readonly List<IDisposable> _all = [];
    private readonly AcceleratorStream _stream;
    private readonly PageLockedArray1D<float> _images;
    private readonly PageLockedArray1D<float> _regions;
    private readonly PageLockedArray1D<float> _targets;
    private GpuInputs _there;

    private GpuStaging(Accelerator accelerator, GpuInputs like)
    {
        try
        {
            _there = new GpuInputs(Allocate(accelerator, like.Images), Allocate(accelerator, like.Regions), Allocate(accelerator, like.Targets));
            _images = Kept(accelerator.AllocatePageLocked1D<float>(like.Images.Length));
            _regions = Kept(accelerator.AllocatePageLocked1D<float>(Math.Max(1, like.Regions.Length)));
            _targets = Kept(accelerator.AllocatePageLocked1D<float>(like.Targets.Length));
            _stream = Kept(accelerator.CreateStream());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a batch that nobody has taken.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Makes one; null where the device has no room, or can't lock memory: batches are then uploaded one after the other.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="like">The first place, which this one is as long as.</param>
    public static GpuStaging? Create(Accelerator accelerator, GpuInputs like)
    {
        try
        {
            return new GpuStaging(accelerator, like);
        }
        catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Begins to upload a batch.</summary>
    public void Put(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets)
    {
        Put(images, _images, _there.Images);
        Put(regions, _regions, _there.Regions);
        Put(targets, _targets, _there.Targets);
        IsFull = true;
    }

    /// <summary>Waits until the batch is there, and exchanges its place with another one.</summary>
    /// <returns>Where it lies.</returns>
    public GpuInputs Take(GpuInputs place)
    {
        _stream.Synchronize();
        IsFull = false;
        var there = _there;
        _there = place;
        return there;
    }

    public void Dispose()
    {
        foreach (var one in Enumerable.Reverse(_all))
            one.Dispose();
        _all.Clear();
    }

    private void Put(ReadOnlySpan<float> numbers, PageLockedArray1D<float> locked, ArrayView<float> to)
    {
        if (numbers.Length == 0)
            return;
        numbers.CopyTo(locked.Span);
        to.SubView(0L, numbers.Length).CopyFromCPU(_stream, ref MemoryMarshal.GetReference(locked.Span), numbers.Length);
    }

    private ArrayView<float> Allocate(Accelerator accelerator, ArrayView<float> like) => like.Length == 0 ? default : Kept(accelerator.Allocate1D<float>(like.Length)).View;

    private T Kept<T>(T one) where T : IDisposable
    {
        _all.Add(one);
        return one;
    }
}
