using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static System.FormattableString;

namespace CnnGen;

/// <summary>One tensor of an open <see cref="SafeTensorsFile"/>; its numbers are read when they are asked for.</summary>
public sealed class SafeTensor
{
    private const int BufferLength = 1 << 16;
    private const int LargestRead = 1 << 28;

    private readonly TensorSource _source;

    internal SafeTensor(TensorSource source, TensorEntry entry, long dataStart)
    {
        _source = source;
        Entry = entry;
        Length = (entry.End - entry.Begin) / entry.Type.Size();
        Offset = dataStart + entry.Begin;
    }

    /// <summary>The tensor's name: <c>conv1.weight</c>.</summary>
    public string Name => Entry.Name;

    /// <summary>The type of its elements.</summary>
    public SafeTensorType Type => Entry.Type;

    /// <summary>The dimensions, outermost first; none for a single number.</summary>
    public ReadOnlySpan<long> Shape => Entry.Shape;

    /// <summary>The number of elements.</summary>
    public long Length { get; }

    /// <summary>As the header describes it.</summary>
    internal TensorEntry Entry { get; }

    /// <summary>Where its bytes start in the file.</summary>
    internal long Offset { get; }

    /// <summary>Its elements where they lie, at any alignment: null unless the source is memory and they are floats as this machine has them.</summary>
    internal unsafe float* Floats =>
        Type == SafeTensorType.F32 && BitConverter.IsLittleEndian && _source.Pointer is var bytes and not null ? (float*)(bytes + Offset) : null;

    /// <summary>Copies elements out as single-precision floats, row-major. F16 and BF16 convert exactly, F64 is rounded to the nearest.</summary>
    /// <param name="start">The first element, 0 or more.</param>
    /// <param name="destination">Receives as many elements as it has room for; all of them have to be there.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has not so many elements.</exception>
    /// <exception cref="InvalidDataException">The elements are no floats, or the file was cut off since it was opened.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void CopyTo(long start, Span<float> destination)
    {
        if (!Type.IsFloat())
            throw new InvalidDataException($"{_source.Name}: {this} is no tensor of floats. Convert it to F32 (F16, BF16 and F64 are read too).");
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - destination.Length);

        var size = Type.Size();
        if (Type == SafeTensorType.F32 && BitConverter.IsLittleEndian)
        {
            // Bytes are counted in 32 bits.
            for (; !destination.IsEmpty; start += LargestRead)
            {
                var part = destination[..Math.Min(destination.Length, LargestRead)];
                ReadBytes(Offset + (start * size), MemoryMarshal.AsBytes(part));
                destination = destination[part.Length..];
            }

            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferLength, (long)destination.Length * size));
        try
        {
            var step = buffer.Length / size;
            while (!destination.IsEmpty)
            {
                var count = Math.Min(step, destination.Length);
                var bytes = buffer.AsSpan(0, count * size);
                ReadBytes(Offset + (start * size), bytes);
                Convert(bytes, destination[..count]);
                destination = destination[count..];
                start += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>All elements as single-precision floats, row-major.</summary>
    /// <exception cref="InvalidDataException">The elements are no floats, or more than an array holds.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public float[] ToArray()
    {
        if (Length > Array.MaxLength)
            throw new InvalidDataException(Invariant($"{_source.Name}: {this} has more elements than an array holds. Read it in parts with CopyTo."));
        var values = new float[Length];
        CopyTo(0, values);
        return values;
    }

    /// <summary>Copies the tensor's bytes out as they are in the file.</summary>
    /// <param name="destination">Receives exactly as many bytes as the elements take.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="InvalidDataException">The file was cut off since it was opened.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void CopyBytesTo(Span<byte> destination)
    {
        if (destination.Length != Length * Type.Size())
            throw new ArgumentException(Invariant($"{this} has {Length * Type.Size()} bytes, but the destination has {destination.Length}."));
        ReadBytes(Offset, destination);
    }

    /// <summary>Such as <c>conv1.weight F32 [6, 1, 5, 5]</c>.</summary>
    public override string ToString() => Entry.Description;

    private void ReadBytes(long offset, Span<byte> destination)
    {
        if (_source.Read(offset, destination) == destination.Length)
            return;
        throw new InvalidDataException(_source.Length is null
            ? $"{_source.Name} is cut off within {this}. Get it again."
            : $"{_source.Name} ended within {this}. It was changed while it was read: read it again.");
    }

    private void Convert(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (Type)
        {
            case SafeTensorType.F32:
                for (var i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case SafeTensorType.F16:
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                break;
            case SafeTensorType.BF16:
                for (var i = 0; i < values.Length; i++)
                    values[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) << 16);
                break;
            default:
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                break;
        }
    }
}
