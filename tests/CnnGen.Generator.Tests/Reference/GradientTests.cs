using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;
using static CnnGen.Generator.Tests.Reference.NetworkFactory;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>The reference interpreter's gradients against central differences of its own loss, for every layer.</summary>
public class GradientTests
{
    private const int Batch = 3;
    private const double Step = 1e-5;
    private const double RelativeTolerance = 1e-6;

    // What rounding leaves of a central difference where the loss is 1: about 1e-16 * loss / step.
    private const double DifferenceNoise = 1e-9;

    private static readonly HashSet<string> Wide = [];
    private static readonly Dictionary<string, Network> Networks = CreateNetworks();

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_central_differences_of_the_loss(string name)
    {
        var network = Networks[name];
        var random = new Random(1);
        var parameters = RandomParameters(network, random);
        var images = Enumerable.Range(0, Batch).Select(_ => RandomNumbers(network.Input.OutputShape.Length, random, Wide.Contains(name) ? 8 : 1)).ToArray();
        var targets = Enumerable.Range(0, Batch).Select(_ => RandomNumbers(network.Output.OutputShape.Length, random)).ToArray();
        var interpreter = new ReferenceInterpreter(network, parameters);

        double Loss() => interpreter.Train(images, targets, Mask).Loss;
        var result = interpreter.Train(images, targets, Mask);

        for (var image = 0; image < Batch; image++)
            AssertDifferences($"image {image}", images[image], result.ImageGradients[image], Loss, result.Loss);
        var trained = network.Nodes.SelectMany(node =>
            node.Parameters.Where(p => p.IsTrained).Select(p => $"{node.TensorName}.{p.Name}")).ToArray();
        Assert.Equal(trained.Order(), result.ParameterGradients.Keys.Order());
        foreach (var parameter in trained)
            AssertDifferences(parameter, parameters[parameter], result.ParameterGradients[parameter], Loss, result.Loss);
    }

    private static void AssertDifferences(string what, double[] numbers, double[] gradient, Func<double> loss, double size)
    {
        Assert.Equal(numbers.Length, gradient.Length);
        for (var i = 0; i < numbers.Length; i++)
        {
            var original = numbers[i];
            numbers[i] = original + Step;
            var above = loss();
            numbers[i] = original - Step;
            var below = loss();
            numbers[i] = original;
            var difference = (above - below) / (2 * Step);
            var allowed = (RelativeTolerance * Math.Max(Math.Abs(difference), Math.Abs(gradient[i]))) + (DifferenceNoise * Math.Max(1, size));
            Assert.True(
                Math.Abs(difference - gradient[i]) <= allowed,
                FormattableString.Invariant($"{what}[{i}]: gradient {gradient[i]:R}, central difference {difference:R}"));
        }
    }

    private static double Mask(Node node, int image, int element) => node.Layer is StochasticPoolLayer
        ? ((7 * element) + (3 * image)) % 11 / 11.0
        : ((element + image) % 3) == 0 ? 0 : 1 / (1 - (double)((DropoutLayer)node.Layer).Rate);

