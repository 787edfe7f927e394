using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnGen.Images.Resizing;

/// <summary>
/// Resizes a picture whose rows come one after another, from the top. Each row is resized along itself once and then added, by its weight, to every output row that it is part of: only
/// those are held that are begun and not complete.
/// </summary>
/// <remarks>
/// <see cref="ResizeFilter.Area"/> sums in single precision and rounds once. The others compute as Pillow does, to the bit: weights as whole numbers of 2^-22, columns first, rounded to
/// bytes in between.
/// </remarks>
internal sealed class RowResizer
{
    private readonly int _channels;
    private readonly int _stride;
    private readonly int _width;
    private readonly ResizeAxis _columns;
    private readonly ResizeAxis _rows;
    private readonly byte[] _output;
    private readonly bool _isExact;

    // The resized input row, and the sums of the output rows that are begun, in turn.
    private readonly float[] _line;
    private readonly int[] _bytes;
    private readonly float[] _sums;
    private readonly int[] _wholeSums;
    private readonly int _open;
    private int _row;
    private int _first;
    private int _begun;

    /// <param name="width">Pixels of an input row.</param>
    /// <param name="height">Input rows.</param>
    /// <param name="outputWidth">Pixels of an output row.</param>
    /// <param name="outputHeight">Output rows.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="filter">How pixels are weighted.</param>
    /// <param name="output">Receives the output.</param>
    public RowResizer(int width, int height, int outputWidth, int outputHeight, int channels, ResizeFilter filter, byte[] output)
    {
        _channels = channels;
        _width = outputWidth;
        _stride = outputWidth * channels;
        _columns = new ResizeAxis(width, outputWidth, filter);
        _rows = new ResizeAxis(height, outputHeight, filter);
        _output = output;
        _isExact = filter != ResizeFilter.Area;
        _open = _rows.MostOpen;
        _line = _isExact ? [] : new float[_stride];
        _bytes = _isExact ? new int[_stride + 1] : [];
        _sums = _isExact ? [] : new float[_open * _stride];
        _wholeSums = _isExact ? new int[_open * _stride] : [];
    }

    /// <summary>The bytes that a resizer allocates, at most.</summary>
    public static long MemoryFor(int width, int height, int outputWidth, int outputHeight, int channels, ResizeFilter filter) =>
        ResizeAxis.MemoryFor(width, outputWidth, filter) + ResizeAxis.MemoryFor(height, outputHeight, filter)
        + (4L * (((ResizeAxis.MostOpenFor(height, outputHeight, filter) + 1L) * outputWidth * channels) + 1));

    /// <summary>Takes the next input row.</summary>
    public void Add(ReadOnlySpan<byte> row)
    {
        var isResized = false;
        while (_begun < _rows.Count && _rows.First(_begun) <= _row)
            Clear(_begun++);
        for (var output = _first; output < _begun; output++)
        {
            var index = _row - _rows.First(output);
            if (!isResized)
                Along(row);
            isResized = true;
            var slot = output % _open * _stride;
            if (_isExact)
                AddWhole(_bytes.AsSpan(0, _stride), _rows.WholeWeight(output, index), _wholeSums.AsSpan(slot, _stride));
            else
                AddSingle(_line, _rows.Weight(output, index), _sums.AsSpan(slot, _stride));
        }

        _row++;
        while (_first < _begun && _rows.First(_first) + _rows.Length(_first) <= _row)
            Complete(_first++);
    }

    private void Along(ReadOnlySpan<byte> row)
    {
        switch (_isExact, _channels)
        {
            case (false, _):
                AlongSingle(row);
                break;
            case (true, 3):
                AlongThree(row);
                break;
            default:
                AlongOne(row);
                break;
        }
    }

