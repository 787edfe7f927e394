using CnnGen;

namespace CifarSample;

/// <summary>Half the height and width, and a residual block (He et al. 2016) behind it.</summary>
[Conv2D("filters", 3, Padding = 1, Bias = false), MaxPool(2), BatchNorm, ReLU]
[Branch]
[Branch, Conv2D("filters", 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Add]
public sealed class StageAttribute(int filters) : BlockAttribute;

/// <summary>
/// A small residual network for images of 32 x 32 pixels, after the nine-layer one of the DAWNBench competition (Page 2018), half as wide: 86 million multiply-adds, 1.17 million parameters.
/// </summary>
[Model(3, 32, 32), Normalize(ImageStatistics.Cifar10)]
[Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Stage(64), Stage(128), Stage(256)]
[GlobalMaxPool, Dense(10), Softmax]
public sealed partial class CifarNet;
