using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Operations;

using CnnGen.Generator.Tests.Reference.Layers;
using static CnnGen.Generator.Tests.Reference.NetworkFactory;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>What the vectors and the central differences don't reach: the graph, dropout, extreme numbers, bad input.</summary>
public class InterpreterTests
{
    [Fact]
    public void A_node_that_feeds_several_gets_the_sum_of_their_gradients()
    {
        // y = tanh(x) + sigmoid(x), and the input feeds both.
        var factory = From(TensorShape.Vector(2));
        var tanh = factory.Add(new ActivationLayer(ActivationKind.Tanh), 0);
        var sigmoid = factory.Add(new ActivationLayer(ActivationKind.Sigmoid), 0);
        factory.Add(new SumLayer(), tanh, sigmoid);
        var interpreter = new ReferenceInterpreter(
            factory.Build(LossKind.HalfSquaredError), new Dictionary<string, double[]>(), (node, _) => node.Layer is SumLayer ? new ReferenceSum() : null);

        var result = interpreter.Train([[0.3, -0.8]], [[0, 0]]);

        for (var i = 0; i < 2; i++)
        {
            var x = i == 0 ? 0.3 : -0.8;
            var s = 1 / (1 + Math.Exp(-x));
            var y = Math.Tanh(x) + s;
            Assert.Equal(y, result.Outputs[0][i], 14);
            Assert.Equal(y * (1 - (Math.Tanh(x) * Math.Tanh(x)) + (s * (1 - s))), result.ImageGradients[0][i], 14);
        }
    }

    [Fact]
    public void Dropout_multiplies_by_the_mask_in_training_alone()
    {
        var network = Sequence(TensorShape.Map(2, 1, 2), LossKind.HalfSquaredError, new DropoutLayer(0.5f));
        var interpreter = new ReferenceInterpreter(network, new Dictionary<string, double[]>());
        double[][] images = [[1, 2, 3, 4], [5, 6, 7, 8]];
        double[][] targets = [new double[4], new double[4]];

        var result = interpreter.Train(images, targets, (node, image, element) =>
        {
            Assert.Equal("Dropout1", node.Name);
            return (10 * image) + element;
        });

        Assert.Equal([0, 2, 6, 12], result.Outputs[0]);
        Assert.Equal([50, 66, 84, 104], result.Outputs[1]);
        Assert.Equal([0, 1, 6, 18], result.ImageGradients[0]);
        Assert.Equal(images[1], interpreter.Predict(images[1]));
        Assert.Contains("Dropout1", Assert.Throws<ArgumentException>(() => interpreter.Train(images, targets)).Message);
    }

    [Fact]
    public void Cross_entropy_is_exact_where_the_softmax_underflows()
    {
        var network = Sequence(TensorShape.Vector(3), LossKind.CrossEntropy, new SoftmaxLayer());
        var interpreter = new ReferenceInterpreter(network, new Dictionary<string, double[]>());

        var result = interpreter.Train([[2000, -3000, 0]], [[0, 1, 0]]);

        Assert.Equal(5000, result.Loss);
        Assert.Equal([1, 0, 0], result.Outputs[0]);
        Assert.Equal([1, -1, 0], result.ImageGradients[0]);
    }

    [Fact]
    public void Elu_is_exact_near_zero_and_far_below_it()
    {
        var network = Sequence(TensorShape.Vector(2), LossKind.HalfSquaredError, new ActivationLayer(ActivationKind.ELU, 1));
        var outputs = new ReferenceInterpreter(network, new Dictionary<string, double[]>()).Predict([-1e-12, -5000]);
        Assert.Equal(-1e-12 + 5e-25, outputs[0], 1e-27);
        Assert.Equal(-1, outputs[1]);
    }

