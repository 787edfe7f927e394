namespace CnnGen.Generator.Tests.Blocks;

/// <summary>Blocks that several tests use.</summary>
internal static class Blocks
{
    /// <summary>The two of He et al. 2016, with the names of PyTorch's files.</summary>
    public const string Residual = """
        [Branch, Conv2D("width", 3, Stride = "stride", Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D("width", 3, Padding = 1, Bias = false), BatchNorm]
        [Branch, Shortcut("width", Stride = "stride", TensorName = "downsample", ConvTensorName = "0", NormTensorName = "1")]
        [Add, ReLU]
        public sealed class BasicAttribute(int width, int stride = 1) : BlockAttribute;

        [Branch, Conv2D("width", 1, Bias = false), BatchNorm, ReLU,
                 Conv2D("width", 3, Stride = "stride", Padding = 1, Bias = false), BatchNorm, ReLU,
                 Conv2D("4 * width", 1, Bias = false), BatchNorm]
        [Branch, Shortcut("4 * width", Stride = "stride", TensorName = "downsample", ConvTensorName = "0", NormTensorName = "1")]
        [Add, ReLU]
        public sealed class BottleneckAttribute(int width, int stride = 1) : BlockAttribute;
        """;

    /// <summary>Hu et al. 2018, figure 2.</summary>
    public const string SqueezeExcite = """
        [Branch]
        [Branch, GlobalAveragePool, Dense("input.channels / reduction"), ReLU, Dense("input.channels"), Sigmoid]
        [Multiply]
        public sealed class SqueezeExciteAttribute(int reduction = 16) : BlockAttribute;
        """;

    /// <summary>Szegedy et al. 2015, figure 2b, as PyTorch has it: with norms, and a 3x3 kernel where the paper has 5x5.</summary>
    public const string Inception = """
        [Conv2D("filters", "kernel", Stride = "Stride", Padding = "Padding", Bias = false, TensorName = "conv")]
        [BatchNorm(Epsilon = 0.001, TensorName = "bn"), ReLU]
        public sealed class ConvNormAttribute : BlockAttribute
        {
            public ConvNormAttribute(int filters, int kernel) { }
            public ConvNormAttribute(string filters, int kernel) { }
            public object Stride { get; set; } = 1;
            public object Padding { get; set; } = 0;
        }

        [Branch, ConvNorm("c1", 1, TensorName = "branch1")]
        [Branch, ConvNorm("r3", 1, TensorName = "branch2.0"), ConvNorm("c3", 3, Padding = 1, TensorName = "branch2.1")]
        [Branch, ConvNorm("r5", 1, TensorName = "branch3.0"), ConvNorm("c5", 3, Padding = 1, TensorName = "branch3.1")]
        [Branch, MaxPool(3, Stride = 1, Padding = 1), ConvNorm("p", 1, TensorName = "branch4.1")]
        [Concat]
        public sealed class InceptionAttribute(int c1, int r3, int c3, int r5, int c5, int p) : BlockAttribute;

        [Branch, AveragePool(5, Stride = 3), ConvNorm(128, 1, TensorName = "conv"), Dense(1024, TensorName = "fc1"), ReLU, Dropout(0.7), Dense("classes", TensorName = "fc2"), Softmax, Head("Scores", 0.3f)]
        public sealed class AuxiliaryAttribute(int classes) : BlockAttribute;
        """;
}
