using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Reference.Layers;
using Tensor = CnnGen.Generator.Tests.Reference.Tensor;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// Parameters that two operations read, whose gradient is the sum of both. No layer of the language has such weights; operations may, so that the layers are
/// the tests' own.
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
            var run = new PlanRun(network with { Passes = All }, seed)
            {
                OwnLayers = (node, parameters) => node.Layer is TwiceLayer { Layer: var layer } ? new ReferenceTwice(node with { Layer = layer }, parameters) : null,
            };
            Assert.Empty(run.Wrong());
        }
    }

    /// <summary>A layer that keeps the shape, and again what it computes through it.</summary>
    private sealed record TwiceLayer(Layer Layer) : Layer
    {
        public override string Kind => "Twice";

        public override ShapeResult InferShape(string name, TensorShape input) => input;

        public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input) => Layer.Parameters(input);

        public override void Lower(Lowering to)
        {
            var parameters = Parameters(to.Input.Shape).Select(to.Parameter).ToList();
            var middle = to.Intermediate("Middle", to.Input.Shape);
            foreach (var (input, result) in new[] { (to.Input, middle), (middle, to.Output) })
            {
                to.Add(Layer is Conv2DLayer convolution
                    ? new Convolution(to.Label, convolution.Spec, input, parameters[0], parameters[1], result)
                    : new Product(to.Label, input, parameters[0], parameters[1], result));
            }
        }
    }

    private sealed class ReferenceTwice(Node node, ParametersOfNode parameters) : ReferenceLayer
    {
        private readonly ReferenceLayer[] _layers = [.. Enumerable.Range(0, 2).Select(_ => Create(node, parameters, new PassMode(IsTraining: false, Mask: null)))];
        private Tensor[] _middle = [];

        public override Tensor[] Forward(Tensor[][] inputs)
        {
            _middle = _layers[0].Forward(inputs);
            return _layers[1].Forward([_middle]);
        }

        public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
        {
            var middle = _layers[1].Backward([_middle], outputs, outputGradients)[0];
            var gradients = _layers[0].Backward(inputs, _middle, middle);
            foreach (var (name, numbers) in _layers[0].Gradients)
                Gradients[name] = [.. numbers.Zip(_layers[1].Gradients[name], (a, b) => a + b)];
            return gradients;
        }
    }
}
