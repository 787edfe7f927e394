using CnnGen;

namespace ZooSample;

/// <summary><see cref="AlexNet"/> without local response normalisation, as it is mostly trained today.</summary>
[Model(3, 227, 227)]
[Conv2D(96, 11, Stride = 4), ReLU, MaxPool(3, Stride = 2)]
[Conv2D(256, 5, Padding = 2), ReLU, MaxPool(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1), ReLU, Conv2D(384, 3, Padding = 1), ReLU, Conv2D(256, 3, Padding = 1), ReLU, MaxPool(3, Stride = 2)]
[Dense(4096), ReLU, Dropout(0.5f), Dense(4096), ReLU, Dropout(0.5f), Dense(1000), Softmax]
public sealed partial class AlexNetPlain;
