using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Graph;

public sealed class NetworkBuilderTests
{
    private const string LeNet5 = """
        [Model(1, 28, 28)]
        [Conv2D(6, 5, Padding = 2), Tanh, AveragePool(2)]
        [Conv2D(16, 5), Tanh, AveragePool(2)]
        [Dense(120), Tanh, Dense(84), Tanh, Dense(10), Softmax]
        public partial class LeNet5;
        """;

    [Fact]
    public void LeNet5_has_the_papers_shapes_and_parameters()
    {
        var network = GeneratorHarness.ParseNetwork(LeNet5);

        Assert.Equal("LeNet5", network.Name);
        Assert.Equal(LossKind.CrossEntropy, network.Loss);
        Assert.Equal(
            [
                "Input 1x28x28", "Conv1 6x28x28", "Tanh1 6x28x28", "AveragePool1 6x14x14", "Conv2 16x10x10", "Tanh2 16x10x10", "AveragePool2 16x5x5",
                "Flatten1 400", "Dense1 120", "Tanh3 120", "Dense2 84", "Tanh4 84", "Dense3 10", "Softmax1 10",
            ],
            Shapes(network));
        Assert.Equal(156 + 2416 + 48120 + 10164 + 850, network.ParameterCount);
    }

    [Fact]
    public void Every_node_reads_the_one_before_it_and_has_its_shape()
    {
        var nodes = GeneratorHarness.ParseNetwork(LeNet5).Nodes;

        Assert.Empty(nodes[0].Inputs);
        for (var i = 1; i < nodes.Count; i++)
        {
            Assert.Equal(i, nodes[i].Index);
            Assert.Equal([i - 1], nodes[i].Inputs);
            Assert.Equal(nodes[i - 1].OutputShape, nodes[i].InputShape);
        }
    }

    [Fact]
    public void The_same_declaration_gives_an_equal_network()
    {
        var network = GeneratorHarness.ParseNetwork(LeNet5);

        Assert.Equal(network, GeneratorHarness.ParseNetwork(LeNet5));
        Assert.Equal(network.GetHashCode(), GeneratorHarness.ParseNetwork(LeNet5).GetHashCode());
        Assert.NotEqual(network, GeneratorHarness.ParseNetwork(LeNet5.Replace("Dense(84)", "Dense(85)", StringComparison.Ordinal)));
    }

    [Fact]
    public void Repeats_are_copies_with_numbers()
    {
        var network = Parse("Conv2D(4, 3, Padding = 1, Repeat = 2)", "BatchNorm(Name = \"Norm\", Repeat = 2)", "Dense(5, Repeat = 2)");

        Assert.Equal(
            ["Input input", "Conv1 conv1", "Conv2 conv2", "Norm1 norm1", "Norm2 norm2", "Flatten1 flatten1", "Dense1 dense1", "Dense2 dense2"],
            network.Nodes.Select(node => $"{node.Name} {node.TensorName}"));
    }

    [Fact]
    public void A_name_of_its_own_leaves_the_other_layers_names_as_they_were()
    {
        var network = Parse("Conv2D(4, 3, Name = \"Stem\")", "Conv2D(4, 3)", "BatchNorm", "Dense(5, Name = \"Åß_1\")");

        Assert.Equal(
            ["Input input", "Stem stem", "Conv2 conv2", "BatchNorm1 bn1", "Flatten1 flatten1", "Åß_1 åß_1"],
            network.Nodes.Select(node => $"{node.Name} {node.TensorName}"));
    }

    [Fact]
    public void A_written_Flatten_is_not_put_in_again()
    {
        Assert.Equal(["Input 3x8x8", "Flatten1 192", "Dense1 5", "Dense2 2"], Shapes(Parse("Flatten", "Dense(5)", "Dense(2)")));
        Assert.Equal(["Input 3x8x8", "Flatten1 192", "ReLU1 192", "Flatten2 192"], Shapes(Parse("Flatten", "ReLU", "Flatten")));
    }

