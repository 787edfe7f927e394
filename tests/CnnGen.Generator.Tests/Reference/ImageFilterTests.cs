using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>The known kernels are the published ones; the random networks and the oracle take them as they are.</summary>
public class ImageFilterTests
{
    [Fact]
    public void Known_kernels_have_their_numbers()
    {
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0, 0], ImageFilterLayer.KernelOf(FilterNames.Identity));
        Assert.Equal(Enumerable.Repeat(1f / 9, 9), ImageFilterLayer.KernelOf(FilterNames.BoxBlur));
        Assert.Equal([0.0625f, 0.125f, 0.0625f, 0.125f, 0.25f, 0.125f, 0.0625f, 0.125f, 0.0625f], ImageFilterLayer.KernelOf(FilterNames.GaussianBlur));
    }
}
