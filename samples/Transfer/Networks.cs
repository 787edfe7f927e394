using CnnGen;

namespace TransferSample;

/// <summary>A convolution, and half the height and width.</summary>
[Conv2D("filters", 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool(2)]
public sealed class StageAttribute(int filters) : BlockAttribute;

/// <summary>The network: 7.7 million multiply-adds. What its stages find in images is computed without what stands behind them.</summary>
[Model(3, 32, 32, Features = "Stage1, Stage2, Stage3, Stage4"), Normalize(ImageStatistics.Cifar10)]
[Stage(24), Stage(48), Stage(96), Stage(128)]
[GlobalAveragePool, Dense(5), Softmax]
public sealed partial class FiveClassNet;
