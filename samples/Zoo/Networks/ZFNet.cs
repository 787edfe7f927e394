using CnnGen;

namespace ZooSample;

/// <summary>ZFNet (Zeiler, Fergus 2014, figure 3).</summary>
[Model(3, 224, 224, Rounding = Rounding.Ceiling)]
[Conv2D(96, 7, Stride = 2, Padding = 1, Rounding = Rounding.Floor), ReLU, MaxPool(3, Stride = 2), LocalResponseNorm(5)]
[Conv2D(256, 5, Stride = 2, Rounding = Rounding.Floor), ReLU, MaxPool(3, Stride = 2), LocalResponseNorm(5)]
[Conv2D(384, 3, Padding = 1), ReLU, Conv2D(384, 3, Padding = 1), ReLU, Conv2D(256, 3, Padding = 1), ReLU, MaxPool(3, Stride = 2)]
[Dense(4096), ReLU, Dropout, Dense(4096), ReLU, Dropout, Dense(1000), Softmax]
public sealed partial class ZFNet;
