using System.Globalization;
using System.Runtime.InteropServices;

namespace CnnGen.Runtime;

/// <summary>
/// Zeroed native memory for floats, aligned to 64 bytes (a cache line, a 512-bit vector); freed by its finaliser or by Dispose. Nothing that it gives out keeps it alive:
/// it is for <see cref="Workspace"/>, whose users hold the model object in use (<see cref="ModelUse"/>). Other memory is a <see cref="PinnedBuffer"/>.
/// </summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    /// <summary>
    /// Floats past the end that may be read and written: kernels load and store whole vectors, and the lanes past a
    /// tensor's end fall in here or in the next tensor's unused lanes.
    /// </summary>
    public const int Slack = 64;

    private const nuint Alignment = 64;

    private readonly IBufferAllocator? _allocator = Allocator;
    private float* _pointer;
    private void* _block;

    /// <summary>Allocates <paramref name="length"/> zeroed floats.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="OutOfMemoryException">The memory isn't there.</exception>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)(length + Slack) * sizeof(float));
        if (_allocator != null)
        {
            _pointer = _allocator.Allocate(bytes);
        }
        else
        {
            // The system hands out large blocks zeroed already, page by page when they are first touched: clearing them would touch each twice, and here each page
            // is made by the thread that uses it first.
            _block = Allocate(bytes + Alignment);
            HugePages.Advise(_block, bytes);
            _pointer = (float*)(((nuint)_block + (Alignment - 1)) & ~(Alignment - 1));
        }

        GC.AddMemoryPressure((long)bytes);
    }

    /// <summary>Where this thread's buffers come from, instead of the system: for tests that watch what is read and written.</summary>
    [field: ThreadStatic]
    internal static IBufferAllocator? Allocator { get; set; }

    /// <summary>Frees the memory.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>The number of floats.</summary>
    public long Length { get; }

    /// <summary>The first float.</summary>
    /// <exception cref="ObjectDisposedException">The memory has been freed.</exception>
    public float* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return _pointer;
        }
    }

    public bool IsDisposed => _pointer == null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static void* Allocate(nuint bytes)
    {
        try
        {
            return NativeMemory.AllocZeroed(bytes);
        }
        catch (OutOfMemoryException exception)
        {
            throw new OutOfMemoryException(
                string.Create(CultureInfo.InvariantCulture, $"There are no {bytes / (1024 * 1024)} MB of memory for a buffer. Give the model fewer images at a time, or fewer threads (Threads.Count)."),
                exception);
        }
    }

    private void Free()
    {
        if (_pointer == null)
            return;
        if (_allocator != null)
            _allocator.Free(_pointer);
        else
            NativeMemory.Free(_block);
        _pointer = null;
        _block = null;
        GC.RemoveMemoryPressure((Length + Slack) * sizeof(float));
    }
}

/// <summary>Another source of buffers' memory.</summary>
internal unsafe interface IBufferAllocator
{
    /// <summary>Zeroed bytes, aligned to 64; of which the last 4 x <see cref="AlignedBuffer.Slack"/> are the slack.</summary>
    float* Allocate(nuint bytes);

    /// <summary>Takes them back; a finaliser may call this, on its own thread.</summary>
    void Free(float* pointer);
}
