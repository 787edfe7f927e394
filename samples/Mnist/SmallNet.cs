using CnnGen;

namespace MnistSample;

/// <summary>
/// A network of few parameters, below 10,000: six convolutions of 3 x 3 with batch normalisation, and the mean of each map in the place of dense layers.
/// </summary>
#if ILGPU
[Model(1, 28, 28, Targets = Targets.Cpu | Targets.Ilgpu)]
#else
[Model(1, 28, 28)]
#endif
[Normalize(Mnist.Mean, Mnist.Deviation)]
[Conv2D(10, 3, Bias = false), BatchNorm, ReLU, Conv2D(10, 3, Bias = false), BatchNorm, ReLU, MaxPool(2)]
[Conv2D(16, 3, Bias = false), BatchNorm, ReLU, Conv2D(16, 3, Bias = false), BatchNorm, ReLU, MaxPool(2)]
[Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[GlobalAveragePool, Dense(10), Softmax]
public sealed partial class SmallNet;
