using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// Parameters that two operations read, whose gradient is the sum of both. No layer of the language has such weights; operations may, so that the layers are
/// the tests' own. Graphs that are drawn at random have them too.
/// </summary>
public sealed class SharedParameterTests
{
    private const PassKinds All = PassKinds.Predict | PassKinds.Train | PassKinds.Explain;

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(5, 1, 3)]
    [InlineData(6, 3, 3)]
    [InlineData(16, 1, 3)]
    [InlineData(16, 16, 3)]
    [InlineData(17, 1, 5)]
    public void A_convolution_twice_with_the_same_weights(int channels, int groups, int kernel)
    {
        foreach (var algorithm in groups == 1 ? new[] { ConvolutionAlgorithm.Auto, ConvolutionAlgorithm.Im2Col, ConvolutionAlgorithm.Direct } : [ConvolutionAlgorithm.Auto])
        {
            var convolution = new Conv2DLayer(channels, NetworkFactory.Window(Size2.Square(kernel), padding: Size2.Square(kernel / 2)), groups, Algorithm: algorithm);
            foreach (var isFirst in new[] { true, false })
            {
                Layer[] before = isFirst ? [] : [new Conv2DLayer(channels, NetworkFactory.Window(Size2.One)), new ActivationLayer(ActivationKind.Tanh)];
                Layer[] layers = [.. before, new TwiceLayer(convolution), new DenseLayer(3)];
                Check(NetworkFactory.Sequence(TensorShape.Map(isFirst ? channels : 4, 5, 6), LossKind.HalfSquaredError, layers));
            }
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(32)]
    public void A_product_twice_with_the_same_weights(int units)
    {
        var dense = new DenseLayer(units);
        Layer[] layers = [dense, new TwiceLayer(dense), new ActivationLayer(ActivationKind.Tanh), new DenseLayer(3)];
        Check(NetworkFactory.Sequence(TensorShape.Map(3, 4, 4), LossKind.HalfSquaredError, layers));
    }

    private static void Check(Network network)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            Assert.Empty(new PlanRun(network with { Passes = All }, seed).Wrong());
        }
    }
}
