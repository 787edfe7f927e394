namespace CnnGen.Tests.Memory;

[Model(1, 4, 4)]
[Conv2D(4, 3, Padding = 1), BatchNorm, ReLU, Dense(8), ReLU, Dense(3), Softmax]
internal sealed partial class SmallNet;

/// <summary>One value of each feature an image.</summary>
[Model(2, 1, 3)]
[Dense(8), BatchNorm, ReLU, Dense(3), Softmax]
internal sealed partial class FeatureNormNet;
