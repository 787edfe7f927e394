using CnnGen;

namespace CifarSample;

/// <summary>Two convolutions, between which height and width become half.</summary>
[Conv2D("filters", 3, Padding = 1, Bias = false), MaxPool(2, Rounding = Rounding.Floor), BatchNorm, GELU]
[Conv2D("filters", 3, Padding = 1, Bias = false), BatchNorm, GELU]
public sealed class StageAttribute(int filters) : BlockAttribute;

/// <summary>
/// A network for images of 32 x 32 pixels, after the one of airbench94 (Jordan 2024): the first layer's weights are computed from the images (<see cref="Whitening"/>) and stay as they are. 118 million multiply-adds, 1.97 million parameters.
/// </summary>
#if ILGPU
[Model(3, 32, 32, Targets = Targets.Cpu | Targets.Ilgpu), Normalize(ImageStatistics.Cifar10)]
#else
[Model(3, 32, 32), Normalize(ImageStatistics.Cifar10)]
#endif
[Conv2D(24, 2), GELU]
[Stage(64), Stage(256), Stage(256)]
[GlobalMaxPool, Dense(10), Softmax]
public sealed partial class LargeNet;

/// <summary>The same with fewer filters: 44 million multiply-adds, 1.1 million parameters.</summary>
#if ILGPU
[Model(3, 32, 32, Targets = Targets.Cpu | Targets.Ilgpu), Normalize(ImageStatistics.Cifar10)]
#else
[Model(3, 32, 32), Normalize(ImageStatistics.Cifar10)]
#endif
[Conv2D(24, 2), GELU]
[Stage(32), Stage(128), Stage(256)]
[GlobalMaxPool, Dense(10), Softmax]
public sealed partial class SmallNet;
