namespace CnnGen.Insight.Tests.Models;

/// <summary>One network whose images are planes, and the same one whose images are pixels.</summary>
[Model(3, 8, 7, Passes = Passes.Predict | Passes.Explain)]
[Conv2D(5, 3, Padding = 1), Tanh, MaxPool(2, Rounding = Rounding.Floor), Dense(4), Softmax]
public partial class PlaneNet;

/// <inheritdoc cref="PlaneNet"/>
[Model(3, 8, 7, Layout = Layout.ChannelsLast, Passes = Passes.Predict | Passes.Explain)]
[Conv2D(5, 3, Padding = 1), Tanh, MaxPool(2, Rounding = Rounding.Floor), Dense(4), Softmax]
public partial class PixelNet;
