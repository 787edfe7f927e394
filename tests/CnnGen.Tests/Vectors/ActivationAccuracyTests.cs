using CnnGen.Runtime;
using Xunit.Abstractions;

namespace CnnGen.Tests.Vectors;

/// <summary>
/// Relative errors against double precision over floats of every magnitude. On the best set alone: the others agree with it bit for bit
/// (<see cref="InstructionSetAgreementTests"/>).
/// </summary>
public class ActivationAccuracyTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyDictionary<string, Operation> Kernels = KernelOperations.On(InstructionSets.Best);

    [Fact]
    public void Tanh_is_within_1e_6() => Check("Tanh", Math.Tanh, 0);

    [Fact]
    public void Sigmoid_is_within_1e_6() => Check("Sigmoid", ReferenceFunctions.Sigmoid, 1e-37);

    [Fact]
    public void ELU_is_within_1e_6() => Check("ELU", x => ReferenceFunctions.ELU(x, 1.5), 0);

    [Fact]
    public void Softplus_is_within_1e_6() => Check("Softplus", ReferenceFunctions.Softplus, 1.8e-38);

    [Fact]
    public void Softsign_is_within_1e_6() => Check("Softsign", x => x / (1 + Math.Abs(x)), 0);

    [Fact]
    public void The_normal_distribution_is_within_1e_6() => Check("NormalCdf", ReferenceFunctions.NormalCdf, 1e-36);

    [Fact]
    public void Powers_are_within_1e_6()
    {
        Check("Power", x => Math.Pow(Math.Abs(x), 1.5), 1.2e-38);
        Check("Square root of a power", x => Math.Abs(x) < 1.1754944e-38 ? 0 : Math.Sqrt(Math.Abs(x)), 0);
        Check("SignedPower", x => Math.Abs(x) < 1.1754944e-38 ? 0 : Math.Sign(x) / Math.Sqrt(Math.Abs(x)), 0);
    }

    [Theory]
    [InlineData("Power", float.NaN, float.NaN)]
    [InlineData("Power", 0f, 0f)]
    [InlineData("SignedPower", 0f, 0f)]
    [InlineData("SignedPower", -4f, -0.5f)]
    [InlineData("Softplus", float.NaN, float.NaN)]
    [InlineData("Softplus", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("Softplus", float.MaxValue, float.MaxValue)]
    [InlineData("Softplus", float.NegativeInfinity, 0f)]
    [InlineData("Softsign", float.NaN, float.NaN)]
    [InlineData("Softsign", float.PositiveInfinity, 1f)]
    [InlineData("Softsign", float.NegativeInfinity, -1f)]
    [InlineData("Softsign", float.MinValue, -1f)]
    [InlineData("NormalCdf", float.NaN, float.NaN)]
    [InlineData("NormalCdf", float.PositiveInfinity, 1f)]
    [InlineData("NormalCdf", float.MaxValue, 1f)]
    [InlineData("NormalCdf", float.NegativeInfinity, 0f)]
    [InlineData("NormalCdf", float.MinValue, 0f)]
    [InlineData("ReLU", float.NaN, float.NaN)]
    [InlineData("ReLU", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("ReLU", float.NegativeInfinity, 0f)]
    [InlineData("LeakyReLU", float.NaN, float.NaN)]
    [InlineData("LeakyReLU", float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData("LeakyReLU", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("LeakyReLU", -200f, -2f)]
    [InlineData("ELU", float.NaN, float.NaN)]
    [InlineData("ELU", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("ELU", float.NegativeInfinity, -1.5f)]
    [InlineData("Sigmoid", float.NaN, float.NaN)]
    [InlineData("Sigmoid", float.PositiveInfinity, 1f)]
    [InlineData("Sigmoid", float.NegativeInfinity, 0f)]
    [InlineData("Sigmoid", 0f, 0.5f)]
    [InlineData("Tanh", float.NaN, float.NaN)]
    [InlineData("Tanh", float.PositiveInfinity, 1f)]
    [InlineData("Tanh", float.NegativeInfinity, -1f)]
    [InlineData("Tanh", 0f, 0f)]
    [InlineData("Tanh", float.Epsilon, float.Epsilon)]
    public void The_ends_are_exact(string name, float x, float y)
    {
        // 17 copies: a whole vector and a part of one.
        var result = TestVectors.Run(Kernels[name], Enumerable.Repeat(x, 17).ToArray());
        Assert.All(result, value => Assert.Equal(y, value));
    }

    private void Check(string name, Func<double, double> reference, double ignoredBelow)
    {
        var x = EveryMagnitude();
        var y = TestVectors.Run(Kernels[name], x);
        double worst = 0;
        var worstAt = 0f;
        for (var i = 0; i < x.Length; i++)
        {
            var expected = reference(x[i]);
            if (Math.Abs(expected) < ignoredBelow)
            {
                Assert.True(Math.Abs(y[i]) <= ignoredBelow, FormattableString.Invariant($"{name}({x[i]:R}) = {y[i]:R}"));
                continue;
            }

            // Half a step of the smallest denormal is what rounding alone may cost down there.
            var error = Math.Max(0, Math.Abs(y[i] - expected) - (float.Epsilon / 2.0)) / Math.Abs(expected);
            if (expected != 0 && !(error <= worst))
                (worst, worstAt) = (error, x[i]);
        }

        output.WriteLine(FormattableString.Invariant($"{name}: largest relative error {worst:E2} at {worstAt:R}, over {x.Length} floats"));
        Assert.True(worst <= 1e-6, FormattableString.Invariant($"{name}: relative error {worst:E2} at {worstAt:R}"));
    }

    /// <summary>Floats of both signs, a part of each binade from the denormals to 1e4, and densely from -20 to 20.</summary>
    private static float[] EveryMagnitude()
    {
        var values = new List<float>();
        var last = BitConverter.SingleToUInt32Bits(1e4f);
        for (uint bits = 1; bits <= last; bits += 2003)
        {
            values.Add(BitConverter.UInt32BitsToSingle(bits));
            values.Add(-BitConverter.UInt32BitsToSingle(bits));
        }

        for (var i = -1_000_000; i <= 1_000_000; i++)
            values.Add(i * 2e-5f);
        return [.. values];
    }
}
