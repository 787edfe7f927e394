using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>Test double of ILGPU's view: of an array of floats, whose elements are looked at as something else where that is asked for. What is out of its range is an error.</summary>
public readonly struct ArrayView<T> where T : unmanaged
{
    private readonly float[] _memory;
    private readonly long _start;

    internal ArrayView(float[] memory, long start, long length)
    {
        if (start < 0 || length < 0 || start + (length * Floats) > memory.LongLength)
            throw new ArgumentOutOfRangeException(nameof(length), $"A view of {length} elements from float {start} on, in a memory of {memory.LongLength} floats.");
        (_memory, _start, Length) = (memory, start, length);
    }

    private static int Floats => Unsafe.SizeOf<T>() / sizeof(float);

    public long Length { get; }

    public ref T this[int index] => ref this[(long)index];

    public ref T this[long index]
    {
        get
        {
            if ((ulong)index >= (ulong)Length)
                throw new IndexOutOfRangeException($"Element {index} of a view of {Length}.");
            return ref Unsafe.As<float, T>(ref _memory[_start + (index * Floats)]);
        }
    }

    public ArrayView<T> SubView(long index) => SubView(index, Length - index);

    public ArrayView<T> SubView(long index, long length)
    {
        if (index < 0 || length < 0 || index + length > Length)
            throw new ArgumentOutOfRangeException(nameof(index), $"{length} elements from {index} on, of a view of {Length}.");
        return new(_memory, _start + (index * Floats), length);
    }

    public ArrayView<TOther> Cast<TOther>() where TOther : unmanaged => new(_memory, _start, Length * Unsafe.SizeOf<T>() / Unsafe.SizeOf<TOther>());

    internal Span<float> Span => _memory.AsSpan(checked((int)_start), checked((int)(Length * Floats)));
}

/// <summary>Test double.</summary>
public static class Stride1D
{
    public readonly struct Dense;
}
