using CnnGen.Images.Decoding;

namespace CnnGen.Images.Png;

/// <summary>A PNG's IHDR: what its pixels are.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="BitDepth">Bits of a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="ColorType">0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.</param>
/// <param name="IsInterlaced">Whether the pixels come in Adam7's seven passes.</param>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, int ColorType, bool IsInterlaced)
{
    /// <summary>Rows of more pixels, at 64 bits each, are longer than an array can be.</summary>
    private const int MostColumns = (1 << 28) - 16;

    /// <summary>Samples of a pixel.</summary>
    public int Samples => ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Bits of a pixel.</summary>
    public int PixelBits => BitDepth * Samples;

    /// <summary>From a byte to that of the pixel before, as filters see it.</summary>
    public int FilterDistance => Math.Max(1, PixelBits / 8);

    /// <summary>Channels of the decoded image.</summary>
    public int Channels => ColorType is 0 or 4 ? 1 : 3;

    /// <summary>Adam7's passes: the first column and row, and the steps to the next. An image that is not interlaced is one pass with steps of 1.</summary>
    public static ReadOnlySpan<byte> Adam7 => [0, 0, 8, 8, 4, 0, 8, 8, 0, 4, 4, 8, 2, 0, 4, 4, 0, 2, 2, 4, 1, 0, 2, 2, 0, 1, 1, 2];

    /// <summary>The number of passes.</summary>
    public int Passes => IsInterlaced ? 7 : 1;

    /// <summary>One pass; it has no pixels where a number is 0.</summary>
    public PngPass Pass(int index)
    {
        if (!IsInterlaced)
            return new PngPass(0, 0, 1, 1, Width, Height);
        var numbers = Adam7.Slice(4 * index, 4);
        return new PngPass(
            numbers[0], numbers[1], numbers[2], numbers[3], Count(Width, numbers[0], numbers[2]), Count(Height, numbers[1], numbers[3]));
    }

    /// <summary>Bytes of a row of so many pixels, without the filter's.</summary>
    public int RowBytes(int pixels) => (int)((((long)pixels * PixelBits) + 7) / 8);

    /// <summary>Bytes of all passes, with a filter's byte before each row.</summary>
    public long UnpackedLength
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < Passes; i++)
            {
                var pass = Pass(i);
                if (pass.Columns > 0)
                    sum += (1L + RowBytes(pass.Columns)) * pass.Rows;
            }

            return sum;
        }
    }

    /// <exception cref="ImageException">A number is not allowed.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> data, int position, RowSink sink)
    {
        if (data.Length != 13)
            throw ImageException.At(position, $"IHDR has {data.Length} bytes, but must have 13");
        var width = PngReader.Number(data);
        var height = PngReader.Number(data[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw ImageException.At(position, $"IHDR says {width} x {height} pixels; both must be from 1 to {int.MaxValue}");
        sink.CheckPixels(width, height);
        if (width > MostColumns)
            throw ImageException.At(position, $"rows of {width} pixels; at most {MostColumns} are read");
        var (depth, type) = (data[8], data[9]);
        var isKnown = type switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!isKnown)
            throw ImageException.At(position + 8, $"IHDR says colour type {type} with {depth} bits, which PNG does not have");
        if (data[10] != 0)
            throw ImageException.At(position + 10, $"IHDR says compression method {data[10]}, but PNG has 0 alone");
        if (data[11] != 0)
            throw ImageException.At(position + 11, $"IHDR says filter method {data[11]}, but PNG has 0 alone");
        if (data[12] > 1)
            throw ImageException.At(position + 12, $"IHDR says interlace method {data[12]}, but PNG has 0 and 1 alone");
        return new PngHeader((int)width, (int)height, depth, type, data[12] == 1);
    }

    private static int Count(int size, int first, int step) => size <= first ? 0 : (size - first + step - 1) / step;
}

/// <summary>The pixels of one pass: column <c>X + i * StepX</c>, row <c>Y + j * StepY</c>.</summary>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY, int Columns, int Rows);
