using CnnGen;

namespace ZooSample;

/// <summary>U-Net (Ronneberger et al. 2015, figure 1) with padding and norms, a quarter as wide: one probability a pixel.</summary>
[Model(3, 128, 128, Loss = Loss.BinaryCrossEntropy)]
[DoubleConv(16, Name = "Down1"), MaxPool(2)]
[DoubleConv(32, Name = "Down2"), MaxPool(2)]
[DoubleConv(64, Name = "Down3"), MaxPool(2)]
[DoubleConv(128, Name = "Down4"), MaxPool(2)]
[DoubleConv(256, Name = "Bottom")]
[Branch(From = "Down4")]
[Branch, Conv2DTranspose(128, 2, Stride = 2)]
[Concat, DoubleConv(128)]
[Branch(From = "Down3")]
[Branch, Conv2DTranspose(64, 2, Stride = 2)]
[Concat, DoubleConv(64)]
[Branch(From = "Down2")]
[Branch, Conv2DTranspose(32, 2, Stride = 2)]
[Concat, DoubleConv(32)]
[Branch(From = "Down1")]
[Branch, Conv2DTranspose(16, 2, Stride = 2)]
[Concat, DoubleConv(16)]
[Conv2D(1, 1), Sigmoid]
public sealed partial class UNet;
