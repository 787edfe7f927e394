using CnnGen;

namespace ZooSample;

/// <summary>MobileNetV2 (Sandler et al. 2018, table 2).</summary>
[Model(3, 224, 224)]
[Conv2D(32, 3, Stride = 2, Padding = 1, Bias = false, TensorName = "features.0.0"), BatchNorm(TensorName = "features.0.1"), ReLU6]
[Conv2D(32, 3, Padding = 1, Groups = 32, Bias = false, TensorName = "features.1.conv.0.0"), BatchNorm(TensorName = "features.1.conv.0.1"), ReLU6]
[Conv2D(16, 1, Bias = false, TensorName = "features.1.conv.1"), BatchNorm(TensorName = "features.1.conv.2")]
[Inverted(6, 24, 2, TensorName = "features.2"), InvertedResidual(6, TensorName = "features.3")]
[Inverted(6, 32, 2, TensorName = "features.4"), InvertedResidual(6, Repeat = 2, TensorName = "features.5")]
[Inverted(6, 64, 2, TensorName = "features.7"), InvertedResidual(6, Repeat = 3, TensorName = "features.8")]
[Inverted(6, 96, TensorName = "features.11"), InvertedResidual(6, Repeat = 2, TensorName = "features.12")]
[Inverted(6, 160, 2, TensorName = "features.14"), InvertedResidual(6, Repeat = 2, TensorName = "features.15")]
[Inverted(6, 320, TensorName = "features.17"), Conv2D(1280, 1, Bias = false, TensorName = "features.18.0"), BatchNorm(TensorName = "features.18.1"), ReLU6]
[GlobalAveragePool, Dropout(0.2), Dense(1000, TensorName = "classifier.1"), Softmax]
public sealed partial class MobileNetV2;
