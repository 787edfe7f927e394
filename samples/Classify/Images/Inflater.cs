namespace ClassifySample.Images;

/// <summary>
/// Unpacks a zlib stream (RFC 1950, RFC 1951) whose unpacked length is known beforehand, as a PNG's is. Ours, since linking the framework's brings
/// more native code into a published program than all other image reading takes.
/// </summary>
internal ref struct Inflater
{
    private const int MostBits = 15;

    private readonly ReadOnlySpan<byte> _source;
    private readonly Span<byte> _destination;
    private int _read;
    private int _written;
    private uint _bits;
    private int _bitCount;

    private Inflater(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        _source = source;
        _destination = destination;
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

    /// <summary>Unpacks all of it.</summary>
    /// <param name="source">The zlib stream.</param>
    /// <param name="destination">Receives exactly as many bytes as it has.</param>
    /// <exception cref="ImageException">The stream is damaged, or unpacks to more or fewer bytes.</exception>
    public static void Inflate(ReadOnlySpan<byte> source, Span<byte> destination) => new Inflater(source, destination).Run();

    private void Run()
    {
        if (_source.Length < 6)
            throw Fault($"{_source.Length} bytes are too few for a zlib stream");
        if ((_source[0] & 15) != 8 || _source[0] >> 4 > 7 || ((_source[0] << 8) | _source[1]) % 31 != 0)
            throw Fault($"a zlib header was expected, but the bytes are {_source[0]:X2} {_source[1]:X2}");
        if ((_source[1] & 32) != 0)
            throw Fault("it asks for a preset dictionary, which PNG does not allow");
        _read = 2;
        bool isLast;
        do
        {
            isLast = Bits(1) == 1;
            switch (Bits(2))
            {
                case 0:
                    Stored();
                    break;
                case 1:
                    Fixed();
                    break;
                case 2:
                    Dynamic();
                    break;
                default:
                    throw Fault("a block has the reserved type 3");
            }
        }
        while (!isLast);
        if (_written != _destination.Length)
            throw Fault($"it unpacks to {_written} bytes, but the image has {_destination.Length}");
        CheckSum();
    }

    private void CheckSum()
    {
        Align();
        if (_source.Length - _read < 4)
            throw Fault("it ends within its check sum");
        var expected = ((uint)_source[_read] << 24) | ((uint)_source[_read + 1] << 16) | ((uint)_source[_read + 2] << 8) | _source[_read + 3];
        uint a = 1, b = 0;
        for (var i = 0; i < _written;)
        {
            // As many as fit before a 32-bit sum overflows.
            for (var end = Math.Min(_written, i + 5552); i < end; i++)
            {
                a += _destination[i];
                b += a;
            }

            a %= 65521;
            b %= 65521;
        }

        if (((b << 16) | a) != expected)
            throw Fault($"its check sum is {expected:X8}, but its bytes give {(b << 16) | a:X8}");
    }

    /// <summary>Gives whole bytes that wait as bits back, and drops the rest of the last one.</summary>
    private void Align()
    {
        _read -= _bitCount >> 3;
        _bits = 0;
        _bitCount = 0;
    }

    private void Stored()
    {
        Align();
        if (_source.Length - _read < 4)
            throw Fault("it ends within the head of a stored block");
        var length = _source[_read] | (_source[_read + 1] << 8);
        var complement = _source[_read + 2] | (_source[_read + 3] << 8);
        if ((length ^ complement) != 0xFFFF)
            throw Fault($"a stored block's length {length:X4} and its complement {complement:X4} disagree");
        _read += 4;
        if (_source.Length - _read < length)
            throw Fault($"it ends within a stored block of {length} bytes");
        if (_destination.Length - _written < length)
            throw TooLong();
        _source.Slice(_read, length).CopyTo(_destination[_written..]);
        _read += length;
        _written += length;
    }

    private void Fixed()
    {
        Span<byte> lengths = stackalloc byte[288 + 32];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..288].Fill(8);
        lengths[288..].Fill(5);
        Block(lengths, 288);
    }

    private void Dynamic()
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
        Span<ushort> counts = stackalloc ushort[MostBits + 1];
        Span<ushort> symbols = stackalloc ushort[19];
        Prepare(codeLengths, counts, symbols, "code lengths");

        Span<byte> lengths = stackalloc byte[286 + 30];
        lengths = lengths[..(literals + distances)];
        for (var i = 0; i < lengths.Length;)
        {
            var symbol = Symbol(counts, symbols);
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
        Block(lengths, literals);
    }

    private void Block(scoped ReadOnlySpan<byte> lengths, int literals)
    {
        Span<ushort> literalCounts = stackalloc ushort[MostBits + 1];
        Span<ushort> literalSymbols = stackalloc ushort[288];
        Span<ushort> distanceCounts = stackalloc ushort[MostBits + 1];
        Span<ushort> distanceSymbols = stackalloc ushort[32];
        Prepare(lengths[..literals], literalCounts, literalSymbols, "literals");
        Prepare(lengths[literals..], distanceCounts, distanceSymbols, "distances");
        while (true)
        {
            var symbol = Symbol(literalCounts, literalSymbols);
            if (symbol < 256)
            {
                if (_written == _destination.Length)
                    throw TooLong();
                _destination[_written++] = (byte)symbol;
                continue;
            }

            if (symbol == 256)
                return;
            if (symbol > 285)
                throw Fault($"{symbol} is no length code");
            var length = LengthBase[symbol - 257] + (int)Bits(LengthExtra[symbol - 257]);
            var code = Symbol(distanceCounts, distanceSymbols);
            if (code > 29)
                throw Fault($"{code} is no distance code");
            var distance = DistanceBase[code] + (int)Bits(DistanceExtra[code]);
            if (distance > _written)
                throw Fault($"it copies from {distance} bytes back, where only {_written} are unpacked");
            if (length > _destination.Length - _written)
                throw TooLong();

            // Byte by byte: what is copied may reach into what the copy itself writes.
            for (var end = _written + length; _written < end; _written++)
                _destination[_written] = _destination[_written - distance];
        }
    }

    /// <summary>Codes of a canonical Huffman code: how many there are of each length, and their symbols in order.</summary>
    private readonly void Prepare(scoped ReadOnlySpan<byte> lengths, scoped Span<ushort> counts, scoped Span<ushort> symbols, string what)
    {
        counts.Clear();
        foreach (var length in lengths)
            counts[length]++;
        counts[0] = 0;
        var free = 1;
        var used = 0;
        for (var length = 1; length <= MostBits; length++)
        {
            free = (free << 1) - counts[length];
            used += counts[length];
            if (free < 0)
                throw Fault($"a block's code of {what} has more codes than its lengths allow");
        }

        // A single code (of one distance) may leave the other half unused, and there may be no distance at all.
        if (free > 0 && used > 1)
            throw Fault($"a block's code of {what} has fewer codes than its lengths ask for");
        Span<ushort> next = stackalloc ushort[MostBits + 2];
        next[1] = 0;
        for (var length = 1; length <= MostBits; length++)
            next[length + 1] = (ushort)(next[length] + counts[length]);
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] != 0)
                symbols[next[lengths[symbol]]++] = (ushort)symbol;
        }
    }

    /// <summary>The next symbol: one bit after the other, beside the first code of each length.</summary>
    private int Symbol(scoped ReadOnlySpan<ushort> counts, scoped ReadOnlySpan<ushort> symbols)
    {
        int code = 0, first = 0, index = 0;
        for (var length = 1; length <= MostBits; length++)
        {
            code |= (int)Bits(1);
            int count = counts[length];
            if (code - first < count)
                return symbols[index + code - first];
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        throw Fault("its bits are no code of the block");
    }

    private uint Bits(int count)
    {
        while (_bitCount < count)
        {
            if (_read >= _source.Length)
                throw Fault("it ends before its last block does");
            _bits |= (uint)_source[_read++] << _bitCount;
            _bitCount += 8;
        }

        var value = _bits & ((1u << count) - 1);
        _bits >>= count;
        _bitCount -= count;
        return value;
    }

    private readonly ImageException TooLong() => Fault($"it unpacks to more than the {_destination.Length} bytes that the image has");

    private readonly ImageException Fault(string what) => new($"the compressed pixels, at their byte {_read}: {what}");
}
