using CnnGen;

namespace ZooSample;

/// <summary>DenseNet-121 (Huang et al. 2017, table 1).</summary>
[Model(3, 224, 224)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false, TensorName = "features.conv0"), BatchNorm(TensorName = "features.norm0"), ReLU, MaxPool(3, Stride = 2, Padding = 1)]
[DenseBlock(6, TensorName = "features.denseblock1"), Transition(TensorName = "features.transition1")]
[DenseBlock(12, TensorName = "features.denseblock2"), Transition(TensorName = "features.transition2")]
[DenseBlock(24, TensorName = "features.denseblock3"), Transition(TensorName = "features.transition3")]
[DenseBlock(16, TensorName = "features.denseblock4")]
[BatchNorm(TensorName = "features.norm5"), ReLU, GlobalAveragePool, Dense(1000, TensorName = "classifier"), Softmax]
public sealed partial class DenseNet121;
