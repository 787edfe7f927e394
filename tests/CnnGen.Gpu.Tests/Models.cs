namespace CnnGen.Gpu.Tests;

[Model(1, 28, 28, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(6, 5, Padding = 2), Tanh, AveragePool(2)]
[Conv2D(16, 5), Tanh, AveragePool(2)]
[Dense(120), Tanh, Dense(84), Tanh, Dense(10), Softmax]
public partial class LeNet5;

/// <summary>Batch normalisation and dropout.</summary>
[Model(3, 8, 8, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(8, 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool(2), Dropout(0.25f)]
[Conv2D(12, 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool(2)]
[Dense(10), Dropout(0.5f), Dense(4), Softmax]
public partial class Cifar;

[Model(3, 6, 6, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(8, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Branch, Conv2D(8, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(8, 3, Padding = 1, Bias = false), BatchNorm]
[Branch]
[Add, ReLU]
[Branch, Conv2D(12, 3, Stride = 2, Padding = 1, Rounding = Rounding.Floor, Bias = false), BatchNorm]
[Branch, Conv2D(12, 1, Stride = 2, Rounding = Rounding.Floor, Bias = false), BatchNorm]
[Add, ReLU, GlobalAveragePool, Dense(4), Softmax]
public partial class Residual;

/// <summary>A convolution of each channel by itself, and one of groups.</summary>
[Model(3, 7, 7, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(8, 3, Padding = 1), ReLU, Conv2D(8, 3, Groups = 8), ReLU, Conv2D(12, 3, Padding = 1, Groups = 2), ReLU, Conv2D(6, 1), GlobalMaxPool, Dense(3), Softmax]
public partial class Grouped;

[Model(3, 6, 6, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(8, 3, Padding = 1), ReLU]
[Branch, Conv2D(6, 1), ReLU]
[Branch, Conv2D(3, 1), ReLU, Conv2D(5, 3, Padding = 1), ReLU]
[Branch, MaxPool(3, Stride = 1, Padding = 1), Conv2D(4, 1), ReLU]
[Branch]
[Concat, AveragePool(2), Dense(4), Softmax]
public partial class Inception;

/// <summary>Winograd's algorithm of tiles of 4x4, and the largest elements of regions.</summary>
[Model(2, 6, 5, Regions = 2, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(4, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd4x4), Tanh, RoIPool(2), Dense(3), Softmax]
public partial class Pooled;

/// <summary>Winograd's algorithm of tiles of 2x2, and samples of regions.</summary>
[Model(2, 5, 6, Regions = 2, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(4, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd2x2, Bias = false), BatchNorm, Tanh, RoIAlign(2, SamplingRatio = 0), Dense(3), Softmax]
public partial class Aligned;

/// <summary>Small, and without a gradient that is nothing but rounding: for optimisers.</summary>
[Model(1, 6, 6, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(4, 3), Tanh, AveragePool(2), Dense(6), Tanh, Dense(3), Softmax]
public partial class Small;
