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
            network.Nodes.Select(node => $"{node.Name} {node.OutputShape}"));
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
}
