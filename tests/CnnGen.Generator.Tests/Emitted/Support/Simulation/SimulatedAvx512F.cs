using System.Runtime.Intrinsics;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// A stand-in for the AVX-512 instructions (F and DQ) that emitted code and the library's kernels use, for machines without them: each gives what the instruction gives, bit for bit, by vectors that the framework makes of
/// halves where the processor has none.
/// </summary>
public static unsafe class SimulatedAvx512F
{
    public static Vector512<float> LoadVector512(float* address) => Vector512.Load(address);

    public static void Store(float* address, Vector512<float> source) => source.Store(address);

    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    /// <summary>a * b + c, rounded once.</summary>
    public static Vector512<float> FusedMultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    /// <summary>c - a * b, rounded once.</summary>
    public static Vector512<float> FusedMultiplyAddNegated(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(-a, b, c);

    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    public static Vector512<float> Sqrt(Vector512<float> value) => Vector512.Sqrt(value);

    public static Vector512<float> And(Vector512<float> left, Vector512<float> right) => left & right;

    public static Vector512<float> Or(Vector512<float> left, Vector512<float> right) => left | right;

    /// <summary>The right one's bits that the left one lacks.</summary>
    public static Vector512<float> AndNot(Vector512<float> left, Vector512<float> right) => ~left & right;

    public static Vector512<uint> Add(Vector512<uint> left, Vector512<uint> right) => left + right;

    public static Vector512<uint> Subtract(Vector512<uint> left, Vector512<uint> right) => left - right;

    public static Vector512<uint> MultiplyLow(Vector512<uint> left, Vector512<uint> right) => left * right;

    public static Vector512<uint> Xor(Vector512<uint> left, Vector512<uint> right) => left ^ right;

    public static Vector512<uint> And(Vector512<uint> left, Vector512<uint> right) => left & right;

    public static Vector512<uint> ShiftLeftLogical(Vector512<uint> value, byte count) => Vector512.ShiftLeft(value, count);

    public static Vector512<uint> ShiftRightLogical(Vector512<uint> value, byte count) => Vector512.ShiftRightLogical(value, count);

    public static Vector512<int> ShiftRightArithmetic(Vector512<int> value, byte count) => Vector512.ShiftRightArithmetic(value, count);

    public static Vector512<uint> CompareGreaterThanOrEqual(Vector512<uint> left, Vector512<uint> right) => Vector512.GreaterThanOrEqual(left, right);

    public static Vector512<float> ConvertToVector512Single(Vector512<int> value) => Vector512.ConvertToSingle(value);

    public static Vector512<double> ConvertToVector512Double(Vector256<float> value) => Vector512.Create(Vector256.WidenLower(value), Vector256.WidenUpper(value));

    public static Vector512<double> LoadVector512(double* address) => Vector512.Load(address);

    public static void Store(double* address, Vector512<double> source) => source.Store(address);

    public static Vector512<double> Add(Vector512<double> left, Vector512<double> right) => left + right;

    public static Vector512<double> Subtract(Vector512<double> left, Vector512<double> right) => left - right;

    public static Vector512<double> FusedMultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.FusedMultiplyAdd(a, b, c);

    /// <summary>The larger; the right one where either is not a number or both are zeros.</summary>
    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right) => Vector512.ConditionalSelect(Vector512.GreaterThan(left, right), left, right);

    /// <summary>The smaller; the right one where either is not a number or both are zeros.</summary>
    public static Vector512<float> Min(Vector512<float> left, Vector512<float> right) => Vector512.ConditionalSelect(Vector512.LessThan(left, right), left, right);

    public static Vector512<float> CompareGreaterThan(Vector512<float> left, Vector512<float> right) => Vector512.GreaterThan(left, right);

    /// <summary>All bits where either is not a number.</summary>
    public static Vector512<float> CompareUnordered(Vector512<float> left, Vector512<float> right) => ~(Vector512.Equals(left, left) & Vector512.Equals(right, right));

    /// <summary>The right lanes where the mask's sign is set.</summary>
    public static Vector512<float> BlendVariable(Vector512<float> left, Vector512<float> right, Vector512<float> mask) =>
        Vector512.ConditionalSelect(Vector512.ShiftRightArithmetic(mask.AsInt32(), 31).AsSingle(), right, left);

    /// <summary>For each lane the one of 32 that its index names: the lower's, then the upper's.</summary>
    public static Vector512<float> PermuteVar16x32x2(Vector512<float> lower, Vector512<int> indices, Vector512<float> upper)
    {
        var lanes = stackalloc float[2 * Vector512<float>.Count];
        lower.Store(lanes);
        upper.Store(lanes + Vector512<float>.Count);
        var chosen = lower;
        for (var i = 0; i < Vector512<float>.Count; i++)
            chosen = chosen.WithElement(i, lanes[indices.GetElement(i) & 31]);
        return chosen;
    }
}
