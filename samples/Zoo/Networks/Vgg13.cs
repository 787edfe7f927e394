using CnnGen;

namespace ZooSample;

/// <summary>VGG-13 (Simonyan, Zisserman 2014, table 1, configuration B).</summary>
[Model(3, 224, 224)]
[Conv2D(64, 3, Padding = 1, TensorName = "features.0"), ReLU, Conv2D(64, 3, Padding = 1, TensorName = "features.2"), ReLU, MaxPool(2)]
[Conv2D(128, 3, Padding = 1, TensorName = "features.5"), ReLU, Conv2D(128, 3, Padding = 1, TensorName = "features.7"), ReLU, MaxPool(2)]
[Conv2D(256, 3, Padding = 1, TensorName = "features.10"), ReLU, Conv2D(256, 3, Padding = 1, TensorName = "features.12"), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1, TensorName = "features.15"), ReLU, Conv2D(512, 3, Padding = 1, TensorName = "features.17"), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1, TensorName = "features.20"), ReLU, Conv2D(512, 3, Padding = 1, TensorName = "features.22"), ReLU, MaxPool(2)]
[Dense(4096, TensorName = "classifier.0"), ReLU, Dropout, Dense(4096, TensorName = "classifier.3"), ReLU, Dropout, Dense(1000, TensorName = "classifier.6"), Softmax]
public sealed partial class Vgg13;
