using System.Buffers.Binary;

namespace CnnGen.Images.Gif;

/// <summary>The first picture of a GIF.</summary>
/// <param name="CanvasWidth">The canvas's columns; 0 where the file doesn't say.</param>
/// <param name="CanvasHeight">The canvas's rows.</param>
/// <param name="Left">The canvas's column where the picture begins.</param>
/// <param name="Top">The row.</param>
/// <param name="Width">The picture's columns.</param>
/// <param name="Height">The picture's rows.</param>
/// <param name="IsInterlaced">Whether rows come in four passes.</param>
/// <param name="Transparent">The colour that isn't painted; -1 for none.</param>
/// <param name="Colors">Three bytes a colour.</param>
/// <param name="DataPosition">Where the packed pixels begin.</param>
internal readonly record struct GifFrame(
    int CanvasWidth, int CanvasHeight, int Left, int Top, int Width, int Height, bool IsInterlaced, int Transparent, byte[] Colors, int DataPosition);

/// <summary>Reads a GIF's blocks up to its first picture.</summary>
internal ref struct GifReader
{
    private readonly ReadOnlySpan<byte> _file;
    private int _position;

    public GifReader(ReadOnlySpan<byte> file) => _file = file;

    /// <exception cref="ImageException">The file is damaged.</exception>
    public GifFrame Read()
    {
        if (_file.Length < 6 || !(_file.StartsWith("GIF87a"u8) || _file.StartsWith("GIF89a"u8)))
            throw new ImageException("the first 6 bytes are not GIF87a or GIF89a");
        _position = 6;
        var screen = Take(7, "the screen's description");
        var (width, height) = (Short(screen), Short(screen[2..]));
        var colors = Palette(screen[4]);
        var transparent = -1;
        while (true)
        {
            var start = _position;
            switch (Take(1, "a block")[0])
            {
                case 0x21:
                    var label = Take(1, "an extension")[0];
                    var first = SubBlock();
                    if (label == 0xF9 && first.Length >= 4)
                        transparent = (first[0] & 1) != 0 ? first[3] : -1;
                    while (!first.IsEmpty)
                        first = SubBlock();
                    break;
                case 0x2C:
                    return Picture(width, height, colors, transparent);
                case 0x3B:
                    throw ImageException.At(start, "the file ends (3B) before a picture came");
                case var other:
                    throw ImageException.At(start, $"an extension (21), a picture (2C) or the end (3B) was expected, but the byte is {other:X2}");
            }
        }
    }

    private GifFrame Picture(int canvasWidth, int canvasHeight, byte[] colors, int transparent)
    {
        var position = _position;
        var head = Take(9, "a picture's description");
        var (left, top, width, height) = (Short(head), Short(head[2..]), Short(head[4..]), Short(head[6..]));
        if (width == 0 || height == 0)
            throw ImageException.At(position + 4, $"the picture has {width} x {height} pixels; both must be 1 or more");
        var own = Palette(head[8]);
        if (own.Length == 0 && colors.Length == 0)
            throw ImageException.At(_position, "pixels are numbers of a palette, but there is none");
        return new GifFrame(canvasWidth, canvasHeight, left, top, width, height, (head[8] & 0x40) != 0, transparent, own.Length > 0 ? own : colors, _position);
    }

    private byte[] Palette(int flags) => (flags & 0x80) != 0 ? Take(3 * (2 << (flags & 7)), "a palette").ToArray() : [];

    private ReadOnlySpan<byte> SubBlock() => Take(Take(1, "an extension")[0], "an extension");

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (_file.Length - _position < count)
            throw ImageException.At(_file.Length, $"the file ends within {what}");
        _position += count;
        return _file.Slice(_position - count, count);
    }

    private static int Short(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
