using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

public unsafe class RegionTests
{
    /// <summary>Scaled, the region's edges are both infinite, and its size is no number: it has no samples in the map, and what was in memory before doesn't stay.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_region_that_is_scaled_beyond_all_numbers_reads_nothing(int ratio)
    {
        var map = stackalloc float[] { 1, 2, 3, 4 };
        var region = stackalloc float[] { 1e20f, 1e20f, 2e20f, 2e20f };
        var output = stackalloc float[] { 9, 9, 9, 9 };
        ScalarKernels.RegionAlign(map, region, output, 1, new(2, 2, 1e30f), new(ratio, true), new(2, 2, 4, 2, 1), new(1, 1, 1, 4, 4), 0, 1);

        Assert.Equal([0, 0, 0, 0], new ReadOnlySpan<float>(output, 4).ToArray());
    }
}
