using ILGPU;
using ILGPU.Runtime;

namespace CnnGen.Ilgpu;

/// <summary>A session's memory on its device: allocated once, for batches of up to some number of images.</summary>
public sealed class GpuMemory : IDisposable
{
    private readonly Accelerator _accelerator;
    private readonly string _owner;
    private readonly List<MemoryBuffer1D<float, Stride1D.Dense>> _buffers = [];
    private readonly ArrayView<float> _perImage;
    private readonly ArrayView<float> _once;
    private GpuInputs _inputs;
    private GpuStaging? _staging;
    private bool _isWithoutStaging;

    internal GpuMemory(GpuDevice device, string model, in GpuSizes sizes, int batch)
    {
        _accelerator = device.Accelerator;
        (_owner, Device, Batch) = (model, device, batch);
        try
        {
            Scores = Allocate(sizes.Scores * batch);
            _perImage = Allocate(sizes.PerImage * batch);
            _once = Allocate(sizes.Once);
            Tables = sizes.Tables > 0 ? Allocate(sizes.Tables) : default;
            Parameters = Allocate(sizes.Parameters);
            _inputs = new GpuInputs(
                Allocate(sizes.Image * batch), sizes.Regions > 0 ? Allocate(sizes.Regions * batch) : default, Allocate(sizes.Trained > 0 ? sizes.Scores * batch : 0));
            ImageGradients = Allocate(sizes.Trained > 0 ? sizes.Image * batch : 0);
            Losses = Allocate(sizes.Trained > 0 ? sizes.Losses * batch : 0);
            Gradients = Allocate(sizes.Trained);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The most images of a batch.</summary>
    public int Batch { get; }

    /// <summary>Whether the device has failed.</summary>
    internal bool IsLost { get; private set; }

    internal GpuDevice Device { get; }

    /// <summary>The batch's images, N x C x H x W.</summary>
    public ArrayView<float> Images => _inputs.Images;

    /// <summary>The regions of each image, four numbers each.</summary>
    public ArrayView<float> Regions => _inputs.Regions;

    /// <summary>The wanted outputs of each image.</summary>
    public ArrayView<float> Targets => _inputs.Targets;

    /// <summary>The scores of each image.</summary>
    public ArrayView<float> Scores { get; }

    /// <summary>The gradients by the images.</summary>
    public ArrayView<float> ImageGradients { get; }

    /// <summary>What each pixel of each output contributes to its image's loss.</summary>
    public ArrayView<float> Losses { get; }

    /// <summary>Whether a training step stores the scores.</summary>
    public bool WantsScores { get; internal set; }

    /// <summary>Whether a training step computes the gradients by the images.</summary>
    public bool WantsImageGradients { get; internal set; }

    internal ArrayView<float> Tables { get; }

    internal ArrayView<float> Parameters { get; }

    internal ArrayView<float> Gradients { get; }

    /// <summary>A tensor that has room for each image of the batch.</summary>
    /// <param name="offset">Where it begins, in floats of one image.</param>
    /// <param name="length">Its floats of one image.</param>
    public ArrayView<float> PerImage(int offset, int length) => _perImage.SubView((long)offset * Batch, (long)length * Batch);

    /// <summary>A piece that is there once.</summary>
    /// <param name="offset">Its first float.</param>
    /// <param name="length">Its floats.</param>
    public ArrayView<float> Once(int offset, int length) => _once.SubView((long)offset, length);

    /// <summary>Some of the numbers that kernels look up.</summary>
    /// <param name="offset">The first of them.</param>
    /// <param name="length">How many there are.</param>
    public ArrayView<float> Table(int offset, int length) => Tables.SubView((long)offset, length);

    /// <summary>A parameter.</summary>
    /// <param name="offset">Its first float.</param>
    /// <param name="length">Its floats.</param>
    public ArrayView<float> Parameter(int offset, int length) => Parameters.SubView((long)offset, length);

    /// <summary>The gradient by a parameter.</summary>
    /// <param name="offset">Its first float.</param>
    /// <param name="length">Its floats.</param>
    public ArrayView<float> Gradient(int offset, int length) => Gradients.SubView((long)offset, length);

    /// <summary>Copies numbers to the device, and waits until they are there.</summary>
    internal unsafe void Upload(ReadOnlySpan<float> numbers, ArrayView<float> to)
    {
        if (numbers.Length == 0)
            return;
        CheckThere();
        try
        {
            // ILGPU takes the address alone: memory that the garbage collector moves meanwhile would be read, and below written, where it was before.
            fixed (float* pinned = numbers)
                to.SubView(0L, numbers.Length).CopyFromCPU(_accelerator.DefaultStream, ref *pinned, numbers.Length);
        }
        catch (AcceleratorException exception)
        {
            throw Lost(exception);
        }
    }

    /// <summary>Waits for all launches, and copies numbers from the device.</summary>
    internal unsafe void Download(ArrayView<float> from, Span<float> numbers)
    {
        if (numbers.Length == 0)
            return;
        CheckThere();
        try
        {
            fixed (float* pinned = numbers)
                from.SubView(0L, numbers.Length).CopyToCPU(_accelerator.DefaultStream, ref *pinned, numbers.Length);
        }
        catch (AcceleratorException exception)
        {
            throw Lost(exception);
        }
    }

    /// <summary>Begins to upload the batch that comes next, where the device can do so beside its work.</summary>
    internal void Prefetch(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets)
    {
        CheckThere();
        if (_staging == null && !_isWithoutStaging)
            _isWithoutStaging = (_staging = GpuStaging.Create(_accelerator, _inputs)) == null;
        try
        {
            _staging?.Put(images, regions, targets);
        }
        catch (AcceleratorException exception)
        {
            throw Lost(exception);
        }
    }

    /// <summary>Has the images, the regions and the targets of a batch where launches read them.</summary>
    /// <param name="images">The images.</param>
    /// <param name="regions">Their regions.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="isPrefetched">Whether they are those of the last <see cref="Prefetch"/>.</param>
    internal void Take(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets, bool isPrefetched)
    {
        if (isPrefetched && _staging is { IsFull: true } staging)
        {
            Launch(() => _inputs = staging.Take(_inputs));
            return;
        }

        Upload(images, Images);
        Upload(regions, Regions);
        Upload(targets, Targets);
    }

    /// <summary>Makes launches.</summary>
    /// <exception cref="GpuException">The device failed.</exception>
    internal void Launch(Action launches)
    {
        CheckThere();
        try
        {
            launches();
        }
        catch (AcceleratorException exception)
        {
            throw Lost(exception);
        }
    }

    /// <summary>Sees that the device has not failed before, and that this thread can talk to it.</summary>
    internal void CheckThere()
    {
        if (IsLost)
            throw new GpuException($"{Device} has failed before. Open it anew, and make another session.");
        _accelerator.Bind();
    }

    /// <summary>The device has failed: what the session had there is gone.</summary>
    private GpuException Lost(AcceleratorException exception)
    {
        IsLost = true;
        return new GpuException(
            $"{Device} has failed ({exception.Message.TrimEnd('.')}), and what {_owner} had learnt there since its parameters were fetched last is lost. "
                + "The last checkpoint holds: open the device anew, and call Fit with the same checkpoint folder.",
            exception);
    }

    /// <summary>Frees the memory; that of a device that has failed is gone already.</summary>
    public void Dispose()
    {
        if (IsLost)
            return;
        _staging?.Dispose();
        foreach (var buffer in _buffers)
            buffer.Dispose();
        _buffers.Clear();
    }

    /// <summary>Zeroed memory; of nothing one float, since there is no view of none.</summary>
    private ArrayView<float> Allocate(long length)
    {
        var buffer = _accelerator.Allocate1D<float>(Math.Max(1, length));
        _buffers.Add(buffer);
        ArrayView<float> view = buffer.View;
        view.MemSetToZero(_accelerator.DefaultStream);
        return view;
    }
}
