using System.Text.RegularExpressions;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Blocks;

/// <summary>The networks that made blocks known have the published numbers of parameters, and PyTorch's names of tensors. They are resolved and not emitted.</summary>
public sealed class PublishedNetworksTests
{
    [Fact]
    public void ResNet18_and_50_and_SE_ResNet50()
    {
        var networks = GeneratorHarness.Resolve([.. Zoo("Blocks/ResidualBlocks", "Networks/ResNet18", "Networks/ResNet50", "Networks/SEResNet50")]);

        Assert.Equal(TorchResNet([2, 2, 2, 2], convolutions: 2).Order(StringComparer.Ordinal), TensorNames(networks["ResNet18"]).Order(StringComparer.Ordinal));
        Assert.Equal(TorchResNet([3, 4, 6, 3], convolutions: 3).Order(StringComparer.Ordinal), TensorNames(networks["ResNet50"]).Order(StringComparer.Ordinal));
        Assert.Contains("layer2.0.se.fc1.weight", TensorNames(networks["SEResNet50"]));
    }

    [Fact]
    public void GoogLeNet_with_and_without_its_heads()
    {
        var zoo = Zoo("Blocks/InceptionBlocks", "Networks/GoogLeNet").ToList();
        var trunk = Regex.Replace(zoo[1], @", Auxiliary\(1000, TensorName = ""aux\d""\)", "").Replace("class GoogLeNet", "class Trunk", StringComparison.Ordinal);
        var networks = GeneratorHarness.Resolve([.. zoo, trunk]);

        Assert.Equal(13_004_888, networks["GoogLeNet"].ParameterCount);
        Assert.Equal(6_624_904, networks["Trunk"].ParameterCount);
        Assert.Equal(
            ["Softmax1", "Auxiliary1.Softmax1", "Auxiliary2.Softmax1"],
            networks["GoogLeNet"].Outputs.Select(output => networks["GoogLeNet"].Nodes[output.Node].FullName));
        Assert.Superset(
            new HashSet<string> { "conv1.conv.weight", "conv1.bn.running_var", "inception3a.branch1.conv.weight", "inception5b.branch3.1.bn.bias", "inception4e.branch4.1.conv.weight", "aux1.conv.conv.weight", "aux2.fc2.bias", "fc.weight" },
            TensorNames(networks["GoogLeNet"]).ToHashSet());
    }

    [Fact]
    public void DenseNet121()
    {
        var network = GeneratorHarness.Resolve(
            """
            [Branch]
            [Branch, BatchNorm(TensorName = "norm1"), ReLU, Conv2D("4 * growth", 1, Bias = false), BatchNorm(TensorName = "norm2"), ReLU, Conv2D("growth", 3, Padding = 1, Bias = false)]
            [Concat]
            public sealed class DenseLayerAttribute : BlockAttribute
            {
                public DenseLayerAttribute(int growth) { }
                public DenseLayerAttribute(string growth) { }
            }

            [DenseLayer("growth", Repeat = "layers")]
            public sealed class DenseBlockAttribute(int layers, int growth = 32) : BlockAttribute;

            [BatchNorm(TensorName = "norm"), ReLU, Conv2D("input.channels / 2", 1, Bias = false, TensorName = "conv"), AveragePool(2)]
            public sealed class TransitionAttribute : BlockAttribute;
            """,
            """
            [Model(3, 224, 224)]
            [Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false, TensorName = "features.conv0"), BatchNorm(TensorName = "features.norm0"), ReLU, MaxPool(3, Stride = 2, Padding = 1)]
            [DenseBlock(6, TensorName = "features.denseblock1"), Transition(TensorName = "features.transition1")]
            [DenseBlock(12, TensorName = "features.denseblock2"), Transition(TensorName = "features.transition2")]
            [DenseBlock(24, TensorName = "features.denseblock3"), Transition(TensorName = "features.transition3")]
            [DenseBlock(16, TensorName = "features.denseblock4")]
            [BatchNorm(TensorName = "features.norm5"), ReLU, GlobalAveragePool, Dense(1000, TensorName = "classifier"), Softmax]
            public partial class DenseNet121;
            """)["DenseNet121"];

        Assert.Equal(7_978_856, network.ParameterCount);
        Assert.Contains("features.denseblock3.denselayer24.conv2.weight", TensorNames(network));
        Assert.Equal("1024x7x7", network.Nodes.First(node => node.Name == "BatchNorm2").OutputShape.ToString());
    }

    [Fact]
    public void MobileNetV2_and_SqueezeNet()
    {
        var networks = GeneratorHarness.Resolve([.. Zoo("Blocks/MobileBlocks", "Networks/MobileNetV2", "Networks/SqueezeNet")]);

        Assert.Superset(
            new HashSet<string> { "features.0.0.weight", "features.1.conv.2.running_mean", "features.2.conv.0.0.weight", "features.17.conv.3.bias", "features.18.1.weight", "classifier.1.bias" },
            TensorNames(networks["MobileNetV2"]).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "features.0.bias", "features.3.squeeze.weight", "features.12.expand3x3.bias", "classifier.1.weight" },
            TensorNames(networks["SqueezeNet"]).ToHashSet());
    }

    /// <summary>Source files of samples/Zoo, whose tests hold their parameters to the published numbers.</summary>
    private static IEnumerable<string> Zoo(params string[] files) => files.Select(file => File.ReadAllText(Path.Combine(Repository.Root, "samples", "Zoo", file + ".cs")));

    private static IEnumerable<string> TensorNames(Network network) =>
        network.Nodes.SelectMany(node => node.Parameters.Select(parameter => node.TensorName + "." + parameter.Name));

    /// <summary>The names in the files of torchvision's residual networks, but for the counters of batches.</summary>
    private static IEnumerable<string> TorchResNet(int[] blocks, int convolutions)
    {
        IEnumerable<string> Norm(string prefix) => new[] { "weight", "bias", "running_mean", "running_var" }.Select(name => prefix + "." + name);

        var names = new List<string> { "conv1.weight", "fc.weight", "fc.bias" };
        names.AddRange(Norm("bn1"));
        for (var stage = 1; stage <= blocks.Length; stage++)
        {
            for (var block = 0; block < blocks[stage - 1]; block++)
            {
                var prefix = FormattableString.Invariant($"layer{stage}.{block}.");
                for (var i = 1; i <= convolutions; i++)
                {
                    names.Add(FormattableString.Invariant($"{prefix}conv{i}.weight"));
                    names.AddRange(Norm(FormattableString.Invariant($"{prefix}bn{i}")));
                }

                // The first stage of the smaller networks begins with as many channels as it has.
                if (block > 0 || (stage == 1 && convolutions == 2))
                    continue;
                names.Add(prefix + "downsample.0.weight");
                names.AddRange(Norm(prefix + "downsample.1"));
            }
        }

        return names;
    }
}
