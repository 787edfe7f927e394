using CnnGen;

namespace ZooSample;

/// <summary>AlexNet as torchvision has it: fewer filters in the first layers, no local response normalisation.</summary>
[Model(3, 224, 224)]
[Conv2D(64, 11, Stride = 4, Padding = 2, Rounding = Rounding.Floor, TensorName = "features.0"), ReLU, MaxPool(3, Stride = 2)]
[Conv2D(192, 5, Padding = 2, TensorName = "features.3"), ReLU, MaxPool(3, Stride = 2)]
[Conv2D(384, 3, Padding = 1, TensorName = "features.6"), ReLU, Conv2D(256, 3, Padding = 1, TensorName = "features.8"), ReLU, Conv2D(256, 3, Padding = 1, TensorName = "features.10"), ReLU, MaxPool(3, Stride = 2)]
[Dropout, Dense(4096, TensorName = "classifier.1"), ReLU, Dropout, Dense(4096, TensorName = "classifier.4"), ReLU, Dense(1000, TensorName = "classifier.6"), Softmax]
public sealed partial class AlexNetTorch;
