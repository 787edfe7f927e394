using CnnGen;

namespace ZooSample;

/// <summary>AlexNet as in 2012: the channels of the second, fourth and fifth convolution in two halves, one a processor (Krizhevsky, Sutskever, Hinton 2012, figure 2).</summary>
[Model(3, 227, 227)]
[Conv2D(96, 11, Stride = 4), ReLU, LocalResponseNorm(5), MaxPool(3, Stride = 2)]
[Conv2D(256, 5, Padding = 2, Groups = 2), ReLU, LocalResponseNorm(5), MaxPool(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1), ReLU, Conv2D(384, 3, Padding = 1, Groups = 2), ReLU, Conv2D(256, 3, Padding = 1, Groups = 2), ReLU, MaxPool(3, Stride = 2)]
[Dense(4096), ReLU, Dropout, Dense(4096), ReLU, Dropout, Dense(1000), Softmax]
public sealed partial class AlexNetGrouped;
