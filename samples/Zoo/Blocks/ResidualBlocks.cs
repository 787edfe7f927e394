using CnnGen;

namespace ZooSample;

/// <summary>Two 3x3 convolutions and a way around them (He et al. 2016, figure 2), with the names of PyTorch's files.</summary>
/// <param name="width">Filters.</param>
/// <param name="stride">Of the first convolution.</param>
[Branch, Conv2D("width", 3, Stride = "stride", Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D("width", 3, Padding = 1, Bias = false), BatchNorm]
[Branch, Shortcut("width", Stride = "stride", TensorName = "downsample", ConvTensorName = "0", NormTensorName = "1")]
[Add, ReLU]
public sealed class BasicAttribute(int width, int stride = 1) : BlockAttribute;

/// <summary>A 3x3 convolution between two of 1x1, and a way around them (He et al. 2016, figure 5).</summary>
/// <param name="width">Filters of the 3x3 convolution; four times as many come out.</param>
/// <param name="stride">Of the 3x3 convolution.</param>
[Branch, Conv2D("width", 1, Bias = false), BatchNorm, ReLU,
         Conv2D("width", 3, Stride = "stride", Padding = 1, Bias = false), BatchNorm, ReLU,
         Conv2D("4 * width", 1, Bias = false), BatchNorm]
[Branch, Shortcut("4 * width", Stride = "stride", TensorName = "downsample", ConvTensorName = "0", NormTensorName = "1")]
[Add, ReLU]
public sealed class BottleneckAttribute(int width, int stride = 1) : BlockAttribute;

/// <summary>A factor for each channel, from the means of all channels (Hu et al. 2018, figure 2).</summary>
/// <param name="reduction">How many times fewer units the first dense layer has.</param>
[Branch]
[Branch, GlobalAveragePool, Dense("input.channels / reduction", TensorName = "fc1"), ReLU, Dense("input.channels", TensorName = "fc2"), Sigmoid]
[Multiply]
public sealed class SqueezeExciteAttribute(int reduction = 16) : BlockAttribute;

/// <summary>A <see cref="BottleneckAttribute"/> with a <see cref="SqueezeExciteAttribute"/> before the addition (Hu et al. 2018, figure 3).</summary>
/// <param name="width">Filters of the 3x3 convolution; four times as many come out.</param>
/// <param name="stride">Of the 3x3 convolution.</param>
[Branch, Conv2D("width", 1, Bias = false), BatchNorm, ReLU,
         Conv2D("width", 3, Stride = "stride", Padding = 1, Bias = false), BatchNorm, ReLU,
         Conv2D("4 * width", 1, Bias = false), BatchNorm, SqueezeExcite(TensorName = "se")]
[Branch, Shortcut("4 * width", Stride = "stride", TensorName = "downsample", ConvTensorName = "0", NormTensorName = "1")]
[Add, ReLU]
public sealed class SEBottleneckAttribute(int width, int stride = 1) : BlockAttribute;
