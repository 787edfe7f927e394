using CnnGen;

namespace MnistSample;

/// <summary>
/// LeNet-5 (LeCun, Bottou, Bengio, Haffner 1998, figure 2) as it is taught today: ReLU and max pooling, every map of the second convolution
/// connected to every map below it, softmax at the end. Drawn digits have nearly the mean and deviation of MNIST's, so that the same weights can be tried on both.
/// </summary>
#if ILGPU
[Model(1, 28, 28, Targets = Targets.Cpu | Targets.Ilgpu)]
#else
[Model(1, 28, 28)]
#endif
[Normalize(Mnist.Mean, Mnist.Deviation)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool(2)]
[Conv2D(16, 5), ReLU, MaxPool(2)]
[Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax]
public sealed partial class LeNet5;
