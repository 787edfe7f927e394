using CnnGen;

namespace ZooSample;

/// <summary>A 3x3 convolution from 64 to 64 channels on a 56 x 56 map.</summary>
[Model(64, 56, 56)]
[Conv2D(64, 3, Padding = 1)]
public sealed partial class Conv3x3Of64At56;
