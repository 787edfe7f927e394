using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>
/// The examples that a lecture on convolutional networks does on the blackboard, as declarations: each test reads as the lecture does.
/// What runs the declarations is left to the derived classes, so that everything that can run one must give the blackboard's numbers.
/// </summary>
public abstract class LectureExamples
{
    [Theory]
    [InlineData(1, "1x5x5")] // (7 - 3) / 1 + 1 = 5
    [InlineData(2, "1x3x3")] // (7 - 3) / 2 + 1 = 3
    public void A_3x3_filter_slides_over_a_7x7_input(int stride, string output)
    {
        var lecture = Compile($"[Model(1, 7, 7)] [Conv2D(1, 3, Stride = {stride})]");

        Assert.Equal(output, lecture.OutputShape);
    }

    [Fact]
    public void With_stride_3_it_does_not_fit()
    {
        var error = Assert.Single(GeneratorHarness.RunWithoutCode("[Model(1, 7, 7)] [Conv2D(1, 3, Stride = 3)] public partial class Lecture;").Diagnostics);

        Assert.Equal("CNN2001", error.Id);
        Assert.Contains("(7 - 3 + 2*0) / 3 + 1 = 2.33", error.Text());
    }

    [Fact]
    public void Ten_5x5_filters_with_padding_2_on_32x32x3()
    {
        var lecture = Compile("[Model(3, 32, 32)] [Conv2D(10, 5, Padding = 2)]");

        // (32 - 5 + 2 * 2) / 1 + 1 = 32
        Assert.Equal("10x32x32", lecture.OutputShape);

        // Each filter has 5 * 5 * 3 weights and 1 bias: 76 * 10 = 760.
        Assert.Equal(760, lecture.ParameterCount);
    }

    [Fact]
    public void AlexNets_first_layer_96_11x11_filters_with_stride_4_on_227x227x3()
    {
        var lecture = Compile("[Model(3, 227, 227)] [Conv2D(96, 11, Stride = 4)]");

        // (227 - 11) / 4 + 1 = 55
        Assert.Equal("96x55x55", lecture.OutputShape);
    }

    [Fact]
    public void A_filter_gives_a_number_at_each_place()
    {
        var lecture = Compile("[Model(1, 6, 6)] [Conv2D(1, 3, Bias = false)]");
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

        var result = lecture.Predict(image, new() { ["conv1.weight"] = filter });

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
        var lecture = Compile("[Model(1, 4, 4)] [MaxPool(2)]");
        double[] map =
        [
            -1, 2, 0, 0,
            0, 1, 3, -2,
            0, 0, -1, 4,
            3, -1, -2, -2,
        ];

        var result = lecture.Predict(map, []);

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
        var lecture = Compile("[Model(1, 4, 4)] [AveragePool(2)]");
        double[] map =
        [
            -1, 4, 1, 2,
            0, 1, 3, -2,
            1, 5, -2, 6,
            3, -1, -2, -2,
        ];

        var result = lecture.Predict(map, []);

        Assert.Equal(
            [
                1, 1,
                2, 0,
            ],
            result);
    }

    /// <summary>The network that these attributes declare.</summary>
    private protected abstract ILectureModel Compile(string attributes);

    private protected interface ILectureModel
    {
        /// <summary>Channels x height x width: <c>10x32x32</c>.</summary>
        string OutputShape { get; }

        long ParameterCount { get; }

        /// <summary>The output for one image. <paramref name="parameters"/> are all that the network has, by name.</summary>
        double[] Predict(double[] image, Dictionary<string, double[]> parameters);
    }
}

/// <summary>The lecture's examples on the reference interpreter.</summary>
public sealed class LectureExamplesOnInterpreter : LectureExamples
{
    private protected override ILectureModel Compile(string attributes) =>
        new Interpreted(GeneratorHarness.ParseNetwork(attributes + " public partial class Lecture;"));

    private sealed class Interpreted(Network network) : ILectureModel
    {
        public string OutputShape => network.Output.OutputShape.ToString();

        public long ParameterCount => network.ParameterCount;

        public double[] Predict(double[] image, Dictionary<string, double[]> parameters) =>
            new ReferenceInterpreter(network, parameters).Predict(image);
    }
}
