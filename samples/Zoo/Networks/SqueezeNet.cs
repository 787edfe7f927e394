using CnnGen;

namespace ZooSample;

/// <summary>SqueezeNet 1.1 (Iandola et al. 2016, and its authors' revision).</summary>
[Model(3, 224, 224, Rounding = Rounding.Ceiling)]
[Conv2D(64, 3, Stride = 2, Rounding = Rounding.Floor, TensorName = "features.0"), ReLU, MaxPool(3, Stride = 2)]
[Fire(16, 64, Repeat = 2, TensorName = "features.3"), MaxPool(3, Stride = 2), Fire(32, 128, Repeat = 2, TensorName = "features.6"), MaxPool(3, Stride = 2)]
[Fire(48, 192, Repeat = 2, TensorName = "features.9"), Fire(64, 256, Repeat = 2, TensorName = "features.11")]
[Dropout, Conv2D(1000, 1, TensorName = "classifier.1"), ReLU, GlobalAveragePool, Softmax]
public sealed partial class SqueezeNet;
