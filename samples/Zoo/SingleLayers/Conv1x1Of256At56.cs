using CnnGen;

namespace ZooSample;

/// <summary>A 1x1 convolution from 256 to 64 channels on a 56 x 56 map.</summary>
[Model(256, 56, 56)]
[Conv2D(64, 1)]
public sealed partial class Conv1x1Of256At56;
