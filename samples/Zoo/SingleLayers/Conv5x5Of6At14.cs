using CnnGen;

namespace ZooSample;

/// <summary>A 5x5 convolution from 6 to 16 channels on a 14 x 14 map: the second of LeNet-5.</summary>
[Model(6, 14, 14)]
[Conv2D(16, 5)]
public sealed partial class Conv5x5Of6At14;
