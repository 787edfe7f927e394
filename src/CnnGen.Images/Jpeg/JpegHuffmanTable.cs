namespace CnnGen.Images.Jpeg;

/// <summary>
/// A Huffman table (T.81, annex C) as decoding wants it: by the next ten bits the symbol and, where its bits are among them, the value that follows the code.
/// </summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>Bits by which <see cref="Entries"/> is indexed.</summary>
    public const int Bits = 10;

    // The first code that is longer than each length, from the top of 16 bits; and what leads from a code to its symbol.
    private readonly int[] _ends = new int[18];
    private readonly int[] _offsets = new int[17];
    private readonly byte[] _symbols;

    private JpegHuffmanTable(byte[] symbols) => _symbols = symbols;

    /// <summary>
    /// Bits 0 to 7: how many bits to take, 0 where the code is longer than the index. Bits 8 to 15: the symbol. Bits 16 to 31: the value, where the bits to take have it in them; 0 where not.
    /// </summary>
    public int[] Entries { get; } = new int[1 << Bits];

    /// <summary>Makes a table.</summary>
    /// <param name="counts">How many codes there are of 1 to 16 bits.</param>
    /// <param name="symbols">The symbols in the order of their codes.</param>
    /// <returns>Null where there are more codes than their lengths allow.</returns>
    public static JpegHuffmanTable? Create(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        var table = new JpegHuffmanTable(symbols.ToArray());
        var (code, index) = (0, 0);
        for (var length = 1; length <= 16; length++)
        {
            table._offsets[length] = index - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, index++)
            {
                if (code >= 1 << length)
                    return null;
                if (length <= Bits)
                    table.Fill(code, length, symbols[index]);
            }

            table._ends[length] = code << (16 - length);
            code <<= 1;
        }

        table._ends[17] = int.MaxValue;
        return table;
    }

    /// <summary>Finds a code of more bits than <see cref="Bits"/>.</summary>
    /// <param name="bits">The next bits, from the top of 64.</param>
    /// <returns>Length and symbol, as in <see cref="Entries"/>; 0 where the bits are no code.</returns>
    public int Search(ulong bits)
    {
        var code = (int)(bits >> 48);
        var length = Bits + 1;
        while (code >= _ends[length])
            length++;
        if (length > 16)
            return 0;
        var index = (code >> (16 - length)) + _offsets[length];
        return (uint)index < (uint)_symbols.Length ? (_symbols[index] << 8) | length : 0;
    }

    /// <summary>The greatest symbol.</summary>
    public int Most()
    {
        var most = 0;
        foreach (var symbol in _symbols)
            most = Math.Max(most, symbol);
        return most;
    }

    private void Fill(int code, int length, int symbol)
    {
        var size = symbol & 15;
        var rest = Bits - length;
        for (var i = 0; i < 1 << rest; i++)
        {
            var entry = (symbol << 8) | length;
            if (size > 0 && size <= rest)
            {
                var value = i >> (rest - size);
                if (value < 1 << (size - 1))
                    value -= (1 << size) - 1;
                entry = (value << 16) | (symbol << 8) | (length + size);
            }

            Entries[(code << rest) + i] = entry;
        }
    }
}
