using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnGen.Runtime;

/// <summary>The kernels in AVX-512.</summary>
public sealed class Avx512Kernels : VectorKernels<Avx512Unit, Vector512<float>, Vector512<uint>, Vector512<double>>
{
    private Avx512Kernels()
    {
    }
}

/// <summary>The kernels in AVX2.</summary>
public sealed class Avx2Kernels : VectorKernels<Avx2Unit, Vector256<float>, Vector256<uint>, Vector256<double>>
{
    private Avx2Kernels()
    {
    }
}

/// <summary>The kernels one float at a time.</summary>
public sealed class ScalarKernels : VectorKernels<ScalarUnit, float, uint, double>
{
    private ScalarKernels()
    {
    }
}

/// <summary>
/// The elementwise and reducing kernels that emitted code calls, written once for every instruction set; emitted code names the set:
/// <c>Avx512Kernels.Softmax(x, y, 10)</c>.
/// </summary>
/// <remarks>
/// Common to all: pointers need no alignment; exactly the floats named are read and written; a length of 0 does nothing; nothing is allocated
/// on the managed heap; and every instruction set gives the same bits (sums are taken in an order that does not depend on the number of lanes).
/// Input and output may be the same memory, but may not overlap otherwise, unless a method says more.
/// </remarks>
/// <typeparam name="TUnit">The instruction set.</typeparam>
/// <typeparam name="TVector">Its floats.</typeparam>
/// <typeparam name="TInts">Its integers.</typeparam>
/// <typeparam name="TWide">Its doubles.</typeparam>
public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
    where TUnit : struct, IVectorUnit<TVector, TInts, TWide>
    where TVector : struct
    where TInts : struct
    where TWide : struct
{
    // Straight to full optimisation: the unoptimised form of generic static abstract calls is a hundred times slower.
    private const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization;
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private protected VectorKernels()
    {
    }

    /// <summary>A function of one element.</summary>
    private interface IMap
    {
        TVector Apply(TVector x);
    }

    /// <summary>A function of two elements.</summary>
    private interface IZip
    {
        TVector Apply(TVector a, TVector b);
    }

    [MethodImpl(Inline)]
    private static void Map<TMap>(float* x, float* y, nint n, TMap map)
        where TMap : struct, IMap
    {
        nint i = 0;
        for (; i <= n - TUnit.Lanes; i += TUnit.Lanes)
            TUnit.Store(y + i, map.Apply(TUnit.Load(x + i)));
        if (TUnit.Lanes > 1 && i < n)
            TUnit.StorePartial(y + i, map.Apply(TUnit.LoadPartial(x + i, (int)(n - i))), (int)(n - i));
    }

    [MethodImpl(Inline)]
    private static void Zip<TZip>(float* a, float* b, float* y, nint n, TZip zip)
        where TZip : struct, IZip
    {
        nint i = 0;
        for (; i <= n - TUnit.Lanes; i += TUnit.Lanes)
            TUnit.Store(y + i, zip.Apply(TUnit.Load(a + i), TUnit.Load(b + i)));
        if (TUnit.Lanes > 1 && i < n)
        {
            var rest = (int)(n - i);
            TUnit.StorePartial(y + i, zip.Apply(TUnit.LoadPartial(a + i, rest), TUnit.LoadPartial(b + i, rest)), rest);
        }
    }

    [MethodImpl(Inline)]
    private static TVector LoadCount(float* source, int count) =>
        TUnit.Lanes == 1 || count == TUnit.Lanes ? TUnit.Load(source) : TUnit.LoadPartial(source, count);

    [MethodImpl(Inline)]
    private static void StoreCount(float* target, TVector value, int count)
    {
        if (TUnit.Lanes == 1 || count == TUnit.Lanes)
            TUnit.Store(target, value);
        else
            TUnit.StorePartial(target, value, count);
    }
}
