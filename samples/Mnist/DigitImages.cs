using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using CnnGen;

namespace MnistSample;

/// <summary>Writes digits as image files, for programs that read images.</summary>
internal static class DigitImages
{
    private const int Count = 20;

    /// <summary>
    /// Writes the first twenty images: <c>digit-7-12.png</c> is the thirteenth, a 7. Mostly grey PNG; of every ten one is binary PGM, one PGM in
    /// numbers, and one PPM with equal colours, the others PNG.
    /// </summary>
    /// <exception cref="IOException">The folder can't be made or written to.</exception>
    public static void Save(ByteImageDataset digits, string folder)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < Math.Min(Count, digits.Count); i++)
        {
            var (bytes, extension) = (i % 10) switch
            {
                7 => (Pgm(digits, i), "pgm"),
                8 => (PgmNumbers(digits, i), "pgm"),
                9 => (Ppm(digits, i), "ppm"),
                _ => (Png(digits, i), "png"),
            };
            var name = string.Create(CultureInfo.InvariantCulture, $"digit-{digits.GetLabel(i)}-{i:00}.{extension}");
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }
    }

    private static byte[] Header(string kind, ImageShape shape) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind}\n{shape.Width} {shape.Height}\n255\n"));

    private static byte[] Pgm(ByteImageDataset digits, int index) => [.. Header("P5", digits.Shape), .. digits.GetBytes(index)];

    private static byte[] Ppm(ByteImageDataset digits, int index) =>
        [.. Header("P6", digits.Shape), .. digits.GetBytes(index).ToArray().SelectMany(value => Enumerable.Repeat(value, 3))];

    private static byte[] PgmNumbers(ByteImageDataset digits, int index)
    {
        var rows = digits.GetBytes(index).ToArray().Chunk(digits.Shape.Width)
            .Select(row => string.Join(' ', row.Select(value => value.ToString(CultureInfo.InvariantCulture))));
        return [.. Header("P2", digits.Shape), .. Encoding.ASCII.GetBytes(string.Join('\n', rows) + "\n")];
    }

    /// <summary>8-bit grey, each row with the filter that takes differences to the row above.</summary>
    private static byte[] Png(ByteImageDataset digits, int index)
    {
        var shape = digits.Shape;
        var pixels = digits.GetBytes(index);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < pixels.Length; i++)
            {
                if (i % shape.Width == 0)
                    zlib.WriteByte(2);
                zlib.WriteByte((byte)(pixels[i] - (i < shape.Width ? 0 : pixels[i - shape.Width])));
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, shape.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), shape.Height);
        header[8] = 8;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        kind.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
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
