using CnnGen;

namespace ZooSample;

/// <summary>VGG-11 (Simonyan, Zisserman 2014, table 1, configuration A).</summary>
[Model(3, 224, 224)]
[Conv2D(64, 3, Padding = 1, TensorName = "features.0"), ReLU, MaxPool(2)]
[Conv2D(128, 3, Padding = 1, TensorName = "features.3"), ReLU, MaxPool(2)]
[Conv2D(256, 3, Padding = 1, TensorName = "features.6"), ReLU, Conv2D(256, 3, Padding = 1, TensorName = "features.8"), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1, TensorName = "features.11"), ReLU, Conv2D(512, 3, Padding = 1, TensorName = "features.13"), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1, TensorName = "features.16"), ReLU, Conv2D(512, 3, Padding = 1, TensorName = "features.18"), ReLU, MaxPool(2)]
[Dense(4096, TensorName = "classifier.0"), ReLU, Dropout(0.5f), Dense(4096, TensorName = "classifier.3"), ReLU, Dropout(0.5f), Dense(1000, TensorName = "classifier.6"), Softmax]
public sealed partial class Vgg11;
