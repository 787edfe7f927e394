using CnnGen;

namespace ZooSample;

/// <summary>ShuffleNetV2 1.0x (Ma, Zhang, Zheng, Sun 2018, table 5).</summary>
[Model(3, 224, 224, Rounding = Rounding.Floor)]
[Conv2D(24, 3, Stride = 2, Padding = 1, Bias = false, TensorName = "conv1.0"), BatchNorm(TensorName = "conv1.1"), ReLU, MaxPool(3, Stride = 2, Padding = 1)]
[ShuffleStep(116, TensorName = "stage2.0"), ShuffleUnit(Repeat = 3, TensorName = "stage2.1")]
[ShuffleStep(232, TensorName = "stage3.0"), ShuffleUnit(Repeat = 7, TensorName = "stage3.1")]
[ShuffleStep(464, TensorName = "stage4.0"), ShuffleUnit(Repeat = 3, TensorName = "stage4.1")]
[Conv2D(1024, 1, Bias = false, TensorName = "conv5.0"), BatchNorm(TensorName = "conv5.1"), ReLU]
[GlobalAveragePool, Dense(1000, TensorName = "fc"), Softmax]
public sealed partial class ShuffleNetV2;
