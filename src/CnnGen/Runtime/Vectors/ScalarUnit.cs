using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <summary>One float at a time: what every machine can do.</summary>
public readonly unsafe struct ScalarUnit : IVectorUnit<float, uint, double>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const uint SignBit = 0x8000_0000;

    /// <inheritdoc/>
    public static int Lanes
    {
        [MethodImpl(Inline)]
        get => 1;
    }

    /// <inheritdoc/>
    public static int Tile
    {
        [MethodImpl(Inline)]
        get => 1;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float Load(float* source) => *source;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(float* target, float value) => *target = value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float LoadPartial(float* source, int count) => 0f;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePartial(float* target, float value, int count)
    {
        // There is no part of one lane.
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float Broadcast(float value) => value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float Add(float a, float b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float Subtract(float a, float b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float Multiply(float a, float b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float Divide(float a, float b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float MultiplySubtractFrom(float a, float b, float c) => MathF.FusedMultiplyAdd(-a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float Max(float a, float b) => a > b ? a : b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float Min(float a, float b) => a < b ? a : b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float SquareRoot(float value) => MathF.Sqrt(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float Abs(float value) => MathF.Abs(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float CopySign(float magnitude, float sign) =>
        BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(magnitude) & ~SignBit) | (BitConverter.SingleToUInt32Bits(sign) & SignBit));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float SelectGreater(float a, float b, float ifGreater, float otherwise) => a > b ? ifGreater : otherwise;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint AsInts(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float AsFloats(uint value) => BitConverter.UInt32BitsToSingle(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint BroadcastInts(uint value) => value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint LaneIndices() => 0;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint AddInts(uint a, uint b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint SubtractInts(uint a, uint b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint MultiplyInts(uint a, uint b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint Xor(uint a, uint b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint And(uint a, uint b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint ShiftLeft(uint value, [ConstantExpected] byte count) => value << count;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint ShiftRight(uint value, [ConstantExpected] byte count) => value >> count;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static uint ShiftRightSigned(uint value, [ConstantExpected] byte count) => (uint)((int)value >> count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float ConvertSigned(uint value) => (int)value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static float SelectAtLeast(uint a, uint b, float ifAtLeast, float otherwise) => a >= b ? ifAtLeast : otherwise;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static double WidenLow(float value) => value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static double WidenHigh(float value) => 0;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static double BroadcastWide(double value) => value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static double LoadLow(double* source) => *source;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static double LoadHigh(double* source) => 0;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreLow(double* target, double value) => *target = value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreHigh(double* target, double value)
    {
        // The high half of one lane is empty.
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static double AddWide(double a, double b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static double SubtractWide(double a, double b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static double MultiplyAddWide(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void TransposeTile(float* source, nint sourceStride, float* target, nint targetStride) => *target = *source;
}
