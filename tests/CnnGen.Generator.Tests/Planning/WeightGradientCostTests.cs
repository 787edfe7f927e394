using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Tests.Planning;

/// <summary>What the cost model chooses for weight gradients, against what was measured to be fastest (docs/kernels.md).</summary>
public sealed class WeightGradientCostTests
{
    private const int Direct = 0;

    [Theory]
    [InlineData(64, 64, 32, 4, 2)]
    [InlineData(128, 128, 16, 4, 2)]
    [InlineData(256, 256, 8, 4, 2)]
    [InlineData(512, 512, 4, 4, 2)]
    [InlineData(16, 16, 32, 4, 2)]
    [InlineData(64, 64, 56, 4, 2)]
    [InlineData(512, 512, 1, Direct, Direct)]
    public void The_fastest_algorithm_is_chosen(int channels, int filters, int size, int fast, int full)
    {
        Assert.Equal(fast, Chosen(channels, filters, size, PrecisionKind.Fast));
        Assert.Equal(full, Chosen(channels, filters, size, PrecisionKind.Full));
    }

    [Fact]
    public void What_the_layer_asks_for_is_taken()
    {
        Assert.Equal(Direct, Chosen(64, 64, 32, PrecisionKind.Fast, ConvolutionAlgorithm.Direct));
        Assert.Equal(2, Chosen(64, 64, 32, PrecisionKind.Fast, ConvolutionAlgorithm.Winograd2x2));
        Assert.Equal(4, Chosen(64, 64, 1, PrecisionKind.Full, ConvolutionAlgorithm.Winograd4x4));
    }

    [Theory]
    [InlineData(512, 4, true)]
    [InlineData(256, 8, true)]
    [InlineData(128, 16, false)]
    [InlineData(64, 32, false)]
    public void Many_weights_are_summed_over_the_batch(int channels, int size, bool expected)
    {
        var blocks = LaneBlocks.For(channels, channels, 1);
        var map = Storage.Pixels(TensorShape.Map(channels, size, size), default);
        var taps = new Taps(Size2.Square(3), Size2.One, Size2.One, Size2.One);
        Assert.Equal(expected, WeightGradientCost.IsOfBatch(new WinogradWeightGradientKernel(
            map, map, taps, new WinogradTiles(4, 3, size, size, (size / 4) * (size / 4)), blocks)));
    }

    [Fact]
    public void Other_convolutions_are_direct()
    {
        Assert.Equal(Direct, Chosen(64, 64, 32, PrecisionKind.Fast, kernel: 7));
        Assert.Equal(Direct, Chosen(64, 64, 32, PrecisionKind.Fast, stride: 2));
        Assert.Equal(Direct, Chosen(600_000, 600_000, 4, PrecisionKind.Fast));
    }

    private static int Chosen(
        int channels, int filters, int size, PrecisionKind precision, ConvolutionAlgorithm algorithm = ConvolutionAlgorithm.Auto, int kernel = 3, int stride = 1)
    {
        var window = new Window(Size2.Square(kernel), Size2.Square(stride), Size2.Square(kernel / 2), Size2.One, CnnGen.Generator.Shapes.Rounding.Exact);
        var spec = new ConvolutionSpec(filters, window, 1, algorithm);
        return WeightGradientCost.Choose(spec, LaneBlocks.For(filters, channels, 1), size, size, precision)?.OutputTile ?? Direct;
    }
}
