using CnnGen;

namespace ZooSample;

/// <summary>Two 3x3 convolutions with norms: a level of a U-Net.</summary>
/// <param name="width">Filters.</param>
[Conv2D("width", 3, Padding = 1, Bias = false, TensorName = "0"), BatchNorm(TensorName = "1"), ReLU]
[Conv2D("width", 3, Padding = 1, Bias = false, TensorName = "3"), BatchNorm(TensorName = "4"), ReLU]
public sealed class DoubleConvAttribute(int width) : BlockAttribute;

/// <summary>[CONV -> RELU] * times -> POOL.</summary>
/// <param name="width">Filters.</param>
/// <param name="times">How many convolutions.</param>
[ConvReLU("width", Repeat = "times"), MaxPool(2)]
public sealed class ConvPoolAttribute(int width, int times) : BlockAttribute;

/// <summary>CONV -> RELU.</summary>
[Conv2D("width", 3, Padding = 1), ReLU]
public sealed class ConvReLUAttribute : BlockAttribute
{
    /// <summary>Of so many filters.</summary>
    public ConvReLUAttribute(int width)
    {
    }

    /// <inheritdoc cref="ConvReLUAttribute(int)"/>
    public ConvReLUAttribute(string width)
    {
    }
}
