using CnnGen;

namespace ZooSample;

/// <summary>More channels, a depthwise convolution, fewer channels without an activation (Sandler et al. 2018, figure 4).</summary>
/// <param name="expand">How many times more channels.</param>
/// <param name="width">Channels that come out.</param>
/// <param name="stride">Of the depthwise convolution.</param>
[Conv2D("expand * input.channels", 1, Bias = false, TensorName = "conv.0.0"), BatchNorm(TensorName = "conv.0.1"), ReLU6]
[Conv2D("expand * input.channels", 3, Stride = "stride", Padding = 1, Groups = "expand * input.channels", Bias = false, TensorName = "conv.1.0"), BatchNorm(TensorName = "conv.1.1"), ReLU6]
[Conv2D("width", 1, Bias = false, TensorName = "conv.2"), BatchNorm(TensorName = "conv.3")]
public sealed class InvertedAttribute(int expand, int width, int stride = 1) : BlockAttribute;

/// <summary>The same with a way around it, where as many channels come out as go in.</summary>
/// <param name="expand">How many times more channels.</param>
[Branch, Conv2D("expand * input.channels", 1, Bias = false, TensorName = "conv.0.0"), BatchNorm(TensorName = "conv.0.1"), ReLU6]
[Conv2D("expand * input.channels", 3, Padding = 1, Groups = "expand * input.channels", Bias = false, TensorName = "conv.1.0"), BatchNorm(TensorName = "conv.1.1"), ReLU6]
[Conv2D("input.channels", 1, Bias = false, TensorName = "conv.2"), BatchNorm(TensorName = "conv.3")]
[Branch]
[Add]
public sealed class InvertedResidualAttribute(int expand) : BlockAttribute;

/// <summary>Few channels, then more of two kernels (Iandola et al. 2016, figure 1).</summary>
/// <param name="squeeze">Filters of the first convolution.</param>
/// <param name="expand">Filters of each of the two others.</param>
[Conv2D("squeeze", 1, TensorName = "squeeze"), ReLU]
[Branch, Conv2D("expand", 1, TensorName = "expand1x1"), ReLU]
[Branch, Conv2D("expand", 3, Padding = 1, TensorName = "expand3x3"), ReLU]
[Concat]
public sealed class FireAttribute(int squeeze, int expand) : BlockAttribute;
