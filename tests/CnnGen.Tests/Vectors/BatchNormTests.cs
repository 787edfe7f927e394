using System.Runtime.Intrinsics;
using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

/// <summary>Both layouts against batch normalisation in double precision; the sums' order is the same on every instruction set.</summary>
public unsafe class BatchNormTests
{
    private const int Rows = 5;
    private const int Pixels = 19;
    private const int Channels = 21;
    private const int PixelStride = 24;
    private const int RowStride = 23 * PixelStride;
    private const int PlaneStride = 23 * 6;
    private const int Count = Rows * Pixels;
    private const float Epsilon = 1e-5f;

    private static readonly float[] Gamma = TestVectors.Normal(1, Channels);
    private static readonly float[] Beta = TestVectors.Normal(2, Channels);

    [Theory]
    [InlineData(InstructionSet.Scalar, false)]
    [InlineData(InstructionSet.Scalar, true)]
    public void Forward_and_backward_equal_the_reference(InstructionSet set, bool planes) => Run(set, planes);

    [Theory]
    [OnSet(InstructionSet.Avx2, false)]
    [OnSet(InstructionSet.Avx2, true)]
    [OnSet(InstructionSet.Avx512, false)]
    [OnSet(InstructionSet.Avx512, true)]
    public void On_vectors_the_reference_and_the_scalar_bits(InstructionSet set, bool planes) =>
        Assert.Equal(Run(InstructionSet.Scalar, planes), Run(set, planes));

    private static float[] Run(InstructionSet set, bool planes) => set switch
    {
        InstructionSet.Avx512 => Check<Avx512Unit, Vector512<float>, Vector512<uint>, Vector512<double>>(planes),
        InstructionSet.Avx2 => Check<Avx2Unit, Vector256<float>, Vector256<uint>, Vector256<double>>(planes),
        _ => Check<ScalarUnit, float, uint, double>(planes),
    };

    private static float[] Check<TUnit, TVector, TInts, TWide>(bool planes)
        where TUnit : struct, IVectorUnit<TVector, TInts, TWide>
        where TVector : struct
        where TInts : struct
        where TWide : struct
    {
        var input = TestVectors.Normal(3, Count * Channels, deviation: 2, mean: 3);
        var weights = TestVectors.Normal(4, Count * Channels);
        var (x, g, y, dx) = (Spread(input, planes), Spread(weights, planes), Spread(new float[input.Length], planes), Spread(new float[input.Length], planes));
        var means = new double[Channels];
        var squares = new double[Channels];
        var gSums = new double[Channels];
        var gxSums = new double[Channels];
        float[] scales = new float[Channels], shifts = new float[Channels], a = new float[Channels], b = new float[Channels], d = new float[Channels];
        float[] runningMean = new float[Channels], runningVariance = Enumerable.Repeat(1f, Channels).ToArray(), gammaGradient = new float[Channels], betaGradient = new float[Channels];
        fixed (float* px = x, pg = g, py = y, pdx = dx, gamma = Gamma, beta = Beta, ps = scales, pt = shifts, pa = a, pb = b, pd = d, mean = runningMean, variance = runningVariance, dGamma = gammaGradient, dBeta = betaGradient)
        fixed (double* pMeans = means, pSquares = squares, pG = gSums, pGx = gxSums)
        {
            if (planes)
            {
                for (var c = 0; c < Channels; c++)
                    means[c] = VectorKernels<TUnit, TVector, TInts, TWide>.PlaneSum(px + (c * PlaneStride), Rows, Pixels, 23);
            }
            else
            {
                VectorKernels<TUnit, TVector, TInts, TWide>.ChannelSums(px, Rows, Pixels, Channels, RowStride, PixelStride, pMeans);
            }

            BatchNormalization.Means(pMeans, Count, Channels);
            if (planes)
            {
                for (var c = 0; c < Channels; c++)
                    squares[c] = VectorKernels<TUnit, TVector, TInts, TWide>.PlaneSquares(px + (c * PlaneStride), Rows, Pixels, 23, means[c]);
            }
            else
            {
                VectorKernels<TUnit, TVector, TInts, TWide>.ChannelSquares(px, Rows, Pixels, Channels, RowStride, PixelStride, pMeans, pSquares);
            }

            BatchNormalization.TrainingCoefficients(pMeans, pSquares, Count, gamma, beta, Epsilon, 0.1f, mean, variance, ps, pt, Channels);
            if (planes)
            {
                for (var c = 0; c < Channels; c++)
                {
                    var at = c * PlaneStride;
                    VectorKernels<TUnit, TVector, TInts, TWide>.ScaleShiftPlane(px + at, 23, py + at, 23, Rows, Pixels, scales[c], shifts[c]);
                    gSums[c] = VectorKernels<TUnit, TVector, TInts, TWide>.PlaneSum(pg + at, Rows, Pixels, 23);
                    gxSums[c] = VectorKernels<TUnit, TVector, TInts, TWide>.PlaneProducts(px + at, 23, pg + at, 23, Rows, Pixels, means[c]);
                }
            }
            else
            {
                VectorKernels<TUnit, TVector, TInts, TWide>.ScaleShiftChannels(px, RowStride, PixelStride, py, RowStride, PixelStride, Rows, Pixels, Channels, ps, pt);
                VectorKernels<TUnit, TVector, TInts, TWide>.ChannelGradientSums(px, RowStride, PixelStride, pg, RowStride, PixelStride, Rows, Pixels, Channels, pMeans, pG, pGx);
            }

            BatchNormalization.BackwardCoefficients(pMeans, pSquares, pG, pGx, Count, gamma, dGamma, dBeta, pa, pb, pd, Channels);
            if (planes)
            {
                for (var c = 0; c < Channels; c++)
                {
                    var at = c * PlaneStride;
                    VectorKernels<TUnit, TVector, TInts, TWide>.CombinePlane(px + at, 23, pg + at, 23, pdx + at, 23, Rows, Pixels, a[c], b[c], d[c]);
                }
            }
            else
            {
                VectorKernels<TUnit, TVector, TInts, TWide>.CombineChannels(px, RowStride, PixelStride, pg, RowStride, PixelStride, pdx, RowStride, PixelStride, Rows, Pixels, Channels, pa, pb, pd);
            }
        }

        var expected = new double[input.Length];
        var expectedGradient = new double[input.Length];
        for (var c = 0; c < Channels; c++)
        {
            var channel = Enumerable.Range(0, Count).Select(i => (double)input[(i * Channels) + c]).ToArray();
            var weight = Enumerable.Range(0, Count).Select(i => (double)weights[(i * Channels) + c]).ToArray();
            var normalised = Normalise(channel, Gamma[c], Beta[c]);
            var gradient = ReferenceFunctions.Gradient(v => Normalise(v, Gamma[c], Beta[c]), channel, weight);
            for (var i = 0; i < Count; i++)
                (expected[(i * Channels) + c], expectedGradient[(i * Channels) + c]) = (normalised[i], gradient[i]);

            var mean = channel.Average();
            var variance = channel.Sum(v => (v - mean) * (v - mean));
            Assert.Equal(0.1 * mean, runningMean[c], 1e-6);
            Assert.Equal(0.9 + (0.1 * variance / (Count - 1)), runningVariance[c], 1e-6);
            Assert.Equal(weight.Sum(), betaGradient[c], 1e-5);
            Assert.Equal(weight.Zip(Normalise(channel, 1, 0), (w, z) => w * z).Sum(), gammaGradient[c], 1e-4);
        }

        TestVectors.Close(expected, Gather(y, planes), 2e-6, 1);
        TestVectors.Close(expectedGradient, Gather(dx, planes), 2e-6, 1);
        Assert.Equal(y.Length - input.Length, y.Count(float.IsNaN));
        return [.. y, .. dx];
    }

