using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnGen.Runtime;

/// <summary>512-bit vectors (AVX-512 F, DQ and VL).</summary>
public readonly unsafe struct Avx512Unit : IVectorUnit<Vector512<float>, Vector512<uint>, Vector512<double>>
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
    public static Vector512<float> Load(float* source) => Avx512F.LoadVector512(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(float* target, Vector512<float> value) => Avx512F.Store(target, value);

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
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => Avx512F.Add(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => Avx512F.Subtract(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => Avx512F.Multiply(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => Avx512F.Divide(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> MultiplySubtractFrom(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Avx512F.FusedMultiplyAddNegated(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Avx512F.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Avx512F.Min(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> SquareRoot(Vector512<float> value) => Avx512F.Sqrt(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> Abs(Vector512<float> value) => Avx512DQ.AndNot(Vector512.Create(-0f), value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> CopySign(Vector512<float> magnitude, Vector512<float> sign) =>
        Avx512DQ.Or(Abs(magnitude), Avx512DQ.And(Vector512.Create(-0f), sign));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> SelectGreater(Vector512<float> a, Vector512<float> b, Vector512<float> ifGreater, Vector512<float> otherwise) =>
        Avx512F.BlendVariable(otherwise, ifGreater, Avx512F.CompareGreaterThan(a, b));

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
    public static Vector512<uint> AddInts(Vector512<uint> a, Vector512<uint> b) => Avx512F.Add(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> SubtractInts(Vector512<uint> a, Vector512<uint> b) => Avx512F.Subtract(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> MultiplyInts(Vector512<uint> a, Vector512<uint> b) => Avx512F.MultiplyLow(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => Avx512F.Xor(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> And(Vector512<uint> a, Vector512<uint> b) => Avx512F.And(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> ShiftLeft(Vector512<uint> value, [ConstantExpected] byte count) => Avx512F.ShiftLeftLogical(value, count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> ShiftRight(Vector512<uint> value, [ConstantExpected] byte count) => Avx512F.ShiftRightLogical(value, count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<uint> ShiftRightSigned(Vector512<uint> value, [ConstantExpected] byte count) =>
        Avx512F.ShiftRightArithmetic(value.AsInt32(), count).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> ConvertSigned(Vector512<uint> value) => Avx512F.ConvertToVector512Single(value.AsInt32());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<float> SelectAtLeast(Vector512<uint> a, Vector512<uint> b, Vector512<float> ifAtLeast, Vector512<float> otherwise) =>
        Avx512F.BlendVariable(otherwise, ifAtLeast, Avx512F.CompareGreaterThanOrEqual(a, b).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> WidenLow(Vector512<float> value) => Avx512F.ConvertToVector512Double(value.GetLower());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> WidenHigh(Vector512<float> value) => Avx512F.ConvertToVector512Double(value.GetUpper());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> BroadcastWide(double value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> LoadLow(double* source) => Avx512F.LoadVector512(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> LoadHigh(double* source) => Avx512F.LoadVector512(source + 8);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreLow(double* target, Vector512<double> value) => Avx512F.Store(target, value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreHigh(double* target, Vector512<double> value) => Avx512F.Store(target + 8, value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> AddWide(Vector512<double> a, Vector512<double> b) => Avx512F.Add(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> SubtractWide(Vector512<double> a, Vector512<double> b) => Avx512F.Subtract(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<double> MultiplyAddWide(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Avx512F.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void TransposeTile(float* source, nint sourceStride, float* target, nint targetStride) =>
        Avx2Unit.TransposeTile(source, sourceStride, target, targetStride);
}
