using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnGen.Tests.Data;

/// <summary>Makes IDX files.</summary>
internal static class IdxBytes
{
    public static byte[] Make(byte type, uint[] dimensions, params byte[] elements)
    {
        var bytes = new byte[4 + (4 * dimensions.Length) + elements.Length];
        bytes[2] = type;
        bytes[3] = (byte)dimensions.Length;
        for (var i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * i)), dimensions[i]);
        elements.CopyTo(bytes, 4 + (4 * dimensions.Length));
        return bytes;
    }

    public static byte[] Images(int count, int height = 2, int width = 3) =>
        Make(8, [(uint)count, (uint)height, (uint)width], Enumerable.Range(0, count * height * width).Select(i => (byte)i).ToArray());

    public static byte[] Labels(params byte[] labels) => Make(8, [(uint)labels.Length], labels);

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
