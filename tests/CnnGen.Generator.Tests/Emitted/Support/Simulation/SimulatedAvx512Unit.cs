using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>A stand-in for <see cref="Avx512Unit"/> on machines without AVX-512: the same vectors by what the framework makes of halves, so that the library's kernels run with 16 lanes.</summary>
public readonly unsafe struct SimulatedAvx512Unit : IVectorUnit<Vector512<float>, Vector512<uint>, Vector512<double>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <inheritdoc/>
    public static int Lanes
    {
        [MethodImpl(Inline)]
        get => 16;
    }

    /// <inheritdoc/>
    public static int Tile
    {
        [MethodImpl(Inline)]
        get => 8;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(float* target, Vector512<float> value) => value.Store(target);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> LoadPartial(float* source, int count)
    {
        // Halves, since the 512-bit masked load is not in .NET 9's surface.
        var lower = count < 8 ? Avx2Unit.LoadPartial(source, count) : Avx.LoadVector256(source);
        var upper = count > 8 ? Avx2Unit.LoadPartial(source + 8, count - 8) : Vector256<float>.Zero;
        return Vector512.Create(lower, upper);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePartial(float* target, Vector512<float> value, int count)
    {
        if (count < 8)
        {
            Avx2Unit.StorePartial(target, value.GetLower(), count);
            return;
        }

        Avx.Store(target, value.GetLower());
        if (count > 8)
            Avx2Unit.StorePartial(target + 8, value.GetUpper(), count - 8);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> MultiplySubtractFrom(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(-a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => SimulatedAvx512F.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => SimulatedAvx512F.Min(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> SquareRoot(Vector512<float> value) => Vector512.Sqrt(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Abs(Vector512<float> value) => Vector512.AndNot(value, Vector512.Create(-0f));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> CopySign(Vector512<float> magnitude, Vector512<float> sign) =>
        Abs(magnitude) | (Vector512.Create(-0f) & sign);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> SelectGreater(Vector512<float> a, Vector512<float> b, Vector512<float> ifGreater, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), ifGreater, otherwise);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> AsInts(Vector512<float> value) => value.AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> AsFloats(Vector512<uint> value) => value.AsSingle();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> BroadcastInts(uint value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> LaneIndices() => Vector512.Create(0u, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> AddInts(Vector512<uint> a, Vector512<uint> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> SubtractInts(Vector512<uint> a, Vector512<uint> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> MultiplyInts(Vector512<uint> a, Vector512<uint> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> And(Vector512<uint> a, Vector512<uint> b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> ShiftLeft(Vector512<uint> value, [ConstantExpected] byte count) => Vector512.ShiftLeft(value, count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> ShiftRight(Vector512<uint> value, [ConstantExpected] byte count) => Vector512.ShiftRightLogical(value, count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> ShiftRightSigned(Vector512<uint> value, [ConstantExpected] byte count) =>
        Vector512.ShiftRightArithmetic(value.AsInt32(), count).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> ConvertSigned(Vector512<uint> value) => Vector512.ConvertToSingle(value.AsInt32());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> SelectAtLeast(Vector512<uint> a, Vector512<uint> b, Vector512<float> ifAtLeast, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(a, b).AsSingle(), ifAtLeast, otherwise);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> WidenLow(Vector512<float> value) => Vector512.WidenLower(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> WidenHigh(Vector512<float> value) => Vector512.WidenUpper(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> BroadcastWide(double value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> LoadLow(double* source) => Vector512.Load(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> LoadHigh(double* source) => Vector512.Load(source + 8);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreLow(double* target, Vector512<double> value) => value.Store(target);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreHigh(double* target, Vector512<double> value) => value.Store(target + 8);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> AddWide(Vector512<double> a, Vector512<double> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> SubtractWide(Vector512<double> a, Vector512<double> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> MultiplyAddWide(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void TransposeTile(float* source, nint sourceStride, float* target, nint targetStride) =>
        Avx2Unit.TransposeTile(source, sourceStride, target, targetStride);
}