    [Fact]
    public void Prediction_uses_the_running_statistics()
    {
        float gamma = 2, beta = 1, mean = 3, variance = 4, scale, shift;
        BatchNormalization.PredictionCoefficients(&gamma, &beta, &mean, &variance, 0, &scale, &shift, 1);
        Assert.Equal((1f, -2f), (scale, shift));
    }

    [Fact]
    public void A_million_elements_sum_to_1e_11()
    {
        var x = TestVectors.Normal(9, 1_000_000, mean: 100);
        TestVectors.Run(KernelOperations.On(InstructionSets.Best)["PlaneSum"], x, null, out var sum);
        TestVectors.Run(KernelOperations.On(InstructionSets.Best)["PlaneSquares"], x, null, out var squares);
        Assert.Equal(x.Sum(v => (double)v), sum, 1e-11 * 1e8);
        Assert.Equal(x.Sum(v => (v - 0.1) * (v - 0.1)), squares, 1e-11 * 1e10);
    }

    private static double[] Normalise(double[] x, double gamma, double beta)
    {
        var mean = x.Average();
        var variance = x.Average(v => (v - mean) * (v - mean));
        return Array.ConvertAll(x, v => (gamma * (v - mean) / Math.Sqrt(variance + Epsilon)) + beta);
    }

    private static int At(int i, int c, bool planes) =>
        planes ? (c * PlaneStride) + (i / Pixels * 23) + (i % Pixels) : (i / Pixels * RowStride) + (i % Pixels * PixelStride) + c;

    /// <summary>Dense pixels x channels to the strided layout, NaN in between.</summary>
    private static float[] Spread(float[] dense, bool planes)
    {
        var spread = Enumerable.Repeat(float.NaN, planes ? Channels * PlaneStride : Rows * RowStride).ToArray();
        for (var i = 0; i < dense.Length; i++)
            spread[At(i / Channels, i % Channels, planes)] = dense[i];
        return spread;
    }

    private static float[] Gather(float[] spread, bool planes) =>
        Enumerable.Range(0, Count * Channels).Select(i => spread[At(i / Channels, i % Channels, planes)]).ToArray();
}
