using CnnGen.Images.Decoding;

namespace CnnGen.Images.Gif;

/// <summary>GIF (87a, 89a): the first picture, on its canvas. What is transparent, and what the picture leaves of the canvas, is black.</summary>
internal sealed class GifDecoder : RowDecoder
{
    public override string Format => "GIF";

    public override bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith("GIF8"u8);

    protected override void Decode(ReadOnlySpan<byte> file, RowSink sink)
    {
        var frame = new GifReader(file).Read();
        var (width, height) = (Math.Max(frame.CanvasWidth, frame.Left + frame.Width), Math.Max(frame.CanvasHeight, frame.Top + frame.Height));
        var whole = frame.IsInterlaced ? frame.Width * frame.Height : 0L;
        sink.CheckPixels(width, height);
        sink.Begin(width, height, 3, GifPixels.Memory + whole + frame.Width);

        var pixels = new GifPixels(file, frame.DataPosition);
        var line = new byte[frame.Width];
        var indices = new byte[whole];
        if (frame.IsInterlaced)
        {
            foreach (var (first, step) in new[] { (0, 8), (4, 8), (2, 4), (1, 2) })
            {
                for (var y = first; y < frame.Height; y += step)
                {
                    pixels.Read(indices.AsSpan(y * frame.Width, frame.Width));
                    sink.CheckTime();
                }
            }
        }

        for (var y = 0; y < height; y++)
        {
            var row = sink.Row;
            row.Clear();
            var inner = y - frame.Top;
            if (inner >= 0 && inner < frame.Height)
            {
                var source = frame.IsInterlaced ? indices.AsSpan(inner * frame.Width, frame.Width) : line;
                if (!frame.IsInterlaced)
                    pixels.Read(source);
                Paint(source, frame, inner, row.Slice(3 * frame.Left, 3 * frame.Width));
            }

            sink.EndRow();
        }
    }

    private static void Paint(ReadOnlySpan<byte> source, GifFrame frame, int y, Span<byte> target)
    {
        for (var x = 0; x < source.Length; x++)
        {
            var index = source[x];
            if (index == frame.Transparent)
                continue;
            if (index >= frame.Colors.Length / 3)
                throw new ImageException($"the pixel in column {x} of row {y} has colour {index}, but the palette has {frame.Colors.Length / 3} colours");
            frame.Colors.AsSpan(3 * index, 3).CopyTo(target[(3 * x)..]);
        }
    }
}
