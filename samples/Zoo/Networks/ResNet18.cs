using CnnGen;

namespace ZooSample;

/// <summary>ResNet-18 (He, Zhang, Ren, Sun 2016, table 1), with shortcuts of option B.</summary>
[Model(3, 224, 224)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, MaxPool(3, Stride = 2, Padding = 1)]
[Branch, Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm]
[Branch]
[Add, ReLU]
[Branch, Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm]
[Branch]
[Add, ReLU]
[Branch, Conv2D(128, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(128, 3, Padding = 1, Bias = false), BatchNorm]
[Branch, Shortcut(128, Stride = 2)]
[Add, ReLU]
[Branch, Conv2D(128, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(128, 3, Padding = 1, Bias = false), BatchNorm]
[Branch]
[Add, ReLU]
[Branch, Conv2D(256, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm]
[Branch, Shortcut(256, Stride = 2)]
[Add, ReLU]
[Branch, Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(256, 3, Padding = 1, Bias = false), BatchNorm]
[Branch]
[Add, ReLU]
[Branch, Conv2D(512, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(512, 3, Padding = 1, Bias = false), BatchNorm]
[Branch, Shortcut(512, Stride = 2)]
[Add, ReLU]
[Branch, Conv2D(512, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(512, 3, Padding = 1, Bias = false), BatchNorm]
[Branch]
[Add, ReLU]
[GlobalAveragePool, Dense(1000), Softmax]
public sealed partial class ResNet18;
