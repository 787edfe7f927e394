using CnnGen.Images.Decoding;

namespace CnnGen.Images.Pnm;

/// <summary>
/// Reads PBM (P1, P4), PGM (P2, P5) and PPM (P3, P6), written as numbers or as bytes, with up to 65535 levels. Other levels than 256 are scaled, rounded to the nearest.
/// After the first image a file may go on; what follows is not read.
/// </summary>
internal ref struct PnmReader
{
    private readonly ReadOnlySpan<byte> _file;
    private int _position;

    private PnmReader(ReadOnlySpan<byte> file) => _file = file;

    /// <exception cref="ImageException">The bytes are no PBM, PGM or PPM, or too few, or the image is larger than the bounds.</exception>
    public static void Read(ReadOnlySpan<byte> file, RowSink sink) => new PnmReader(file).Read(sink);

    private void Read(RowSink sink)
    {
        var kind = _file.Length > 1 ? (char)_file[1] : ' ';
        if (kind is < '1' or > '6')
            throw new ImageException("it begins with P, but not with P1 to P6 as PBM, PGM and PPM do");
        _position = 2;
        var width = Number("the width", 1, int.MaxValue);
        var height = Number("the height", 1, int.MaxValue);
        var isBits = kind is '1' or '4';
        var most = isBits ? 1 : Number("the largest value", 1, 65535);
        sink.CheckPixels(width, height);
        var channels = kind is '3' or '6' ? 3 : 1;
        if (kind <= '3')
            CheckNumbers((long)width * height * channels, isBits);
        else
            CheckBytes(height * (isBits ? (width + 7L) / 8 : (long)width * channels * (most > 255 ? 2 : 1)));
        sink.Begin(width, height, channels);
        for (var y = 0; y < height; y++)
        {
            switch (kind)
            {
                case '1':
                    DigitRow(sink.Row);
                    break;
                case '4':
                    BitRow(sink.Row);
                    break;
                case '2' or '3':
                    NumberRow(sink.Row, most);
                    break;
                default:
                    ByteRow(sink.Row, most);
                    break;
            }

            sink.EndRow();
        }
    }

    /// <summary>A number takes a byte, and but for PBM's digits what parts it from the one before takes another.</summary>
    private readonly void CheckNumbers(long count, bool isBits)
    {
        if (_file.Length - _position < (isBits ? count : 2 * count))
            throw ImageException.At(_file.Length, $"the file ends, but {count} values were expected");
    }

    /// <summary>Exactly one blank stands before the bytes, which may themselves look like blanks.</summary>
    private void CheckBytes(long length)
    {
        if (_position >= _file.Length || !IsBlank(_file[_position]))
            throw ImageException.At(_position, "one blank or line end was expected before the pixels");
        _position++;
        if (_file.Length - _position < length)
            throw ImageException.At(_file.Length, $"the file ends after {_file.Length - _position} bytes of pixels, but {length} were expected");
    }

    private void NumberRow(Span<byte> row, int most)
    {
        for (var i = 0; i < row.Length; i++)
            row[i] = Scale(Number("a value", 0, most), most);
    }

    /// <summary>PBM's digits need not be parted; 1 is black.</summary>
    private void DigitRow(Span<byte> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            SkipBlanks();
            if (_position >= _file.Length)
                throw ImageException.At(_position, "the file ends where a value was expected");
            if (_file[_position] is not ((byte)'0' or (byte)'1'))
                throw ImageException.At(_position, $"a value was expected, 0 or 1, but the byte is {_file[_position]:X2}");
            row[i] = _file[_position++] == '1' ? (byte)0 : (byte)255;
        }
    }

    /// <summary>A PBM's row, eight pixels a byte, the first one highest; 1 is black.</summary>
    private void BitRow(Span<byte> row)
    {
        for (var i = 0; i < row.Length; i++)
            row[i] = ((_file[_position + (i >> 3)] >> (7 - (i & 7))) & 1) == 1 ? (byte)0 : (byte)255;
        _position += (row.Length + 7) / 8;
    }

    private void ByteRow(Span<byte> row, int most)
    {
        var size = most > 255 ? 2 : 1;
        var source = _file.Slice(_position, size * row.Length);
        if (most == 255)
        {
            source.CopyTo(row);
        }
        else
        {
            for (var i = 0; i < row.Length; i++)
            {
                var value = size == 1 ? source[i] : (source[2 * i] << 8) | source[(2 * i) + 1];
                if (value > most)
                    throw ImageException.At(_position + (size * i), $"the value {value} is above the largest, {most}");
                row[i] = Scale(value, most);
            }
        }

        _position += source.Length;
    }

    private static byte Scale(int value, int most) => (byte)(((value * 255) + (most / 2)) / most);

    private int Number(string what, int least, int most)
    {
        var start = _position;
        SkipBlanks();
        if (_position >= _file.Length)
            throw ImageException.At(_position, $"the file ends where {what} was expected");
        if (_position == start)
            throw ImageException.At(_position, $"a blank was expected before {what}");
        var first = _position;
        var value = 0L;
        while (_position < _file.Length && _file[_position] is >= (byte)'0' and <= (byte)'9')
        {
            value = (value * 10) + (_file[_position++] - '0');
            if (value > int.MaxValue)
                throw ImageException.At(first, $"{what} is larger than {most}");
        }

        if (_position == first)
            throw ImageException.At(_position, $"{what} was expected, a number from {least} to {most}, but the byte is {_file[_position]:X2}");
        if (value < least || value > most)
            throw ImageException.At(first, $"{what} is {value}, but must be from {least} to {most}");
        return (int)value;
    }

    // A comment goes from # to the end of its line.
    private void SkipBlanks()
    {
        while (_position < _file.Length)
        {
            if (_file[_position] == '#')
            {
                while (_position < _file.Length && _file[_position] is not ((byte)'\n' or (byte)'\r'))
                    _position++;
            }
            else if (IsBlank(_file[_position]))
            {
                _position++;
            }
            else
            {
                return;
            }
        }
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (>= 9 and <= 13);
}
