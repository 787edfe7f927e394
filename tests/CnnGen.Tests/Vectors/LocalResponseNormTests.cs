using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

public unsafe class LocalResponseNormTests
{
    public static TheoryData<int, int, float, bool> Cases()
    {
        var cases = new TheoryData<int, int, float, bool>();
        foreach (var alongChannels in new[] { false, true })
        {
            foreach (var beta in new[] { 0.5f, 0.75f, 1f, 0.6f, 2.3f })
            {
                foreach (var size in new[] { 1, 2, 4, 5, 100 })
                {
                    cases.Add(1, size, beta, alongChannels);
                    cases.Add(37, size, beta, alongChannels);
                }
            }
        }

        // Past the scratch on the stack.
        cases.Add(3000, 5000, 0.75f, true);
        cases.Add(700, 5000, 0.75f, false);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_and_backward_equal_the_reference(int channels, int size, float beta, bool alongChannels)
    {
        const int Pixels = 19;
        const float Alpha = 0.5f;
        const float K = 1.5f;
        var (channelStride, pixelStride) = alongChannels ? (1, channels + 3) : (Pixels + 2, 1);
        var length = alongChannels ? Pixels * pixelStride : channels * channelStride;
        var x = TestVectors.Normal(channels, length, deviation: 2);
        var g = TestVectors.Normal(channels + 1, length);
        var expected = TestVectors.Doubles(x);
        var expectedGradient = TestVectors.Doubles(g);
        for (var p = 0; p < Pixels; p++)
        {
            int At(int c) => (c * channelStride) + (p * pixelStride);
            var pixel = Enumerable.Range(0, channels).Select(c => (double)x[At(c)]).ToArray();
            var normalised = ReferenceFunctions.LocalResponseNorm(pixel, size, Alpha, beta, K);
            for (var c = 0; c < channels; c++)
                expected[At(c)] = normalised[c];
            if (channels > 100)
                continue;
            var gradient = ReferenceFunctions.Gradient(
                v => ReferenceFunctions.LocalResponseNorm(v, size, Alpha, beta, K), pixel, Enumerable.Range(0, channels).Select(c => (double)g[At(c)]).ToArray());
            for (var c = 0; c < channels; c++)
                expectedGradient[At(c)] = gradient[c];
        }

        var scalar = (float[])x.Clone();
        var scalarGradient = (float[])g.Clone();
        fixed (float* px = x, ps = scalar, psg = scalarGradient)
        {
            ScalarKernels.LocalResponseNorm(ps, ps, channels, Pixels, channelStride, pixelStride, size, Alpha, beta, K);
            ScalarKernels.LocalResponseNormBackward(px, psg, psg, channels, Pixels, channelStride, pixelStride, size, Alpha, beta, K);
            if (InstructionSets.IsSupported(InstructionSet.Avx2))
            {
                var (y2, g2) = ((float[])x.Clone(), (float[])g.Clone());
                fixed (float* py = y2, pg = g2)
                {
                    Avx2Kernels.LocalResponseNorm(px, py, channels, Pixels, channelStride, pixelStride, size, Alpha, beta, K);
                    Avx2Kernels.LocalResponseNormBackward(px, pg, pg, channels, Pixels, channelStride, pixelStride, size, Alpha, beta, K);
                }

                Assert.Equal(scalar, y2);
                Assert.Equal(scalarGradient, g2);
            }

            if (InstructionSets.IsSupported(InstructionSet.Avx512))
            {
                var (y5, g5) = ((float[])x.Clone(), (float[])g.Clone());
                fixed (float* py = y5, pg = g5)
                {
                    Avx512Kernels.LocalResponseNorm(px, py, channels, Pixels, channelStride, pixelStride, size, Alpha, beta, K);
                    Avx512Kernels.LocalResponseNormBackward(px, pg, pg, channels, Pixels, channelStride, pixelStride, size, Alpha, beta, K);
                }

                Assert.Equal(scalar, y5);
                Assert.Equal(scalarGradient, g5);
            }
        }

        TestVectors.Close(expected, scalar, channels > 100 ? 1e-5 : 1e-6 * Math.Max(1, beta), 0);
        if (channels <= 100)
            TestVectors.Close(expectedGradient, scalarGradient, 5e-6, 1);
    }

    [Theory]
    [InlineData(0.6f)]
    [InlineData(2.3f)]
    [InlineData(10f)]
    public void The_power_is_within_1e_6_over_every_magnitude(float beta)
    {
        // One channel, alpha 1, k 0: y = x / (x^2)^beta. The powers run from 1e-34 to 1e34.
        var x = Enumerable.Range(-2000, 4001).Select(i => (float)Math.Pow(10, i / 2000.0 * Math.Min(17, 17 / beta))).ToArray();
        var y = new float[x.Length];
        fixed (float* px = x, py = y)
            ScalarKernels.LocalResponseNorm(px, py, 1, x.Length, x.Length, 1, 1, 1, beta, 0);
        TestVectors.Close(Array.ConvertAll(x, v => v / Math.Pow((double)(v * v), beta)), y, 1e-6, 0);
    }
}
