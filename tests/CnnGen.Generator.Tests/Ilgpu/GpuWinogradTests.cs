using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Ilgpu;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>Which convolutions are computed by Winograd's algorithms on GPUs.</summary>
public sealed class GpuWinogradTests
{
    [Theory]
    [InlineData(256, 14, "Fast", "F(4x4, 3x3)")]
    [InlineData(256, 14, "Full", "F(2x2, 3x3)")]
    [InlineData(64, 56, "Fast", "F(4x4, 3x3)")]
    [InlineData(64, 56, "Full", null)]
    [InlineData(16, 32, "Fast", null)]
    [InlineData(3, 224, "Fast", null)]
    public void Channels_make_it_worth_it_and_precision_bounds_it(int channels, int size, string precision, string? expected)
    {
        var (spec, shape) = Convolution(channels, size, ConvolutionAlgorithm.Auto);
        var kind = Enum.Parse<PrecisionKind>(precision);

        Assert.Equal(expected, GpuWinograd.Choose(spec, shape, isGradient: false, kind)?.ToString());
        Assert.Equal(expected, GpuWinograd.Choose(spec, shape, isGradient: true, kind)?.ToString());
    }

    [Theory]
    [InlineData("Winograd2x2", "F(2x2, 3x3)")]
    [InlineData("Winograd4x4", "F(4x4, 3x3)")]
    [InlineData("Direct", null)]
    [InlineData("Im2Col", null)]
    public void An_algorithm_that_is_asked_for_is_taken(string algorithm, string? expected)
    {
        foreach (var channels in new[] { 2, 256 })
        {
            var (spec, shape) = Convolution(channels, 14, Enum.Parse<ConvolutionAlgorithm>(algorithm));
            Assert.Equal(expected, GpuWinograd.Choose(spec, shape, isGradient: false, PrecisionKind.Full)?.ToString());
        }
    }

    private static (ConvolutionSpec Spec, GpuConvolution Shape) Convolution(int channels, int size, ConvolutionAlgorithm algorithm)
    {
        var map = GpuStorage.Of(TensorShape.Map(channels, size, size));
        var window = new Window(Size2.Square(3), Size2.One, new(1, 1, 1, 1), Size2.One, WindowRounding.Exact);
        return (new ConvolutionSpec(channels, window, 1, algorithm), new GpuConvolution(map, map, 1, window.Kernel, window.Stride, window.Dilation, window.Padding.Start));
    }
}
