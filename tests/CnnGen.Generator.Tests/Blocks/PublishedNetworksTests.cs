using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Blocks;

/// <summary>The networks that made blocks known have the published numbers of parameters, and PyTorch's names of tensors. They are resolved and not emitted.</summary>
public sealed class PublishedNetworksTests
{
    private static string Stem(string name, string layers, string norms = "") => $$"""
        [Model(3, 224, 224)]
        [Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, MaxPool(3, Stride = 2, Padding = 1)]
        {{layers}}
        [GlobalAveragePool, Dense(1000, TensorName = "fc"){{norms}}]
        public partial class {{name}};
        """;

    [Fact]
    public void ResNet18_and_50_and_SE_ResNet50()
    {
        var networks = GeneratorHarness.Resolve(
            Blocks.Residual,
            Blocks.SqueezeExcite,
            """
            [Branch, Conv2D("width", 1, Bias = false), BatchNorm, ReLU, Conv2D("width", 3, Stride = "stride", Padding = 1, Bias = false), BatchNorm, ReLU,
                     Conv2D("4 * width", 1, Bias = false), BatchNorm, SqueezeExcite]
            [Branch, Shortcut("4 * width", Stride = "stride")]
            [Add, ReLU]
            public sealed class SEBottleneckAttribute(int width, int stride = 1) : BlockAttribute;
            """,
            Stem("ResNet18", """
                [Basic(64, Repeat = 2, TensorName = "layer1.0")]
                [Basic(128, 2, TensorName = "layer2.0"), Basic(128, TensorName = "layer2.1")]
                [Basic(256, 2, TensorName = "layer3.0"), Basic(256, TensorName = "layer3.1")]
                [Basic(512, 2, TensorName = "layer4.0"), Basic(512, TensorName = "layer4.1")]
                """),
            Stem("ResNet50", """
                [Bottleneck(64, Repeat = 3, TensorName = "layer1.0")]
                [Bottleneck(128, 2, TensorName = "layer2.0"), Bottleneck(128, Repeat = 3, TensorName = "layer2.1")]
                [Bottleneck(256, 2, TensorName = "layer3.0"), Bottleneck(256, Repeat = 5, TensorName = "layer3.1")]
                [Bottleneck(512, 2, TensorName = "layer4.0"), Bottleneck(512, Repeat = 2, TensorName = "layer4.1")]
                """, ", Softmax"),
            Stem("SEResNet50", """
                [SEBottleneck(64, Repeat = 3)]
                [SEBottleneck(128, 2), SEBottleneck(128, Repeat = 3)]
                [SEBottleneck(256, 2), SEBottleneck(256, Repeat = 5)]
                [SEBottleneck(512, 2), SEBottleneck(512, Repeat = 2)]
                """));

        Assert.Equal(11_689_512, networks["ResNet18"].ParameterCount);
        Assert.Equal(25_557_032, networks["ResNet50"].ParameterCount);
        Assert.Equal(28_088_024, networks["SEResNet50"].ParameterCount);
        Assert.Equal(TorchResNet([2, 2, 2, 2], convolutions: 2).Order(StringComparer.Ordinal), TensorNames(networks["ResNet18"]).Order(StringComparer.Ordinal));
        Assert.Equal(TorchResNet([3, 4, 6, 3], convolutions: 3).Order(StringComparer.Ordinal), TensorNames(networks["ResNet50"]).Order(StringComparer.Ordinal));
        Assert.Contains("sebottleneck2.squeezeexcite1.dense1.weight", TensorNames(networks["SEResNet50"]));
    }

