using CnnGen.Images.Decoding;

namespace CnnGen.Images.Bmp;

/// <summary>
/// BMP of Windows and OS/2: 1 to 32 bits a pixel, palettes, bit fields, run lengths, bottom up or top down. An alpha channel that the header names is blended with black.
/// </summary>
internal sealed class BmpDecoder : RowDecoder
{
    public override string Format => "BMP";

    public override bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith("BM"u8);

    protected override void Decode(ReadOnlySpan<byte> file, RowSink sink)
    {
        var header = BmpHeader.Read(file);
        sink.CheckPixels(header.Width, header.Height);
        if (header.IsRunLength)
        {
            Begin(header, sink, (long)header.Width * header.Height);
            var indices = new byte[header.Width * header.Height];
            new BmpRunLength(file, header, sink).Read(indices);
            for (var y = 0; y < header.Height; y++)
            {
                var line = indices.AsSpan((header.IsTopDown ? y : header.Height - 1 - y) * header.Width, header.Width);
                var row = sink.Row;
                for (var x = 0; x < line.Length; x++)
                    header.Color(line[x], x, y).CopyTo(row.Slice(3 * x, 3));
                sink.EndRow();
            }

            return;
        }

        var length = ((long)header.Width * header.Bits + 7) / 8;
        var stride = (((long)header.Width * header.Bits) + 31) / 32 * 4;
        var needed = (stride * (header.Height - 1)) + length;
        if (file.Length - header.Pixels < needed)
        {
            throw ImageException.At(
                file.Length, $"the file ends after {file.Length - header.Pixels} bytes of pixels, but {needed} were expected for {header.Width} x {header.Height} pixels of {header.Bits} bits");
        }

        Begin(header, sink, 0);
        for (var y = 0; y < header.Height; y++)
        {
            var start = header.Pixels + (stride * (header.IsTopDown ? y : header.Height - 1 - y));
            Row(file.Slice((int)start, (int)length), header, y, sink.Row);
            sink.EndRow();
        }
    }

    private static void Begin(BmpHeader header, RowSink sink, long workingMemory)
    {
        if (workingMemory > Array.MaxLength)
            throw RowSink.TooManyPixels(header.Width, header.Height, Array.MaxLength);
        sink.Begin(header.Width, header.Height, 3, workingMemory);
    }

    private static void Row(ReadOnlySpan<byte> line, BmpHeader header, int y, Span<byte> target)
    {
        var bits = header.Bits;
        for (var x = 0; x < header.Width; x++)
        {
            var pixel = target.Slice(3 * x, 3);
            switch (bits)
            {
                case <= 8:
                    var bit = x * bits;
                    header.Color((line[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1), x, y).CopyTo(pixel);
                    break;
                case 24:
                    (pixel[0], pixel[1], pixel[2]) = (line[(3 * x) + 2], line[(3 * x) + 1], line[3 * x]);
                    break;
                case 16:
                    header.Fields(line[2 * x] | ((uint)line[(2 * x) + 1] << 8), pixel);
                    break;
                default:
                    header.Fields(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(line[(4 * x)..]), pixel);
                    break;
            }
        }
    }
}
