using CnnGen;

namespace ZooSample;

/// <summary>A convolution with a norm, as torchvision's GoogLeNet has it.</summary>
[Conv2D("filters", "kernel", Stride = "Stride", Padding = "Padding", Bias = false, TensorName = "conv")]
[BatchNorm(Epsilon = 0.001, TensorName = "bn"), ReLU]
public sealed class ConvNormAttribute : BlockAttribute
{
    /// <summary>Of so many filters.</summary>
    public ConvNormAttribute(int filters, int kernel)
    {
    }

    /// <inheritdoc cref="ConvNormAttribute(int, int)"/>
    public ConvNormAttribute(string filters, int kernel)
    {
    }

    /// <summary>Pixels from one place of the kernel to the next.</summary>
    public object Stride { get; set; } = 1;

    /// <summary>Zeros on each side.</summary>
    public object Padding { get; set; } = 0;
}

/// <summary>Four paths side by side (Szegedy et al. 2015, figure 2b), as torchvision has it: with norms, and a 3x3 kernel where the paper has 5x5.</summary>
[Branch, ConvNorm("c1", 1, TensorName = "branch1")]
[Branch, ConvNorm("r3", 1, TensorName = "branch2.0"), ConvNorm("c3", 3, Padding = 1, TensorName = "branch2.1")]
[Branch, ConvNorm("r5", 1, TensorName = "branch3.0"), ConvNorm("c5", 3, Padding = 1, TensorName = "branch3.1")]
[Branch, MaxPool(3, Stride = 1, Padding = 1), ConvNorm("p", 1, TensorName = "branch4.1")]
[Concat]
public sealed class InceptionAttribute(int c1, int r3, int c3, int r5, int c5, int p) : BlockAttribute;

/// <summary>A head in the middle of the network, which only training computes.</summary>
[Branch, AveragePool(5, Stride = 3), ConvNorm(128, 1, TensorName = "conv")]
[Dense(1024, TensorName = "fc1"), ReLU, Dropout(0.7), Dense("classes", TensorName = "fc2"), Softmax, Head("Scores", 0.3f)]
public sealed class AuxiliaryAttribute(int classes) : BlockAttribute;
