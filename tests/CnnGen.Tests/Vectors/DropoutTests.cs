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
        const int First = int.MaxValue - 1600;
        var whole = Mask(1500, 7, First, 0.3f);
        foreach (var cut in new[] { 1, 16, 37, 699, 700, 701, 1499 })
            Assert.Equal(whole, Mask(cut, 7, First, 0.3f).Concat(Mask(1500 - cut, 7, First + cut, 0.3f)));
    }

    [Theory]
    [InlineData(3, 5, 7, 16, 2)]
    [InlineData(20, 4, 6, 32, 1)]
    [InlineData(1, 1, 1, 16, 0)]
    public void Planes_and_pixels_have_the_mask_of_the_logical_order(int channels, int height, int width, int pixelStride, int halo)
    {
        var wanted = Mask(channels * height * width, 9, 0, 0.4f, image: 3);
        var rowStride = (width + (2 * halo)) * pixelStride;
        var pixels = Enumerable.Repeat(1f, (height + (2 * halo)) * rowStride).ToArray();
        var planeRow = width + halo;
        var planes = Enumerable.Repeat(1f, channels * height * planeRow).ToArray();
        var start = (halo * rowStride) + (halo * pixelStride);
        fixed (float* p = &pixels[start], q = planes)
        {
            ScalarKernels.DropoutPixels(p, p, channels, height, width, rowStride, pixelStride, 9, 3, 0.4f);
            ScalarKernels.DropoutPlanes(q, q, channels, height, width, width, height * planeRow, planeRow, 9, 3, 0.4f);
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            var (channel, row, column) = (i / (height * width), i / width % height, i % width);
            Assert.Equal(wanted[i], pixels[start + (row * rowStride) + (column * pixelStride) + channel]);
            Assert.Equal(wanted[i], planes[(((channel * height) + row) * planeRow) + column]);
        }

        // What lies between is left alone.
        Assert.Equal(wanted.Count(value => value != 1), pixels.Count(value => value != 1));
        Assert.Equal(wanted.Count(value => value != 1), planes.Count(value => value != 1));
    }

    [Theory]
    [InlineData(1UL, 2UL, 0, 0)]
    [InlineData(0UL, 1UL << 32, 0, 0)]
    [InlineData(0UL, 1UL << 63, 0, 0)]
    [InlineData(5UL, 5UL, 1, 0)]
    [InlineData(5UL, 5UL, 28, 0)]
    [InlineData(5UL, 5UL, 784, 0)]
    [InlineData(5UL, 5UL, 65536, 0)]
    [InlineData(5UL, 5UL, 0, 1)]
    [InlineData(5UL, 5UL, 0, 2)]
    [InlineData(5UL, 5UL, 0, 1000)]
    [InlineData(5UL, 6UL, 0, 1)]
    [InlineData(5UL, 5UL, 1, 1)]
    public void Masks_of_other_keys_and_images_and_of_shifted_indices_are_independent(ulong key, ulong otherKey, int shift, int image)
    {
        const int Count = 200_000;
        var a = Mask(Count, key, 0, 0.5f);
        var b = Mask(Count, otherKey, shift, 0.5f, image);
        var both = a.Zip(b, (x, y) => x == 0 && y == 0 ? 1 : 0).Sum();
        Assert.InRange(both, (Count / 4) - (5 * Math.Sqrt(Count * 3 / 16.0)), (Count / 4) + (5 * Math.Sqrt(Count * 3 / 16.0)));
    }

    [Fact]
    public void A_dropped_infinity_is_zero()
    {
        var x = Enumerable.Repeat(float.PositiveInfinity, 1000).ToArray();
        fixed (float* p = x)
            ScalarKernels.Dropout(p, p, x.Length, 1, 0, 0, 0.5f);
        Assert.All(x, value => Assert.True(value is 0 or float.PositiveInfinity));
        Assert.Contains(0f, x);
    }

    private static float[] Mask(int count, ulong key, int first, float rate, int image = 0)
    {
        var y = Enumerable.Repeat(1f, count).ToArray();
        fixed (float* p = y)
            ScalarKernels.Dropout(p, p, count, key, image, first, rate);
        return y;
    }
}
