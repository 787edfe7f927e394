using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnGen.Campaigns.Files;

/// <summary>Damages bytes at random.</summary>
internal static class Damage
{
    private static readonly ulong[] s_numbers = [0, 1, 4, 7, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, ulong.MaxValue, 100_000_000];

    private static readonly byte[][] s_words =
    [
        .. new[]
        {
            "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u0041", "\\ud800", "\\u", "-1", "0", "00", "1e9", "1.5", "9223372036854775807", "9223372036854775808",
            "18446744073709551616", "null", "true", "[[[[", "{{{{", "\"F32\"", "\"F16\"", "\"BF16\"", "\"F64\"", "\"I64\"", "\"__metadata__\"", "\"shape\"", "\"dtype\"",
            "\"data_offsets\":[0,0]", "//", "\0", "\uFEFF", "é", "😀", " ", "\n",
        }.Select(word => System.Text.Encoding.UTF8.GetBytes(word)),
    ];

    /// <summary>A copy with one to four faults, half of them in its first bytes, where headers are.</summary>
    public static byte[] Apply(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var faults = random.Next(1, 5); faults > 0; faults--)
            One(bytes, random);
        return [.. bytes];
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static void One(List<byte> bytes, Random random)
    {
        var at = bytes.Count == 0 ? 0 : random.Next(random.Next(2) == 0 ? bytes.Count : Math.Min(bytes.Count, 64));
        var length = bytes.Count == 0 ? 0 : Math.Min(bytes.Count - at, random.Next(4) == 0 ? random.Next(1, 1000) : random.Next(1, 9));
        switch (random.Next(9))
        {
            case 0 when bytes.Count > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 6:
                bytes.InsertRange(at, s_words[random.Next(s_words.Length)]);
                break;
            case 7:
                Put(bytes, at, random);
                break;
            default:
                bytes.AddRange(Enumerable.Repeat((byte)random.Next(256), random.Next(1, 5000)));
                break;
        }
    }

    /// <summary>A number at the edge of something, in either order of bytes.</summary>
    private static void Put(List<byte> bytes, int at, Random random)
    {
        Span<byte> number = stackalloc byte[8];
        var value = s_numbers[random.Next(s_numbers.Length)] + (ulong)random.Next(-1, 2);
        var size = 1 << random.Next(4);
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        else
            BinaryPrimitives.WriteUInt64BigEndian(number, value << (64 - (8 * size)));
        for (var i = 0; i < size && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }
}
