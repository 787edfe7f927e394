using CnnGen.Images.Decoding;

namespace CnnGen.Images.Bmp;

/// <summary>Unpacks the runs of a BMP of 4 or 8 bits; pixels that they leave out have colour 0.</summary>
internal ref struct BmpRunLength
{
    private readonly ReadOnlySpan<byte> _file;
    private readonly BmpHeader _header;
    private readonly RowSink _sink;
    private int _position;

    public BmpRunLength(ReadOnlySpan<byte> file, BmpHeader header, RowSink sink)
    {
        (_header, _sink, _position) = (header, sink, header.Pixels);
        _file = file;
    }

    /// <param name="indices">Receives a palette's number a pixel, rows in the file's order; zeros before.</param>
    /// <exception cref="ImageException">The runs are damaged.</exception>
    public void Read(Span<byte> indices)
    {
        var (x, y) = (0, 0);
        while (true)
        {
            var (count, value) = Pair();
            if (count > 0)
            {
                var run = Run(indices, x, y, count);
                for (var i = 0; i < count; i++)
                    run[i] = Index(value, i);
                x += count;
                continue;
            }

            switch (value)
            {
                case 0:
                    (x, y) = (0, y + 1);
                    _sink.CheckTime();
                    break;
                case 1:
                    return;
                case 2:
                    var (right, up) = Pair();
                    (x, y) = (x + right, y + up);
                    break;
                default:
                    Literal(Run(indices, x, y, value));
                    x += value;
                    break;
            }

            if (x > _header.Width || y > _header.Height)
                throw ImageException.At(_position, $"the runs lead to column {x} of row {y}, past the {_header.Width} x {_header.Height} pixels");
        }
    }

    /// <summary>Numbers one by one, filled up to an even count of bytes.</summary>
    private void Literal(Span<byte> run)
    {
        var length = _header.Bits == 8 ? run.Length : (run.Length + 1) / 2;
        var padded = (length + 1) & ~1;
        if (_file.Length - _position < padded)
            throw ImageException.At(_file.Length, $"the file ends within a run of {run.Length} pixels");
        for (var i = 0; i < run.Length; i++)
            run[i] = _header.Bits == 8 ? _file[_position + i] : Index(_file[_position + (i / 2)], i);
        _position += padded;
    }

    private readonly Span<byte> Run(Span<byte> indices, int x, int y, int count)
    {
        if (y >= _header.Height || count > _header.Width - x)
            throw ImageException.At(_position, $"a run of {count} pixels at column {x} of row {y} leads past the {_header.Width} x {_header.Height} pixels");
        return indices.Slice((y * _header.Width) + x, count);
    }

    private readonly byte Index(int value, int i) => (byte)(_header.Bits == 8 ? value : (i & 1) == 0 ? value >> 4 : value & 15);

    private (int First, int Second) Pair()
    {
        if (_file.Length - _position < 2)
            throw ImageException.At(_file.Length, "the file ends before its runs do");
        _position += 2;
        return (_file[_position - 2], _file[_position - 1]);
    }
}
