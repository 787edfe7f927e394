using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CnnGen.Images.Tests.Png;

/// <summary>Writes PNG of any kind, sound ones and others, from samples at the file's own depth. Written from the standard, apart from the reader.</summary>
internal sealed record TestPng(int Width, int Height, int ColorType, int BitDepth)
{
    private static readonly (int X, int Y, int StepX, int StepY)[] s_adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public bool IsInterlaced { get; init; }

    /// <summary>The filter of every row; -1: each row another one in turn.</summary>
    public int Filter { get; init; } = -1;

    public byte[]? Palette { get; init; }

    public byte[]? Transparency { get; init; }

    public CompressionLevel Level { get; init; } = CompressionLevel.Optimal;

    /// <summary>IDAT chunks that the data is cut into.</summary>
    public int Parts { get; init; } = 1;

    public int Samples => ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Row after row, pixel after pixel, the samples of a pixel one after the other.</summary>
    public byte[] Write(ReadOnlySpan<int> samples)
    {
        var chunks = new List<(string Kind, byte[] Data)> { ("IHDR", Header()), ("tEXt", "Title\0a test"u8.ToArray()) };
        if (Palette is not null)
            chunks.Add(("PLTE", Palette));
        if (Transparency is not null)
            chunks.Add(("tRNS", Transparency));
        var packed = Pack(Rows(samples), Level);
        for (var i = 0; i < Parts; i++)
            chunks.Add(("IDAT", packed[(packed.Length * i / Parts)..(packed.Length * (i + 1) / Parts)]));
        chunks.Add(("IEND", []));
        return File([.. chunks]);
    }

    public byte[] Header()
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, Width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), Height);
        (data[8], data[9], data[12]) = ((byte)BitDepth, (byte)ColorType, (byte)(IsInterlaced ? 1 : 0));
        return data;
    }

    public static byte[] Pack(byte[] bytes, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, level, leaveOpen: true))
            zlib.Write(bytes);
        return packed.ToArray();
    }

    public static byte[] File(params (string Kind, byte[] Data)[] chunks) =>
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. chunks.SelectMany(chunk => Chunk(chunk.Kind, chunk.Data))];

    public static byte[] Chunk(string kind, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(kind).CopyTo(chunk, 4);
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    /// <summary>The filtered rows of all passes.</summary>
    public byte[] Rows(ReadOnlySpan<int> samples)
    {
        var bytes = new List<byte>();
        var filter = 0;
        foreach (var (startX, startY, stepX, stepY) in IsInterlaced ? s_adam7 : [(0, 0, 1, 1)])
        {
            byte[]? above = null;
            for (var y = startY; y < Height && startX < Width; y += stepY)
            {
                var values = new List<int>();
                for (var x = startX; x < Width; x += stepX)
                {
                    for (var s = 0; s < Samples; s++)
                        values.Add(samples[(((y * Width) + x) * Samples) + s]);
                }

                var row = Bits(values);
                var kind = Filter >= 0 ? Filter : filter++ % 5;
                bytes.Add((byte)kind);
                bytes.AddRange(Filtered(kind, row, above ?? new byte[row.Length]));
                above = row;
            }
        }

        return [.. bytes];
    }

    private byte[] Bits(List<int> values)
    {
        if (BitDepth == 16)
            return [.. values.SelectMany(value => new[] { (byte)(value >> 8), (byte)value })];
        var row = new byte[((values.Count * BitDepth) + 7) / 8];
        for (var i = 0; i < values.Count; i++)
            row[i * BitDepth / 8] |= (byte)(values[i] << (8 - BitDepth - (i * BitDepth % 8)));
        return row;
    }

    private byte[] Filtered(int kind, byte[] row, byte[] above)
    {
        var distance = Math.Max(1, Samples * BitDepth / 8);
        var result = new byte[row.Length];
        for (var i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance], b = above[i], c = i < distance ? 0 : above[i - distance];
            var p = a + b - c;
            var paeth = Math.Abs(p - a) <= Math.Abs(p - b) && Math.Abs(p - a) <= Math.Abs(p - c) ? a : Math.Abs(p - b) <= Math.Abs(p - c) ? b : c;
            result[i] = (byte)(row[i] - kind switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => paeth });
        }

        return result;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
