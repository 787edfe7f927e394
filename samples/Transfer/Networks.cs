using CnnGen;

namespace TransferSample;

/// <summary>A convolution, and half the height and width.</summary>
[Conv2D("filters", 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool(2)]
public sealed class StageAttribute(int filters) : BlockAttribute;

/// <summary>The network: 7.7 million multiply-adds.</summary>
[Model(3, 32, 32), Normalize(ImageStatistics.Cifar10)]
[Stage(24), Stage(48), Stage(96), Stage(128)]
[GlobalAveragePool, Dense(5), Softmax]
public sealed partial class FiveClassNet;

/// <summary>The network as far as its first stage: the layers have the same names, so that it takes the weights of the whole one.</summary>
[Model(3, 32, 32, Passes = Passes.Predict), Normalize(ImageStatistics.Cifar10)]
[Stage(24)]
public sealed partial class FirstStage;

/// <summary>As far as its second stage.</summary>
[Model(3, 32, 32, Passes = Passes.Predict), Normalize(ImageStatistics.Cifar10)]
[Stage(24), Stage(48)]
public sealed partial class SecondStage;

/// <summary>As far as its third stage.</summary>
[Model(3, 32, 32, Passes = Passes.Predict), Normalize(ImageStatistics.Cifar10)]
[Stage(24), Stage(48), Stage(96)]
public sealed partial class ThirdStage;

/// <summary>As far as its last stage.</summary>
[Model(3, 32, 32, Passes = Passes.Predict), Normalize(ImageStatistics.Cifar10)]
[Stage(24), Stage(48), Stage(96), Stage(128)]
public sealed partial class LastStage;
