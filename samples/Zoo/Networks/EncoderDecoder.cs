using CnnGen;

namespace ZooSample;

/// <summary>A deconvolutional network: an encoder, and its mirror image of transposed convolutions (after Noh et al. 2015, figure 2).</summary>
[Model(3, 64, 64, Loss = Loss.HalfSquaredError)]
[Conv2D(32, 3, Padding = 1), ReLU, Conv2D(32, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1), ReLU, MaxPool(2)]
[Conv2D(128, 3, Padding = 1), ReLU]
[Conv2DTranspose(64, 2, Stride = 2), ReLU, Conv2DTranspose(64, 3, Padding = 1), ReLU]
[Conv2DTranspose(32, 2, Stride = 2), ReLU, Conv2DTranspose(32, 3, Padding = 1), ReLU]
[Conv2D(3, 1)]
public sealed partial class EncoderDecoder;
