using CnnGen;

namespace ZooSample;

/// <summary>A 3x3 convolution from 256 to 256 channels on a 14 x 14 map.</summary>
[Model(256, 14, 14)]
[Conv2D(256, 3, Padding = 1)]
public sealed partial class Conv3x3Of256At14;
