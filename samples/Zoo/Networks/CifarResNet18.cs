using CnnGen;

namespace ZooSample;

/// <summary>ResNet-18 with the stem that is usual for images of 32 x 32: one 3x3 convolution, no pooling.</summary>
[Model(3, 32, 32)]
[Conv2D(64, 3, Padding = 1, Bias = false, TensorName = "conv1"), BatchNorm(TensorName = "bn1"), ReLU]
[Basic(64, Repeat = 2, TensorName = "layer1.0")]
[Basic(128, 2, TensorName = "layer2.0"), Basic(128, TensorName = "layer2.1")]
[Basic(256, 2, TensorName = "layer3.0"), Basic(256, TensorName = "layer3.1")]
[Basic(512, 2, TensorName = "layer4.0"), Basic(512, TensorName = "layer4.1")]
[GlobalAveragePool, Dense(10, TensorName = "fc"), Softmax]
public sealed partial class CifarResNet18;
