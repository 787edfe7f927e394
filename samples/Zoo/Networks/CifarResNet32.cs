using CnnGen;

namespace ZooSample;

/// <summary>ResNet-32 for images of 32 x 32 (He et al. 2016, section 4.2), with convolutions where the widths differ (option B).</summary>
[Model(3, 32, 32)]
[Conv2D(16, 3, Padding = 1, Bias = false, TensorName = "conv1"), BatchNorm(TensorName = "bn1"), ReLU]
[Basic(16, Repeat = 5, TensorName = "layer1.0")]
[Basic(32, 2, TensorName = "layer2.0"), Basic(32, Repeat = 4, TensorName = "layer2.1")]
[Basic(64, 2, TensorName = "layer3.0"), Basic(64, Repeat = 4, TensorName = "layer3.1")]
[GlobalAveragePool, Dense(10, TensorName = "fc"), Softmax]
public sealed partial class CifarResNet32;
