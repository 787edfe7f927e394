namespace CnnGen.Images.Png;

/// <summary>A canonical Huffman code of deflate (RFC 1951, 3.2.2): short codes by a table, longer ones by their first code of each length.</summary>
internal sealed class HuffmanCode
{
    private const int MostBits = 15;

    // Symbol << 4 | length by the next bits; 0 where the code is longer, or is none.
    private readonly ushort[] _table;
    private readonly int _tableBits;
    private readonly ushort[] _counts = new ushort[MostBits + 1];
    private readonly ushort[] _symbols;

    /// <param name="tableBits">Codes of so many bits are found at once.</param>
    /// <param name="mostSymbols">The size of the alphabet.</param>
    public HuffmanCode(int tableBits, int mostSymbols)
    {
        _tableBits = tableBits;
        _table = new ushort[1 << tableBits];
        _symbols = new ushort[mostSymbols];
    }

    /// <summary>Takes the lengths of all symbols' codes.</summary>
    /// <returns>What is wrong with them; null where nothing is.</returns>
    public string? Prepare(ReadOnlySpan<byte> lengths)
    {
        Array.Clear(_counts);
        foreach (var length in lengths)
            _counts[length]++;
        _counts[0] = 0;
        var free = 1;
        var used = 0;
        for (var length = 1; length <= MostBits; length++)
        {
            free = (free << 1) - _counts[length];
            used += _counts[length];
            if (free < 0)
                return "more codes than its lengths allow";
        }

        // A single code (of one distance) may leave the other half unused, and there may be no distance at all.
        if (free > 0 && used > 1)
            return "fewer codes than its lengths ask for";
        Span<ushort> next = stackalloc ushort[MostBits + 2];
        Span<ushort> nextCode = stackalloc ushort[MostBits + 2];
        (next[1], nextCode[1]) = (0, 0);
        for (var length = 1; length <= MostBits; length++)
        {
            next[length + 1] = (ushort)(next[length] + _counts[length]);
            nextCode[length + 1] = (ushort)((nextCode[length] + _counts[length]) << 1);
        }

        Array.Clear(_table);
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            var length = lengths[symbol];
            if (length == 0)
                continue;
            _symbols[next[length]++] = (ushort)symbol;
            var code = Reversed(nextCode[length]++, length);
            if (length > _tableBits)
                continue;
            for (var i = code; i < _table.Length; i += 1 << length)
                _table[i] = (ushort)((symbol << 4) | length);
        }

        return null;
    }

    /// <summary>The symbol that the next bits (the first one lowest) begin with, and its code's length; 0 where there is none.</summary>
    public (int Symbol, int Length) Decode(ulong bits)
    {
        int entry = _table[(int)bits & (_table.Length - 1)];
        return entry != 0 ? (entry >> 4, entry & 15) : Search(bits);
    }

    /// <summary>One bit after the other, beside the first code of each length.</summary>
    private (int Symbol, int Length) Search(ulong bits)
    {
        int code = 0, first = 0, index = 0;
        for (var length = 1; length <= MostBits; length++)
        {
            code |= (int)(bits & 1);
            bits >>= 1;
            int count = _counts[length];
            if (code - first < count)
                return (_symbols[index + code - first], length);
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        return (0, 0);
    }

    private static int Reversed(int code, int length)
    {
        var reversed = 0;
        for (var i = 0; i < length; i++)
            reversed |= ((code >> i) & 1) << (length - 1 - i);
        return reversed;
    }
}
