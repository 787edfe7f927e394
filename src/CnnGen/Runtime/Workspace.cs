namespace CnnGen.Runtime;

/// <summary>How many floats a model's prediction takes.</summary>
/// <param name="Arena">For each thread.</param>
/// <param name="Image">For each image of the batch.</param>
public readonly record struct PredictionBuffers(int Arena, int Image);

/// <summary>How many floats of each kind of buffer a model's training takes.</summary>
/// <param name="Image">For each image of the batch.</param>
/// <param name="Worker">For each thread.</param>
/// <param name="Chunk">For each chunk of the batch.</param>
/// <param name="Shared">Once.</param>
public readonly record struct TrainingBuffers(int Image, int Worker, int Chunk, int Shared);

/// <summary>
/// The working memory of one model object: allocated when first needed, kept, and made larger when a call needs more. Not for two threads at once: whoever reserves memory
/// holds the object in use (<see cref="ModelUse"/>) for as long as a context points into it.
/// </summary>
public sealed unsafe class Workspace : IDisposable
{
    /// <summary>
    /// A batch is cut into at most this many chunks, whatever the number of threads: chunks sum gradients of their own, which
    /// are added up in order, so that the same batch gives the same bits on any number of threads.
    /// </summary>
    private const int MaximumChunks = 16;

    /// <summary>Fewer images a chunk would waste the kernels that take four rows at once.</summary>
    private const int MinimumChunk = 4;

    /// <summary>Floats of the smallest page that a system has.</summary>
    private const int PageLength = 1024;

    private readonly PredictionBuffers _prediction;
    private readonly TrainingBuffers _buffers;
    private AlignedBuffer? _arena;
    private AlignedBuffer? _batch;
    private AlignedBuffer? _images;
    private AlignedBuffer? _workers;
    private AlignedBuffer? _chunks;
    private AlignedBuffer? _shared;
    private double[] _losses = [];
    private int _capacity;
    private int _workerCount;

    /// <summary>Allocates nothing yet.</summary>
    /// <param name="prediction">Floats that a prediction takes.</param>
    /// <param name="training">Floats that training takes.</param>
    public Workspace(PredictionBuffers prediction, TrainingBuffers training)
    {
        _prediction = prediction;
        _buffers = training;
    }

    /// <summary>Losses of the images of the last training step.</summary>
    public Span<double> Losses => _losses;

    /// <summary>Makes room for a prediction, and fills in the context's memory and counts.</summary>
    public void Reserve(ref PredictionContext context, int count, int workers, int block)
    {
        Reserve(ref _arena, (long)_prediction.Arena * workers);
        Reserve(ref _batch, (long)_prediction.Image * count);
        context.Arena = _arena!.Pointer;
        context.Batch = _batch!.Pointer;
        context.Count = count;
        context.Capacity = count;
        context.Workers = workers;

        // Two blocks a thread: where another process takes a part of a processor, the others take over a part of its images.
        var parts = workers == 1 ? 1 : 2 * workers;
        context.Block = Math.Clamp((count + parts - 1) / parts, 1, block);
    }

    /// <summary>Makes room for a batch, and fills in the context's buffers and chunks.</summary>
    public void Reserve(ref TrainingContext context, int count, int workers)
    {
        var chunkSize = Math.Max(MinimumChunk, (count + MaximumChunks - 1) / MaximumChunks);
        if (count > _capacity)
        {
            // Buffers lie one after the other, each with as many copies as there is room for: a larger batch lays all of them anew.
            Replace(ref _images, (long)_buffers.Image * count);
            _losses = GC.AllocateArray<double>(count, pinned: true);
            _capacity = count;
        }

        if (workers > _workerCount)
        {
            Replace(ref _workers, (long)_buffers.Worker * workers);
            _workerCount = workers;
        }

        Reserve(ref _chunks, (long)_buffers.Chunk * MaximumChunks);
        Reserve(ref _shared, _buffers.Shared);
        context.ImageBuffers = _images!.Pointer;
        context.WorkerBuffers = _workers!.Pointer;
        context.ChunkBuffers = _chunks!.Pointer;
        context.SharedBuffers = _shared!.Pointer;
        fixed (double* losses = _losses)
            context.Losses = losses; // pinned for its whole life
        context.Count = count;
        context.Capacity = _capacity;
        context.ChunkSize = chunkSize;
        context.ChunkCount = (count + chunkSize - 1) / chunkSize;
        context.Workers = workers;
    }

    /// <summary>Has the system provide the training buffers' memory now, on all threads, rather than where a step first uses it.</summary>
    /// <param name="gradients">The parameters' gradients, which a step writes too.</param>
    public void Touch(Span<float> gradients)
    {
        foreach (var buffer in new[] { _images, _workers, _chunks, _shared })
        {
            if (buffer is { Length: > 0 })
                Touch(buffer.Pointer, buffer.Length);
        }

        fixed (float* first = gradients)
            Touch(first, gradients.Length);
    }

    private static void Touch(float* first, long length) =>
        WorkerTeam.Run(&Touch, first, (int)((length + PageLength - 1) / PageLength), 64);

    private static void Touch(void* pointer, int worker, int from, int to)
    {
        for (var page = from; page < to; page++)
        {
            var first = (float*)pointer + (page * (nint)PageLength);
            Volatile.Write(ref *first, Volatile.Read(ref *first));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _arena?.Dispose();
        _batch?.Dispose();
        _images?.Dispose();
        _workers?.Dispose();
        _chunks?.Dispose();
        _shared?.Dispose();
    }

    private static void Reserve(ref AlignedBuffer? buffer, long length)
    {
        if (buffer is null || buffer.Length < length)
            Replace(ref buffer, length);
    }

    private static void Replace(ref AlignedBuffer? buffer, long length)
    {
        var old = buffer;
        buffer = new AlignedBuffer(length);
        old?.Dispose();
    }
}
