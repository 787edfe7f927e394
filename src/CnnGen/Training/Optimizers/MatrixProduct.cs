using System.Numerics;
using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <summary>
/// Products of matrices by rows, for optimisers. Each number is a chain of fused multiply-adds in the order of the inner dimension: the same bits on any number of threads and on
/// every machine.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Rows and columns of a tile, whose sums stay in registers. The columns are two vectors of 256 bits.</summary>
    private const int TileRows = 6;
    private const int TileColumns = 16;

    /// <summary>Multiply-adds that are worth another thread.</summary>
    private const int Grain = 1 << 17;

    /// <summary>The rows for which there has to be memory; those past the end are zero.</summary>
    public static int PaddedRows(int rows) => (rows + TileRows - 1) / TileRows * TileRows;

    /// <summary>The floats from one row to the next; those past the end are zero.</summary>
    public static int Stride(int columns) => (columns + TileColumns - 1) / TileColumns * TileColumns;

    /// <summary>c = alpha * a * b + beta * d.</summary>
    /// <param name="a">rows x inner, with padded rows.</param>
    /// <param name="strideA">Floats from one row of it to the next.</param>
    /// <param name="b">inner x strideB.</param>
    /// <param name="strideB">Its columns, as many as those of <paramref name="c"/>.</param>
    /// <param name="c">Receives the rows, padded; neither a nor b.</param>
    /// <param name="strideC">Its columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="inner">The inner dimension.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <param name="d">What is added, as large as <paramref name="c"/>; null for nothing.</param>
    /// <param name="beta">Its factor.</param>
    public static void Compute(
        float* a, int strideA, float* b, int strideB, float* c, int strideC, int rows, int inner, float alpha, float* d, float beta)
    {
        var work = new Work { A = a, StrideA = strideA, B = b, StrideB = strideB, C = c, StrideC = strideC, Inner = inner, Alpha = alpha, D = d, Beta = beta, TilesAcross = strideC / TileColumns };
        var tiles = PaddedRows(rows) / TileRows * work.TilesAcross;
        WorkerTeam.Run(&Tiles, &work, tiles, Math.Max(1, Grain / (TileRows * TileColumns * Math.Max(1, inner))));
    }

    private static void Tiles(void* argument, int worker, int from, int to)
    {
        ref readonly var work = ref *(Work*)argument;
        for (var tile = from; tile < to; tile++)
        {
            var (row, column) = (tile / work.TilesAcross * TileRows, tile % work.TilesAcross * TileColumns);
            for (var i = 0; i < TileColumns; i += 2 * Vector<float>.Count)
                Tile(in work, row, column + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(in Work work, int row, int column)
    {
        Vector<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector<float> s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        nint strideA = work.StrideA;
        nint strideB = work.StrideB;
        var a = work.A + (row * strideA);
        var b = work.B + column;
        for (nint k = 0; k < work.Inner; k++, b += strideB)
        {
            var (b0, b1) = (Vector.Load(b), Vector.Load(b + Vector<float>.Count));
            var x = new Vector<float>(a[k]);
            s00 = Vector.FusedMultiplyAdd(x, b0, s00);
            s01 = Vector.FusedMultiplyAdd(x, b1, s01);
            x = new Vector<float>(a[k + strideA]);
            s10 = Vector.FusedMultiplyAdd(x, b0, s10);
            s11 = Vector.FusedMultiplyAdd(x, b1, s11);
            x = new Vector<float>(a[k + (2 * strideA)]);
            s20 = Vector.FusedMultiplyAdd(x, b0, s20);
            s21 = Vector.FusedMultiplyAdd(x, b1, s21);
            x = new Vector<float>(a[k + (3 * strideA)]);
            s30 = Vector.FusedMultiplyAdd(x, b0, s30);
            s31 = Vector.FusedMultiplyAdd(x, b1, s31);
            x = new Vector<float>(a[k + (4 * strideA)]);
            s40 = Vector.FusedMultiplyAdd(x, b0, s40);
            s41 = Vector.FusedMultiplyAdd(x, b1, s41);
            x = new Vector<float>(a[k + (5 * strideA)]);
            s50 = Vector.FusedMultiplyAdd(x, b0, s50);
            s51 = Vector.FusedMultiplyAdd(x, b1, s51);
        }

        Store(in work, row, column, s00, s01);
        Store(in work, row + 1, column, s10, s11);
        Store(in work, row + 2, column, s20, s21);
        Store(in work, row + 3, column, s30, s31);
        Store(in work, row + 4, column, s40, s41);
        Store(in work, row + 5, column, s50, s51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Work work, int row, int column, Vector<float> first, Vector<float> second)
    {
        var place = ((nint)row * work.StrideC) + column;
        var alpha = new Vector<float>(work.Alpha);
        (first, second) = (first * alpha, second * alpha);
        if (work.D != null)
        {
            var beta = new Vector<float>(work.Beta);
            first = Vector.FusedMultiplyAdd(beta, Vector.Load(work.D + place), first);
            second = Vector.FusedMultiplyAdd(beta, Vector.Load(work.D + place + Vector<float>.Count), second);
        }

        first.Store(work.C + place);
        second.Store(work.C + place + Vector<float>.Count);
    }

    private struct Work
    {
        public float* A;
        public float* B;
        public float* C;
        public float* D;
        public int StrideA;
        public int StrideB;
        public int StrideC;
        public int Inner;
        public float Alpha;
        public float Beta;
        public int TilesAcross;
    }
}
