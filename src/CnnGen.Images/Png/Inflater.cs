using System.Buffers.Binary;
using System.Globalization;

namespace CnnGen.Images.Png;

/// <summary>
/// Unpacks a zlib stream (RFC 1950, RFC 1951) piece by piece, whose unpacked length is known beforehand, as a PNG's is: of what is unpacked it holds no more than a copy may reach back
/// to. Ours, since linking the framework's brings more native code into a published program than all other image reading takes.
/// </summary>
internal ref struct Inflater
{
    /// <summary>Bytes that <see cref="Inflater(ReadOnlySpan{byte}, long)"/> allocates.</summary>
    public const int Memory = BufferLength + (4 * (LiteralTable + DistanceTable));

    private const int MostBits = 15;
    private const int MostCopied = 258;
    private const int WindowLength = 1 << 15;
    private const int BufferLength = 1 << 17;
    private const int LiteralBits = 10;
    private const int DistanceBits = 9;
    private const int LiteralTable = 1 << LiteralBits;
    private const int DistanceTable = 1 << DistanceBits;

    private readonly ReadOnlySpan<byte> _source;
    private readonly long _total;
    private readonly byte[] _buffer = new byte[BufferLength];
    private readonly HuffmanCode _literals = new(LiteralBits, 288);
    private readonly HuffmanCode _distances = new(DistanceBits, 32);
    private int _end;
    private int _taken;
    private long _before;
    private int _read;
    private ulong _bits;
    private int _bitCount;
    private int _storedLeft;
    private bool _isInBlock;
    private bool _isStored;
    private bool _isLast;
    private bool _isDone;
    private uint _sumA = 1;
    private uint _sumB;

    /// <param name="source">The zlib stream.</param>
    /// <param name="total">The bytes that it has to unpack to.</param>
    /// <exception cref="ImageException">It is no zlib stream.</exception>
    public Inflater(ReadOnlySpan<byte> source, long total)
    {
        _source = source;
        _total = total;
        if (_source.Length < 6)
            throw Fault($"{_source.Length} bytes are too few for a zlib stream");
        if ((_source[0] & 15) != 8 || _source[0] >> 4 > 7 || ((_source[0] << 8) | _source[1]) % 31 != 0)
            throw Fault($"a zlib header was expected, but the bytes are {_source[0]:X2} {_source[1]:X2}");
        if ((_source[1] & 32) != 0)
            throw Fault("it asks for a preset dictionary, which PNG does not allow");
        _read = 2;
    }

    /// <summary>Lengths of copies: their base values and extra bits (RFC 1951, 3.2.5).</summary>
    private static ReadOnlySpan<ushort> LengthBase =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    private static ReadOnlySpan<byte> LengthExtra =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<ushort> DistanceBase =>
        [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];

    private static ReadOnlySpan<byte> DistanceExtra =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    /// <summary>The order in which the lengths of the code-length code stand.</summary>
    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Unpacks all of a stream.</summary>
    /// <param name="source">The zlib stream.</param>
    /// <param name="destination">Receives exactly as many bytes as it has.</param>
    /// <exception cref="ImageException">The stream is damaged, or unpacks to more or fewer bytes.</exception>
    public static void Inflate(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var inflater = new Inflater(source, destination.Length);
        inflater.Read(destination);
        inflater.Finish();
    }

    /// <summary>Unpacks the next bytes.</summary>
    /// <exception cref="ImageException">The stream is damaged, or too short or long.</exception>
    public void Read(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_taken == _end)
                Produce();
            var count = Math.Min(destination.Length, _end - _taken);
            _buffer.AsSpan(_taken, count).CopyTo(destination);
            destination = destination[count..];
            _taken += count;
        }
    }

    /// <summary>Sees to it that the stream ends where it should, and compares its check sum.</summary>
    /// <exception cref="ImageException">The stream is damaged, or goes on.</exception>
    public void Finish()
    {
        while (!_isDone)
            Produce();
        Align();
        if (_source.Length - _read < 4)
            throw Fault("it ends within its check sum");
        var expected = BinaryPrimitives.ReadUInt32BigEndian(_source[_read..]);
        var computed = (_sumB << 16) | _sumA;
        if (expected != computed)
            throw Fault($"its check sum is {expected:X8}, but its bytes give {computed:X8}");
    }

    /// <summary>Unpacks a piece, once all of the last one is taken: to the end of a block, or as much as the buffer holds.</summary>
    private void Produce()
    {
        if (_isDone)
            throw Fault($"it unpacks to {_before + _end} bytes, but the image has {_total}");
        if (_end > BufferLength / 2)
        {
            var kept = _end - WindowLength;
            _buffer.AsSpan(kept, WindowLength).CopyTo(_buffer);
            _before += kept;
            _end = _taken = WindowLength;
        }

        var start = _end;
        if (!_isInBlock)
            BeginBlock();
        if (_isStored)
            Stored();
        else
            Codes();
        AddToSum(_buffer.AsSpan(start, _end - start));
        _isDone = _isLast && !_isInBlock;
    }

    private void BeginBlock()
    {
        _isLast = Bits(1) == 1;
        _isInBlock = true;
        var kind = Bits(2);
        _isStored = kind == 0;
        switch (kind)
        {
            case 0:
                BeginStored();
                break;
            case 1:
                BeginFixed();
                break;
            case 2:
                BeginDynamic();
                break;
            default:
                throw Fault("a block has the reserved type 3");
        }
    }

    private void AddToSum(ReadOnlySpan<byte> bytes)
    {
        var (a, b) = (_sumA, _sumB);
        while (!bytes.IsEmpty)
        {
            // As many as fit before a 32-bit sum overflows.
            var part = bytes[..Math.Min(bytes.Length, 5552)];
            foreach (var value in part)
            {
                a += value;
                b += a;
            }

            a %= 65521;
            b %= 65521;
            bytes = bytes[part.Length..];
        }

        (_sumA, _sumB) = (a, b);
    }

    /// <summary>Gives whole bytes that wait as bits back, and drops the rest of the last one.</summary>
    private void Align()
    {
        _read -= _bitCount >> 3;
        _bits = 0;
        _bitCount = 0;
    }

    private void BeginStored()
    {
        Align();
        if (_source.Length - _read < 4)
            throw Fault("it ends within the head of a stored block");
        var length = BinaryPrimitives.ReadUInt16LittleEndian(_source[_read..]);
        var complement = BinaryPrimitives.ReadUInt16LittleEndian(_source[(_read + 2)..]);
        if ((length ^ complement) != 0xFFFF)
            throw Fault($"a stored block's length {length:X4} and its complement {complement:X4} disagree");
        _read += 4;
        if (_source.Length - _read < length)
            throw Fault($"it ends within a stored block of {length} bytes");
        if (_total - _before - _end < length)
            throw TooLong();
        _storedLeft = length;
    }

    private void Stored()
    {
        var count = Math.Min(_storedLeft, BufferLength - _end);
        _source.Slice(_read, count).CopyTo(_buffer.AsSpan(_end));
        _read += count;
        _end += count;
        _storedLeft -= count;
        _isInBlock = _storedLeft > 0;
    }

    private void BeginFixed()
    {
        Span<byte> lengths = stackalloc byte[288 + 32];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..288].Fill(8);
        lengths[288..].Fill(5);
        BeginCodes(lengths, 288);
    }

    private void BeginDynamic()
    {
        var literals = (int)Bits(5) + 257;
        var distances = (int)Bits(5) + 1;
        var codes = (int)Bits(4) + 4;
        if (literals > 286 || distances > 30)
            throw Fault($"a block has {literals} literal and {distances} distance codes; at most 286 and 30 are allowed");
        Span<byte> codeLengths = stackalloc byte[19];
        codeLengths.Clear();
        for (var i = 0; i < codes; i++)
            codeLengths[CodeLengthOrder[i]] = (byte)Bits(3);
        Prepare(_literals, codeLengths, "code lengths");

        Span<byte> lengths = stackalloc byte[286 + 30];
        lengths = lengths[..(literals + distances)];
        for (var i = 0; i < lengths.Length;)
        {
            Refill();
            var symbol = Symbol(_literals);
            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            if (symbol == 16 && i == 0)
                throw Fault("a block's first code length repeats one before it");
            var value = symbol == 16 ? lengths[i - 1] : (byte)0;
            var times = symbol switch { 16 => 3 + (int)Bits(2), 17 => 3 + (int)Bits(3), _ => 11 + (int)Bits(7) };
            if (times > lengths.Length - i)
                throw Fault($"code lengths repeat past the {lengths.Length} that the block has");
            lengths.Slice(i, times).Fill(value);
            i += times;
        }

        if (lengths[256] == 0)
            throw Fault("a block has no code for its end");
        BeginCodes(lengths, literals);
    }

    private readonly void BeginCodes(scoped ReadOnlySpan<byte> lengths, int literals)
    {
        Prepare(_literals, lengths[..literals], "literals");
        Prepare(_distances, lengths[literals..], "distances");
    }

    private void Codes()
    {
        var buffer = _buffer;

        // Where a copy of the greatest length may no longer fit, and where the image ends.
        var (end, stop) = (_end, BufferLength - MostCopied);
        var last = (int)Math.Min(BufferLength, _total - _before);
        while (end <= stop)
        {
            Refill();
            var symbol = Symbol(_literals);
            if (symbol < 256)
            {
                if (end == last)
                    throw TooLong();
                buffer[end++] = (byte)symbol;
                continue;
            }

            if (symbol == 256)
            {
                _isInBlock = false;
                break;
            }

            if (symbol > 285)
                throw Fault($"{symbol} is no length code");

            // 15 + 5 + 15 + 13 bits at most: all of them are there after one refill.
            var length = LengthBase[symbol - 257] + (int)Extra(LengthExtra[symbol - 257]);
            var code = Symbol(_distances);
            if (code > 29)
                throw Fault($"{code} is no distance code");
            var distance = DistanceBase[code] + (int)Extra(DistanceExtra[code]);
            if (distance > end + _before)
                throw Fault($"it copies from {distance} bytes back, where only {end + _before} are unpacked");
            if (length > last - end)
                throw TooLong();
            var copied = buffer.AsSpan(end - distance, length + distance);
            if (distance >= length)
            {
                copied[..length].CopyTo(copied[distance..]);
            }
            else
            {
                // Byte by byte: what is copied reaches into what the copy itself writes.
                for (var i = 0; i < length; i++)
                    copied[distance + i] = copied[i];
            }

            end += length;
        }

        _end = end;
    }

    private readonly void Prepare(HuffmanCode code, scoped ReadOnlySpan<byte> lengths, string what)
    {
        if (code.Prepare(lengths) is { } fault)
            throw Fault($"a block's code of {what} has {fault}");
    }

    /// <summary>The next symbol, of bits that are there already.</summary>
    private int Symbol(HuffmanCode code)
    {
        var (symbol, length) = code.Decode(_bits);
        if (length > _bitCount)
            throw Fault("it ends before its last block does");
        if (length == 0)
            throw Fault("its bits are no code of the block");
        _bits >>= length;
        _bitCount -= length;
        return symbol;
    }

    /// <summary>56 bits or more, or all that there are.</summary>
    private void Refill()
    {
        if (_source.Length - _read >= 8)
        {
            _bits |= BinaryPrimitives.ReadUInt64LittleEndian(_source[_read..]) << _bitCount;
            _read += (63 - _bitCount) >> 3;
            _bitCount |= 56;
            return;
        }

        // Bits above the count may be there from a whole word before: the same bytes give the same bits.
        while (_bitCount <= 56 && _read < _source.Length)
        {
            _bits |= (ulong)_source[_read++] << _bitCount;
            _bitCount += 8;
        }
    }

    private uint Extra(int count)
    {
        if (count > _bitCount)
            throw Fault("it ends before its last block does");
        var value = (uint)(_bits & ((1ul << count) - 1));
        _bits >>= count;
        _bitCount -= count;
        return value;
    }

    private uint Bits(int count)
    {
        if (_bitCount < count)
            Refill();
        return Extra(count);
    }

    private readonly ImageException TooLong() => Fault($"it unpacks to more than the {_total} bytes that the image has");

    private readonly ImageException Fault(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the compressed pixels, at their byte {_read - (_bitCount >> 3)}: {what}"));
}
