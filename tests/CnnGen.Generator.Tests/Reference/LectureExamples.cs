using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>
/// The examples that a lecture on convolutional networks does on the blackboard, as declarations: each test reads as the lecture does.
/// What runs the declarations is left to the derived classes, so that everything that can run one must give the blackboard's numbers.
/// </summary>
public abstract class LectureExamples
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    public void A_3x3_filter_on_a_7x7_input(int stride, int size)
    {
        // (7 - 3) / stride + 1
        var layer = Conv(filters: 1, kernel: 3, stride);

        Assert.Equal($"1x{size}x{size}", Shape(Image(1, 7, 7), layer));
    }

    [Fact]
    public void Ten_5x5_filters_with_padding_2_on_32x32x3()
    {
        // (32 - 5 + 2 * 2) / 1 + 1 = 32, and each filter has 5 * 5 * 3 weights and 1 bias: 76 * 10 = 760.
        var layer = Conv(filters: 10, kernel: 5, padding: 2);

        Assert.Equal("10x32x32", Shape(Image(3, 32, 32), layer));
        Assert.Equal(760, ParameterCount(Image(3, 32, 32), layer));
    }

    [Fact]
    public void AlexNets_first_layer_96_11x11_filters_with_stride_4_on_227x227x3()
    {
        // (227 - 11) / 4 + 1 = 55
        var layer = Conv(filters: 96, kernel: 11, stride: 4);

        Assert.Equal("96x55x55", Shape(Image(3, 227, 227), layer));
    }

    [Fact]
    public void A_filter_slides_over_an_image()
    {
        double[] image =
        [
            1, 2, 0, 1, 0, 1,
            2, 1, 1, 0, 0, 1,
            1, 0, 0, 2, 1, 0,
            2, 0, 0, 0, 2, 1,
            0, 1, 1, 2, 0, 2,
            1, 0, 1, 0, 1, 1,
        ];
        double[] filter =
        [
            1, 0, -1,
            -1, 0, 0,
            0, 0, 1,
        ];

        var result = Run(Image(1, 6, 6), Conv(filters: 1, kernel: 3, bias: false), image, new() { ["conv1.weight"] = filter });

        Assert.Equal(
            [
                -1, 2, 0, 0,
                0, 1, 3, -2,
                0, 0, -1, 4,
                3, -1, -2, -2,
            ],
            result);
    }

    [Fact]
    public void Max_pooling_keeps_the_largest_of_each_2x2()
    {
        double[] map =
        [
            -1, 2, 0, 0,
            0, 1, 3, -2,
            0, 0, -1, 4,
            3, -1, -2, -2,
        ];

        var result = Run(Image(1, 4, 4), new MaxPoolLayer(Window(kernel: 2, stride: 2)), map, []);

        Assert.Equal(
            [
                2, 3,
                3, 4,
            ],
            result);
    }

    [Fact]
    public void Average_pooling_takes_the_mean_of_each_2x2()
    {
        double[] map =
        [
            -1, 4, 1, 2,
            0, 1, 3, -2,
            1, 5, -2, 6,
            3, -1, -2, -2,
        ];

        var result = Run(Image(1, 4, 4), new AveragePoolLayer(Window(kernel: 2, stride: 2)), map, []);

        Assert.Equal(
            [
                1, 1,
                2, 0,
            ],
            result);
    }

    /// <summary>The network of one layer: what a derived class compiles or interprets. The loss is half the squared error.</summary>
    private protected abstract IRunnable Compile(TensorShape image, Layer layer);

    private protected interface IRunnable
    {
        /// <summary>Channels x height x width of the output: <c>10x32x32</c>.</summary>
        string OutputShape { get; }

        long ParameterCount { get; }

        double[] Predict(double[] image, Dictionary<string, double[]> parameters);
    }

    private string Shape(TensorShape image, Layer layer) => Compile(image, layer).OutputShape;

    private long ParameterCount(TensorShape image, Layer layer) => Compile(image, layer).ParameterCount;

    private double[] Run(TensorShape shape, Layer layer, double[] image, Dictionary<string, double[]> parameters) =>
        Compile(shape, layer).Predict(image, parameters);

    private static TensorShape Image(int channels, int height, int width) => TensorShape.Map(channels, height, width);

    private static Conv2DLayer Conv(int filters, int kernel, int stride = 1, int padding = 0, bool bias = true) =>
        new(filters, Window(kernel, stride, padding), Bias: bias);

    private static Window Window(int kernel, int stride, int padding = 0) =>
        NetworkFactory.Window(Size2.Square(kernel), Size2.Square(stride), Size2.Square(padding));
}

/// <summary>The lecture's examples on the reference interpreter.</summary>
public sealed class LectureExamplesOnInterpreter : LectureExamples
{
    private protected override IRunnable Compile(TensorShape image, Layer layer) =>
        new Interpreted(NetworkFactory.Sequence(image, LossKind.HalfSquaredError, layer));

    private sealed class Interpreted(Network network) : IRunnable
    {
        public string OutputShape => network.Output.OutputShape.ToString();

        public long ParameterCount => network.ParameterCount;

        public double[] Predict(double[] image, Dictionary<string, double[]> parameters) =>
            new ReferenceInterpreter(network, parameters).Predict(image);
    }
}
