using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

/// <summary>Backward kernels against central differences of the functions in double precision.</summary>
public unsafe class GradientTests
{
    private static readonly IReadOnlyDictionary<string, Operation> Kernels = KernelOperations.On(InstructionSets.Best);

    [Fact]
    public void ReLU() => Check("ReLU", x => Array.ConvertAll(x, v => Math.Max(v, 0)));

    [Fact]
    public void LeakyReLU() => Check("LeakyReLU", x => Array.ConvertAll(x, v => v > 0 ? v : 0.01f * v));

    [Fact]
    public void ELU() => Check("ELU", x => Array.ConvertAll(x, v => ReferenceFunctions.ELU(v, 1.5)));

    [Fact]
    public void Sigmoid() => Check("Sigmoid", x => Array.ConvertAll(x, ReferenceFunctions.Sigmoid));

    [Fact]
    public void Tanh() => Check("Tanh", x => Array.ConvertAll(x, Math.Tanh));

    [Fact]
    public void Softmax() => Check("Softmax", ReferenceFunctions.Softmax);

    [Fact]
    public void LogSoftmax() => Check("LogSoftmax", ReferenceFunctions.LogSoftmax);

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1000)]
    public void CrossEntropy_and_its_gradient(int n)
    {
        var x = TestVectors.Normal(n, n, deviation: 4, mean: 30);
        var target = Array.ConvertAll(ReferenceFunctions.Softmax(TestVectors.Doubles(TestVectors.Normal(n + 1, n))), value => (float)value);
        var gradient = TestVectors.Run(Kernels["CrossEntropy"], x, target, out var loss);
        var expected = ReferenceFunctions.CrossEntropy(TestVectors.Doubles(x), TestVectors.Doubles(target));
        Assert.Equal(expected, loss, 1e-6 * (1 + expected));
        var softmax = ReferenceFunctions.Softmax(TestVectors.Doubles(x));
        var total = target.Sum(value => (double)value);
        TestVectors.Close(softmax.Select((p, i) => 0.25 * ((p * total) - target[i])).ToArray(), gradient, 1e-6, 0.25);

        var differences = ReferenceFunctions.Gradient(
            moved => [ReferenceFunctions.CrossEntropy(moved, TestVectors.Doubles(target))], TestVectors.Doubles(x), [0.25]);
        TestVectors.Close(differences, gradient, 1e-5, 0.25 / n);
    }

    [Fact]
    public void BinaryCrossEntropy_of_huge_logits_is_finite()
    {
        var gradient = TestVectors.Run(
            Kernels["BinaryCrossEntropy"], [1e30f, -1e30f, float.PositiveInfinity, float.NegativeInfinity, 0f], [0f, 0f, 1f, 0f, 0.5f], out var loss);
        Assert.Equal(1e30, loss, 1e24);
        Assert.Equal([0.25f, 0f, 0f, 0f, 0f], gradient);
    }

    [Fact]
    public void Errors_of_any_size_have_bounded_gradients()
    {
        float[] y = [1e30f, -1e30f, float.PositiveInfinity, 0f, 0.25f, float.NaN];
        Assert.Equal([0.25f, -0.25f, 0.25f, 0f, 0.25f, float.NaN], TestVectors.Run(Kernels["AbsoluteError"], y, new float[6], out _));
        Assert.Equal([0.125f, -0.125f, 0.125f, 0f, 0.0625f, float.NaN], TestVectors.Run(Kernels["Huber"], y, new float[6], out _));
    }

    [Fact]
    public void CrossEntropy_of_huge_logits_is_finite()
    {
        var gradient = TestVectors.Run(Kernels["CrossEntropy"], [1e30f, -1e30f, 0f], [0f, 1f, 0f], out var loss);
        Assert.Equal(2e30, loss, 1e24);
        Assert.Equal([0.25f, -0.25f, 0f], gradient);
    }

    [Fact]
    public void CrossEntropy_ignores_an_impossible_class_that_is_not_wanted()
    {
        var gradient = TestVectors.Run(Kernels["CrossEntropy"], [0f, float.NegativeInfinity, 0f], [1f, 0f, 0f], out var loss);
        Assert.Equal(Math.Log(2), loss, 1e-7);
        Assert.Equal([-0.125f, 0f, 0.125f], gradient);
    }

    [Fact]
    public void HalfSquaredError_and_its_gradient()
    {
        var y = TestVectors.Normal(1, 37);
        var target = TestVectors.Normal(2, 37);
        var gradient = TestVectors.Run(Kernels["HalfSquaredError"], y, target, out var loss);
        Assert.Equal(y.Zip(target, (a, b) => ((double)a - b) * ((double)a - b) / 2).Sum(), loss, 1e-9);
        TestVectors.Close(y.Zip(target, (a, b) => 0.25 * ((double)a - b)).ToArray(), gradient, 1e-6, 0);
    }

    private static void Check(string name, Func<double[], double[]> reference)
    {
        var x = TestVectors.Normal(11, 100, deviation: 2);
        var weights = TestVectors.Normal(12, 100);
        var y = TestVectors.Run(Kernels[name], x);
        var gradient = TestVectors.Run(Kernels[name + "Backward"], y, weights);
        var expected = ReferenceFunctions.Gradient(reference, TestVectors.Doubles(x), TestVectors.Doubles(weights));

        // y is rounded to float, which near saturation is all that the gradient knows: hence an absolute part.
        TestVectors.Close(expected, gradient, 2e-6, 1);
    }
}
