using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

public unsafe class SoftmaxTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(100_003)]
    public void Softmax_is_within_1e_6(int n)
    {
        var x = TestVectors.Normal(n, n, deviation: 8, mean: 100);
        var y = TestVectors.Run(KernelOperations.On(InstructionSets.Best)["Softmax"], x);
        TestVectors.Close(ReferenceFunctions.Softmax(TestVectors.Doubles(x)), y, 1e-6, 1e-30);
    }

    [Fact]
    public void A_NaN_makes_every_probability_NaN() =>
        Assert.All(TestVectors.Run(KernelOperations.On(InstructionSets.Best)["Softmax"], [1f, float.NaN, 3f]), value => Assert.Equal(float.NaN, value));

    [Theory]
    [OnSet(InstructionSet.Scalar, 5, 37, 40, 1)]
    [OnSet(InstructionSet.Scalar, 19, 37, 1, 24)]
    [OnSet(InstructionSet.Scalar, 5, 7, 2, 11)]
    [OnSet(InstructionSet.Avx2, 5, 37, 40, 1)]
    [OnSet(InstructionSet.Avx2, 19, 37, 1, 24)]
    [OnSet(InstructionSet.Avx2, 5, 7, 2, 11)]
    [OnSet(InstructionSet.Avx512, 5, 37, 40, 1)]
    [OnSet(InstructionSet.Avx512, 19, 37, 1, 24)]
    [OnSet(InstructionSet.Avx512, 5, 7, 2, 11)]
    public void Softmax_over_a_map_is_that_of_each_pixel(InstructionSet set, int channels, int pixels, int channelStride, int pixelStride)
    {
        var length = ((channels - 1) * channelStride) + ((pixels - 1) * pixelStride) + 1;
        var x = TestVectors.Normal(3, length, deviation: 3);
        var weights = TestVectors.Normal(4, length);
        var expected = TestVectors.Doubles(x);
        var expectedGradient = TestVectors.Doubles(weights);
        for (var p = 0; p < pixels; p++)
        {
            int At(int c) => (c * channelStride) + (p * pixelStride);
            var logits = Enumerable.Range(0, channels).Select(c => (double)x[At(c)]).ToArray();
            var softmax = ReferenceFunctions.Softmax(logits);
            var gradient = ReferenceFunctions.Gradient(ReferenceFunctions.Softmax, logits, Enumerable.Range(0, channels).Select(c => (double)weights[At(c)]).ToArray());
            for (var c = 0; c < channels; c++)
                (expected[At(c)], expectedGradient[At(c)]) = (softmax[c], gradient[c]);
        }

        fixed (float* px = x, pg = weights)
        {
            if (set == InstructionSet.Avx512)
                Avx512Kernels.Softmax(px, px, channels, pixels, channelStride, pixelStride);
            else if (set == InstructionSet.Avx2)
                Avx2Kernels.Softmax(px, px, channels, pixels, channelStride, pixelStride);
            else
                ScalarKernels.Softmax(px, px, channels, pixels, channelStride, pixelStride);
            TestVectors.Close(expected, x, 1e-6, 0);
            if (set == InstructionSet.Avx512)
                Avx512Kernels.SoftmaxBackward(px, pg, channels, pixels, channelStride, pixelStride);
            else if (set == InstructionSet.Avx2)
                Avx2Kernels.SoftmaxBackward(px, pg, channels, pixels, channelStride, pixelStride);
            else
                ScalarKernels.SoftmaxBackward(px, pg, channels, pixels, channelStride, pixelStride);
        }

        TestVectors.Close(expectedGradient, weights, 1e-6, 1);
    }
}
