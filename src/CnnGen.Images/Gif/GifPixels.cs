namespace CnnGen.Images.Gif;

/// <summary>Unpacks a GIF's pixels (LZW with codes of growing length, in blocks of at most 255 bytes), as many at a time as are asked for.</summary>
internal ref struct GifPixels
{
    /// <summary>Bytes of the tables.</summary>
    public const int Memory = MostCodes * 4;

    private const int MostCodes = 4096;
    private const int None = -1;

    private readonly ReadOnlySpan<byte> _file;
    private readonly int _first;
    private readonly int _clear;

    // A code is what another code is, and one pixel more.
    private readonly ushort[] _prefixes = new ushort[MostCodes];
    private readonly byte[] _pixels = new byte[MostCodes];

    // What the last code stands for, from the back, as far as it isn't read yet.
    private readonly byte[] _waiting = new byte[MostCodes];
    private int _waitingCount;
    private int _position;
    private int _blockLeft;
    private uint _bits;
    private int _bitCount;
    private int _size;
    private int _next;
    private int _last = None;
    private byte _lastPixel;

    /// <param name="file">The file.</param>
    /// <param name="position">Where the least length of codes stands, followed by the blocks.</param>
    /// <exception cref="ImageException">The length is not allowed.</exception>
    public GifPixels(ReadOnlySpan<byte> file, int position)
    {
        _file = file;
        _position = position;
        var bits = position < file.Length ? file[position] : throw ImageException.At(file.Length, "the file ends before its pixels");
        if (bits is < 1 or > 8)
            throw ImageException.At(position, $"pixels of {bits} bits; 1 to 8 were expected");
        _position++;
        _clear = 1 << bits;
        _first = _clear + 2;
        Clear();
    }

    /// <summary>Unpacks the next pixels.</summary>
    /// <exception cref="ImageException">The data are damaged, or end.</exception>
    public void Read(Span<byte> pixels)
    {
        var i = 0;
        while (i < pixels.Length)
        {
            while (_waitingCount > 0 && i < pixels.Length)
                pixels[i++] = _waiting[--_waitingCount];
            if (i < pixels.Length)
                Unpack();
        }
    }

    private void Clear()
    {
        _size = System.Numerics.BitOperations.Log2((uint)_clear) + 1;
        _next = _first;
        _last = None;
    }

    private void Unpack()
    {
        var code = Code();
        if (code == _clear)
        {
            Clear();
            return;
        }

        if (code == _clear + 1)
            throw ImageException.At(_position, "the pixels end before the picture is full: the file is damaged");
        if (code > _next || (code == _next && (_last == None || _next == MostCodes)) || (_last == None && code > _clear))
            throw ImageException.At(_position, $"code {code} of the pixels means nothing yet: the file is damaged");

        // A code that is only now defined is the last one and its own first pixel once more.
        var part = code;
        if (code == _next)
        {
            _waiting[_waitingCount++] = _lastPixel;
            part = _last;
        }

        while (part >= _first)
        {
            _waiting[_waitingCount++] = _pixels[part];
            part = _prefixes[part];
        }

        _lastPixel = (byte)part;
        _waiting[_waitingCount++] = _lastPixel;
        if (_last != None && _next < MostCodes)
        {
            (_prefixes[_next], _pixels[_next]) = ((ushort)_last, _lastPixel);
            _next++;
            if (_next == 1 << _size && _size < 12)
                _size++;
        }

        _last = code;
    }

    private int Code()
    {
        while (_bitCount < _size)
        {
            if (_blockLeft == 0)
            {
                _blockLeft = _position < _file.Length ? _file[_position++] : 0;
                if (_blockLeft == 0)
                    throw ImageException.At(_position, "the pixels' blocks end before the picture is full: the file is cut off or damaged");
            }

            if (_position >= _file.Length)
                throw ImageException.At(_position, "the file ends within its pixels");
            _bits |= (uint)_file[_position++] << _bitCount;
            _bitCount += 8;
            _blockLeft--;
        }

        var code = (int)(_bits & ((1u << _size) - 1));
        _bits >>= _size;
        _bitCount -= _size;
        return code;
    }
}
