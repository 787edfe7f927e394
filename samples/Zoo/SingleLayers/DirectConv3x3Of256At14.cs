using CnnGen;

namespace ZooSample;

/// <summary><see cref="Conv3x3Of256At14"/> in the direct form, whatever the compiler would choose.</summary>
[Model(256, 14, 14)]
[Conv2D(256, 3, Padding = 1, Algorithm = ConvAlgorithm.Direct)]
public sealed partial class DirectConv3x3Of256At14;
