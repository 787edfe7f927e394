using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace CnnGen.Images.Bmp;

/// <summary>A BMP's headers, palette and bit fields.</summary>
internal sealed class BmpHeader
{
    private const int FileHeader = 14;
    private const int OldHeader = 12;
    private const int InfoHeader = 40;

    private readonly byte[] _colors;
    private readonly uint[] _masks;

    private BmpHeader(byte[] colors, uint[] masks) => (_colors, _masks) = (colors, masks);

    public int Width { get; private init; }

    public int Height { get; private init; }

    public bool IsTopDown { get; private init; }

    /// <summary>Bits of a pixel: 1, 2, 4, 8, 16, 24 or 32.</summary>
    public int Bits { get; private init; }

    /// <summary>Whether the pixels are runs of 4 or 8 bits.</summary>
    public bool IsRunLength { get; private init; }

    /// <summary>Where the pixels begin.</summary>
    public int Pixels { get; private init; }

    /// <exception cref="ImageException">A number is not allowed, or of a kind that is not read.</exception>
    public static BmpHeader Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < FileHeader + OldHeader)
            throw ImageException.At(file.Length, $"the file ends within its headers, which have {FileHeader + OldHeader} bytes at least");
        var pixels = Number(file, 10);
        var size = Number(file, FileHeader);
        if (size is not OldHeader and (< InfoHeader or > 256))
            throw ImageException.At(FileHeader, $"the header says that it has {size} bytes; 12, or 40 to 256, were expected");
        if (file.Length < FileHeader + size)
            throw ImageException.At(file.Length, $"the file ends within its header of {size} bytes");
        var isOld = size == OldHeader;
        long width = isOld ? Short(file, 18) : BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        long height = isOld ? Short(file, 20) : BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        var bits = Short(file, isOld ? 24 : 28);
        var compression = isOld ? 0 : Number(file, 30);
        if (width < 1 || height == 0 || height <= -int.MaxValue)
        {
            // Invariant, since a minus is another letter in some cultures.
            throw ImageException.At(
                18, string.Create(CultureInfo.InvariantCulture, $"the header says {width} x {height} pixels; both must be 1 or more, or the height negative for rows from the top"));
        }

        if (bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32))
            throw ImageException.At(isOld ? 24 : 28, $"{bits} bits a pixel; 1, 2, 4, 8, 16, 24 or 32 were expected");
        var isKnown = compression switch { 0 => true, 1 => bits == 8, 2 => bits == 4, 3 or 6 => bits is 16 or 32, _ => false };
        if (!isKnown)
            throw ImageException.At(30, $"compression {compression} with {bits} bits a pixel, which is not read; 0, 1 and 2 (run lengths) with 8 and 4, and 3 and 6 (bit fields) with 16 and 32 are");

        // The masks stand in the header, or behind one that is too short for them.
        var masks = Masks(file, bits, compression, (int)size, out var palette);
        var (count, entry) = bits > 8 ? (0, 4) : (1 << bits, isOld ? 3 : 4);
        if (bits <= 8 && !isOld && Number(file, 46) is > 0 and var used)
            count = (int)Math.Min(used, (uint)count);
        if (pixels < palette || pixels > file.Length)
            throw ImageException.At(10, $"the pixels are said to begin at byte {pixels}; from {palette} to the file's end at {file.Length} was expected");
        var colors = new byte[3 * Math.Min(count, (int)(pixels - palette) / entry)];
        for (var i = 0; i < colors.Length / 3; i++)
        {
            var color = file.Slice(palette + (i * entry), 3);
            (colors[3 * i], colors[(3 * i) + 1], colors[(3 * i) + 2]) = (color[2], color[1], color[0]);
        }

        if (bits <= 8 && colors.Length == 0)
            throw ImageException.At(palette, "pixels are numbers of a palette, but there is none");
        return new BmpHeader(colors, masks)
        {
            Width = (int)width,
            Height = (int)Math.Abs(height),
            IsTopDown = height < 0,
            Bits = bits,
            IsRunLength = compression is 1 or 2,
            Pixels = (int)pixels,
        };
    }

    /// <summary>A colour of the palette: red, green and blue.</summary>
    /// <exception cref="ImageException">There is none of that number.</exception>
    public ReadOnlySpan<byte> Color(int index, int x, int y)
    {
        if (index >= _colors.Length / 3)
            throw new ImageException($"the pixel in column {x} of row {y} has colour {index}, but the palette has {_colors.Length / 3} colours");
        return _colors.AsSpan(3 * index, 3);
    }

    /// <summary>A pixel of bit fields.</summary>
    public void Fields(uint value, Span<byte> pixel)
    {
        for (var c = 0; c < 3; c++)
            pixel[c] = (byte)Field(value, _masks[c]);
        if (_masks[3] == 0)
            return;
        var alpha = Field(value, _masks[3]);
        for (var c = 0; c < 3; c++)
            pixel[c] = (byte)(((pixel[c] * alpha) + 127) / 255);
    }

    /// <summary>0 to 255 of a field, rounded to the nearest.</summary>
    private static uint Field(uint value, uint mask)
    {
        if (mask == 0)
            return 0;
        var shift = BitOperations.TrailingZeroCount(mask);
        var most = mask >> shift;
        return (uint)((((ulong)((value & mask) >> shift) * 255) + (most / 2)) / most);
    }

    private static uint[] Masks(ReadOnlySpan<byte> file, int bits, uint compression, int size, out int palette)
    {
        palette = FileHeader + size;
        if (compression is not (3 or 6))
            return bits == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF0000, 0xFF00, 0xFF, 0];
        var fields = size >= 56 || compression == 6 ? 4 : 3;
        var position = FileHeader + InfoHeader;
        if (size < InfoHeader + (4 * fields))
            palette = position + (4 * fields);
        if (file.Length < position + (4 * fields))
            throw ImageException.At(file.Length, $"the file ends within the {fields} masks of its bit fields");
        var masks = new uint[4];
        for (var i = 0; i < fields; i++)
        {
            masks[i] = Number(file, position + (4 * i));
            var run = masks[i] >> BitOperations.TrailingZeroCount(masks[i]);
            if (masks[i] != 0 && (run & (run + 1)) != 0)
                throw ImageException.At(position + (4 * i), $"the mask {masks[i]:X8} of a bit field has gaps");
        }

        return masks;
    }

    private static int Short(ReadOnlySpan<byte> file, int position) => BinaryPrimitives.ReadUInt16LittleEndian(file[position..]);

    private static uint Number(ReadOnlySpan<byte> file, int position) => BinaryPrimitives.ReadUInt32LittleEndian(file[position..]);
}
