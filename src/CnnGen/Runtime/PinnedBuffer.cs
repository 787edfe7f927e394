using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <summary>
/// Zeroed memory for floats that the garbage collector owns and never moves, aligned to 64 bytes (a cache line, a 512-bit vector). A span of it keeps it alive, as a
/// span of any array does, and so does a <c>fixed</c> statement over that span: nobody is left with memory that has been freed, whatever becomes of its owner.
/// </summary>
internal sealed unsafe class PinnedBuffer
{
    private const int Alignment = 64;

    private readonly float[] _array = [];
    private readonly int _start;

    /// <summary>Takes the array's place where a test watches what is read and written.</summary>
    private readonly AlignedBuffer? _watched;

    /// <summary>Allocates <paramref name="length"/> zeroed floats, and behind them <see cref="AlignedBuffer.Slack"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative, or more than an array has room for.</exception>
    /// <exception cref="OutOfMemoryException">The memory isn't there.</exception>
    public PinnedBuffer(int length)
    {
        const int Unused = AlignedBuffer.Slack + (Alignment / sizeof(float)) - 1;
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength - Unused);
        Length = length;
        if (AlignedBuffer.Allocator != null)
        {
            _watched = new AlignedBuffer(length);
            return;
        }

        _array = GC.AllocateArray<float>(length + Unused, pinned: true);
        fixed (float* first = _array)
        {
            _start = (int)(((Alignment - ((nuint)first & (Alignment - 1))) & (Alignment - 1)) / sizeof(float));

            // The collector clears what was used before only: fresh pages are still untouched.
            HugePages.Advise(first, (nuint)_array.Length * sizeof(float));
        }
    }

    /// <summary>The number of floats, without the slack.</summary>
    public int Length { get; }

    /// <summary>All floats.</summary>
    public Span<float> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _watched == null ? _array.AsSpan(_start, Length) : new Span<float>(_watched.Pointer, Length);
    }
}
