using CnnGen;

namespace ZooSample;

// Networks and single layers of samples/Zoo, with kernels for GPUs. A change there is one here.

/// <summary>A 3x3 convolution from 64 to 64 channels on a 56 x 56 map.</summary>
[Model(64, 56, 56, Targets = Targets.Cpu | Targets.Ilgpu, Passes = Passes.Predict)]
[Conv2D(64, 3, Padding = 1)]
public sealed partial class Conv3x3Of64At56;

/// <summary>A 3x3 convolution from 256 to 256 channels on a 14 x 14 map.</summary>
[Model(256, 14, 14, Targets = Targets.Cpu | Targets.Ilgpu, Passes = Passes.Predict)]
[Conv2D(256, 3, Padding = 1)]
public sealed partial class Conv3x3Of256At14;

/// <summary>A 1x1 convolution from 256 to 64 channels on a 56 x 56 map.</summary>
[Model(256, 56, 56, Targets = Targets.Cpu | Targets.Ilgpu, Passes = Passes.Predict)]
[Conv2D(64, 1)]
public sealed partial class Conv1x1Of256At56;

/// <summary>The first convolution of ResNet.</summary>
[Model(3, 224, 224, Targets = Targets.Cpu | Targets.Ilgpu, Passes = Passes.Predict)]
[Conv2D(64, 7, Stride = 2, Padding = 3)]
public sealed partial class Conv7x7Of3At224;

/// <summary>The second convolution of LeNet-5.</summary>
[Model(6, 14, 14, Targets = Targets.Cpu | Targets.Ilgpu, Passes = Passes.Predict)]
[Conv2D(16, 5)]
public sealed partial class Conv5x5Of6At14;

/// <summary>LeNet-5 as it is taught today.</summary>
[Model(1, 28, 28, Targets = Targets.Cpu | Targets.Ilgpu, Passes = Passes.Predict)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool(2)]
[Conv2D(16, 5), ReLU, MaxPool(2)]
[Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax]
public sealed partial class LeNet5;

/// <summary>ResNet-18 (He et al. 2016, table 1).</summary>
[Model(3, 224, 224, Targets = Targets.Cpu | Targets.Ilgpu, Passes = Passes.Predict)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, MaxPool(3, Stride = 2, Padding = 1)]
[Basic(64, Repeat = 2)]
[Basic(128, 2), Basic(128)]
[Basic(256, 2), Basic(256)]
[Basic(512, 2), Basic(512)]
[GlobalAveragePool, Dense(1000), Softmax]
public sealed partial class ResNet18;

/// <summary>ResNet-18 for images of 32 x 32.</summary>
[Model(3, 32, 32, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Basic(64, Repeat = 2)]
[Basic(128, 2), Basic(128)]
[Basic(256, 2), Basic(256)]
[Basic(512, 2), Basic(512)]
[GlobalAveragePool, Dense(10), Softmax]
public sealed partial class CifarResNet18;

/// <summary>ResNet-50 (He et al. 2016, table 1).</summary>
[Model(3, 224, 224, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, MaxPool(3, Stride = 2, Padding = 1)]
[Bottleneck(64, Repeat = 3)]
[Bottleneck(128, 2), Bottleneck(128, Repeat = 3)]
[Bottleneck(256, 2), Bottleneck(256, Repeat = 5)]
[Bottleneck(512, 2), Bottleneck(512, Repeat = 2)]
[GlobalAveragePool, Dense(1000), Softmax]
public sealed partial class ResNet50;

/// <summary>VGG-16 (Simonyan, Zisserman 2014, table 1, configuration D).</summary>
[Model(3, 224, 224, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(128, 3, Padding = 1), ReLU, Conv2D(128, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(256, 3, Padding = 1), ReLU, Conv2D(256, 3, Padding = 1), ReLU, Conv2D(256, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1), ReLU, Conv2D(512, 3, Padding = 1), ReLU, Conv2D(512, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(512, 3, Padding = 1), ReLU, Conv2D(512, 3, Padding = 1), ReLU, Conv2D(512, 3, Padding = 1), ReLU, MaxPool(2)]
[Dense(4096), ReLU, Dropout(0.5f), Dense(4096), ReLU, Dropout(0.5f), Dense(1000), Softmax]
public sealed partial class Vgg16;

/// <summary>What the command is tried with where there is no GPU: a convolution.</summary>
[Model(4, 8, 8, Targets = Targets.Cpu | Targets.Ilgpu, Passes = Passes.Predict)]
[Conv2D(8, 3, Padding = 1)]
public sealed partial class TinyConvolution;

/// <summary>A network for the same.</summary>
[Model(1, 8, 8, Targets = Targets.Cpu | Targets.Ilgpu)]
[Conv2D(4, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2), Dense(4), Softmax]
public sealed partial class TinyNetwork;
