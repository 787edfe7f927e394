using System.Runtime.InteropServices;

namespace CnnGen.Runtime;

/// <summary>Zeroed native memory for floats, aligned to 64 bytes (a cache line, a 512-bit vector); freed by its finaliser or by Dispose.</summary>
public sealed unsafe class AlignedBuffer : IDisposable
{
    /// <summary>
    /// Floats past the end that may be read and written: kernels load and store whole vectors, and the lanes past a
    /// tensor's end fall in here or in the next tensor's unused lanes.
    /// </summary>
    public const int Slack = 64;

    private const int Alignment = 64;

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

        // The system hands out large blocks zeroed already, page by page when they are first touched; clearing them would touch each twice.
        _block = NativeMemory.AllocZeroed(bytes + Alignment);
        HugePages.Advise(_block, bytes);
        _pointer = (float*)(((nuint)_block + (Alignment - 1)) & ~(nuint)(Alignment - 1));
        GC.AddMemoryPressure((long)bytes);
    }

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

    /// <summary>A part of the buffer.</summary>
    public Span<float> Span(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new Span<float>(Pointer + start, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer == null)
            return;
        NativeMemory.Free(_block);
        _pointer = null;
        _block = null;
        GC.RemoveMemoryPressure((Length + Slack) * sizeof(float));
    }
}
