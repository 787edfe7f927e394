using CnnGen.Ilgpu;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>The functions that kernels for GPUs call, against the framework's in double precision.</summary>
public sealed class GpuMathTests
{
    private static readonly float[] s_numbers = [.. Enumerable.Range(-880, 1761).Select(i => i / 10f), .. Enumerable.Range(-30, 61).Select(i => MathF.Pow(10, i / 3f) * (i % 2 == 0 ? 1 : -1)), 0f, -0f];

    public static TheoryData<string> Functions => ["Exp", "ExpM1OfNegative", "Sigmoid", "Tanh", "Softplus", "Softsign", "Log", "Power", "SignedPower"];

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_is_the_frameworks_to_a_few_roundings(string name)
    {
        var (function, exact) = Pair(name);
        foreach (var x in s_numbers)
        {
            var (actual, expected) = (function(x), exact(x));
            if (Math.Abs(expected) > float.MaxValue || (expected != 0 && Math.Abs(expected) < 1e-37))
                continue;
            Assert.True(Math.Abs(actual - expected) <= (3e-6 * Math.Abs(expected)) + 1e-37, FormattableString.Invariant($"{name}({x:R}) is {actual:R}, not {expected:R}."));
        }

        Assert.True(float.IsNaN(function(float.NaN)));
    }

    [Fact]
    public void The_normal_distribution_is_its_integral()
    {
        // Simpson's rule from far below.
        foreach (var x in new[] { -6f, -3.5f, -2f, -1f, -0.3f, 0f, 0.4f, 1.7f, 3f })
        {
            const int Steps = 20_000;
            var (low, sum) = (-14.0, 0.0);
            var step = (x - low) / Steps;
            for (var i = 0; i <= Steps; i++)
                sum += Math.Exp(-0.5 * (low + (i * step)) * (low + (i * step))) * (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2);
            var expected = sum * step / 3 / Math.Sqrt(2 * Math.PI);
            Assert.Equal(1, GpuMath.NormalCdf(x) / expected, 4e-6);
        }
    }

    [Fact]
    public unsafe void Dropout_draws_the_CPUs_bits()
    {
        var kept = 0;
        for (var i = 0; i < 2000; i++)
        {
            var (key, image, element, one) = ((ulong)i * 0x9E3779B97F4A7C15, i % 7, i * 37, 1f);
            ScalarKernels.Dropout(&one, &one, 1, key, image, element, 0.3f);
            var isKept = GpuMath.Draw(key, image, element) >= (uint)(0.3f * 4294967296.0);
            Assert.Equal(one != 0, isKept);
            kept += isKept ? 1 : 0;
        }

        Assert.InRange(kept, 1300, 1500);
    }

    [Fact]
    public void A_pooling_draws_the_CPUs_bits()
    {
        for (var i = 0; i < 2000; i++)
        {
            var (key, image, element) = ((ulong)i * 0x9E3779B97F4A7C15, i % 7, i * 37);
            Assert.Equal(ChannelKernels.Uniform(key, image, element), GpuMath.Uniform(key, image, element));
        }
    }

    [Fact]
    public void Taps_are_counted()
    {
        Assert.Equal(3, GpuMath.TapsWithin(-2, 1, 5, 0, 10));
        Assert.Equal(2, GpuMath.TapsWithin(7, 2, 4, 0, 10));
        Assert.Equal(0, GpuMath.TapsWithin(12, 2, 4, 0, 10));
    }

    private static (Func<float, float> Function, Func<float, double> Exact) Pair(string name) => name switch
    {
        "Exp" => (GpuMath.Exp, x => Math.Exp(x)),
        "ExpM1OfNegative" => (GpuMath.ExpM1OfNegative, x => x > 0 ? 0 : Math.Abs(x) < 1e-3 ? x + (0.5 * x * x) : Math.Exp(x) - 1),
        "Sigmoid" => (GpuMath.Sigmoid, x => 1 / (1 + Math.Exp(-(double)x))),
        "Tanh" => (GpuMath.Tanh, x => Math.Tanh(x)),
        "Softplus" => (GpuMath.Softplus, x => x > 30 ? x : x < -10 ? Math.Exp(x) - (Math.Exp(2.0 * x) / 2) : Math.Log(1 + Math.Exp(x))),
        "Softsign" => (GpuMath.Softsign, x => x / (1 + Math.Abs((double)x))),
        "Log" => (x => GpuMath.Log(MathF.Abs(x) + 1.5f), x => Math.Log(MathF.Abs(x) + 1.5f)),
        "Power" => (x => GpuMath.Power(x, -0.75f), x => x == 0 ? 0 : Math.Pow(Math.Abs((double)x), -0.75f)),
        _ => (x => GpuMath.SignedPower(x, 1.5f), x => Math.Sign(x) * Math.Pow(Math.Abs((double)x), 1.5f)),
    };
}
