using CnnGen;

namespace ZooSample;

/// <summary>VGG-13 (Simonyan, Zisserman 2014, table 1, configuration B).</summary>
[Model(3, 224, 224)]
[Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(128, 3, Padding = 1), ReLU, Conv2D(128, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(256, 3, Padding = 1), ReLU, Conv2D(256, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1), ReLU, Conv2D(512, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1), ReLU, Conv2D(512, 3, Padding = 1), ReLU, MaxPool(2)]
[Dense(4096), ReLU, Dropout, Dense(4096), ReLU, Dropout, Dense(1000), Softmax]
public sealed partial class Vgg13;
