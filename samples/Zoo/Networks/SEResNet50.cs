using CnnGen;

namespace ZooSample;

/// <summary>SE-ResNet-50 (Hu et al. 2018, table 1).</summary>
[Model(3, 224, 224)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false, TensorName = "conv1"), BatchNorm(TensorName = "bn1"), ReLU, MaxPool(3, Stride = 2, Padding = 1)]
[SEBottleneck(64, Repeat = 3, TensorName = "layer1.0")]
[SEBottleneck(128, 2, TensorName = "layer2.0"), SEBottleneck(128, Repeat = 3, TensorName = "layer2.1")]
[SEBottleneck(256, 2, TensorName = "layer3.0"), SEBottleneck(256, Repeat = 5, TensorName = "layer3.1")]
[SEBottleneck(512, 2, TensorName = "layer4.0"), SEBottleneck(512, Repeat = 2, TensorName = "layer4.1")]
[GlobalAveragePool, Dense(1000, TensorName = "fc"), Softmax]
public sealed partial class SEResNet50;
