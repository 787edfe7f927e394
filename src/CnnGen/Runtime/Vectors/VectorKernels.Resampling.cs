using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>
    /// Resamples a map of pixels along both axes: y[i, j] = sum over v of columns[j, v] * (sum over u of rows[i, u] * x[u, v]). An element without taps is 0.
    /// </summary>
    /// <param name="input">The first pixel.</param>
    /// <param name="output">The first pixel of the result; not <paramref name="input"/>.</param>
    /// <param name="rows">What each row takes.</param>
    /// <param name="columns">What each column takes.</param>
    /// <param name="channels">Floats of a pixel, a multiple of the widest vector.</param>
    /// <param name="inputRow">Floats between neighbouring rows that are read.</param>
    /// <param name="inputPixel">Floats between neighbouring pixels that are read.</param>
    /// <param name="outputRow">Floats between neighbouring rows of the result.</param>
    /// <param name="outputPixel">Floats between neighbouring pixels of the result.</param>
    [MethodImpl(Kernel)]
    public static void ResamplePixels(
        float* input, float* output, AxisTable rows, AxisTable columns, int channels, nint inputRow, nint inputPixel, nint outputRow, nint outputPixel)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var (firstRow, endRow) = (rows.Starts[i], rows.Starts[i + 1]);
            for (var j = 0; j < columns.Count; j++)
            {
                var to = output + (i * outputRow) + (j * outputPixel);
                var (firstColumn, endColumn) = (columns.Starts[j], columns.Starts[j + 1]);
                for (nint c = 0; c < channels; c += TUnit.Lanes)
                {
                    var sum = TUnit.Broadcast(0f);
                    for (var v = firstColumn; v < endColumn; v++)
                    {
                        var from = input + (columns.Positions[v] * inputPixel) + c;
                        var column = TUnit.Broadcast(0f);
                        for (var u = firstRow; u < endRow; u++)
                            column = TUnit.MultiplyAdd(TUnit.Load(from + (rows.Positions[u] * inputRow)), TUnit.Broadcast(rows.Factors[u]), column);
                        sum = TUnit.MultiplyAdd(column, TUnit.Broadcast(columns.Factors[v]), sum);
                    }

                    TUnit.Store(to + c, sum);
                }
            }
        }
    }

    /// <summary>The same of a map of planes.</summary>
    /// <param name="input">The first element.</param>
    /// <param name="output">The first element of the result; not <paramref name="input"/>.</param>
    /// <param name="rows">What each row takes.</param>
    /// <param name="columns">What each column takes.</param>
    /// <param name="channels">The number of planes.</param>
    /// <param name="width">Columns of the map that is read.</param>
    /// <param name="inputPlane">Floats between neighbouring planes that are read.</param>
    /// <param name="inputRow">Floats between neighbouring rows that are read.</param>
    /// <param name="outputPlane">Floats between neighbouring planes of the result.</param>
    /// <param name="outputRow">Floats between neighbouring rows of the result.</param>
    [MethodImpl(Kernel)]
    public static void ResamplePlanes(
        float* input, float* output, AxisTable rows, AxisTable columns, int channels, int width, nint inputPlane, nint inputRow, nint outputPlane, nint outputRow)
    {
        // A row of the result is summed over the rows, in pieces that lie on the stack, before its columns are taken of it.
        const int Piece = 1024;
        var summed = stackalloc float[Piece];
        for (nint c = 0; c < channels; c++)
        {
            for (var i = 0; i < rows.Count; i++)
            {
                var to = output + (c * outputPlane) + (i * outputRow);
                new Span<float>(to, columns.Count).Clear();
                for (var first = 0; first < width; first += Piece)
                {
                    var count = Math.Min(Piece, width - first);
                    SumRows(input + (c * inputPlane) + first, summed, rows, i, inputRow, count);
                    for (var j = 0; j < columns.Count; j++)
                    {
                        for (var v = columns.Starts[j]; v < columns.Starts[j + 1]; v++)
                        {
                            var place = columns.Positions[v] - first;
                            if ((uint)place < (uint)count)
                                to[j] = MathF.FusedMultiplyAdd(summed[place], columns.Factors[v], to[j]);
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(Inline)]
    private static void SumRows(float* input, float* summed, AxisTable rows, int row, nint stride, int count)
    {
        nint k = 0;
        for (; k <= count - TUnit.Lanes; k += TUnit.Lanes)
        {
            var sum = TUnit.Broadcast(0f);
            for (var u = rows.Starts[row]; u < rows.Starts[row + 1]; u++)
                sum = TUnit.MultiplyAdd(TUnit.Load(input + (rows.Positions[u] * stride) + k), TUnit.Broadcast(rows.Factors[u]), sum);
            TUnit.Store(summed + k, sum);
        }

        for (; k < count; k++)
        {
            var sum = 0f;
            for (var u = rows.Starts[row]; u < rows.Starts[row + 1]; u++)
                sum = MathF.FusedMultiplyAdd(input[(rows.Positions[u] * stride) + k], rows.Factors[u], sum);
            summed[k] = sum;
        }
    }
}
