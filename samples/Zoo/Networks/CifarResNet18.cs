using CnnGen;

namespace ZooSample;

/// <summary>ResNet-18 for the small images of CIFAR-10: its first layer has a 3x3 kernel of stride 1 and no pooling behind it.</summary>
[Model(3, 32, 32)]
[Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
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
[GlobalAveragePool, Dense(10), Softmax]
public sealed partial class CifarResNet18;