    [Fact]
    public void GoogLeNet_with_and_without_its_heads()
    {
        const string Layers = """
            [Model(3, 224, 224, Rounding = Rounding.Ceiling)]
            [ConvNorm(64, 7, Stride = 2, Padding = 3, TensorName = "conv1"), MaxPool(3, Stride = 2)]
            [ConvNorm(64, 1, TensorName = "conv2"), ConvNorm(192, 3, Padding = 1, TensorName = "conv3"), MaxPool(3, Stride = 2)]
            [Inception(64, 96, 128, 16, 32, 32, TensorName = "inception3a"), Inception(128, 128, 192, 32, 96, 64, TensorName = "inception3b"), MaxPool(3, Stride = 2)]
            [Inception(192, 96, 208, 16, 48, 64, TensorName = "inception4a"), Auxiliary(1000, TensorName = "aux1")]
            [Inception(160, 112, 224, 24, 64, 64, TensorName = "inception4b"), Inception(128, 128, 256, 24, 64, 64, TensorName = "inception4c")]
            [Inception(112, 144, 288, 32, 64, 64, TensorName = "inception4d"), Auxiliary(1000, TensorName = "aux2")]
            [Inception(256, 160, 320, 32, 128, 128, TensorName = "inception4e"), MaxPool(2)]
            [Inception(256, 160, 320, 32, 128, 128, TensorName = "inception5a"), Inception(384, 192, 384, 48, 128, 128, TensorName = "inception5b")]
            [GlobalAveragePool, Dropout(0.2), Dense(1000, TensorName = "fc"), Softmax]
            public partial class GoogLeNet;
            """;
        var networks = GeneratorHarness.Resolve(
            Blocks.Inception,
            Layers,
            Layers.Replace(", Auxiliary(1000, TensorName = \"aux1\")", "", StringComparison.Ordinal).Replace(", Auxiliary(1000, TensorName = \"aux2\")", "", StringComparison.Ordinal)
                .Replace("class GoogLeNet", "class Trunk", StringComparison.Ordinal));

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
        var networks = GeneratorHarness.Resolve(
            """
            [Conv2D("expand * input.channels", 1, Bias = false), BatchNorm, ReLU]
            [Conv2D("expand * input.channels", 3, Stride = "stride", Padding = 1, Groups = "expand * input.channels", Bias = false), BatchNorm, ReLU, Conv2D("width", 1, Bias = false), BatchNorm]
            public sealed class InvertedAttribute : BlockAttribute
            {
                public InvertedAttribute(int expand, int width, int stride = 1) { }
                public InvertedAttribute(string expand, string width, string stride = "1") { }
            }

            [Branch, Inverted("expand", "input.channels")]
            [Branch]
            [Add]
            public sealed class InvertedResidualAttribute(int expand) : BlockAttribute;

            [Conv2D("squeeze", 1), ReLU]
            [Branch, Conv2D("expand", 1), ReLU]
            [Branch, Conv2D("expand", 3, Padding = 1), ReLU]
            [Concat]
            public sealed class FireAttribute(int squeeze, int expand) : BlockAttribute;
            """,
            """
            [Model(3, 224, 224)]
            [Conv2D(32, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU]
            [Conv2D(32, 3, Padding = 1, Groups = "32", Bias = false), BatchNorm, ReLU, Conv2D(16, 1, Bias = false), BatchNorm]
            [Inverted(6, 24, 2), InvertedResidual(6)]
            [Inverted(6, 32, 2), InvertedResidual(6, Repeat = 2)]
            [Inverted(6, 64, 2), InvertedResidual(6, Repeat = 3)]
            [Inverted(6, 96), InvertedResidual(6, Repeat = 2)]
            [Inverted(6, 160, 2), InvertedResidual(6, Repeat = 2)]
            [Inverted(6, 320), Conv2D(1280, 1, Bias = false), BatchNorm, ReLU]
            [GlobalAveragePool, Dropout(0.2), Dense(1000), Softmax]
            public partial class MobileNetV2;

            [Model(3, 224, 224, Rounding = Rounding.Ceiling)]
            [Conv2D(64, 3, Stride = 2, Rounding = Rounding.Floor), ReLU, MaxPool(3, Stride = 2)]
            [Fire(16, 64, Repeat = 2), MaxPool(3, Stride = 2), Fire(32, 128, Repeat = 2), MaxPool(3, Stride = 2)]
            [Fire(48, 192, Repeat = 2), Fire(64, 256, Repeat = 2)]
            [Dropout, Conv2D(1000, 1), ReLU, GlobalAveragePool]
            public partial class SqueezeNet;
            """);

        Assert.Equal(3_504_872, networks["MobileNetV2"].ParameterCount);
        Assert.Equal(1_235_496, networks["SqueezeNet"].ParameterCount);
    }

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
