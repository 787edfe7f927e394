using CnnGen;

namespace ZooSample;

/// <summary>U-Net (Ronneberger et al. 2015, figure 1) with padding and norms, a quarter as wide: one probability a pixel.</summary>
[Model(3, 128, 128, Loss = Loss.BinaryCrossEntropy)]
[DoubleConv(16, Name = "Down1", TensorName = "inc.double_conv"), MaxPool(2)]
[DoubleConv(32, Name = "Down2", TensorName = "down1.maxpool_conv.1.double_conv"), MaxPool(2)]
[DoubleConv(64, Name = "Down3", TensorName = "down2.maxpool_conv.1.double_conv"), MaxPool(2)]
[DoubleConv(128, Name = "Down4", TensorName = "down3.maxpool_conv.1.double_conv"), MaxPool(2)]
[DoubleConv(256, Name = "Bottom", TensorName = "down4.maxpool_conv.1.double_conv")]
[Branch(From = "Down4")]
[Branch, Conv2DTranspose(128, 2, Stride = 2, TensorName = "up1.up")]
[Concat, DoubleConv(128, TensorName = "up1.conv.double_conv")]
[Branch(From = "Down3")]
[Branch, Conv2DTranspose(64, 2, Stride = 2, TensorName = "up2.up")]
[Concat, DoubleConv(64, TensorName = "up2.conv.double_conv")]
[Branch(From = "Down2")]
[Branch, Conv2DTranspose(32, 2, Stride = 2, TensorName = "up3.up")]
[Concat, DoubleConv(32, TensorName = "up3.conv.double_conv")]
[Branch(From = "Down1")]
[Branch, Conv2DTranspose(16, 2, Stride = 2, TensorName = "up4.up")]
[Concat, DoubleConv(16, TensorName = "up4.conv.double_conv")]
[Conv2D(1, 1, TensorName = "outc.conv"), Sigmoid]
public sealed partial class UNet;
