using CnnGen;

namespace ZooSample;

/// <summary>Network in Network for CIFAR-10 (Lin et al. 2013).</summary>
[Model(3, 32, 32)]
[Conv2D(192, 5, Padding = 2), ReLU, Conv2D(160, 1), ReLU, Conv2D(96, 1), ReLU, MaxPool(3, Stride = 2, Rounding = Rounding.Ceiling), Dropout]
[Conv2D(192, 5, Padding = 2), ReLU, Conv2D(192, 1), ReLU, Conv2D(192, 1), ReLU, AveragePool(3, Stride = 2, Rounding = Rounding.Ceiling), Dropout]
[Conv2D(192, 3, Padding = 1), ReLU, Conv2D(192, 1), ReLU, Conv2D(10, 1), ReLU, GlobalAveragePool, Softmax]
public sealed partial class NetworkInNetwork;
