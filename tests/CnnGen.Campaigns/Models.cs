namespace CnnGen.Campaigns;

[Model(1, 28, 28)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool(2)]
[Conv2D(16, 5), ReLU, MaxPool(2)]
[Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax]
internal sealed partial class LeNet5;

/// <summary>Small, and with all that a model may have beside parameters: folded weights, running statistics, dropout.</summary>
[Model(3, 8, 8)]
[Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2)]
[Dropout(0.25f), Dense(4), Softmax]
internal sealed partial class SmallNet;
