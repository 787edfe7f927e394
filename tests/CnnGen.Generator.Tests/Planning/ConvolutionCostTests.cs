using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning.Cpu.Costs;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Tests.Planning;

/// <summary>What the cost model chooses, against what was measured to be fastest (docs/kernels.md).</summary>
public sealed class ConvolutionCostTests
{
    private const int Direct = 0;

    [Theory]
    [InlineData(64, 64, 56, 4, 2)]
    [InlineData(128, 128, 28, 4, 2)]
    [InlineData(256, 256, 14, 4, 2)]
    [InlineData(512, 512, 14, 4, 2)]
    [InlineData(512, 512, 7, 2, 2)]
    [InlineData(32, 32, 32, 4, 2)]
    [InlineData(64, 64, 16, 4, 2)]
    [InlineData(128, 128, 8, 4, 2)]
    [InlineData(64, 64, 1, Direct, Direct)]
    public void The_fastest_algorithm_is_chosen(int channels, int filters, int size, int fast, int full)
    {
        Assert.Equal(fast, Chosen(Layer(filters), channels, size, PrecisionKind.Fast));
        Assert.Equal(full, Chosen(Layer(filters), channels, size, PrecisionKind.Full));
    }

    [Fact]
    public void What_the_layer_asks_for_is_taken()
    {
        Assert.Equal(Direct, Chosen(Layer(64) with { Algorithm = ConvolutionAlgorithm.Direct }, 64, 56, PrecisionKind.Fast));
        Assert.Equal(2, Chosen(Layer(64) with { Algorithm = ConvolutionAlgorithm.Winograd2x2 }, 64, 56, PrecisionKind.Fast));
        Assert.Equal(4, Chosen(Layer(64) with { Algorithm = ConvolutionAlgorithm.Winograd4x4 }, 64, 1, PrecisionKind.Full));
        Assert.Equal(4, Chosen(Layer(64) with { Algorithm = ConvolutionAlgorithm.Winograd4x4 }, 64, 8, PrecisionKind.Full, StorageKind.Planar));
    }

    [Theory]
    [InlineData(PrecisionKind.Fast)]
    [InlineData(PrecisionKind.Full)]
    internal void Kernels_of_5x5_have_tiles_of_2x2(PrecisionKind precision) => Assert.Equal(2, Chosen(Layer(256, kernel: 5), 96, 27, precision));

    [Theory]
    [InlineData(128, 8, true)]
    [InlineData(384, 13, true)]
    [InlineData(32, 16, false)]
    [InlineData(64, 56, false)]
    public void Few_tiles_are_taken_together_with_other_images(int channels, int size, bool expected)
    {
        var blocks = LaneBlocks.For(channels, channels, 1);
        Assert.Equal(expected, ConvolutionCost.Tiles(4, 3, blocks, size, size, StorageKind.Pixels).AcrossImages);
        Assert.False(ConvolutionCost.Tiles(4, 3, blocks, size, size, StorageKind.Planar).AcrossImages);
    }

    [Fact]
    public void Other_convolutions_are_direct()
    {
        Assert.Equal(Direct, Chosen(Layer(64), 64, 56, PrecisionKind.Fast, StorageKind.Planar));
        Assert.Equal(Direct, Chosen(Layer(64) with { Groups = 2 }, 64, 56, PrecisionKind.Fast));
        Assert.Equal(Direct, Chosen(Layer(64, kernel: 7), 64, 56, PrecisionKind.Fast));
        Assert.Equal(Direct, Chosen(Layer(20000), 20000, 56, PrecisionKind.Fast));
    }

    [Fact]
    public void Blocks_of_tiles_cover_the_map_and_leave_less_than_a_block_over()
    {
        foreach (var size in Enumerable.Range(1, 60))
        {
            foreach (var outputTile in new[] { 2, 4 })
            {
                var tiles = ConvolutionCost.Tiles(outputTile, 3, LaneBlocks.For(64, 64, 1), size, size + 3, StorageKind.Planar);
                Assert.InRange(tiles.BlockTiles, 1, tiles.Count);
                Assert.InRange(tiles.Units * tiles.BlockTiles, tiles.Count, tiles.Count + tiles.BlockTiles - 1);
                Assert.True(tiles.Rows * outputTile >= size && tiles.Columns * outputTile >= size + 3);
            }
        }
    }

    private static Conv2DLayer Layer(int filters, int kernel = 3) => new(
        filters, new Window(Size2.Square(kernel), Size2.One, Size2.Square(kernel / 2), Size2.One, CnnGen.Generator.Shapes.Rounding.Exact));

    private static int Chosen(Conv2DLayer layer, int channels, int size, PrecisionKind precision, StorageKind input = StorageKind.Pixels) =>
        ConvolutionCost.Choose(layer.Spec, input, LaneBlocks.For(layer.Filters, channels, layer.Groups), size, size, precision)?.OutputTile ?? Direct;
}
