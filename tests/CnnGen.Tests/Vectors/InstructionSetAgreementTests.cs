using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

/// <summary>Every instruction set gives the scalar kernels' bits, for every length and start, and touches nothing else.</summary>
public unsafe class InstructionSetAgreementTests
{
    private const int Margin = 40;
    private const int MaxLength = 140;
    private const float Canary = -1234.5f;

    private static readonly float[] Specials =
    [
        0f, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1e-40f, -1e-40f, float.Epsilon, 1.17549435e-38f, -1.17549435e-38f,
        float.MaxValue, float.MinValue, 1f, -1f, 88.5f, 88.8f, -88.5f, -87.5f, -103f, 200f, -200f, 9f, -9f,
    ];

    private static IEnumerable<int> Lengths => Enumerable.Range(0, 71).Concat([95, 96, 97, 127, 128, 131]);

    [Theory]
    [OperationsOn(InstructionSet.Scalar)]
    [OperationsOn(InstructionSet.Avx2)]
    [OperationsOn(InstructionSet.Avx512)]
    public void Bits_equal_the_scalar_kernels_and_nothing_else_is_written(string name, InstructionSet set)
    {
        var expected = KernelOperations.On(InstructionSet.Scalar)[name];
        var actual = KernelOperations.On(set)[name];
        foreach (var n in Lengths)
        {
            for (var start = 0; start < 4; start++)
            {
                Check(expected, actual, n, start, withSpecials: false, name);
                Check(expected, actual, n, start, withSpecials: true, name);
            }
        }
    }

    private static void Check(Operation expected, Operation actual, int n, int start, bool withSpecials, string name)
    {
        var random = new Random((n * 8) + start);
        var a = Input(random, n, start, withSpecials);
        var b = Input(random, n, start + 1, withSpecials);
        var aBefore = (float[])a.Clone();
        var bBefore = (float[])b.Clone();
        var wanted = Output();
        var got = Output();
        double wantedValue, gotValue;
        fixed (float* pa = a, pb = b, pw = wanted, pg = got)
        {
            wantedValue = expected(pa + Margin + start, pb + Margin + start + 1, pw + Margin + 3 - start, n);
            gotValue = actual(pa + Margin + start, pb + Margin + start + 1, pg + Margin + 3 - start, n);
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            if (!SameBits(wanted[i], got[i]))
                Assert.Fail(FormattableString.Invariant($"{name}, n = {n}, start {start}: element {i - Margin - 3 + start} is {got[i]:R}, the scalar kernel gives {wanted[i]:R}."));
        }

        Assert.True(wantedValue.Equals(gotValue), FormattableString.Invariant($"{name}, n = {n}: returns {gotValue:R}, the scalar kernel {wantedValue:R}."));
        Assert.True(aBefore.AsSpan().SequenceEqual(a) && bBefore.AsSpan().SequenceEqual(b), $"{name} changed its input.");
        var first = Margin + 3 - start;
        Assert.False(got.AsSpan(0, first).ContainsAnyExcept(Canary), $"{name}, n = {n} wrote before its output.");
        Assert.False(got.AsSpan(first + n).ContainsAnyExcept(Canary), $"{name}, n = {n} wrote past its output.");
    }

    /// <summary>Infinities around the data: a kernel that reads past it and uses what it read is found out.</summary>
    private static float[] Input(Random random, int n, int start, bool withSpecials)
    {
        var values = Enumerable.Repeat(float.PositiveInfinity, MaxLength + (2 * Margin)).ToArray();
        for (var i = 0; i < n; i++)
        {
            var ordinary = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3)));
            values[Margin + start + i] = withSpecials && random.Next(4) == 0 ? Specials[random.Next(Specials.Length)] : ordinary;
        }

        return values;
    }

    private static float[] Output() => Enumerable.Repeat(Canary, MaxLength + (2 * Margin)).ToArray();

    private static bool SameBits(float a, float b) =>
        BitConverter.SingleToUInt32Bits(a) == BitConverter.SingleToUInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));
}
