using CnnGen;

namespace ClassifySample;

/// <summary>The network of <c>samples/Mnist</c>, with the weights that it trained inside the program.</summary>
[Model(1, 28, 28), Weights("lenet5.safetensors")]
[Normalize(Mnist.Mean, Mnist.Deviation)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool(2)]
[Conv2D(16, 5), ReLU, MaxPool(2)]
[Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax]
internal sealed partial class LeNet5;
