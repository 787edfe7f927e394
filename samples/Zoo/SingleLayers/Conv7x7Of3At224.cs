using CnnGen;

namespace ZooSample;

/// <summary>A 7x7 convolution of stride 2 from 3 to 64 channels on a 224 x 224 image.</summary>
[Model(3, 224, 224)]
[Conv2D(64, 7, Stride = 2, Padding = 3)]
public sealed partial class Conv7x7Of3At224;
