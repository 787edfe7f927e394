using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

/// <summary>On the scalar kernels; the vector ones agree with them bit for bit (<see cref="InstructionSetAgreementTests"/>).</summary>
public unsafe class DropoutTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void The_rate_is_the_fraction_zeroed_and_the_rest_is_scaled(float rate)
    {
        const int Count = 1_000_000;
        var y = Mask(Count, 42, 0, rate);
        var zeros = y.Count(value => value == 0);

        // Five standard deviations of the binomial distribution.
        Assert.InRange(zeros, (Count * rate) - (5 * Math.Sqrt(Count * rate * (1 - rate))), (Count * rate) + (5 * Math.Sqrt(Count * rate * (1 - rate))));
        Assert.All(y.Where(value => value != 0).Distinct(), value => Assert.Equal(1 / (1 - rate), value));
    }

    [Fact]
    public void Cutting_the_tensor_changes_nothing()
    {
        const long First = (1L << 32) - 700;
        var whole = Mask(1500, 7, First, 0.3f);
        foreach (var cut in new[] { 1, 16, 37, 699, 700, 701, 1499 })
            Assert.Equal(whole, Mask(cut, 7, First, 0.3f).Concat(Mask(1500 - cut, 7, First + cut, 0.3f)));
    }

    [Theory]
    [InlineData(1UL, 2UL, 0L)]
    [InlineData(0UL, 1UL << 32, 0L)]
    [InlineData(0UL, 1UL << 63, 0L)]
    [InlineData(5UL, 5UL, 1L)]
    [InlineData(5UL, 5UL, 28L)]
    [InlineData(5UL, 5UL, 784L)]
    [InlineData(5UL, 5UL, 65536L)]
    [InlineData(5UL, 5UL, 1L << 32)]
    public void Masks_of_other_keys_and_of_shifted_indices_are_independent(ulong key, ulong otherKey, long shift)
    {
        const int Count = 200_000;
        var a = Mask(Count, key, 0, 0.5f);
        var b = Mask(Count, otherKey, shift, 0.5f);
        var both = a.Zip(b, (x, y) => x == 0 && y == 0 ? 1 : 0).Sum();
        Assert.InRange(both, (Count / 4) - (5 * Math.Sqrt(Count * 3 / 16.0)), (Count / 4) + (5 * Math.Sqrt(Count * 3 / 16.0)));
    }

    [Fact]
    public void A_dropped_infinity_is_zero()
    {
        var x = Enumerable.Repeat(float.PositiveInfinity, 1000).ToArray();
        fixed (float* p = x)
            ScalarKernels.Dropout(p, p, x.Length, 1, 0, 0.5f);
        Assert.All(x, value => Assert.True(value is 0 or float.PositiveInfinity));
        Assert.Contains(0f, x);
    }

    private static float[] Mask(int count, ulong key, long first, float rate)
    {
        var y = Enumerable.Repeat(1f, count).ToArray();
        fixed (float* p = y)
            ScalarKernels.Dropout(p, p, count, key, first, rate);
        return y;
    }
}