    [Fact]
    public void Batch_of_n_is_the_mean_of_n_batches_of_1()
    {
        var network = Sequence(
            TensorShape.Map(2, 5, 5),
            LossKind.CrossEntropy,
            new Conv2DLayer(3, Window(Size2.Square(3))),
            new ActivationLayer(ActivationKind.Tanh),
            new DenseLayer(4),
            new SoftmaxLayer());
        var random = new Random(3);
        var interpreter = new ReferenceInterpreter(network, RandomParameters(network, random));
        var images = Enumerable.Range(0, 4).Select(_ => RandomNumbers(50, random)).ToArray();
        double[][] targets = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];

        var all = interpreter.Train(images, targets);
        var single = images.Zip(targets, (image, target) => interpreter.Train([image], [target])).ToArray();

        Assert.Equal(single.Average(r => r.Loss), all.Loss, 12);
        foreach (var (name, gradient) in all.ParameterGradients)
        {
            for (var i = 0; i < gradient.Length; i++)
                Assert.Equal(single.Average(r => r.ParameterGradients[name][i]), gradient[i], 12);
        }
    }

    [Fact]
    public void A_pool_of_padding_alone_is_an_error_and_not_minus_infinity()
    {
        // The taps of the one window lie at -1 and 2, on either side of a map of two columns. No declaration gets this far.
        var (image, pooled) = (TensorShape.Map(1, 1, 2), TensorShape.Map(1, 1, 1));
        var pool = new MaxPoolLayer(Window(new(1, 2), padding: new(0, 1), dilation: new(1, 3)));
        var network = new Network(
            "Net",
            LossKind.HalfSquaredError,
            [new Node(0, "Input", "input", new InputLayer(image), [], image, image), new Node(1, "MaxPool1", "maxpool1", pool, [0], image, pooled)]);
        var interpreter = new ReferenceInterpreter(network, new Dictionary<string, double[]>());

        var error = Assert.Throws<InvalidOperationException>(() => interpreter.Predict([1, 2]));

        Assert.Contains("MaxPool1: the window at row 0, column 0 lies in the padding alone", error.Message);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        var network = Sequence(TensorShape.Vector(2), LossKind.CrossEntropy, new DenseLayer(3));
        var parameters = new Dictionary<string, double[]> { ["dense1.weight"] = new double[6] };

        var missing = Assert.Throws<ArgumentException>(() => new ReferenceInterpreter(network, parameters).Predict([1, 2]));
        Assert.Contains("'dense1.bias'", missing.Message);

        parameters["dense1.bias"] = new double[2];
        var tooShort = Assert.Throws<ArgumentException>(() => new ReferenceInterpreter(network, parameters).Predict([1, 2]));
        Assert.Contains("'dense1.bias' has 2 numbers; 3 = 3 are needed", tooShort.Message);

        parameters["dense1.bias"] = new double[3];
        var noSoftmax = Assert.Throws<ArgumentException>(() => new ReferenceInterpreter(network, parameters).Train([[1, 2]], [[0, 0, 1]]));
        Assert.Contains("doesn't suit Dense", noSoftmax.Message);

        var noBatch = Assert.Throws<ArgumentException>(() => new ReferenceInterpreter(
            Sequence(TensorShape.Vector(1), LossKind.HalfSquaredError, new BatchNormLayer()),
            new Dictionary<string, double[]> { ["bn1.weight"] = [1], ["bn1.bias"] = [0], ["bn1.running_mean"] = [0], ["bn1.running_var"] = [1] })
            .Train([[1]], [[0]]));
        Assert.Contains("larger batch", noBatch.Message);
    }

    private sealed record SumLayer : Layer
    {
        public override string Kind => "Sum";

        public override ShapeResult InferShape(string name, TensorShape input) => input;

        public override void Lower(Lowering to) => to.AddPointwise(new Expression.Add(new Expression.Operand(0), new Expression.Operand(1)));
    }

    private sealed class ReferenceSum : ReferenceLayer
    {
        public override Tensor[] Forward(Tensor[][] inputs) => inputs[0].Select((first, image) =>
            new Tensor(first.Shape, first.Data.Zip(inputs[1][image].Data, (a, b) => a + b).ToArray())).ToArray();

        public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients) => [outputGradients, outputGradients];
    }
}
