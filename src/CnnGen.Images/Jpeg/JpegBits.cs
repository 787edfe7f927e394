using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CnnGen.Images.Jpeg;

/// <summary>The bits of a scan: without the zeros stuffed behind FF, up to the next marker, and zeros from there on, which count as used up when they are.</summary>
internal ref struct JpegBits
{
    private readonly ReadOnlySpan<byte> _file;

    // Zeros that were put behind the last bit of the data.
    private int _added;

    public JpegBits(ReadOnlySpan<byte> file, int position)
    {
        _file = file;
        Position = position;
    }

    /// <summary>The next bits, the first one highest; <see cref="Count"/> of them.</summary>
    public ulong Buffer;

    public int Count;

    /// <summary>The next byte to read.</summary>
    public int Position { get; private set; }

    /// <summary>Whether more bits were taken than there were.</summary>
    public readonly bool IsOver => Count < _added;

    /// <summary>56 bits or more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Refill()
    {
        if (_file.Length - Position >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64BigEndian(_file[Position..]);

            // Whether a byte is FF: one that is zero after all bits are turned.
            if (((~word - 0x0101010101010101) & word & 0x8080808080808080) == 0)
            {
                Buffer |= word >> Count;
                Position += (63 - Count) >> 3;
                Count |= 56;
                return;
            }
        }

        RefillByBytes();
    }

    /// <summary>The next bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bit()
    {
        if (Count == 0)
            Refill();
        var bit = (int)(Buffer >> 63);
        Buffer <<= 1;
        Count--;
        return bit;
    }

    /// <summary>Up to 16 bits.</summary>
    public int Take(int count)
    {
        if (count == 0)
            return 0;
        if (Count < count)
            Refill();
        var value = (int)(Buffer >> (64 - count));
        Buffer <<= count;
        Count -= count;
        return value;
    }

    /// <summary>Goes to the restart marker that is due, over the rest of the last byte.</summary>
    /// <param name="number">Its number, 0 to 7.</param>
    /// <exception cref="ImageException">Something else is there.</exception>
    public void Restart(int number)
    {
        var start = Position;
        while (Position < _file.Length - 1 && _file[Position] == 0xFF && _file[Position + 1] == 0xFF)
            Position++;
        var isThere = Count - _added < 8 && Position < _file.Length - 1 && _file[Position] == 0xFF && _file[Position + 1] == 0xD0 + number;
        if (!isThere)
        {
            throw ImageException.At(
                start, $"the restart marker FF D{number} was expected, but {(start < _file.Length - 1 ? $"the bytes are {_file[start]:X2} {_file[start + 1]:X2}" : "the file ends")}: the pixels before it are damaged");
        }

        Position += 2;
        (Buffer, Count, _added) = (0, 0, 0);
    }

    private void RefillByBytes()
    {
        while (Count <= 56)
        {
            ulong value = 0;
            if (Position < _file.Length && _file[Position] != 0xFF)
            {
                value = _file[Position++];
            }
            else if (Position < _file.Length - 1 && _file[Position + 1] == 0)
            {
                value = 0xFF;
                Position += 2;
            }
            else
            {
                _added += 8;
            }

            // Bits below the count may be there from a whole word before: the same bytes give the same bits.
            Buffer |= value << (56 - Count);
            Count += 8;
        }
    }
}
