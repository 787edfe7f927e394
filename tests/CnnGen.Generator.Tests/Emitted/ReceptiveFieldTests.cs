using CnnGen.Generator.Emitting;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>What one element of each layer sees of the image, as the table of a model says it.</summary>
public sealed class ReceptiveFieldTests
{
    [Theory]
    [InlineData("Conv2D(4, 3), MaxPool(2), Conv2D(4, 3)", "3x3 4x4 8x8")]
    [InlineData("Conv2D(4, 3), GlobalAveragePool", "3x3 18x18")]
    [InlineData("Conv2D(4, 3), AdaptiveAveragePool(4)", "3x3 6x6")]
    [InlineData("AdaptiveMaxPool(5, 4)", "5x5")]
    [InlineData("ImageFilter(FilterKind.Laplacian), Conv2D(4, 3)", "3x3 5x5")]
    [InlineData("SpectralPool(6)", "18x18")]
    public void Each_layer_sees_as_much_as_its_windows_reach(string layers, string fields)
    {
        var network = GeneratorHarness.Resolve($"[Model(2, 18, 18), {layers}] public partial class Net;")["Net"];

        Assert.Equal(fields, string.Join(" ", SummaryRows.Of(network).Skip(1).Select(row => row.ReceptiveField)));
    }
}
