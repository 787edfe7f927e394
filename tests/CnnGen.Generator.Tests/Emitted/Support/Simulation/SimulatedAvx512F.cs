using System.Runtime.Intrinsics;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// A stand-in for the AVX-512 instructions that emitted code uses, for machines without them: each gives what the instruction gives, bit for bit, by vectors that the framework makes of halves where the processor has none.
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
