using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CnnGen.Images.Decoding;

namespace CnnGen.Images.Png;

/// <summary>
/// Reads PNG (ISO/IEC 15948): every colour type, bit depth and interlacing. 16-bit samples are rounded to 8, a palette becomes RGB, and what is
/// transparent is blended with black. Colour profiles, gamma and animations are not regarded.
/// </summary>
internal ref struct PngReader
{
    private readonly ReadOnlySpan<byte> _file;
    private PngHeader _header;
    private ReadOnlySpan<byte> _palette;
    private ReadOnlySpan<byte> _transparency;

    private PngReader(ReadOnlySpan<byte> file) => _file = file;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="ImageException">The file is damaged, or larger than the bounds.</exception>
    public static void Read(ReadOnlySpan<byte> file, RowSink sink) => new PngReader(file).Read(sink);

    /// <summary>Four bytes, the most significant first.</summary>
    public static uint Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private void Read(RowSink sink)
    {
        if (!_file.StartsWith(Signature))
            throw new ImageException("the first 8 bytes are not PNG's signature 89 50 4E 47 0D 0A 1A 0A: the file is cut off, or was changed as a text");
        var packed = Chunks(sink);
        var unpacked = _header.UnpackedLength;

        // Deflate makes at most 1032 bytes of one: memory is not taken for what can't be there.
        if (unpacked > 1032L * packed.Length)
            throw new ImageException($"{packed.Length} bytes in IDAT can't hold the {unpacked} of {_header.Width} x {_header.Height} pixels");
        var longest = _header.RowBytes(_header.Width);
        var stride = _header.Width * _header.Channels;
        var whole = _header.IsInterlaced ? (long)_header.Height * stride : 0;
        if (whole > Array.MaxLength)
            throw RowSink.TooManyPixels(_header.Width, _header.Height, Array.MaxLength / 3);
        sink.Begin(_header.Width, _header.Height, _header.Channels, Inflater.Memory + (2L * longest) + whole);

        var inflater = new Inflater(packed, unpacked);
        var expander = new PngExpander(_header, _palette, _transparency);
        var pixels = new byte[whole];
        var (line, before) = (new byte[1 + longest], new byte[1 + longest]);
        for (var i = 0; i < _header.Passes; i++)
        {
            var pass = _header.Pass(i);
            if (pass.Columns == 0)
                continue;
            var length = _header.RowBytes(pass.Columns);
            for (var row = 0; row < pass.Rows; row++)
            {
                inflater.Read(line.AsSpan(0, 1 + length));
                if (!PngFilter.Undo(line[0], line.AsSpan(1, length), row == 0 ? default : before.AsSpan(1, length), _header.FilterDistance))
                    throw new ImageException($"row {row} of pass {i + 1} has filter {line[0]}, but PNG has 0 to 4 alone");
                var y = pass.Y + (row * pass.StepY);
                if (_header.IsInterlaced)
                {
                    expander.Expand(line.AsSpan(1, length), pass, y, pixels.AsSpan(y * stride, stride));
                    sink.CheckTime();
                }
                else
                {
                    expander.Expand(line.AsSpan(1, length), pass, y, sink.Row);
                    sink.EndRow();
                }

                (line, before) = (before, line);
            }
        }

        inflater.Finish();
        for (var y = 0; _header.IsInterlaced && y < _header.Height; y++)
        {
            pixels.AsSpan(y * stride, stride).CopyTo(sink.Row);
            sink.EndRow();
        }
    }

    /// <summary>Reads all chunks, and puts the contents of IDAT together.</summary>
    private ReadOnlySpan<byte> Chunks(RowSink sink)
    {
        var position = Signature.Length;
        var hasHeader = false;
        var first = default(ReadOnlySpan<byte>);
        List<byte>? joined = null;
        var (hasData, isDataOver) = (false, false);
        while (true)
        {
            if (_file.Length - position < 12)
                throw ImageException.At(position, $"a chunk of at least 12 bytes was expected, but the file ends after {_file.Length - position}: IEND is missing");
            var length = Number(_file[position..]);
            var kind = _file.Slice(position + 4, 4);
            var name = Name(kind);
            if (length > (uint)(_file.Length - position - 12))
                throw ImageException.At(position, $"chunk {name} has {length} bytes, but the file has only {_file.Length - position - 12} more");
            var data = _file.Slice(position + 8, (int)length);
            Check(position, name, (int)length);
            if (!hasHeader && !kind.SequenceEqual("IHDR"u8))
                throw ImageException.At(position, $"the first chunk is {name}, but must be IHDR");
            if (kind.SequenceEqual("IHDR"u8))
            {
                if (hasHeader)
                    throw ImageException.At(position, "a second IHDR");
                _header = PngHeader.Read(data, position + 8, sink);
                hasHeader = true;
            }
            else if (kind.SequenceEqual("PLTE"u8))
            {
                ReadPalette(position, data, hasData);
            }
            else if (kind.SequenceEqual("tRNS"u8))
            {
                ReadTransparency(position, data, hasData);
            }
            else if (kind.SequenceEqual("IDAT"u8))
            {
                if (isDataOver)
                    throw ImageException.At(position, "IDAT stands apart from the IDAT before it");
                if (!hasData)
                    first = data;
                else
                    Join(ref joined, first, data);
                hasData = true;
            }
            else if (kind.SequenceEqual("IEND"u8))
            {
                if (!hasData)
                    throw ImageException.At(position, "IEND, but no IDAT came before: the image has no pixels");
                if (_header.ColorType == 3 && _palette.IsEmpty)
                    throw new ImageException("the pixels are numbers of a palette, but there is no PLTE");
                return joined is null ? first : CollectionsMarshal.AsSpan(joined);
            }
            else if ((kind[0] & 32) == 0)
            {
                throw ImageException.At(position, $"chunk {name} is not known, and its capital letter says that the image can't be read without it");
            }

            isDataOver |= hasData && !kind.SequenceEqual("IDAT"u8);
            position += 12 + (int)length;
        }
    }

    private static void Join(ref List<byte>? joined, ReadOnlySpan<byte> first, ReadOnlySpan<byte> data)
    {
        if (joined is null)
        {
            joined = [];
            joined.AddRange(first);
        }

        joined.AddRange(data);
    }

    private void ReadPalette(int position, ReadOnlySpan<byte> data, bool hasData)
    {
        if (!_palette.IsEmpty || hasData)
            throw ImageException.At(position, hasData ? "PLTE stands after IDAT" : "a second PLTE");
        if (data.Length == 0 || data.Length % 3 != 0 || data.Length > 768)
            throw ImageException.At(position, $"PLTE has {data.Length} bytes; 3 for each of 1 to 256 colours were expected");
        if (_header.ColorType is 0 or 4)
            throw ImageException.At(position, "PLTE in a grey image");
        if (_header.ColorType == 3 && data.Length / 3 > 1 << _header.BitDepth)
            throw ImageException.At(position, $"PLTE has {data.Length / 3} colours, more than {_header.BitDepth} bits can tell apart");
        _palette = data;
    }

    private void ReadTransparency(int position, ReadOnlySpan<byte> data, bool hasData)
    {
        if (hasData)
            throw ImageException.At(position, "tRNS stands after IDAT");
        if (_header.ColorType is 4 or 6)
            throw ImageException.At(position, "tRNS in an image that has an alpha channel");
        if (_header.ColorType == 3 && (_palette.IsEmpty || data.Length > _palette.Length / 3))
            throw ImageException.At(position, $"tRNS has {data.Length} values for a palette of {_palette.Length / 3} colours");
        if (_header.ColorType != 3 && data.Length != 2 * _header.Samples)
            throw ImageException.At(position, $"tRNS has {data.Length} bytes, but {2 * _header.Samples} were expected");
        _transparency = data;
    }

    private void Check(int position, string name, int length)
    {
        var stored = Number(_file[(position + 8 + length)..]);
        var computed = Crc32.Of(_file.Slice(position + 4, 4 + length));
        if (stored != computed)
            throw ImageException.At(position, $"chunk {name} is damaged: its CRC is {stored:X8}, but its bytes give {computed:X8}");
    }

    private static string Name(ReadOnlySpan<byte> kind)
    {
        var name = "";
        foreach (var letter in kind)
            name += char.IsAsciiLetter((char)letter) ? (char)letter : '?';
        return name;
    }
}
