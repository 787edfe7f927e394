using CnnGen.Runtime;
using ILGPU.Runtime;

namespace CnnGen.Ilgpu;

/// <summary>
/// A model on a GPU: its kernels compiled for the device, its memory allocated once, its parameters there. A session is for one thread at a time. What it computes is queued on the device and waited for where numbers come back.
/// </summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public class GpuSession<TModel> : IDisposable where TModel : class, IModel<TModel>
{
    private readonly GpuProgram _program;
    private bool _isPrepared;

    /// <summary>Makes the session; a model's <c>OnGpu</c> does.</summary>
    /// <param name="model">Whose parameters it begins with.</param>
    /// <param name="device">The device, which has to outlive the session.</param>
    /// <param name="program">Makes what is launched.</param>
    /// <param name="batch">The most images of a launch, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is less than 1, or more than an index reaches.</exception>
    /// <exception cref="GpuException">The device has too little memory, or refuses a kernel.</exception>
    public GpuSession(TModel model, GpuDevice device, Func<Accelerator, GpuProgram> program, int batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        (Model, Device) = (model, device);
        try
        {
            _program = program(device.Accelerator);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new GpuException($"{device} refuses a kernel of {typeof(TModel).Name}: {exception.Message}", exception);
        }

        Memory = Allocate(device, _program.Sizes, batch);
        Memory.Upload(_program.Tables, Memory.Tables);
        SendParameters();
    }

    /// <summary>The model whose parameters the session began with, and to which it gives them.</summary>
    public TModel Model { get; }

    /// <summary>Where it runs.</summary>
    public GpuDevice Device { get; }

    /// <summary>The most images of a launch.</summary>
    public int Batch => Memory.Batch;

    /// <summary>The bytes that the session has on the device.</summary>
    public long Bytes => _program.Sizes.BytesFor(Batch);

    private protected GpuMemory Memory { get; }

    private protected GpuProgram Program => _program;

    /// <summary>Computes the scores of any number of images, as many at a time as the session was made for.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">A span has another length, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">The model takes regions.</exception>
    public void Predict(ReadOnlySpan<float> images, Span<float> scores, int count = 1)
    {
        CheckTakesNoRegions();
        Predict(images, [], scores, count);
    }

    /// <summary>The same of images with their regions, by a model that takes these; by any other model without, where none are given.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="regions">count x <see cref="IModel{TSelf}.RegionCount"/> x 4 floats: x1, y1, x2, y2 in pixels of the image. A region with x2 &lt;= x1 or y2 &lt;= y1 is empty.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">A span has another length, or one that is written overlaps another.</exception>
    public void Predict(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> scores, int count = 1)
    {
        ModelChecks.Prediction(typeof(TModel).Name, TModel.InputShape, TModel.OutputLength, images, scores, count);
        ModelChecks.Regions(typeof(TModel).Name, TModel.RegionCount, regions, count, scores);
        if (!_isPrepared)
            Memory.Launch(() => _program.Prepare(Memory));
        _isPrepared = true;
        for (var first = 0; first < count; first += Batch)
        {
            var now = Math.Min(Batch, count - first);
            Memory.Upload(images.Slice(first * TModel.InputShape.Length, now * TModel.InputShape.Length), Memory.Images);
            Memory.Upload(regions.Slice(first * RegionLength, now * RegionLength), Memory.Regions);
            Memory.Launch(() => _program.Predict(Memory, now));
            Memory.Download(Memory.Scores, scores.Slice(first * TModel.OutputLength, now * TModel.OutputLength));
        }
    }

    /// <summary>Computes the scores of the images that are there once more, as often as it is said, and waits: launches without copies, for benchmarks.</summary>
    internal void Repeat(int count, int times)
    {
        for (var time = 0; time < times; time++)
            Memory.Launch(() => _program.Predict(Memory, count));
        Memory.Download(Memory.Scores, stackalloc float[1]);
    }

    /// <summary>Gives the session the parameters that <see cref="Model"/> has: after loading others, say.</summary>
    public void SendParameters()
    {
        var sizes = _program.Sizes;
        var numbers = new float[sizes.Parameters];
        using (Model.Parameters.Hold())
        {
            foreach (var parameter in _program.Parameters)
                Model.Parameters[parameter.Name].CopyTo(numbers.AsSpan(parameter.Offset, parameter.Length));
        }

        TakeParameters(numbers);
        ParametersSent();
    }

    /// <summary>How often the session's parameters have changed.</summary>
    internal long Changes { get; private set; }

    /// <summary>Takes parameters in the order in which the session has them.</summary>
    internal void TakeParameters(float[] numbers)
    {
        Memory.Upload(numbers, Memory.Parameters);
        ParametersChanged();
    }

    /// <summary>Gives <see cref="Model"/> the parameters that the session has, running statistics among them: to save them, or to predict on the CPU.</summary>
    public void FetchParameters()
    {
        var numbers = new float[_program.Sizes.Parameters];
        Memory.Download(Memory.Parameters, numbers);
        using (Model.Parameters.Hold())
        {
            foreach (var parameter in _program.Parameters)
                Model.Parameters[parameter.Name].Set(numbers.AsSpan(parameter.Offset, parameter.Length));
            ParametersSent();
        }
    }

    /// <summary>Frees the session's memory; the device stays.</summary>
    public virtual void Dispose()
    {
        Memory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The numbers of an image's regions.</summary>
    internal static int RegionLength => TModel.RegionCount * 4;

    /// <summary>Sees that the model is called with its regions.</summary>
    internal static void CheckTakesNoRegions()
    {
        if (TModel.RegionCount > 0)
            throw ModelChecks.NeedsRegions(typeof(TModel).Name, TModel.RegionCount);
    }

    /// <summary>The model and the session have the same parameters.</summary>
    private protected virtual void ParametersSent()
    {
    }

    /// <summary>What was made of the parameters has to be made anew.</summary>
    private protected void ParametersChanged() => (_isPrepared, Changes) = (false, Changes + 1);

    private static GpuMemory Allocate(GpuDevice device, in GpuSizes sizes, int batch)
    {
        var most = sizes.LargestBatch(long.MaxValue / 2);
        if (batch > most)
            throw new ArgumentOutOfRangeException(nameof(batch), batch, $"{typeof(TModel).Name} takes batches of up to {most}: an index into its largest tensor would be more than an int holds.");
        var bytes = sizes.BytesFor(batch);
        if (bytes > device.MemoryBytes)
            throw TooLittle(device, sizes, batch, null);
        try
        {
            return new GpuMemory(device, typeof(TModel).Name, sizes, batch);
        }
        catch (Exception exception) when (exception is AcceleratorException or OutOfMemoryException)
        {
            throw TooLittle(device, sizes, batch, exception);
        }
    }

    private static GpuException TooLittle(GpuDevice device, in GpuSizes sizes, int batch, Exception? inner)
    {
        var largest = sizes.LargestBatch(device.MemoryBytes);
        var mend = largest == 0 ? "not even one image fits" : largest < batch ? $"at most {largest} fit" : "other programs have the rest of it: take a smaller batch";
        return new GpuException(
            FormattableString.Invariant($"{typeof(TModel).Name} needs {sizes.BytesFor(batch):N0} bytes for batches of {batch}, and {device} has {device.MemoryBytes:N0}: {mend}."), inner);
    }
}
