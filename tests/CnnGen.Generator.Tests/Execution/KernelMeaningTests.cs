using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Tests.Execution.Meanings;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>That there is a meaning for each kernel record, and that Winograd's matrices are some.</summary>
public sealed class KernelMeaningTests
{
    [Fact]
    public void Each_kernel_has_a_meaning_and_each_that_is_cut_into_units_a_meaning_of_units()
    {
        var kernels = typeof(Kernel).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Kernel)) && !type.IsAbstract).Except(KernelMeanings.WithoutMeaning).ToList();

        Assert.Equal(kernels.Select(kernel => kernel.Name).Order(), KernelMeanings.Known.Keys.Select(kernel => kernel.Name).Order());
        Assert.All(kernels, kernel => Assert.Equal(kernel.GetProperty(nameof(Kernel.HasUnits))!.DeclaringType != typeof(Kernel), KernelMeanings.Known[kernel]));
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(4, 3)]
    [InlineData(2, 5)]
    public void Winograds_matrices_give_a_convolution(int outputs, int taps)
    {
        var random = new Random(outputs * taps);
        var matrices = WinogradMatrices.Of(outputs, taps);
        var size = outputs + taps - 1;
        var (x, w) = (Drawn(size), Drawn(taps));
        var (points, weights) = (WinogradMatrices.Both(matrices.Input, x, 1), WinogradMatrices.Both(matrices.Filter, w, 1));
        var computed = WinogradMatrices.Both(matrices.Output, [.. points.Zip(weights, (a, b) => a * b)], 1);
        for (var row = 0; row < outputs; row++)
        {
            for (var column = 0; column < outputs; column++)
            {
                double sum = 0;
                for (var i = 0; i < taps; i++)
                {
                    for (var j = 0; j < taps; j++)
                        sum += w[(i * taps) + j] * x[((row + i) * size) + column + j];
                }

                Assert.Equal(sum, computed[(row * outputs) + column], 12);
            }
        }

        double[] Drawn(int size) => [.. Enumerable.Range(0, size * size).Select(_ => random.NextDouble() - 0.5)];
    }
}
