using System.Buffers.Binary;

namespace CnnGen.Images.Jpeg;

/// <summary>Finds the orientation (tag 0112) in EXIF's data, which are a TIFF file of their own. Damaged ones say nothing: the pixels are there all the same.</summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112;
    private const int TypeShort = 3;

    /// <summary>1 to 8; 1 where there is none.</summary>
    /// <param name="tiff">What follows <c>Exif</c> and its two zeros.</param>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return 1;
        bool isLittle;
        if (tiff.StartsWith("II*\0"u8))
            isLittle = true;
        else if (tiff.StartsWith("MM\0*"u8))
            isLittle = false;
        else
            return 1;

        var start = Number(tiff[4..], isLittle);
        if (start > (uint)tiff.Length - 2)
            return 1;
        var entries = tiff[((int)start + 2)..];
        var count = Short(tiff[(int)start..], isLittle);
        for (var i = 0; i < count && entries.Length >= 12; i++, entries = entries[12..])
        {
            if (Short(entries, isLittle) != Tag)
                continue;
            int value = Short(entries[8..], isLittle);
            return Short(entries[2..], isLittle) == TypeShort && value is >= 1 and <= 8 ? value : 1;
        }

        return 1;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Number(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
