using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <remarks>Batch normalisation over one channel at a time, whose rows lie contiguously.</remarks>
public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>Partial sums of a plane: column i of a row goes to sum i mod 32, on every instruction set.</summary>
    private const int PlaneStrands = 32;

    /// <summary>What each element adds to a sum.</summary>
    private interface IPlaneTerm
    {
        TWide AddTo(TWide sum, TWide x, TWide g, TWide mean);

        double AddTo(double sum, double x, double g, double mean);
    }

    /// <summary>The sum of one channel.</summary>
    /// <param name="x">The plane.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="rowStride">Floats from a row to the next.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(Kernel)]
    public static double PlaneSum(float* x, int rows, int width, int rowStride) =>
        AccumulatePlane(x, rowStride, x, rowStride, rows, width, 0, default(PlainPlaneTerm));

    /// <summary>The sum of (x - mean)^2 over one channel.</summary>
    /// <param name="x">The plane.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="rowStride">Floats from a row to the next.</param>
    /// <param name="mean">The channel's mean.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(Kernel)]
    public static double PlaneSquares(float* x, int rows, int width, int rowStride, double mean) =>
        AccumulatePlane(x, rowStride, x, rowStride, rows, width, mean, default(SquarePlaneTerm));

    /// <summary>The sum of g * (x - mean) over one channel; the sum of g alone is <see cref="PlaneSum"/> of it.</summary>
    /// <param name="x">The plane.</param>
    /// <param name="xRowStride">Its floats from a row to the next.</param>
    /// <param name="g">The gradient by the output.</param>
    /// <param name="gRowStride">Its floats from a row to the next.</param>
    /// <param name="rows">Rows of both.</param>
    /// <param name="width">Columns of both.</param>
    /// <param name="mean">The channel's mean.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(Kernel)]
    public static double PlaneProducts(float* x, int xRowStride, float* g, int gRowStride, int rows, int width, double mean) =>
        AccumulatePlane(x, xRowStride, g, gRowStride, rows, width, mean, default(ProductPlaneTerm));

    /// <summary>y = x * scale + shift.</summary>
    /// <param name="x">The input plane.</param>
    /// <param name="xRowStride">Its floats from a row to the next.</param>
    /// <param name="y">Receives the output plane; may be <paramref name="x"/>.</param>
    /// <param name="yRowStride">Its floats from a row to the next.</param>
    /// <param name="rows">Rows of both.</param>
    /// <param name="width">Columns of both.</param>
    /// <param name="scale">The channel's factor.</param>
    /// <param name="shift">The channel's addend.</param>
    [MethodImpl(Kernel)]
    public static void ScaleShiftPlane(float* x, int xRowStride, float* y, int yRowStride, int rows, int width, float scale, float shift)
    {
        for (nint row = 0; row < rows; row++)
            Map(x + (row * xRowStride), y + (row * yRowStride), width, new ScaleShiftMap(scale, shift));
    }

    /// <summary>The gradient by the input: dx = a * g + b * x + d.</summary>
    /// <param name="x">The input plane.</param>
    /// <param name="xRowStride">Its floats from a row to the next.</param>
    /// <param name="g">The gradient by the output.</param>
    /// <param name="gRowStride">Its floats from a row to the next.</param>
    /// <param name="dx">Receives the gradient by the input; may be <paramref name="g"/> or <paramref name="x"/>.</param>
    /// <param name="dxRowStride">Its floats from a row to the next.</param>
    /// <param name="rows">Rows of all three.</param>
    /// <param name="width">Columns of all three.</param>
    /// <param name="a">The gradient's factor.</param>
    /// <param name="b">The input's factor.</param>
    /// <param name="d">The addend.</param>
    [MethodImpl(Kernel)]
    public static void CombinePlane(
        float* x, int xRowStride, float* g, int gRowStride, float* dx, int dxRowStride, int rows, int width, float a, float b, float d)
    {
        for (nint row = 0; row < rows; row++)
            Zip(x + (row * xRowStride), g + (row * gRowStride), dx + (row * dxRowStride), width, new CombineZip(a, b, d));
    }

    [MethodImpl(Inline)]
    private static double AccumulatePlane<TTerm>(float* x, nint xRowStride, float* g, nint gRowStride, nint rows, nint width, double mean, TTerm term)
        where TTerm : struct, IPlaneTerm
    {
        var strands = stackalloc double[PlaneStrands];
        new Span<double>(strands, PlaneStrands).Clear();
        var wideMean = TUnit.BroadcastWide(mean);
        for (nint row = 0; row < rows; row++)
        {
            var xs = x + (row * xRowStride);
            var gs = g + (row * gRowStride);
            nint i = 0;
            for (; i <= width - TUnit.Lanes; i += TUnit.Lanes)
            {
                var strand = strands + (i & (PlaneStrands - 1));
                var values = TUnit.Load(xs + i);
                var gradients = TUnit.Load(gs + i);
                TUnit.StoreLow(strand, term.AddTo(TUnit.LoadLow(strand), TUnit.WidenLow(values), TUnit.WidenLow(gradients), wideMean));
                TUnit.StoreHigh(strand, term.AddTo(TUnit.LoadHigh(strand), TUnit.WidenHigh(values), TUnit.WidenHigh(gradients), wideMean));
            }

            for (; i < width; i++)
                strands[i & (PlaneStrands - 1)] = term.AddTo(strands[i & (PlaneStrands - 1)], xs[i], gs[i], mean);
        }

        for (var half = PlaneStrands / 2; half > 0; half /= 2)
        {
            for (var j = 0; j < half; j++)
                strands[j] += strands[j + half];
        }

        return strands[0];
    }

    private readonly struct PlainPlaneTerm : IPlaneTerm
    {
        [MethodImpl(Inline)]
        public TWide AddTo(TWide sum, TWide x, TWide g, TWide mean) => TUnit.AddWide(sum, x);

        [MethodImpl(Inline)]
        public double AddTo(double sum, double x, double g, double mean) => sum + x;
    }

    private readonly struct SquarePlaneTerm : IPlaneTerm
    {
        [MethodImpl(Inline)]
        public TWide AddTo(TWide sum, TWide x, TWide g, TWide mean)
        {
            var difference = TUnit.SubtractWide(x, mean);
            return TUnit.MultiplyAddWide(difference, difference, sum);
        }

        [MethodImpl(Inline)]
        public double AddTo(double sum, double x, double g, double mean) => Math.FusedMultiplyAdd(x - mean, x - mean, sum);
    }

    private readonly struct ProductPlaneTerm : IPlaneTerm
    {
        [MethodImpl(Inline)]
        public TWide AddTo(TWide sum, TWide x, TWide g, TWide mean) => TUnit.MultiplyAddWide(g, TUnit.SubtractWide(x, mean), sum);

        [MethodImpl(Inline)]
        public double AddTo(double sum, double x, double g, double mean) => Math.FusedMultiplyAdd(g, x - mean, sum);
    }

    private readonly struct ScaleShiftMap(float scale, float shift) : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => TUnit.MultiplyAdd(x, TUnit.Broadcast(scale), TUnit.Broadcast(shift));
    }

    private readonly struct CombineZip(float a, float b, float d) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x, TVector g) =>
            TUnit.MultiplyAdd(TUnit.Broadcast(a), g, TUnit.MultiplyAdd(TUnit.Broadcast(b), x, TUnit.Broadcast(d)));
    }
}