    private void AlongSingle(ReadOnlySpan<byte> row)
    {
        var channels = _channels;
        for (var x = 0; x < _width; x++)
        {
            var weights = _columns.Weights(x);
            var source = row.Slice(_columns.First(x) * channels, weights.Length * channels);
            for (var c = 0; c < channels; c++)
            {
                var sum = 0f;
                for (var i = 0; i < weights.Length; i++)
                    sum += source[(i * channels) + c] * weights[i];
                _line[(x * channels) + c] = sum;
            }
        }
    }

    private void AlongOne(ReadOnlySpan<byte> row)
    {
        for (var x = 0; x < _width; x++)
        {
            var weights = _columns.WholeWeights(x);
            var source = row.Slice(_columns.First(x), weights.Length);
            var sum = ResizeAxis.Half;
            for (var i = 0; i < weights.Length; i++)
                sum += source[i] * weights[i];
            _bytes[x] = ResizeAxis.Round(sum);
        }
    }

    /// <summary>The three channels of a pixel are the lanes of a vector, whose fourth means nothing.</summary>
    private void AlongThree(ReadOnlySpan<byte> row)
    {
        // A pixel is read with the byte behind it, which the row's last one doesn't have.
        Span<byte> last = [row[^3], row[^2], row[^1], 0];
        for (var x = 0; x < _width; x++)
        {
            var weights = _columns.WholeWeights(x);
            var source = row[(_columns.First(x) * 3)..];
            var isLast = source.Length == weights.Length * 3;
            var before = weights.Length - (isLast ? 1 : 0);
            var sums = Vector128.Create(ResizeAxis.Half);
            for (var i = 0; i < before; i++)
                sums += Pixel(source[(3 * i)..]) * weights[i];
            if (isLast)
                sums += Pixel(last) * weights[before];
            ResizeAxis.Round(sums).CopyTo(_bytes.AsSpan(3 * x));
        }
    }

    private static Vector128<ushort> Rounded(ReadOnlySpan<int> sums) =>
        Vector128.Narrow(ResizeAxis.Round(Vector128.Create(sums)), ResizeAxis.Round(Vector128.Create(sums[4..]))).AsUInt16();

    private static Vector128<int> Pixel(ReadOnlySpan<byte> bytes) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt32LittleEndian(bytes)).AsByte())).AsInt32();

    private static void AddWhole(ReadOnlySpan<int> line, int weight, Span<int> sums)
    {
        var vectors = MemoryMarshal.Cast<int, Vector<int>>(sums);
        var lines = MemoryMarshal.Cast<int, Vector<int>>(line);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] += lines[i] * weight;
        for (var i = vectors.Length * Vector<int>.Count; i < sums.Length; i++)
            sums[i] += line[i] * weight;
    }

    private static void AddSingle(ReadOnlySpan<float> line, float weight, Span<float> sums)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var lines = MemoryMarshal.Cast<float, Vector<float>>(line);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] += lines[i] * weight;
        for (var i = vectors.Length * Vector<float>.Count; i < sums.Length; i++)
            sums[i] += line[i] * weight;
    }

    private void Clear(int output)
    {
        var slot = output % _open * _stride;
        if (_isExact)
            _wholeSums.AsSpan(slot, _stride).Fill(ResizeAxis.Half);
        else
            _sums.AsSpan(slot, _stride).Clear();
    }

    private void Complete(int output)
    {
        var slot = output % _open * _stride;
        var target = _output.AsSpan(output * _stride, _stride);
        if (_isExact)
        {
            var sums = _wholeSums.AsSpan(slot, _stride);
            var x = 0;
            for (; x <= target.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
                Vector128.Narrow(Rounded(sums[x..]), Rounded(sums[(x + 8)..])).CopyTo(target[x..]);
            for (; x < target.Length; x++)
                target[x] = ResizeAxis.Round(sums[x]);
        }
        else
        {
            var sums = _sums.AsSpan(slot, _stride);
            for (var x = 0; x < target.Length; x++)
                target[x] = (byte)Math.Clamp((int)(sums[x] + 0.5f), 0, 255);
        }
    }
}
