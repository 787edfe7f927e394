using System.Buffers.Binary;

namespace CnnGen.Images.Jpeg;

/// <summary>The tables of a file, as far as they are read.</summary>
internal sealed class JpegTables
{
    private readonly short[]?[] _quantization = new short[4][];

    /// <summary>Huffman tables of DC coefficients.</summary>
    public JpegHuffmanTable?[] Dc { get; } = new JpegHuffmanTable[4];

    /// <summary>Huffman tables of the other coefficients.</summary>
    public JpegHuffmanTable?[] Ac { get; } = new JpegHuffmanTable[4];

    /// <summary>MCUs between two restart markers; 0 for none.</summary>
    public int RestartInterval { get; set; }

    /// <summary>Reads DHT.</summary>
    /// <exception cref="ImageException">A table is damaged.</exception>
    public void ReadHuffman(ReadOnlySpan<byte> data, int position)
    {
        while (!data.IsEmpty)
        {
            if (data.Length < 17)
                throw ImageException.At(position, $"a Huffman table has {data.Length} bytes; at least 17 were expected");
            var (kind, number) = (data[0] >> 4, data[0] & 15);
            if (kind > 1 || number > 3)
                throw ImageException.At(position, $"a Huffman table of class {kind} and number {number}; 0 or 1, and 0 to 3, were expected");
            var counts = data.Slice(1, 16);
            var count = 0;
            foreach (var one in counts)
                count += one;
            if (count > 256 || count > data.Length - 17)
                throw ImageException.At(position + 1, $"a Huffman table of {count} codes; at most 256, and no more than the {data.Length - 17} that the segment has, were expected");
            var table = JpegHuffmanTable.Create(counts, data.Slice(17, count))
                ?? throw ImageException.At(position + 1, "a Huffman table has more codes than their lengths allow");
            if (kind == 0 && table.Most() > 15)
                throw ImageException.At(position + 17, $"a Huffman table of DC coefficients has the symbol {table.Most()}; at most 15 was expected");
            (kind == 0 ? Dc : Ac)[number] = table;
            position += 17 + count;
            data = data[(17 + count)..];
        }
    }

    /// <summary>Reads DQT.</summary>
    /// <exception cref="ImageException">A table is damaged.</exception>
    public void ReadQuantization(ReadOnlySpan<byte> data, int position)
    {
        while (!data.IsEmpty)
        {
            var (precision, number) = (data[0] >> 4, data[0] & 15);
            if (precision > 1 || number > 3)
                throw ImageException.At(position, $"a quantisation table of precision {precision} and number {number}; 0 or 1, and 0 to 3, were expected");
            var length = 1 + (64 << precision);
            if (data.Length < length)
                throw ImageException.At(position, $"a quantisation table has {data.Length} bytes; {length} were expected");
            var table = new short[64];
            for (var k = 0; k < 64; k++)
                table[JpegBlocks.ZigZag[k]] = precision == 0 ? data[1 + k] : BinaryPrimitives.ReadInt16BigEndian(data[(1 + (2 * k))..]);
            _quantization[number] = table;
            position += length;
            data = data[length..];
        }
    }

    /// <summary>The quantisation table of a component.</summary>
    /// <exception cref="ImageException">It has not come.</exception>
    public short[] Quantization(JpegComponent component, int position) => _quantization[component.Quantization]
        ?? throw ImageException.At(position, $"component {component.Id} has quantisation table {component.Quantization}, which the file has not given");

    /// <summary>Sees to it that a scan has the Huffman tables that it names.</summary>
    /// <exception cref="ImageException">One has not come.</exception>
    public void Check(JpegScanHeader header, JpegFrame frame, int position)
    {
        foreach (var component in header.Components)
        {
            var (dc, ac) = header.Needs;
            if ((dc && Dc[component.Tables.Dc] is null) || (ac && Ac[component.Tables.Ac] is null))
            {
                throw ImageException.At(
                    position, $"component {component.Id} of {frame.Components.Length} has Huffman tables {component.Tables.Dc} and {component.Tables.Ac}, which the file has not given");
            }
        }
    }
}
