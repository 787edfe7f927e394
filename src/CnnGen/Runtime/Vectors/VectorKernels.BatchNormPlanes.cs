using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <remarks>Batch normalisation over one channel at a time, whose rows lie contiguously.</remarks>
public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>The sum of one channel.</summary>
    /// <param name="x">The plane.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="rowStride">Floats from a row to the next.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(Kernel)]
    public static double PlaneSum(float* x, int rows, int width, int rowStride) =>
        Accumulate(x, rowStride, x, rowStride, rows, width, 0, default(PlainTerm));

    /// <summary>The sum of (x - mean)^2 over one channel.</summary>
    /// <param name="x">The plane.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="rowStride">Floats from a row to the next.</param>
    /// <param name="mean">The channel's mean.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(Kernel)]
    public static double PlaneSquares(float* x, int rows, int width, int rowStride, double mean) =>
        Accumulate(x, rowStride, x, rowStride, rows, width, mean, default(DeviationTerm));

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
        Accumulate(x, xRowStride, g, gRowStride, rows, width, mean, default(ProductTerm));

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
