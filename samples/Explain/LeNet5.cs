using CnnGen;

namespace ExplainSample;

/// <summary>The network of <c>samples/Mnist</c> with the weights that it trained, which shows its layers as well.</summary>
[Model(1, 28, 28, Passes = Passes.Predict | Passes.Train | Passes.Explain), Weights("lenet5.safetensors")]
[Normalize(Mnist.Mean, Mnist.Deviation)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool(2)]
[Conv2D(16, 5), ReLU, MaxPool(2)]
[Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax]
public sealed partial class LeNet5;
