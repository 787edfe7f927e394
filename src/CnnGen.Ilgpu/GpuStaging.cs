using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace CnnGen.Ilgpu;

/// <summary>A second place on the device for a batch, which is uploaded there by a stream of its own, from page-locked memory, while the batch before it is trained on.</summary>
internal sealed class GpuStaging : IDisposable
{
    private readonly List<IDisposable> _all = [];
    private readonly AcceleratorStream _stream;
    private readonly PageLockedArray1D<float> _images;
    private readonly PageLockedArray1D<float> _targets;

    private GpuStaging(Accelerator accelerator, long images, long targets)
    {
        try
        {
            Images = Kept(accelerator.Allocate1D<float>(images)).View;
            Targets = Kept(accelerator.Allocate1D<float>(targets)).View;
            _images = Kept(accelerator.AllocatePageLocked1D<float>(images));
            _targets = Kept(accelerator.AllocatePageLocked1D<float>(targets));
            _stream = Kept(accelerator.CreateStream());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the images come to lie.</summary>
    public ArrayView<float> Images { get; private set; }

    /// <summary>Where the targets do.</summary>
    public ArrayView<float> Targets { get; private set; }

    /// <summary>Whether there is a batch that nobody has taken.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Makes one; null where the device has no room, or can't lock memory: batches are then uploaded one after the other.</summary>
    public static GpuStaging? Create(Accelerator accelerator, long images, long targets)
    {
        try
        {
            return new GpuStaging(accelerator, images, targets);
        }
        catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Begins to upload a batch.</summary>
    public void Put(ReadOnlySpan<float> images, ReadOnlySpan<float> targets)
    {
        images.CopyTo(_images.Span);
        targets.CopyTo(_targets.Span);
        Images.SubView(0L, images.Length).CopyFromCPU(_stream, ref MemoryMarshal.GetReference(_images.Span), images.Length);
        Targets.SubView(0L, targets.Length).CopyFromCPU(_stream, ref MemoryMarshal.GetReference(_targets.Span), targets.Length);
        IsFull = true;
    }

    /// <summary>Waits until the batch is there, and exchanges its place with another one.</summary>
    /// <returns>Where it lies.</returns>
    public (ArrayView<float> Images, ArrayView<float> Targets) Take(ArrayView<float> images, ArrayView<float> targets)
    {
        _stream.Synchronize();
        IsFull = false;
        var there = (Images, Targets);
        (Images, Targets) = (images, targets);
        return there;
    }

    public void Dispose()
    {
        foreach (var one in Enumerable.Reverse(_all))
            one.Dispose();
        _all.Clear();
    }

    private T Kept<T>(T one) where T : IDisposable
    {
        _all.Add(one);
        return one;
    }
}
