using CnnGen;

namespace ZooSample;

/// <summary>ResNet-101 (He et al. 2016, table 1), its stride where torchvision has it: in the 3x3 convolutions.</summary>
[Model(3, 224, 224)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false, TensorName = "conv1"), BatchNorm(TensorName = "bn1"), ReLU, MaxPool(3, Stride = 2, Padding = 1)]
[Bottleneck(64, Repeat = 3, TensorName = "layer1.0")]
[Bottleneck(128, 2, TensorName = "layer2.0"), Bottleneck(128, Repeat = 3, TensorName = "layer2.1")]
[Bottleneck(256, 2, TensorName = "layer3.0"), Bottleneck(256, Repeat = 22, TensorName = "layer3.1")]
[Bottleneck(512, 2, TensorName = "layer4.0"), Bottleneck(512, Repeat = 2, TensorName = "layer4.1")]
[GlobalAveragePool, Dense(1000, TensorName = "fc"), Softmax]
public sealed partial class ResNet101;
