using CnnGen;

namespace ZooSample.Tests.PyTorch;

/// <summary>ResNet-18 over small images and few classes: what PyTorch's gradients are compared of.</summary>
[Model(3, 64, 64, Precision = Precision.Full)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false, TensorName = "conv1"), BatchNorm(TensorName = "bn1"), ReLU, MaxPool(3, Stride = 2, Padding = 1)]
[Basic(64, Repeat = 2, TensorName = "layer1.0")]
[Basic(128, 2, TensorName = "layer2.0"), Basic(128, TensorName = "layer2.1")]
[Basic(256, 2, TensorName = "layer3.0"), Basic(256, TensorName = "layer3.1")]
[Basic(512, 2, TensorName = "layer4.0"), Basic(512, TensorName = "layer4.1")]
[GlobalAveragePool, Dense(10, TensorName = "fc"), Softmax]
public sealed partial class SmallResNet18;

/// <summary>A head of GoogLeNet without its dropout, whose masks are no other library's.</summary>
[Branch, AveragePool(5, Stride = 3), ConvNorm(128, 1, TensorName = "conv")]
[Dense(1024, TensorName = "fc1"), ReLU, Dense("classes", TensorName = "fc2"), Softmax, Head("Scores", 0.3f)]
public sealed class PlainAuxiliaryAttribute(int classes) : BlockAttribute;

/// <summary>GoogLeNet with both heads over small images and few classes, without dropout.</summary>
[Model(3, 128, 128, Rounding = Rounding.Floor, Precision = Precision.Full)]
[ConvNorm(64, 7, Stride = 2, Padding = 3, TensorName = "conv1"), MaxPool(3, Stride = 2, Rounding = Rounding.Ceiling)]
[ConvNorm(64, 1, TensorName = "conv2"), ConvNorm(192, 3, Padding = 1, TensorName = "conv3"), MaxPool(3, Stride = 2, Rounding = Rounding.Ceiling)]
[Inception(64, 96, 128, 16, 32, 32, TensorName = "inception3a"), Inception(128, 128, 192, 32, 96, 64, TensorName = "inception3b"), MaxPool(3, Stride = 2, Rounding = Rounding.Ceiling)]
[Inception(192, 96, 208, 16, 48, 64, TensorName = "inception4a"), PlainAuxiliary(10, TensorName = "aux1")]
[Inception(160, 112, 224, 24, 64, 64, TensorName = "inception4b"), Inception(128, 128, 256, 24, 64, 64, TensorName = "inception4c")]
[Inception(112, 144, 288, 32, 64, 64, TensorName = "inception4d"), PlainAuxiliary(10, TensorName = "aux2")]
[Inception(256, 160, 320, 32, 128, 128, TensorName = "inception4e"), MaxPool(2)]
[Inception(256, 160, 320, 32, 128, 128, TensorName = "inception5a"), Inception(384, 192, 384, 48, 128, 128, TensorName = "inception5b")]
[GlobalAveragePool, Dense(10, TensorName = "fc"), Softmax]
public sealed partial class SmallGoogLeNet;

/// <summary>The U-Net over small images.</summary>
[Model(3, 64, 64, Loss = Loss.BinaryCrossEntropy, Precision = Precision.Full)]
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
public sealed partial class SmallUNet;
