using System.Buffers.Binary;

namespace CnnGen.Images.Tests.Bmp;

/// <summary>Writes BMP of any kind, sound ones and others.</summary>
internal static class TestBmp
{
    /// <summary>A file of its parts.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows; negative from the top.</param>
    /// <param name="bits">Bits of a pixel.</param>
    /// <param name="size">Bytes of the second header.</param>
    /// <param name="compression">Its number.</param>
    /// <param name="behind">What stands between headers and pixels: masks, a palette.</param>
    /// <param name="pixels">The pixels, rows filled up to four bytes.</param>
    public static byte[] File(int width, int height, int bits, int size, int compression, byte[] behind, byte[] pixels)
    {
        var file = new byte[14 + size + behind.Length + pixels.Length];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 14 + size + behind.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), size);
        if (size == 12)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(18), (short)width);
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), (short)height);
            file[24] = (byte)bits;
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
            file[28] = (byte)bits;
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(30), compression);
        }

        behind.CopyTo(file, 14 + size);
        pixels.CopyTo(file, 14 + size + behind.Length);
        return file;
    }
}
