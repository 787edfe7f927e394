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
}
