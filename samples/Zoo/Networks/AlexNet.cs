using CnnGen;

namespace ZooSample;

/// <summary>AlexNet (Krizhevsky, Sutskever, Hinton 2012) in one tower, without the split over two processors, on 227 x 227 images.</summary>
[Model(3, 227, 227)]
[Conv2D(96, 11, Stride = 4), ReLU, LocalResponseNorm(5), MaxPool(3, Stride = 2)]
[Conv2D(256, 5, Padding = 2), ReLU, LocalResponseNorm(5), MaxPool(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1), ReLU, Conv2D(384, 3, Padding = 1), ReLU, Conv2D(256, 3, Padding = 1), ReLU, MaxPool(3, Stride = 2)]
[Dense(4096), ReLU, Dropout(0.5f), Dense(4096), ReLU, Dropout(0.5f), Dense(1000), Softmax]
public sealed partial class AlexNet;
