using CnnGen;

namespace NativeTraining;

/// <summary>Small, with each kind of thing that training does: running statistics, dropout, a pool's choices.</summary>
[Model(1, 12, 12)]
[Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2)]
[Conv2D(16, 3, Padding = 1), ReLU, Dropout(0.1f)]
[Dense(32), ReLU, Dense(4), Softmax]
internal sealed partial class Net;
