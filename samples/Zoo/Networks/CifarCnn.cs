using CnnGen;

namespace ZooSample;

/// <summary>A small network for 32 x 32 colour images: three blocks of two 3x3 convolutions, each of which halves the map, then two dense layers.</summary>
[Model(3, 32, 32)]
[Conv2D(32, 3, Padding = 1), ReLU, Conv2D(32, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(128, 3, Padding = 1), ReLU, Conv2D(128, 3, Padding = 1), ReLU, MaxPool(2)]
[Dense(128), ReLU, Dense(10), Softmax]
public sealed partial class CifarCnn;
