using System.Diagnostics.CodeAnalysis;

namespace CnnGen.Runtime;

/// <summary>
/// One instruction set as the kernels see it: vectors of <see cref="Lanes"/> floats and what can be done with them. Every operation gives the same
/// bits in each lane on every unit (fused multiply-adds are fused on all of them), so a kernel written once against this interface computes
/// the same result whatever the machine.
/// </summary>
/// <remarks>
/// Where an operation's operands include a NaN, the payload of the resulting NaN may differ between units; that it is a NaN does not.
/// A wide vector holds doubles: the low and the high half of a vector's lanes. On a unit of one lane the high half is empty.
/// </remarks>
/// <typeparam name="TVector">Floats.</typeparam>
/// <typeparam name="TInts">Unsigned integers of 32 bits, as many.</typeparam>
/// <typeparam name="TWide">Doubles, half as many (or one).</typeparam>
public unsafe interface IVectorUnit<TVector, TInts, TWide>
    where TVector : struct
    where TInts : struct
    where TWide : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Rows and columns of the block that <see cref="TransposeTile"/> moves.</summary>
    static abstract int Tile { get; }

    /// <summary>Reads a whole vector; any alignment.</summary>
    static abstract TVector Load(float* source);

    /// <summary>Writes a whole vector; any alignment.</summary>
    static abstract void Store(float* target, TVector value);

    /// <summary>Reads the first <paramref name="count"/> lanes (1 to Lanes - 1) and zeros the others; touches no memory past them.</summary>
    static abstract TVector LoadPartial(float* source, int count);

    /// <summary>Writes the first <paramref name="count"/> lanes (1 to Lanes - 1); touches no memory past them.</summary>
    static abstract void StorePartial(float* target, TVector value, int count);

    /// <summary>The value in every lane.</summary>
    static abstract TVector Broadcast(float value);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a - b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a * b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>c - a * b, rounded once.</summary>
    static abstract TVector MultiplySubtractFrom(TVector a, TVector b, TVector c);

    /// <summary>a &gt; b ? a : b, as x86 defines it: b where either is NaN or both are zeros.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>a &lt; b ? a : b, as x86 defines it: b where either is NaN or both are zeros.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The square root, correctly rounded.</summary>
    static abstract TVector SquareRoot(TVector value);

    /// <summary>The value without its sign.</summary>
    static abstract TVector Abs(TVector value);

    /// <summary>|magnitude| with the sign of <paramref name="sign"/>.</summary>
    static abstract TVector CopySign(TVector magnitude, TVector sign);

    /// <summary>a &gt; b ? ifGreater : otherwise; a NaN is not greater.</summary>
    static abstract TVector SelectGreater(TVector a, TVector b, TVector ifGreater, TVector otherwise);

    /// <summary>The bits of the floats.</summary>
    static abstract TInts AsInts(TVector value);

    /// <summary>The floats that have these bits.</summary>
    static abstract TVector AsFloats(TInts value);

    /// <summary>The value in every lane.</summary>
    static abstract TInts BroadcastInts(uint value);

    /// <summary>0, 1, 2, ...</summary>
    static abstract TInts LaneIndices();

    /// <summary>a + b, modulo 2^32.</summary>
    static abstract TInts AddInts(TInts a, TInts b);

    /// <summary>a - b, modulo 2^32.</summary>
    static abstract TInts SubtractInts(TInts a, TInts b);

    /// <summary>a * b, modulo 2^32.</summary>
    static abstract TInts MultiplyInts(TInts a, TInts b);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract TInts Xor(TInts a, TInts b);

    /// <summary>Bitwise and.</summary>
    static abstract TInts And(TInts a, TInts b);

    /// <summary>Shift towards the high bits.</summary>
    static abstract TInts ShiftLeft(TInts value, [ConstantExpected] byte count);

    /// <summary>Shift towards the low bits, zeros coming in.</summary>
    static abstract TInts ShiftRight(TInts value, [ConstantExpected] byte count);

    /// <summary>Shift towards the low bits, the sign coming in.</summary>
    static abstract TInts ShiftRightSigned(TInts value, [ConstantExpected] byte count);

    /// <summary>Signed integers as floats.</summary>
    static abstract TVector ConvertSigned(TInts value);

    /// <summary>a &gt;= b (unsigned) ? ifAtLeast : otherwise.</summary>
    static abstract TVector SelectAtLeast(TInts a, TInts b, TVector ifAtLeast, TVector otherwise);

    /// <summary>The low half of the lanes as doubles.</summary>
    static abstract TWide WidenLow(TVector value);

    /// <summary>The high half of the lanes as doubles.</summary>
    static abstract TWide WidenHigh(TVector value);

    /// <summary>The value in every lane.</summary>
    static abstract TWide BroadcastWide(double value);

    /// <summary>Reads the doubles of the low half of the lanes of the vector whose first double is at <paramref name="source"/>.</summary>
    static abstract TWide LoadLow(double* source);

    /// <summary>Reads the doubles of the high half.</summary>
    static abstract TWide LoadHigh(double* source);

    /// <summary>Writes the doubles of the low half.</summary>
    static abstract void StoreLow(double* target, TWide value);

    /// <summary>Writes the doubles of the high half.</summary>
    static abstract void StoreHigh(double* target, TWide value);

    /// <summary>a + b.</summary>
    static abstract TWide AddWide(TWide a, TWide b);

    /// <summary>a - b.</summary>
    static abstract TWide SubtractWide(TWide a, TWide b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TWide MultiplyAddWide(TWide a, TWide b, TWide c);

    /// <summary>target[column * targetStride + row] = source[row * sourceStride + column] for a block of <see cref="Tile"/> rows and columns.</summary>
    static abstract void TransposeTile(float* source, nint sourceStride, float* target, nint targetStride);
}
