using CnnGen;

namespace ZooSample;

/// <summary>VGG-16 (Simonyan, Zisserman 2014, table 1, configuration D).</summary>
[Model(3, 224, 224)]
[Conv2D(64, 3, Padding = 1, TensorName = "features.0"), ReLU, Conv2D(64, 3, Padding = 1, TensorName = "features.2"), ReLU, MaxPool(2)]
[Conv2D(128, 3, Padding = 1, TensorName = "features.5"), ReLU, Conv2D(128, 3, Padding = 1, TensorName = "features.7"), ReLU, MaxPool(2)]
[Conv2D(256, 3, Padding = 1, TensorName = "features.10"), ReLU, Conv2D(256, 3, Padding = 1, TensorName = "features.12"), ReLU]
[Conv2D(256, 3, Padding = 1, TensorName = "features.14"), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1, TensorName = "features.17"), ReLU, Conv2D(512, 3, Padding = 1, TensorName = "features.19"), ReLU]
[Conv2D(512, 3, Padding = 1, TensorName = "features.21"), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1, TensorName = "features.24"), ReLU, Conv2D(512, 3, Padding = 1, TensorName = "features.26"), ReLU]
[Conv2D(512, 3, Padding = 1, TensorName = "features.28"), ReLU, MaxPool(2)]
[Dense(4096, TensorName = "classifier.0"), ReLU, Dropout(0.5f), Dense(4096, TensorName = "classifier.3"), ReLU, Dropout(0.5f), Dense(1000, TensorName = "classifier.6"), Softmax]
public sealed partial class Vgg16;
