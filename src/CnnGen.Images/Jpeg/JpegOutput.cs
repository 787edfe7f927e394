using CnnGen.Images.Decoding;

namespace CnnGen.Images.Jpeg;

/// <summary>Hands the picture's rows on, as soon as the samples that they are made of are there.</summary>
internal sealed class JpegOutput
{
    private readonly RowSink _sink;
    private readonly JpegComponent[] _components;
    private readonly JpegColorSpace _space;
    private readonly int _height;
    private readonly byte[][] _rows;
    private readonly ushort[] _sums;
    private int _next;

    public JpegOutput(RowSink sink, JpegComponent[] components, JpegColorSpace space, int width, int height)
    {
        (_sink, _components, _space, _height) = (sink, components, space, height);
        _rows = new byte[components.Length][];
        _sums = new ushort[width + (2 * JpegUpsampler.Padding)];
        for (var i = 0; i < components.Length; i++)
        {
            _rows[i] = components[i].Expansion is (1, 1) ? [] : new byte[RowLength(width)];
            components[i].AllocateWindow();
        }
    }

    /// <summary>Bytes that all of it takes.</summary>
    public static long Memory(JpegComponent[] components, int width)
    {
        var sum = 2L * (width + (2 * JpegUpsampler.Padding));
        foreach (var component in components)
            sum += component.WindowMemory + RowLength(width);
        return sum;
    }

    /// <summary>Takes note that all components have the samples of so many rows of MCUs, and hands on what they suffice for.</summary>
    /// <param name="mcuRows">Rows of MCUs from the top.</param>
    public void Advance(int mcuRows)
    {
        for (; _next < _height && IsReady(_next, mcuRows); _next++)
            Write(_next);
    }

    // Samples are repeated to at most 4 times, and the last one may lie past the picture's edge.
    private static int RowLength(int width) => width + 8 + (2 * JpegUpsampler.Padding);

    private bool IsReady(int y, int mcuRows)
    {
        foreach (var component in _components)
        {
            var row = y / component.Expansion.Vertical;
            if (component.NeedsNeighbours && (y & 1) == 1)
                row++;
            if (Math.Min(row, component.Height - 1) >= mcuRows * component.Vertical * 8L)
                return false;
        }

        return true;
    }

    private void Write(int y)
    {
        var target = _sink.Row;
        var first = Row(0, y);
        switch (_space)
        {
            case JpegColorSpace.Grey:
                first[..target.Length].CopyTo(target);
                break;
            case JpegColorSpace.Rgb:
                JpegColor.FromRgb(first, Row(1, y), Row(2, y), target);
                break;
            case JpegColorSpace.YCbCr:
                JpegColor.FromYCbCr(first, Row(1, y), Row(2, y), target);
                break;
            case JpegColorSpace.Cmyk:
                JpegColor.FromCmyk(first, Row(1, y), Row(2, y), Row(3, y), target);
                break;
            default:
                JpegColor.FromYcck(first, Row(1, y), Row(2, y), Row(3, y), target);
                break;
        }

        _sink.EndRow();
    }

    private ReadOnlySpan<byte> Row(int component, int y) => JpegUpsampler.Row(_components[component], y, _rows[component], _sums);
}
