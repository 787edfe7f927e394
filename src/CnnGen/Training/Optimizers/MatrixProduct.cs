using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary>Floats that each thread packs columns into.</summary>
    public static long PanelLength(int inner) => (long)inner * TileColumns;

    /// <summary>c = alpha * a * b + beta * d, or with b transposed.</summary>
    /// <param name="a">rows x inner, with padded rows.</param>
    /// <param name="strideA">Floats from one row of it to the next.</param>
    /// <param name="b">inner x columns, or transposed: columns x inner.</param>
    /// <param name="strideB">Floats from one row of it to the next.</param>
    /// <param name="isTransposed">Whether b is transposed.</param>
    /// <param name="c">Receives the rows, padded; neither a nor b.</param>
    /// <param name="strideC">Floats from one row of it to the next; those past the columns become zero.</param>
    /// <param name="rows">The rows of a.</param>
    /// <param name="inner">The inner dimension.</param>
    /// <param name="columns">The columns of the product.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <param name="d">What is added, as large as <paramref name="c"/>; null for nothing.</param>
    /// <param name="beta">Its factor.</param>
    /// <param name="panels">Room for <see cref="PanelLength"/> floats for each of the workers.</param>
    /// <param name="workers">The threads that there is room for.</param>
    public static void Compute(
        float* a,
        int strideA,
        float* b,
        int strideB,
        bool isTransposed,
        float* c,
        int strideC,
        int rows,
        int inner,
        int columns,
        float alpha,
        float* d,
        float beta,
        float* panels,
        int workers)
    {
        var work = new Work
        {
            A = a,
            StrideA = strideA,
            B = b,
            StrideB = strideB,
            IsTransposed = isTransposed,
            C = c,
            StrideC = strideC,
            Rows = PaddedRows(rows),
            Inner = inner,
            Columns = columns,
            Alpha = alpha,
            D = d,
            Beta = beta,
            Panels = panels,
        };
        WorkerTeam.Run(&Panels, &work, strideC / TileColumns, (int)Math.Max(1, Grain / (work.Rows * PanelLength(Math.Max(1, inner)))), workers);
    }

    /// <summary>Some columns of the product at a time: those of b are packed side by side, and stay in the second cache for all rows of a.</summary>
    private static void Panels(void* argument, int worker, int from, int to)
    {
        ref readonly var work = ref *(Work*)argument;
        var panel = work.Panels + (worker * PanelLength(work.Inner));
        for (var unit = from; unit < to; unit++)
        {
            var column = unit * TileColumns;
            Pack(in work, column, panel);
            for (var row = 0; row < work.Rows; row += TileRows)
            {
                for (var i = 0; i < TileColumns; i += 2 * Vector256<float>.Count)
                    Tile(in work, row, column + i, panel + i);
            }
        }
    }

    private static void Pack(in Work work, int column, float* panel)
    {
        var count = Math.Min(TileColumns, work.Columns - column);
        if (count < TileColumns)
            new Span<float>(panel, (int)PanelLength(work.Inner)).Clear();
        for (var i = 0; i < (work.IsTransposed ? count : work.Inner); i++)
        {
            if (!work.IsTransposed)
            {
                new ReadOnlySpan<float>(work.B + ((nint)i * work.StrideB) + column, count).CopyTo(new Span<float>(panel + (i * TileColumns), count));
                continue;
            }

            var source = work.B + ((nint)(column + i) * work.StrideB);
            for (var k = 0; k < work.Inner; k++)
                panel[(k * TileColumns) + i] = source[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(in Work work, int row, int column, float* b)
    {
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector256<float> s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        nint strideA = work.StrideA;
        var a = work.A + (row * strideA);
        for (nint k = 0; k < work.Inner; k++, b += TileColumns)
        {
            var (b0, b1) = (Vector256.Load(b), Vector256.Load(b + Vector256<float>.Count));
            var x = Vector256.Create(a[k]);
            s00 = Vector256.FusedMultiplyAdd(x, b0, s00);
            s01 = Vector256.FusedMultiplyAdd(x, b1, s01);
            x = Vector256.Create(a[k + strideA]);
            s10 = Vector256.FusedMultiplyAdd(x, b0, s10);
            s11 = Vector256.FusedMultiplyAdd(x, b1, s11);
            x = Vector256.Create(a[k + (2 * strideA)]);
            s20 = Vector256.FusedMultiplyAdd(x, b0, s20);
            s21 = Vector256.FusedMultiplyAdd(x, b1, s21);
            x = Vector256.Create(a[k + (3 * strideA)]);
            s30 = Vector256.FusedMultiplyAdd(x, b0, s30);
            s31 = Vector256.FusedMultiplyAdd(x, b1, s31);
            x = Vector256.Create(a[k + (4 * strideA)]);
            s40 = Vector256.FusedMultiplyAdd(x, b0, s40);
            s41 = Vector256.FusedMultiplyAdd(x, b1, s41);
            x = Vector256.Create(a[k + (5 * strideA)]);
            s50 = Vector256.FusedMultiplyAdd(x, b0, s50);
            s51 = Vector256.FusedMultiplyAdd(x, b1, s51);
        }

        Store(in work, row, column, s00, s01);
        Store(in work, row + 1, column, s10, s11);
        Store(in work, row + 2, column, s20, s21);
        Store(in work, row + 3, column, s30, s31);
        Store(in work, row + 4, column, s40, s41);
        Store(in work, row + 5, column, s50, s51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Work work, int row, int column, Vector256<float> first, Vector256<float> second)
    {
        var place = ((nint)row * work.StrideC) + column;
        var alpha = Vector256.Create(work.Alpha);
        (first, second) = (first * alpha, second * alpha);
        if (work.D != null)
        {
            var beta = Vector256.Create(work.Beta);
            first = Vector256.FusedMultiplyAdd(beta, Vector256.Load(work.D + place), first);
            second = Vector256.FusedMultiplyAdd(beta, Vector256.Load(work.D + place + Vector256<float>.Count), second);
        }

        first.Store(work.C + place);
        second.Store(work.C + place + Vector256<float>.Count);
    }

    private struct Work
    {
        public float* A;
        public float* B;
        public float* C;
        public float* D;
        public float* Panels;
        public bool IsTransposed;
        public int Rows;
        public int Columns;
        public int StrideA;
        public int StrideB;
        public int StrideC;
        public int Inner;
        public float Alpha;
        public float Beta;
    }
}
