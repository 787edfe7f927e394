using CnnGen;

namespace CnnGenApp;

/// <summary>
/// LeNet-5 with ReLU and max pooling. Each attribute is a layer, top to bottom and left to right; a shape that doesn't fit is an error of the compiler
/// (try <c>Conv2D(16, 15)</c>).
/// </summary>
[Model(1, 28, 28)]                                                       // one grey image of 28 x 28 pixels
[Normalize(Mnist.Mean, Mnist.Deviation)]                                 // its bytes are brought near mean 0 and deviation 1
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool(2)]                            // 6 x 14 x 14
[Conv2D(16, 5), ReLU, MaxPool(2)]                                        // 16 x 5 x 5
[Dense(120), ReLU, Dense(84), ReLU, Dense(10), Softmax]                  // ten probabilities
public sealed partial class LeNet5;
