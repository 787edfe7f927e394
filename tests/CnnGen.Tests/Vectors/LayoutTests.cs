using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

public unsafe class LayoutTests
{
    private delegate void Move(float* x, float* y, int channels, int height, int width, int xRow, int xOther, int yRow, int yOther);

    public static TheoryData<int, int, int, int> Shapes() => new()
    {
        { 1, 3, 5, 0 },
        { 1, 28, 28, 0 },
        { 3, 7, 33, 0 },
        { 8, 2, 8, 0 },
        { 16, 5, 17, 3 },
        { 21, 4, 23, 11 },
        { 64, 3, 56, 0 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Moving_to_pixels_and_back_keeps_every_element_and_writes_nothing_between(int channels, int height, int width, int gap)
    {
        Check(ScalarKernels.PlanarToPixels, ScalarKernels.PixelsToPlanar, channels, height, width, gap);
        if (InstructionSets.IsSupported(InstructionSet.Avx2))
            Check(Avx2Kernels.PlanarToPixels, Avx2Kernels.PixelsToPlanar, channels, height, width, gap);
        if (InstructionSets.IsSupported(InstructionSet.Avx512))
            Check(Avx512Kernels.PlanarToPixels, Avx512Kernels.PixelsToPlanar, channels, height, width, gap);
    }

    [Fact]
    public void Partial_sums_are_added_in_their_order()
    {
        // 1e8 + 1 - 1e8 is 0 from the left, 1 in any order that cancels first.
        float[] partials = [1e8f, 5f, 1f, 6f, -1e8f, 7f];
        var result = new float[2];
        fixed (float* p = partials, r = result)
        {
            ScalarKernels.SumPartials(p, 3, 2, r, 2);
            Assert.Equal([0f, 18f], result);
            ScalarKernels.SumPartials(p, 0, 2, r, 2);
            Assert.Equal([0f, 0f], result);
        }
    }

    private static void Check(Move toPixels, Move toPlanar, int channels, int height, int width, int gap)
    {
        var (planarRow, pixel) = (width + gap, channels + gap);
        var (plane, pixelRow) = (height * planarRow, width * pixel);
        var x = TestVectors.Normal(channels, channels * plane);
        var pixels = Enumerable.Repeat(float.NaN, height * pixelRow).ToArray();
        var back = Enumerable.Repeat(float.NaN, x.Length).ToArray();
        fixed (float* px = x, pp = pixels, pb = back)
        {
            toPixels(px, pp, channels, height, width, planarRow, plane, pixelRow, pixel);
            toPlanar(pp, pb, channels, height, width, pixelRow, pixel, planarRow, plane);
        }

        for (var c = 0; c < channels; c++)
        {
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    var expected = x[(c * plane) + (row * planarRow) + column];
                    Assert.Equal(expected, pixels[(row * pixelRow) + (column * pixel) + c]);
                    Assert.Equal(expected, back[(c * plane) + (row * planarRow) + column]);
                }
            }
        }

        Assert.Equal(channels * height * width, pixels.Count(value => !float.IsNaN(value)));
        Assert.Equal(channels * height * width, back.Count(value => !float.IsNaN(value)));
    }
}
