using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>y = a + b.</summary>
    /// <param name="a">n floats.</param>
    /// <param name="b">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="a"/> or <paramref name="b"/>.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void Add(float* a, float* b, float* y, int n) => Zip(a, b, y, n, default(SumZip));

    /// <summary>y = a * b.</summary>
    /// <param name="a">n floats.</param>
    /// <param name="b">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="a"/> or <paramref name="b"/>.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void Multiply(float* a, float* b, float* y, int n) => Zip(a, b, y, n, default(ProductZip));

    /// <summary>target += source.</summary>
    /// <param name="source">n floats.</param>
    /// <param name="target">n floats.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void AddInto(float* source, float* target, int n) => Zip(target, source, target, n, default(SumZip));

    /// <summary>y = factor * x.</summary>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void Scale(float* x, float* y, float factor, int n) => Map(x, y, n, new ScaleMap(factor));

    /// <summary>Sets n floats to 0.</summary>
    /// <param name="p">n floats.</param>
    /// <param name="n">The number of elements.</param>
    public static void Clear(float* p, int n) => new Span<float>(p, n).Clear();

    /// <summary>
    /// result = partials[0] + partials[1] + ..., added in that order: the sum of what several workers made, independent of which worker was first.
    /// </summary>
    /// <param name="partials">count rows of n floats.</param>
    /// <param name="count">The number of rows; 0 gives zeros.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="result">Receives n floats; may be the first row.</param>
    /// <param name="n">The number of elements of a row.</param>
    [MethodImpl(Kernel)]
    public static void SumPartials(float* partials, int count, int stride, float* result, int n)
    {
        if (count <= 0)
        {
            Clear(result, n);
            return;
        }

        for (nint i = 0; i < n; i += TUnit.Lanes)
        {
            var lanes = (int)Math.Min(TUnit.Lanes, n - i);
            var sum = LoadCount(partials + i, lanes);
            for (nint k = 1; k < count; k++)
                sum = TUnit.Add(sum, LoadCount(partials + i + (k * stride), lanes));
            StoreCount(result + i, sum, lanes);
        }
    }

    /// <summary>As <see cref="SumPartials(float*, int, int, float*, int)"/>, of the elements [from, to) only, as far as there are such.</summary>
    /// <param name="partials">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="result">Receives the elements of n floats that lie in the range.</param>
    /// <param name="n">The number of elements of a row.</param>
    /// <param name="from">The first element; may be negative.</param>
    /// <param name="to">The element after the last; may be more than <paramref name="n"/>.</param>
    public static void SumPartials(float* partials, int count, int stride, float* result, int n, int from, int to)
    {
        from = Math.Max(from, 0);
        to = Math.Min(to, n);
        if (from < to)
            SumPartials(partials + from, count, stride, result + from, to - from);
    }

    private readonly struct SumZip : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector a, TVector b) => TUnit.Add(a, b);
    }

    private readonly struct ProductZip : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector a, TVector b) => TUnit.Multiply(a, b);
    }
}
