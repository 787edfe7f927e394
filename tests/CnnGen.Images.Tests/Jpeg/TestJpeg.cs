namespace CnnGen.Images.Tests.Jpeg;

/// <summary>Changes JPEG files.</summary>
internal static class TestJpeg
{
    /// <summary>The file with an EXIF segment in front.</summary>
    public static byte[] WithOrientation(byte[] file, int orientation, bool isLittle)
    {
        byte[] Short(int value) => isLittle ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value];
        byte[] Long(int value) => isLittle ? [.. Short(value & 0xFFFF), .. Short(value >> 16)] : [.. Short(value >> 16), .. Short(value & 0xFFFF)];
        byte[] exif =
        [
            .. "Exif\0\0"u8, .. isLittle ? "II"u8 : "MM"u8, .. Short(42), .. Long(8), .. Short(2),
            .. Short(0x010F), .. Short(2), .. Long(4), .. "abc\0"u8,
            .. Short(0x0112), .. Short(3), .. Long(1), .. Short(orientation), .. Short(0), .. Long(0),
        ];
        return Insert(file, 0xE1, exif);
    }

    /// <summary>The file with a segment behind its first marker.</summary>
    public static byte[] Insert(byte[] file, byte marker, byte[] content) =>
        [.. file[..2], 0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. file[2..]];

    /// <summary>Where the content of the first segment of a kind begins.</summary>
    public static int Find(byte[] file, byte marker)
    {
        for (var position = 2; ; position += 2 + ((file[position + 2] << 8) | file[position + 3]))
        {
            if (file[position + 1] == marker)
                return position + 4;
        }
    }

    /// <summary>The file with one byte of a segment set.</summary>
    public static byte[] With(byte[] file, byte marker, int offset, byte value)
    {
        var changed = (byte[])file.Clone();
        changed[Find(file, marker) + offset] = value;
        return changed;
    }
}
