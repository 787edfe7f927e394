using CnnGen;

namespace ZooSample;

/// <summary><see cref="AlexNet"/> without layers 6 and 7 (Zeiler, Fergus 2014, table 3).</summary>
[Model(3, 227, 227)]
[Conv2D(96, 11, Stride = 4), ReLU, LocalResponseNorm(5), MaxPool(3, Stride = 2)]
[Conv2D(256, 5, Padding = 2), ReLU, LocalResponseNorm(5), MaxPool(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1), ReLU, Conv2D(384, 3, Padding = 1), ReLU, Conv2D(256, 3, Padding = 1), ReLU, MaxPool(3, Stride = 2)]
[Dense(1000), Softmax]
public sealed partial class AlexNetWithout67;
