using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnGen.Runtime;

/// <summary>256-bit vectors with fused multiply-add.</summary>
public readonly unsafe struct Avx2Unit : IVectorUnit<Vector256<float>, Vector256<uint>, Vector256<double>>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <inheritdoc/>
    public static int Lanes
    {
        [MethodImpl(Inline)]
        get => 8;
    }

    /// <inheritdoc/>
    public static int Tile
    {
        [MethodImpl(Inline)]
        get => 8;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> Load(float* source) => Avx.LoadVector256(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(float* target, Vector256<float> value) => Avx.Store(target, value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> LoadPartial(float* source, int count) => Avx.MaskLoad(source, MaskOf(count));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePartial(float* target, Vector256<float> value, int count) => Avx.MaskStore(target, MaskOf(count), value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => Avx.Add(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => Avx.Subtract(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => Avx.Multiply(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => Avx.Divide(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> MultiplySubtractFrom(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Fma.MultiplyAddNegated(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Avx.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Avx.Min(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> SquareRoot(Vector256<float> value) => Avx.Sqrt(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> Abs(Vector256<float> value) => Avx.AndNot(Vector256.Create(-0f), value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> CopySign(Vector256<float> magnitude, Vector256<float> sign) =>
        Avx.Or(Abs(magnitude), Avx.And(Vector256.Create(-0f), sign));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> SelectGreater(Vector256<float> a, Vector256<float> b, Vector256<float> ifGreater, Vector256<float> otherwise) =>
        Avx.BlendVariable(otherwise, ifGreater, Avx.CompareGreaterThan(a, b));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> AsInts(Vector256<float> value) => value.AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> AsFloats(Vector256<uint> value) => value.AsSingle();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> BroadcastInts(uint value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> LaneIndices() => Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> AddInts(Vector256<uint> a, Vector256<uint> b) => Avx2.Add(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> SubtractInts(Vector256<uint> a, Vector256<uint> b) => Avx2.Subtract(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> MultiplyInts(Vector256<uint> a, Vector256<uint> b) => Avx2.MultiplyLow(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b) => Avx2.Xor(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> And(Vector256<uint> a, Vector256<uint> b) => Avx2.And(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> ShiftLeft(Vector256<uint> value, [ConstantExpected] byte count) => Avx2.ShiftLeftLogical(value, count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> ShiftRight(Vector256<uint> value, [ConstantExpected] byte count) => Avx2.ShiftRightLogical(value, count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<uint> ShiftRightSigned(Vector256<uint> value, [ConstantExpected] byte count) =>
        Avx2.ShiftRightArithmetic(value.AsInt32(), count).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> ConvertSigned(Vector256<uint> value) => Avx.ConvertToVector256Single(value.AsInt32());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<float> SelectAtLeast(Vector256<uint> a, Vector256<uint> b, Vector256<float> ifAtLeast, Vector256<float> otherwise) =>
        Avx.BlendVariable(otherwise, ifAtLeast, Avx2.CompareEqual(Avx2.Max(a, b), a).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<double> WidenLow(Vector256<float> value) => Avx.ConvertToVector256Double(value.GetLower());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<double> WidenHigh(Vector256<float> value) => Avx.ConvertToVector256Double(value.GetUpper());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<double> BroadcastWide(double value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<double> LoadLow(double* source) => Avx.LoadVector256(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<double> LoadHigh(double* source) => Avx.LoadVector256(source + 4);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreLow(double* target, Vector256<double> value) => Avx.Store(target, value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreHigh(double* target, Vector256<double> value) => Avx.Store(target + 4, value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<double> AddWide(Vector256<double> a, Vector256<double> b) => Avx.Add(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<double> SubtractWide(Vector256<double> a, Vector256<double> b) => Avx.Subtract(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<double> MultiplyAddWide(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Fma.MultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void TransposeTile(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var r0 = Avx.LoadVector256(source);
        var r1 = Avx.LoadVector256(source + sourceStride);
        var r2 = Avx.LoadVector256(source + (2 * sourceStride));
        var r3 = Avx.LoadVector256(source + (3 * sourceStride));
        var r4 = Avx.LoadVector256(source + (4 * sourceStride));
        var r5 = Avx.LoadVector256(source + (5 * sourceStride));
        var r6 = Avx.LoadVector256(source + (6 * sourceStride));
        var r7 = Avx.LoadVector256(source + (7 * sourceStride));

        // Pairs of rows interleaved, then pairs of pairs: each quarter now holds four elements of one column.
        var a0 = Avx.UnpackLow(r0, r1);
        var a1 = Avx.UnpackHigh(r0, r1);
        var a2 = Avx.UnpackLow(r2, r3);
        var a3 = Avx.UnpackHigh(r2, r3);
        var a4 = Avx.UnpackLow(r4, r5);
        var a5 = Avx.UnpackHigh(r4, r5);
        var a6 = Avx.UnpackLow(r6, r7);
        var a7 = Avx.UnpackHigh(r6, r7);

        var b0 = Avx.Shuffle(a0, a2, 0x44);
        var b1 = Avx.Shuffle(a0, a2, 0xEE);
        var b2 = Avx.Shuffle(a1, a3, 0x44);
        var b3 = Avx.Shuffle(a1, a3, 0xEE);
        var b4 = Avx.Shuffle(a4, a6, 0x44);
        var b5 = Avx.Shuffle(a4, a6, 0xEE);
        var b6 = Avx.Shuffle(a5, a7, 0x44);
        var b7 = Avx.Shuffle(a5, a7, 0xEE);

        Avx.Store(target, Avx.Permute2x128(b0, b4, 0x20));
        Avx.Store(target + targetStride, Avx.Permute2x128(b1, b5, 0x20));
        Avx.Store(target + (2 * targetStride), Avx.Permute2x128(b2, b6, 0x20));
        Avx.Store(target + (3 * targetStride), Avx.Permute2x128(b3, b7, 0x20));
        Avx.Store(target + (4 * targetStride), Avx.Permute2x128(b0, b4, 0x31));
        Avx.Store(target + (5 * targetStride), Avx.Permute2x128(b1, b5, 0x31));
        Avx.Store(target + (6 * targetStride), Avx.Permute2x128(b2, b6, 0x31));
        Avx.Store(target + (7 * targetStride), Avx.Permute2x128(b3, b7, 0x31));
    }

    [MethodImpl(Inline)]
    internal static Vector256<float> MaskOf(int count) =>
        Avx2.CompareGreaterThan(Vector256.Create(count), Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7)).AsSingle();
}