    [Theory]
    [InlineData("", "Dense(2), Softmax", "CrossEntropy")]
    [InlineData("", "Dense(2), Sigmoid", "HalfSquaredError")]
    [InlineData("", "Conv2D(2, 3), GlobalAveragePool, Softmax", "CrossEntropy")]
    [InlineData("", "Softmax, Dense(2), Dropout", "HalfSquaredError")]
    [InlineData(", Loss = Loss.CrossEntropy", "Dense(2), Softmax", "CrossEntropy")]
    [InlineData(", Loss = Loss.HalfSquaredError", "Dense(2), Softmax", "HalfSquaredError")]
    [InlineData(", Loss = Loss.HalfSquaredError", "Conv2D(2, 3), Softmax", "HalfSquaredError")]
    public void The_loss_is_what_was_said_or_what_the_last_layer_asks_for(string model, string layers, string loss) => Assert.Equal(
        loss, GeneratorHarness.ParseNetwork($"[Model(3, 8, 8{model})] [{layers}] public partial class Net;").Loss.ToString());

    [Theory]
    [InlineData("1, 7, 7", "Conv2D(1, 3)", "1x5x5", 10)]
    [InlineData("1, 7, 7", "Conv2D(1, 3, Stride = 2)", "1x3x3", 10)]
    [InlineData("3, 32, 32", "Conv2D(10, 5, Padding = 2)", "10x32x32", 760)]
    [InlineData("3, 227, 227", "Conv2D(96, 11, Stride = 4)", "96x55x55", 34944)]
    [InlineData("3, 8, 8", "Conv2D(6, 3, Groups = 3, Bias = false)", "6x6x6", 54)]
    [InlineData("2, 9, 12", "Conv2D(4, 3, 2, Stride = new[] { 2, 5 })", "4x4x3", 52)]
    [InlineData("2, 9, 9", "Conv2D(4, 3, Dilation = new[] { 4, 1 }, Padding = new[] { 0, 1 })", "4x1x9", 76)]
    [InlineData("64, 112, 112", "MaxPool(3, Stride = 2, Rounding = Rounding.Ceiling)", "64x56x56", 0)]
    [InlineData("64, 112, 112", "MaxPool(3, Stride = 2, Padding = 1)", "64x56x56", 0)]
    [InlineData("2, 9, 9", "AveragePool(2, Rounding = Rounding.Floor)", "2x4x4", 0)]
    [InlineData("2, 56, 56", "Conv2D(4, 1, Stride = 2)", "4x28x28", 12)]
    [InlineData("2, 9, 9", "GlobalMaxPool", "2x1x1", 0)]
    [InlineData("2, 3, 4", "Flatten", "24", 0)]
    [InlineData("2, 3, 4", "Dense(5)", "5", 125)]
    [InlineData("2, 3, 4", "Dense(5, Bias = false)", "5", 120)]
    [InlineData("6, 3, 4", "BatchNorm", "6x3x4", 12)]
    public void One_layer_has_its_shape_and_its_parameters(string image, string layer, string shape, long parameters)
    {
        var network = GeneratorHarness.ParseNetwork($"[Model({image})] [{layer}] public partial class Net;");

        Assert.Equal(shape, network.Output.OutputShape.ToString());
        Assert.Equal(parameters, network.ParameterCount);
    }

    [Fact]
    public void The_models_rounding_is_every_windows_that_sets_none()
    {
        var network = GeneratorHarness.ParseNetwork("""
            [Model(1, 9, 9, Rounding = Rounding.Ceiling)]
            [MaxPool(2), MaxPool(2, Rounding = Rounding.Floor)]
            public partial class Net;
            """);

        Assert.Equal(["Input 1x9x9", "MaxPool1 1x5x5", "MaxPool2 1x2x2"], Shapes(network));
    }

    [Fact]
    public void What_follows_a_layer_that_is_wrong_is_not_measured()
    {
        var run = GeneratorHarness.RunWithoutCode("[Model(3, 8, 8)] [Conv2D(0, 3), MaxPool(5), Conv2D(2, 3, Groups = 2)] public partial class Net;");

        Assert.Equal(["CNN1012"], run.Diagnostics.Select(diagnostic => diagnostic.Id));
    }

    private static Network Parse(params string[] layers) =>
        GeneratorHarness.ParseNetwork("[Model(3, 8, 8)] " + string.Concat(layers.Select(layer => $"[{layer}]")) + " public partial class Net;");

    private static IEnumerable<string> Shapes(Network network) => network.Nodes.Select(node => $"{node.Name} {node.OutputShape}");
}
