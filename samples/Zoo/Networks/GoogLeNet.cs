using CnnGen;

namespace ZooSample;

/// <summary>GoogLeNet (Szegedy et al. 2015, table 1) with both heads for training, as torchvision has it: with norms.</summary>
[Model(3, 224, 224, Rounding = Rounding.Floor)]
[ConvNorm(64, 7, Stride = 2, Padding = 3, TensorName = "conv1"), MaxPool(3, Stride = 2, Rounding = Rounding.Ceiling)]
[ConvNorm(64, 1, TensorName = "conv2"), ConvNorm(192, 3, Padding = 1, TensorName = "conv3"), MaxPool(3, Stride = 2, Rounding = Rounding.Ceiling)]
[Inception(64, 96, 128, 16, 32, 32, TensorName = "inception3a"), Inception(128, 128, 192, 32, 96, 64, TensorName = "inception3b"), MaxPool(3, Stride = 2, Rounding = Rounding.Ceiling)]
[Inception(192, 96, 208, 16, 48, 64, TensorName = "inception4a"), Auxiliary(1000, TensorName = "aux1")]
[Inception(160, 112, 224, 24, 64, 64, TensorName = "inception4b"), Inception(128, 128, 256, 24, 64, 64, TensorName = "inception4c")]
[Inception(112, 144, 288, 32, 64, 64, TensorName = "inception4d"), Auxiliary(1000, TensorName = "aux2")]
[Inception(256, 160, 320, 32, 128, 128, TensorName = "inception4e"), MaxPool(2)]
[Inception(256, 160, 320, 32, 128, 128, TensorName = "inception5a"), Inception(384, 192, 384, 48, 128, 128, TensorName = "inception5b")]
[GlobalAveragePool, Dropout(0.2), Dense(1000, TensorName = "fc"), Softmax]
public sealed partial class GoogLeNet;
