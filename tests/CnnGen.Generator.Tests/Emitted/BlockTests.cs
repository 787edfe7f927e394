using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>A network of blocks computes what it would, written out; its handles have paths.</summary>
public sealed class BlockTests
{
    private const string Source = """
        [Branch, Conv2D("width", 3, Stride = "stride", Padding = 1), BatchNorm, ReLU, Conv2D("width", 3, Padding = 1), BatchNorm, Gate(2)]
        [Branch, Shortcut("width", Stride = "stride", TensorName = "downsample", ConvTensorName = "0", NormTensorName = "1")]
        [Add, ReLU]
        public sealed class PartAttribute(int width, int stride = 1) : BlockAttribute;

        [Branch]
        [Branch, GlobalAveragePool, Dense("input.channels / reduction"), ReLU, Dense("input.channels"), Sigmoid]
        [Multiply]
        public sealed class GateAttribute(int reduction) : BlockAttribute;

        [Branch, GlobalAveragePool, Dense(3), Softmax, Head("Scores", 0.3f)]
        public sealed class AuxiliaryAttribute : BlockAttribute;

        [Model(3, 8, 8)]
        [Part(8, Repeat = 2, TensorName = "layer1.0"), Auxiliary, Dropout(0), Part(12, 2), GlobalAveragePool, Dense(3), Softmax]
        public partial class Short;

        public static class Uses
        {
            public static float[] First(Short model) => model.Part2.Gate1.Dense1.Weight.ToArray();
            public static string Shapes(Short model) => $"{model.Part2.InputShape} {model.Part3} {model.Part3.Index} {model.Part3.ReLU2.Index} {Short.Layers.Part3.Layers.Gate1.Layers.Dense1.Units} {Short.Layers.Part3.Layers.Conv1.Filters}";
        }
        """;

    /// <summary>Groups that nest are the one thing that can't be written out: the gate is a block here too.</summary>
    private const string Written = """
        [Model(3, 8, 8)]
        [Branch, Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, Conv2D(8, 3, Padding = 1), BatchNorm, Gate(2)]
        [Branch, Shortcut(8, ConvTensorName = "0", NormTensorName = "1")]
        [Add, ReLU]
        [Branch, Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, Conv2D(8, 3, Padding = 1), BatchNorm, Gate(2)]
        [Branch, Shortcut(8, ConvTensorName = "0", NormTensorName = "1")]
        [Add, ReLU]
        [Branch, GlobalAveragePool, Dense(3), Softmax, Head("Scores", 0.3f)]
        [Dropout(0)]
        [Branch, Conv2D(12, 3, Stride = 2, Padding = 1), BatchNorm, ReLU, Conv2D(12, 3, Padding = 1), BatchNorm, Gate(2)]
        [Branch, Shortcut(12, Stride = 2, ConvTensorName = "0", NormTensorName = "1")]
        [Add, ReLU]
        [GlobalAveragePool, Dense(3), Softmax]
        public partial class Long;
        """;

    [Fact]
    public void Predictions_and_gradients_are_those_of_the_same_network_written_out()
    {
        using var assembly = EmittedAssembly.Compile(Source, Written);
        using var blocks = assembly.Create("Short", seed: 4);
        using var written = assembly.Create("Long", seed: 4);
        var random = new Random(7);
        var images = Enumerable.Range(0, 2 * 3 * 8 * 8).Select(_ => random.NextSingle() - 0.5f).ToArray();
        float[] targets = [1, 0, 0, 0, 0, 1];
        var gradients = (new float[images.Length], new float[images.Length]);

        var expected = written.Predict(images, 2);
        Assert.Equal(expected, blocks.Predict(images, 2));
        Assert.Equal(
            written.ComputeGradients(images, targets, 2, 3, default, gradients.Item1),
            blocks.ComputeGradients(images, targets, 2, 3, default, gradients.Item2));
        Assert.Equal(gradients.Item1, gradients.Item2);
        Assert.NotEqual(0, gradients.Item1.Max());
        Assert.Equal(6, expected.Distinct().Count());

        var uses = assembly.Type("Uses");
        Assert.Equal("8x8x8 Part3: 8x8x8 -> 12x4x4 51 51 6 12", uses.GetMethod("Shapes")!.Invoke(null, [blocks.Object]));
        Assert.Equal(blocks.Parameters["layer1.1.gate1.dense1.weight"].ToArray(), uses.GetMethod("First")!.Invoke(null, [blocks.Object]));
        Assert.Equal([8, 3, 1, 1], blocks.Parameters["layer1.0.downsample.0.weight"].Dimensions.ToArray());
    }
}
