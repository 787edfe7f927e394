using System.Buffers.Binary;
using CnnGen.Images.Decoding;

namespace CnnGen.Images.Jpeg;

/// <summary>
/// Reads JPEG (ITU-T T.81): baseline, extended and progressive with Huffman codes and 8 bits a sample; grey, YCbCr, RGB, CMYK and YCCK, sampled in any whole ratio; with restart
/// intervals. What a damaged file holds is not guessed: it is an error. A sequential file is decoded row by row; one of several scans needs room for its coefficients.
/// </summary>
internal ref struct JpegReader
{
    /// <summary>A scan of few bytes may go over all blocks: a file of very many would take hours. Writers make up to some dozens.</summary>
    private const int MostScans = 200;

    private readonly ReadOnlySpan<byte> _file;
    private readonly RowSink _sink;
    private readonly JpegTables _tables = new();
    private JpegFrame? _frame;
    private JpegOutput? _output;
    private int _position;
    private int _scans;
    private int _orientation = 1;
    private bool _isJfif;
    private int _adobeTransform = -1;

    public JpegReader(ReadOnlySpan<byte> file, RowSink sink)
    {
        _file = file;
        _sink = sink;
    }

    /// <exception cref="ImageException">The file is damaged, of a kind that is not read, or larger than the bounds.</exception>
    public void Read()
    {
        _position = 2;
        var hasEnd = false;
        while (!hasEnd)
        {
            var marker = NextMarker();
            switch (marker)
            {
                case 0xD9:
                    hasEnd = true;
                    break;
                case 0xD8 or 0x01 or (>= 0xD0 and <= 0xD7):
                    break;
                case 0xDA:
                    if (Scan())
                        return;
                    break;
                default:
                    Segment(marker);
                    break;
            }
        }

        Finish();
    }

    /// <summary>The next marker's second byte, wherever it is: bytes before it that are none are passed over.</summary>
    private int NextMarker()
    {
        var start = _position;
        while (true)
        {
            var skipped = _file[Math.Min(_position, _file.Length)..].IndexOf((byte)0xFF);
            if (skipped < 0 || _position + skipped >= _file.Length - 1)
            {
                throw ImageException.At(
                    _file.Length, _frame is null ? "the file ends before its picture begins" : $"the file ends, but a marker was expected from byte {start} on: its end (EOI) or another scan is missing");
            }

            _position += skipped + 1;
            var marker = _file[_position];
            if (marker is 0 or 0xFF)
                continue;
            _position++;
            return marker;
        }
    }

    private ReadOnlySpan<byte> Content(int marker)
    {
        var left = _file.Length - _position;
        var length = left < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_file[_position..]);
        if (length < 2 || length > left)
        {
            throw ImageException.At(
                _position, left < 2 ? $"the file ends within segment FF {marker:X2}" : $"segment FF {marker:X2} says {length} bytes; from 2 to the {left} that the file has were expected");
        }

        var content = _file.Slice(_position + 2, length - 2);
        _position += length;
        return content;
    }

    private void Segment(int marker)
    {
        var position = _position + 2;
        var content = Content(marker);
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                if (_frame is not null)
                    throw ImageException.At(position, "a second frame");
                _frame = JpegFrame.Read(content, position, marker == 0xC2, _sink);
                break;
            case 0xC4:
                _tables.ReadHuffman(content, position);
                break;
            case 0xDB:
                _tables.ReadQuantization(content, position);
                break;
            case 0xDD:
                if (content.Length != 2)
                    throw ImageException.At(position, $"the restart interval has {content.Length} bytes; 2 were expected");
                _tables.RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(content);
                break;
            case 0xE0:
                _isJfif |= content.StartsWith("JFIF\0"u8);
                break;
            case 0xE1:
                if (content.StartsWith("Exif\0\0"u8))
                    _orientation = ExifOrientation.Read(content[6..]);
                break;
            case 0xEE:
                if (content.Length >= 12 && content.StartsWith("Adobe"u8))
                    _adobeTransform = content[11];
                break;
            case 0xDC:
                throw ImageException.At(position, "the number of rows stands behind the pixels (DNL), which is not read");
            case 0xC3 or (>= 0xC5 and <= 0xC7) or (>= 0xC9 and <= 0xCF) or 0xDE or 0xDF:
                throw ImageException.At(position, $"segment FF {marker:X2}: lossless, hierarchical and arithmetically coded files are not read; baseline and progressive ones are");
        }
    }

    /// <summary>Reads a scan.</summary>
    /// <returns>Whether the picture is complete with it.</returns>
    private bool Scan()
    {
        var position = _position + 2;
        var content = Content(0xDA);
        if (++_scans > MostScans)
            throw ImageException.At(position, $"more than {MostScans} scans, which no writer makes");
        if (_frame is null)
            throw ImageException.At(position, "a scan, but no frame came before that says how large the picture is");
        var header = JpegScanHeader.Read(content, position, _frame);
        _tables.Check(header, _frame, position);
        foreach (var component in header.Components)
        {
            // A later table doesn't change what an earlier scan began.
            if (component.Table.Length == 0)
                component.Table = _tables.Quantization(component, position);
        }

        if (header.BringsDc)
        {
            // Each block takes a bit at least: memory is not taken for what can't be there.
            var blocks = 0L;
            foreach (var component in header.Components)
                blocks += (long)component.Blocks.Wide * component.Blocks.High;
            if (blocks > 8L * (_file.Length - _position))
                throw ImageException.At(_position, $"{_file.Length - _position} bytes can't hold the {blocks} blocks of {_frame.Width} x {_frame.Height} pixels: the file is cut off");
        }

        var isWhole = !_frame.IsProgressive && header.Components.Length == _frame.Components.Length;
        Begin(isWhole);
        foreach (var component in header.Components)
        {
            if (!_frame.IsProgressive && component.HasDc)
                throw ImageException.At(position, $"a second scan of component {component.Id}");
            component.HasDc |= header.BringsDc;
        }

        var scan = new JpegScan(_frame, header.Components, _tables.Dc, _tables.Ac, _tables.RestartInterval, new JpegBits(_file, _position), _sink);
        if (isWhole)
            scan.Stream(_output!);
        else
            scan.Collect(header.Band, header.High, header.Low);
        _position = scan.Position;
        return isWhole;
    }

    /// <summary>Allocates, before the first scan.</summary>
    private void Begin(bool isWhole)
    {
        if (_output is not null)
        {
            if (isWhole)
                throw ImageException.At(_position, "a scan of all components after scans of some");
            return;
        }

        var frame = _frame!;
        foreach (var component in frame.Components)
        {
            if (!isWhole && 64L * component.PaddedBlocks.Wide * component.PaddedBlocks.High > Array.MaxLength)
                throw RowSink.TooManyPixels(frame.Width, frame.Height, Array.MaxLength);
        }

        _sink.Begin(
            frame.Width, frame.Height, frame.Channels, JpegOutput.Memory(frame.Components, frame.Width) + (isWhole ? 0 : frame.CoefficientMemory()), _orientation);
        _output = new JpegOutput(_sink, frame.Components, ColorSpace(frame), frame.Width, frame.Height);
        foreach (var component in frame.Components)
        {
            if (!isWhole)
                component.Coefficients = new short[64 * component.PaddedBlocks.Wide * component.PaddedBlocks.High];
        }
    }

    /// <summary>The end of a file of several scans: its coefficients become rows.</summary>
    private void Finish()
    {
        if (_frame is null || _output is null)
            throw ImageException.At(_position, "the file ends without a picture: " + (_frame is null ? "it has no frame" : "it has no scan"));
        foreach (var component in _frame.Components)
        {
            if (!component.HasDc)
                throw ImageException.At(_position, $"the file ends, but no scan brought component {component.Id}");
        }

        for (var row = 0; row < _frame.Mcus.High; row++)
        {
            foreach (var component in _frame.Components)
            {
                for (var v = 0; v < component.Vertical; v++)
                {
                    var blockRow = (row * component.Vertical) + v;
                    for (var column = 0; column < component.PaddedBlocks.Wide; column++)
                    {
                        var block = component.Coefficients.AsSpan(((blockRow * component.PaddedBlocks.Wide) + column) * 64, 64);
                        JpegIdct.Transform(block, component.Table, component.Target(blockRow, column), component.Stride);
                    }
                }
            }

            _output.Advance(row + 1);
        }
    }

    /// <summary>What the components mean, judged as every libjpeg does: JFIF's marker says YCbCr, Adobe's says which, and without them their numbers tell.</summary>
    private readonly JpegColorSpace ColorSpace(JpegFrame frame) => frame.Components.Length switch
    {
        1 => JpegColorSpace.Grey,
        4 => _adobeTransform > 0 ? JpegColorSpace.Ycck : JpegColorSpace.Cmyk,
        _ when _isJfif => JpegColorSpace.YCbCr,
        _ when _adobeTransform >= 0 => _adobeTransform == 0 ? JpegColorSpace.Rgb : JpegColorSpace.YCbCr,
        // The letters R, G and B.
        _ => (frame.Components[0].Id, frame.Components[1].Id, frame.Components[2].Id) is (82, 71, 66) ? JpegColorSpace.Rgb : JpegColorSpace.YCbCr,
    };
}
