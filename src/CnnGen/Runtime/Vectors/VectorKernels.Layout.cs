using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>From channels x height x width to pixels whose channels lie next to each other.</summary>
    /// <param name="x">Channel c, row r, column w is at c * xPlaneStride + r * xRowStride + w.</param>
    /// <param name="y">Receives it at r * yRowStride + w * yPixelStride + c; what lies between is left as it is. Other memory than <paramref name="x"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="xRowStride">Floats from a row of x to the next.</param>
    /// <param name="xPlaneStride">Floats from a channel of x to the next.</param>
    /// <param name="yRowStride">Floats from a row of y to the next.</param>
    /// <param name="yPixelStride">Floats from a pixel of y to the next.</param>
    [MethodImpl(Kernel)]
    public static void PlanarToPixels(float* x, float* y, int channels, int height, int width, int xRowStride, int xPlaneStride, int yRowStride, int yPixelStride)
    {
        for (nint row = 0; row < height; row++)
            TransposeMatrix(x + (row * xRowStride), xPlaneStride, y + (row * yRowStride), yPixelStride, channels, width);
    }

    /// <summary>From pixels whose channels lie next to each other to channels x height x width.</summary>
    /// <param name="x">Row r, column w, channel c is at r * xRowStride + w * xPixelStride + c.</param>
    /// <param name="y">Receives it at c * yPlaneStride + r * yRowStride + w; what lies between is left as it is. Other memory than <paramref name="x"/>.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="xRowStride">Floats from a row of x to the next.</param>
    /// <param name="xPixelStride">Floats from a pixel of x to the next.</param>
    /// <param name="yRowStride">Floats from a row of y to the next.</param>
    /// <param name="yPlaneStride">Floats from a channel of y to the next.</param>
    [MethodImpl(Kernel)]
    public static void PixelsToPlanar(float* x, float* y, int channels, int height, int width, int xRowStride, int xPixelStride, int yRowStride, int yPlaneStride)
    {
        for (nint row = 0; row < height; row++)
            TransposeMatrix(x + (row * xRowStride), xPixelStride, y + (row * yRowStride), yPlaneStride, width, channels);
    }

    /// <summary>y[column * yStride + row] = x[row * xStride + column].</summary>
    [MethodImpl(Inline)]
    private static void TransposeMatrix(float* x, nint xStride, float* y, nint yStride, nint rows, nint columns)
    {
        var wholeRows = rows - (rows % TUnit.Tile);
        var wholeColumns = columns - (columns % TUnit.Tile);
        for (nint row = 0; row < wholeRows; row += TUnit.Tile)
        {
            for (nint column = 0; column < wholeColumns; column += TUnit.Tile)
                TUnit.TransposeTile(x + (row * xStride) + column, xStride, y + (column * yStride) + row, yStride);
        }

        // What the tiles leave: the columns beside them, then the rows below.
        if (wholeColumns < columns)
            TransposeElements(x + wholeColumns, xStride, y + (wholeColumns * yStride), yStride, wholeRows, columns - wholeColumns);
        if (wholeRows < rows)
            TransposeElements(x + (wholeRows * xStride), xStride, y + wholeRows, yStride, rows - wholeRows, columns);
    }

    [MethodImpl(Inline)]
    private static void TransposeElements(float* x, nint xStride, float* y, nint yStride, nint rows, nint columns)
    {
        if (yStride == 1)
        {
            for (nint row = 0; row < rows; row++)
                Map(x + (row * xStride), y + row, columns, default(IdentityMap));
        }
        else if (xStride == 1)
        {
            for (nint column = 0; column < columns; column++)
                Map(x + column, y + (column * yStride), rows, default(IdentityMap));
        }
        else if (rows > columns)
        {
            for (nint column = 0; column < columns; column++)
                CopyElements(x + column, xStride, y + (column * yStride), 1, rows);
        }
        else
        {
            for (nint row = 0; row < rows; row++)
                CopyElements(x + (row * xStride), 1, y + row, yStride, columns);
        }
    }

    [MethodImpl(Inline)]
    private static void CopyElements(float* source, nint sourceStride, float* target, nint targetStride, nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            *target = *source;
            source += sourceStride;
            target += targetStride;
        }
    }

    private readonly struct IdentityMap : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => x;
    }
}
