namespace ClassifySample.Images;

/// <summary>
/// Reads PGM (P2, P5) and PPM (P3, P6), written as numbers or as bytes, with up to 65535 levels. Other levels than 256 are scaled, rounded to the nearest.
/// After the first image a file may go on; what follows is not read.
/// </summary>
internal ref struct PnmReader
{
    private readonly ReadOnlySpan<byte> _file;
    private int _position;

    private PnmReader(ReadOnlySpan<byte> file) => _file = file;

    /// <exception cref="ImageException">The bytes are no PGM or PPM, or too few.</exception>
    public static Image Read(ReadOnlySpan<byte> file) => new PnmReader(file).Read();

    private Image Read()
    {
        var kind = _file.Length > 1 ? (char)_file[1] : ' ';
        if (kind is '1' or '4')
            throw new ImageException($"P{kind} is a PBM image, of one bit a pixel, which is not read; PGM (P2, P5), PPM (P3, P6) and PNG are");
        if (kind is not ('2' or '3' or '5' or '6'))
            throw new ImageException("it begins with P, but not with P2, P3, P5 or P6 as PGM and PPM do");
        _position = 2;
        var width = Number("the width", 1, int.MaxValue);
        var height = Number("the height", 1, int.MaxValue);
        var most = Number("the largest value", 1, 65535);
        if ((long)width * height > Image.MostPixels)
            throw new ImageException($"{width} x {height} pixels are more than the {Image.MostPixels} that are read");
        var channels = kind is '3' or '6' ? 3 : 1;
        return new Image(width, height, channels, kind is '2' or '3' ? Numbers(width * height * channels, most) : Bytes(width * height * channels, most));
    }

    private byte[] Numbers(int count, int most)
    {
        // A number takes a byte and what parts it from the one before takes another.
        if (_file.Length - _position < 2L * count)
            throw ImageException.At(_file.Length, $"the file ends, but {count} values were expected");
        var values = new byte[count];
        for (var i = 0; i < count; i++)
            values[i] = Scale(Number("a value", 0, most), most);
        return values;
    }

    private byte[] Bytes(int count, int most)
    {
        // Exactly one blank stands before the bytes, which may themselves look like blanks.
        if (_position >= _file.Length || !IsBlank(_file[_position]))
            throw ImageException.At(_position, "one blank or line end was expected before the pixels");
        _position++;
        var size = most > 255 ? 2 : 1;
        if (_file.Length - _position < (long)size * count)
            throw ImageException.At(_file.Length, $"the file ends after {_file.Length - _position} bytes of pixels, but {(long)size * count} were expected");
        var source = _file.Slice(_position, size * count);
        if (most == 255)
            return source.ToArray();
        var values = new byte[count];
        for (var i = 0; i < count; i++)
        {
            var value = size == 1 ? source[i] : (source[2 * i] << 8) | source[(2 * i) + 1];
            if (value > most)
                throw ImageException.At(_position + (size * i), $"the value {value} is above the largest, {most}");
            values[i] = Scale(value, most);
        }

        return values;
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
