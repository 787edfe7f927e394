using CnnGen;

namespace ZooSample;

/// <summary><see cref="Conv3x3Of64At56"/> in the direct form, whatever the compiler would choose.</summary>
[Model(64, 56, 56)]
[Conv2D(64, 3, Padding = 1, Algorithm = ConvAlgorithm.Direct)]
public sealed partial class DirectConv3x3Of64At56;