    private static Dictionary<string, Network> CreateNetworks()
    {
        var networks = new Dictionary<string, Network>();
        var map = TensorShape.Map(3, 5, 6);
        var vector = TensorShape.Vector(7);

        void Add(string name, TensorShape input, params Layer[] layers) =>
            networks.Add(name, Sequence(input, LossKind.HalfSquaredError, layers));

        // Images of numbers up to 8, for what changes beyond 1.
        void AddWide(string name, TensorShape input, params Layer[] layers)
        {
            Wide.Add(name);
            Add(name, input, layers);
        }

        Add("Conv2D", map, new Conv2DLayer(4, Window(Size2.Square(3))));
        Add("Conv2D, stride and padding", map, new Conv2DLayer(4, Window(new(3, 2), new(2, 1), new(1, 0))));
        Add("Conv2D, stride larger than the kernel", map, new Conv2DLayer(2, Window(Size2.One, Size2.Square(3), rounding: WindowRounding.Floor)));
        Add("Conv2D, dilation", map, new Conv2DLayer(2, Window(new(2, 3), dilation: new(3, 2), padding: new(0, 1))));
        Add("Conv2D, groups", TensorShape.Map(4, 4, 3), new Conv2DLayer(6, Window(Size2.Square(2)), Groups: 2));
        Add("Conv2D, depthwise without bias", map, new Conv2DLayer(6, Window(Size2.Square(3), padding: Size2.One), Groups: 3, Bias: false));
        Add("Conv2D, ceiling", map, new Conv2DLayer(2, Window(Size2.Square(3), Size2.Square(2), rounding: WindowRounding.Ceiling)));
        Add("Conv2D, each side padded by itself", map, new Conv2DLayer(2, new Window(Size2.Square(3), Size2.Square(2), new Padding(0, 1, 2, 0), Size2.One, WindowRounding.Floor)));
        Add("AveragePool, each side padded by itself", map, new AveragePoolLayer(new Window(Size2.Square(3), Size2.Square(2), new Padding(1, 0, 0, 1), Size2.One, WindowRounding.Floor)));
        Add("MaxPool, each side padded by itself", map, new MaxPoolLayer(new Window(Size2.Square(3), Size2.Square(2), new Padding(0, 1, 1, 0), Size2.One, WindowRounding.Floor)));
        Add("Conv2DTranspose", map, new Conv2DTransposeLayer(4, new(3, 2), Size2.One, new(1, 0), Size2.Zero, Size2.One));
        Add("Conv2DTranspose, strided", map, new Conv2DTransposeLayer(2, Size2.Square(3), new(2, 3), new(1, 2), new(1, 0), new(1, 2), Bias: false));
        Add("Conv2DTranspose, groups", TensorShape.Map(4, 3, 2), new Conv2DTransposeLayer(6, Size2.Square(2), Size2.Square(2), Size2.Zero, Size2.One, Size2.One, Groups: 2));
        Add("LocallyConnected2D", map, new LocallyConnected2DLayer(2, Window(Size2.Square(3))));
        Add("LocallyConnected2D, past the map", map, new LocallyConnected2DLayer(2, Window(new(2, 3), new(3, 2), rounding: WindowRounding.Ceiling)));
        Add("LocallyConnected2D, stride, without bias", map, new LocallyConnected2DLayer(3, Window(new(2, 3), new(2, 1), rounding: WindowRounding.Floor), Bias: false), new ActivationLayer(ActivationKind.Tanh));
        Add("Dense", vector, new DenseLayer(4));
        Add("Dense without bias", vector, new DenseLayer(3, Bias: false));
        Add("Flatten", map, new FlattenLayer());
        Add("MaxPool", map, new MaxPoolLayer(Window(Size2.Square(2), Size2.Square(2), rounding: WindowRounding.Floor)));
        Add("MaxPool, overlapping, padded", map, new MaxPoolLayer(Window(new(3, 2), new(2, 1), Size2.One)));
        Add("MaxPool, dilation", map, new MaxPoolLayer(Window(new(2, 3), padding: new(1, 1), dilation: new(3, 2))));
        Add("MaxPool, ceiling", map, new MaxPoolLayer(Window(Size2.Square(3), Size2.Square(2), rounding: WindowRounding.Ceiling)));
        Add("AveragePool, padding counts", map, new AveragePoolLayer(Window(new(3, 2), Size2.Square(2), Size2.One, rounding: WindowRounding.Ceiling)));
        Add("AveragePool, padding doesn't count", map, new AveragePoolLayer(Window(new(3, 2), Size2.Square(2), Size2.One, rounding: WindowRounding.Ceiling), CountPadding: false));
        Add("LpPool of squares", map, new LpPoolLayer(2, Window(new(3, 2), Size2.Square(2), rounding: WindowRounding.Floor)));
        Add("LpPool, padded, ceiling", map, new LpPoolLayer(3, Window(new(3, 2), Size2.Square(2), Size2.One, rounding: WindowRounding.Ceiling)));
        Add("LpPool by a Gaussian curve", map, new LpPoolLayer(2.5f, Window(Size2.Square(3), Size2.One, Size2.One), Sigma: 0.8f));
        Add("MixedPool", map, new MixedPoolLayer(Window(new(3, 2), Size2.Square(2), Size2.One, rounding: WindowRounding.Ceiling), 0.3f));
        Add("MixedPool, learned", map, new MixedPoolLayer(Window(Size2.Square(2), Size2.One), null), new ActivationLayer(ActivationKind.Tanh));
        Add("StochasticPool", map, new StochasticPoolLayer(Window(Size2.Square(3), Size2.Square(2), Size2.One)), new ActivationLayer(ActivationKind.Tanh));
        Add("GlobalMaxPool", map, new GlobalMaxPoolLayer());
        Add("GlobalAveragePool", map, new GlobalAveragePoolLayer());
        Add("ReLU", map, new ActivationLayer(ActivationKind.ReLU));
        Add("LeakyReLU", map, new ActivationLayer(ActivationKind.LeakyReLU, 0.1f));
        Add("ELU", map, new ActivationLayer(ActivationKind.ELU, 0.7f));
        Add("Sigmoid", vector, new ActivationLayer(ActivationKind.Sigmoid));
        Add("Tanh", vector, new ActivationLayer(ActivationKind.Tanh));
        foreach (var function in Enum.GetValues<ActivationKind>())
            AddWide($"{function} of large numbers", map, new ActivationLayer(function, 0.7f));
        Add("GroupNorm", TensorShape.Map(6, 2, 3), new GroupNormLayer(3, 1e-3f), new ActivationLayer(ActivationKind.Tanh));
        Add("GroupNorm of a vector", vector, new DenseLayer(8), new GroupNormLayer(2, 1e-2f), new ActivationLayer(ActivationKind.Tanh));
        Add("LayerNorm of a map", map, new LayerNormLayer(1e-2f), new ActivationLayer(ActivationKind.Tanh));
        Add("LayerNorm of a vector", vector, new LayerNormLayer(1e-3f), new ActivationLayer(ActivationKind.Tanh));
        Add("ChannelSlice", TensorShape.Map(6, 2, 3), new ChannelSliceLayer(2, 3), new ActivationLayer(ActivationKind.Tanh));
        Add("ChannelShuffle", TensorShape.Map(6, 2, 3), new ChannelShuffleLayer(3));
        Add("Maxout", TensorShape.Map(6, 2, 3), new MaxoutLayer(3));
        Add("Maxout of a vector", vector, new DenseLayer(8), new MaxoutLayer(2));
        Add("Pad", map, new PadLayer(1, 2, 3, 0, PaddingKind.Zero));
        Add("Pad, reflected", map, new PadLayer(4, 2, 1, 5, PaddingKind.Reflect));
        Add("Pad, edge", map, new PadLayer(0, 7, 2, 1, PaddingKind.Edge));
        Add("Crop", map, new CropLayer(3, 2, CropLayer.Middle), new ActivationLayer(ActivationKind.Tanh));
        Add("AdaptiveAveragePool", map, new AdaptiveAveragePoolLayer(new(3, 4)));
        Add("AdaptiveMaxPool", map, new AdaptiveMaxPoolLayer(new(3, 4)));
        Add("SpatialPyramidPool", map, new SpatialPyramidPoolLayer([3, 2, 1]));
        Add("ImageFilter", map, new ImageFilterLayer(ImageFilterLayer.KernelOf(FilterNames.Sharpen)));
        Add("ImageFilter of a kernel's own", map, new ImageFilterLayer(Enumerable.Range(0, 25).Select(i => (float)Math.Sin(i)).ToEquatableArray()));
        Add("Standardize", map, new StandardizeLayer([0.5f, -1, 0], [0.25f, 2, 3]), new ActivationLayer(ActivationKind.Tanh));
        Add("Standardize of a vector by one number", vector, new StandardizeLayer([0.5f], [0.25f]));
        Add("Upsample, bilinear", map, new UpsampleLayer(2, ResizeKind.Bilinear));
        Add("Upsample, corners aligned", map, new UpsampleLayer(3, ResizeKind.Bilinear, AlignCorners: true));
        Add("SpectralPool", map, new SpectralPoolLayer(new(4, 3)));
        Add("PReLU of a map", map, new PReLULayer());
        Add("PReLU of a vector", vector, new DenseLayer(5), new PReLULayer());
        Add("LogSoftmax of a vector", vector, new LogSoftmaxLayer());
        AddWide("LogSoftmax of a map", map, new LogSoftmaxLayer());
        Add("Softmax of a vector", vector, new SoftmaxLayer());
        Add("Softmax of a map", map, new SoftmaxLayer());
        Add("Softmax in the middle", map, new SoftmaxLayer(), new Conv2DLayer(2, Window(Size2.Square(2))), new ActivationLayer(ActivationKind.Tanh));
        Add("Dropout", map, new DropoutLayer(0.4f), new ActivationLayer(ActivationKind.Sigmoid));
        Add("BatchNorm of a map", map, new BatchNormLayer(1e-3f, 0.2f), new ActivationLayer(ActivationKind.Tanh));
        Add("BatchNorm of a vector", vector, new BatchNormLayer(0.01f), new ActivationLayer(ActivationKind.Sigmoid));
        Add("LocalResponseNorm", TensorShape.Map(6, 2, 3), new LocalResponseNormLayer(3, 0.5f, 0.75f, 1.5f));
        Add("LocalResponseNorm, even window", TensorShape.Map(5, 2, 2), new LocalResponseNormLayer(4, 0.8f, 0.6f, 1f));
        Add("LocalResponseNorm, window larger than the channels", TensorShape.Map(2, 2, 2), new LocalResponseNormLayer(5, 0.8f, 0.75f, 2f));
        networks.Add("Cross-entropy", Sequence(vector, LossKind.CrossEntropy, new DenseLayer(4), new SoftmaxLayer()));
        networks.Add("Cross-entropy, labels smoothed", Sequence(vector, LossKind.CrossEntropy, new DenseLayer(4), new SoftmaxLayer()) with { LossSettings = new(0.2f, 1) });
        networks.Add("Cross-entropy of a map, classes weighted", Sequence(map, LossKind.CrossEntropy, new Conv2DLayer(3, Window(Size2.Square(3))), new SoftmaxLayer()) with { LossSettings = new(0.2f, 1) { ClassWeights = [0.5f, 2, 0] } });
        networks.Add("Hinge of a map", Sequence(map, LossKind.Hinge, new Conv2DLayer(3, Window(Size2.Square(3)))));
        networks.Add("Binary cross-entropy", Sequence(vector, LossKind.BinaryCrossEntropy, new DenseLayer(4), new ActivationLayer(ActivationKind.Sigmoid)));
        networks.Add("Hinge", Sequence(vector, LossKind.Hinge, new DenseLayer(4)));
        networks.Add("Absolute error", Sequence(vector, LossKind.AbsoluteError, new DenseLayer(4)));
        networks.Add("Huber", Sequence(vector, LossKind.Huber, new DenseLayer(8)) with { LossSettings = new(0, 0.4f) });
        networks.Add("Whole network", Sequence(
            TensorShape.Map(2, 5, 6),
            LossKind.CrossEntropy,
            new Conv2DLayer(4, Window(Size2.Square(3), padding: Size2.One), Bias: false),
            new BatchNormLayer(),
            new ActivationLayer(ActivationKind.ELU, 1),
            new AveragePoolLayer(Window(Size2.Square(2), Size2.Square(2), rounding: WindowRounding.Floor)),
            new DropoutLayer(0.25f),
            new DenseLayer(5),
            new ActivationLayer(ActivationKind.Tanh),
            new DenseLayer(3),
            new SoftmaxLayer()));
        return networks;
    }
}
