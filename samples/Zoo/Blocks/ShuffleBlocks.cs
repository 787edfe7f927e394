using CnnGen;

namespace ZooSample;

/// <summary>Half of the channels stay, the others pass two 1x1 convolutions and a depthwise one between them (Ma et al. 2018, figure 3c).</summary>
[Branch, ChannelSlice("0", "input.channels / 2")]
[Branch, ChannelSlice("input.channels / 2", "input.channels / 2")]
[Conv2D("input.channels / 2", 1, Bias = false, TensorName = "branch2.0"), BatchNorm(TensorName = "branch2.1"), ReLU]
[Conv2D("input.channels / 2", 3, Padding = 1, Groups = "input.channels / 2", Bias = false, TensorName = "branch2.3"), BatchNorm(TensorName = "branch2.4")]
[Conv2D("input.channels / 2", 1, Bias = false, TensorName = "branch2.5"), BatchNorm(TensorName = "branch2.6"), ReLU]
[Concat, ChannelShuffle(2)]
public sealed class ShuffleUnitAttribute : BlockAttribute;

/// <summary>Half the height and width: all channels go both ways (Ma et al. 2018, figure 3d).</summary>
/// <param name="width">Channels that come out.</param>
[Branch, Conv2D("input.channels", 3, Stride = 2, Padding = 1, Groups = "input.channels", Bias = false, TensorName = "branch1.0"), BatchNorm(TensorName = "branch1.1")]
[Conv2D("width / 2", 1, Bias = false, TensorName = "branch1.2"), BatchNorm(TensorName = "branch1.3"), ReLU]
[Branch, Conv2D("width / 2", 1, Bias = false, TensorName = "branch2.0"), BatchNorm(TensorName = "branch2.1"), ReLU]
[Conv2D("width / 2", 3, Stride = 2, Padding = 1, Groups = "width / 2", Bias = false, TensorName = "branch2.3"), BatchNorm(TensorName = "branch2.4")]
[Conv2D("width / 2", 1, Bias = false, TensorName = "branch2.5"), BatchNorm(TensorName = "branch2.6"), ReLU]
[Concat, ChannelShuffle(2)]
public sealed class ShuffleStepAttribute(int width) : BlockAttribute;
