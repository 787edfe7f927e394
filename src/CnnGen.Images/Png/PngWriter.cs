using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnGen.Images.Png;

/// <summary>Writes PNG: 8 bits a channel, grey or RGB; of each row's five filters the one whose bytes, taken as signed, have the least sum (the standard's own advice).</summary>
internal static class PngWriter
{
    public static byte[] Write(Image image)
    {
        var stride = image.Width * image.Channels;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var above = new byte[stride];
            var (line, best) = (new byte[1 + stride], new byte[1 + stride]);
            for (var y = 0; y < image.Height; y++)
            {
                var row = image.Pixels.AsSpan(y * stride, stride);
                var least = long.MaxValue;
                for (var kind = 0; kind < 5; kind++)
                {
                    line[0] = (byte)kind;
                    var sum = Filter(kind, row, above, image.Channels, line.AsSpan(1));
                    if (sum >= least)
                        continue;
                    least = sum;
                    (line, best) = (best, line);
                }

                zlib.Write(best);
                row.CopyTo(above);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        (header[8], header[9]) = (8, (byte)(image.Channels == 1 ? 0 : 2));

        using var file = new MemoryStream();
        file.Write(PngReader.Signature);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static long Filter(int kind, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> target)
    {
        var sum = 0L;
        for (var i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance], b = above[i], c = i < distance ? 0 : above[i - distance];
            var predicted = kind switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) >> 1, _ => Paeth(a, b, c) };
            target[i] = (byte)(row[i] - predicted);
            sum += Math.Abs((int)(sbyte)target[i]);
        }

        return sum;
    }

    private static int Paeth(int a, int b, int c)
    {
        var (toA, toB, toC) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - c - c));
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(kind, data));
        file.Write(number);
    }
}
