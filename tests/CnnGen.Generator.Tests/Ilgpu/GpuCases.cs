namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>Small networks, each for something that has a kernel of its own on GPUs.</summary>
internal static class GpuCases
{
    public static IReadOnlyList<(string Name, string Declaration)> All { get; } =
    [
        ("LeNet-5 of a small image", """
            [Model(1, 16, 16)]
            [Conv2D(6, 5, Padding = 2), Tanh, AveragePool(2)]
            [Conv2D(16, 5), Tanh, AveragePool(2)]
            [Dense(20), Tanh, Dense(12), Tanh, Dense(10), Softmax]
            """),
        ("a convolution of more filters than a small tile has", "[Model(3, 7, 5)] [Conv2D(37, 3, Padding = 1), ReLU, Dense(3), Softmax]"),
        ("a convolution of two tiles of rows", "[Model(2, 3, 4)] [Conv2D(70, 2), ReLU, Dense(2)]"),
        ("a strided convolution", "[Model(2, 9, 8)] [Conv2D(4, 3, Stride = 2, Padding = 1, Rounding = Rounding.Floor), ReLU, Conv2D(5, 3, Stride = 3, Rounding = Rounding.Floor), Dense(3), Softmax]"),
        ("a dilated convolution with sides of its own", "[Model(2, 9, 9)] [Conv2D(3, 3, Dilation = 2, Padding = new[] { 1, 2, 2, 0 }), ReLU, Dense(3)]"),
        ("a stride of other length along each axis", "[Model(2, 8, 9)] [Conv2D(3, 2, 3, Stride = new[] { 1, 2 }), ReLU, Dense(3)]"),
        ("1x1 convolutions", "[Model(9, 4, 4)] [Conv2D(20, 1), ReLU, Conv2D(9, 1, Stride = 3), Dense(3), Softmax]"),
        ("Winograd's algorithms with borders", "[Model(3, 9, 7)] [Conv2D(5, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd2x2), BatchNorm, ReLU, Conv2D(6, 3, Padding = new[] { 2, 3, 0, 1 }, Algorithm = ConvAlgorithm.Winograd4x4), Tanh, Conv2D(4, 5, Algorithm = ConvAlgorithm.Winograd2x2), Dense(3)]"),
        ("Winograd's algorithm where it is worth it", "[Model(64, 4, 4)] [Branch, Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm] [Branch] [Add, ReLU, Dense(2)]"),
        ("a convolution without a bias", "[Model(2, 5, 5)] [Conv2D(3, 3, Bias = false), Tanh, Dense(3)]"),
        ("groups that fill tiles", "[Model(16, 5, 5)] [Conv2D(16, 3, Padding = 1, Groups = 2), ReLU, Dense(3)]"),
        ("groups of few filters", "[Model(6, 6, 6)] [Conv2D(12, 3, Padding = 1, Groups = 3, Stride = 2, Rounding = Rounding.Floor), ReLU, Dense(3)]"),
        ("a depthwise convolution", "[Model(5, 7, 7)] [Conv2D(5, 3, Padding = 1, Groups = 5), ReLU, Conv2D(10, 3, Groups = 5), Dense(3), Softmax]"),
        ("a transposed convolution", "[Model(3, 4, 4)] [Conv2D(6, 3), Conv2DTranspose(4, 3, Stride = 2, Padding = 1), ReLU, Dense(3)]"),
        ("max poolings that tile, overlap and end early", "[Model(3, 9, 9)] [Conv2D(4, 3, Padding = 1), MaxPool(2, Rounding = Rounding.Floor), ReLU, MaxPool(3, Stride = 1, Padding = 1), MaxPool(3, Stride = 2, Rounding = Rounding.Ceiling), Dense(3)]"),
        ("average poolings that count padding and that don't", "[Model(3, 9, 9)] [Conv2D(4, 3, Padding = 1), AveragePool(3, Stride = 2, Padding = 1, CountPadding = false), AveragePool(3, Stride = 2, Padding = 1, Rounding = Rounding.Ceiling), Dense(3)]"),
        ("global poolings", "[Model(3, 6, 6)] [Branch, Conv2D(4, 3), GlobalAveragePool] [Branch, Conv2D(5, 3), GlobalMaxPool] [Concat, Dense(3), Softmax]"),
        ("activations", "[Model(2, 4, 4)] [Conv2D(3, 3, Padding = 1), ELU, Conv2D(3, 3, Padding = 1), Sigmoid, Conv2D(3, 3, Padding = 1), GELU, Conv2D(3, 3, Padding = 1), SiLU, Conv2D(3, 3, Padding = 1), Softplus, Mish, Softsign, Dense(3)]"),
        ("a slope for each channel", "[Model(2, 4, 4)] [Conv2D(3, 3, Padding = 1), PReLU, Dense(4), PReLU, Dense(3)]"),
        ("batch norm behind a convolution and behind a dense layer", "[Model(2, 6, 6)] [Conv2D(5, 3), BatchNorm, ReLU, Dense(7), BatchNorm, Tanh, Dense(3), Softmax]"),
        ("batch norm before a convolution", "[Model(3, 5, 5)] [BatchNorm, ReLU, Conv2D(4, 3, Padding = 1), Dense(3)]"),
        ("a residual block", """
            [Model(3, 6, 6)]
            [Conv2D(8, 3, Padding = 1), BatchNorm, ReLU]
            [Branch, Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, Conv2D(8, 3, Padding = 1), BatchNorm]
            [Branch]
            [Add, ReLU]
            [Branch, Conv2D(12, 3, Stride = 2, Padding = 1, Rounding = Rounding.Floor), BatchNorm, ReLU, Conv2D(12, 3, Padding = 1), BatchNorm]
            [Branch, Conv2D(12, 1, Stride = 2, Rounding = Rounding.Floor), BatchNorm]
            [Add, ReLU, GlobalAveragePool, Dense(4), Softmax]
            """),
        ("an inception module", """
            [Model(3, 6, 6)]
            [Conv2D(8, 3, Padding = 1), ReLU]
            [Branch, Conv2D(6, 1), ReLU]
            [Branch, Conv2D(3, 1), ReLU, Conv2D(5, 3, Padding = 1), ReLU]
            [Branch, MaxPool(3, Stride = 1, Padding = 1), Conv2D(4, 1), ReLU]
            [Branch]
            [Concat, AveragePool(2), Dropout(0.4f), Dense(4), Softmax]
            """),
        ("joins and a gate", """
            [Model(3, 5, 5)]
            [Conv2D(4, 3, Padding = 1), ReLU]
            [Branch, GlobalAveragePool, Dense(4), Sigmoid]
            [Branch]
            [Multiply]
            [Branch, Conv2D(4, 3, Padding = 1)]
            [Branch, Conv2D(4, 1)]
            [Branch]
            [Average, Dense(3)]
            """),
        ("two heads", """
            [Model(2, 6, 6)]
            [Conv2D(4, 3, Padding = 1), ReLU]
            [Branch, GlobalAveragePool, Dense(3), Softmax, Head("Early", 0.3f)]
            [Conv2D(5, 3), ReLU, Dense(3), Softmax]
            """),
        ("a map of classes", "[Model(2, 5, 4)] [Conv2D(4, 3, Padding = 1), ReLU, Upsample(2), Conv2D(3, 1), Softmax]"),
        ("local response normalisation", "[Model(3, 4, 4)] [Conv2D(7, 3, Padding = 1), LocalResponseNorm(5), ReLU, LocalResponseNorm(2, Alpha = 0.5f, Beta = 0.6f, K = 1.5f), Dense(3)]"),
        ("softmax within, and its logarithm at the end", "[Model(2, 4, 4)] [Conv2D(4, 3), Softmax, Dense(5), LogSoftmax]"),
        ("dropout of a map and of features", "[Model(2, 5, 5)] [Conv2D(4, 3), ReLU, Dropout(0.3f), Dense(9), ReLU, Dropout(0.5f), Dense(3), Softmax]"),
        ("shuffled channels", "[Model(2, 4, 4)] [Conv2D(6, 3, Padding = 1), ChannelShuffle(3), ReLU, Dense(3)]"),
        ("standardised groups, channels and pixels", "[Model(2, 4, 4)] [Standardize(new[] { 0.5, -0.25 }, new[] { 2.0 }), Conv2D(6, 3, Padding = 1), GroupNorm(2), ReLU, GroupNorm(6), LayerNorm, Dense(3)]"),
        ("the largest of some channels", "[Model(2, 4, 4)] [Conv2D(6, 3, Padding = 1), Maxout(3), Dense(4), Maxout(2), Dense(3)]"),
        ("absolute errors", "[Model(1, 4, 4, Loss = Loss.AbsoluteError)] [Conv2D(3, 3), ReLU, Dense(3)]"),
        ("Huber's errors", "[Model(1, 4, 4, Loss = Loss.Huber, HuberDelta = 0.4)] [Conv2D(3, 3), ReLU, Dense(3)]"),
        ("binary cross-entropy", "[Model(1, 4, 4, Loss = Loss.BinaryCrossEntropy)] [Conv2D(3, 3), ReLU, Dense(3), Sigmoid]"),
        ("the hinge loss", "[Model(1, 4, 4, Loss = Loss.Hinge)] [Conv2D(3, 3), ReLU, Dense(4)]"),
        ("smoothed labels", "[Model(1, 4, 4, LabelSmoothing = 0.1)] [Conv2D(3, 3), ReLU, Dense(4), Softmax]"),
        ("maps padded and cropped", "[Model(2, 6, 5)] [Pad(2), Conv2D(3, 3), Tanh, Pad(2, Mode = PadMode.Reflect), Conv2D(4, 3), Tanh, Pad(1, Mode = PadMode.Edge), Crop(9, 8), Tanh, Crop(5, 3, Top = 1), Dense(3)]"),
        ("maps interpolated and averaged in parts", """
            [Model(2, 4, 5)]
            [Conv2D(3, 3, Padding = 1), Upsample(2, Mode = UpsampleMode.Bilinear), Tanh, Upsample(3, Mode = UpsampleMode.Bilinear, AlignCorners = true)]
            [AdaptiveAveragePool(7, 4), Tanh, SpectralPool(5, 3), Dense(3)]
            """),
        ("a map whose table has many numbers", "[Model(1, 2, 130)] [SpectralPool(2, 90), Tanh, Dense(3)]"),
        ("a map interpolated and one as it is, joined", "[Model(2, 4, 4)] [Branch, Pad(1)] [Branch, Conv2D(3, 3, Padding = 1), Upsample(2, Mode = UpsampleMode.Bilinear), Crop(6, 6)] [Concat, ReLU, Dense(3), Softmax]"),
        ("the largest of parts", "[Model(2, 7, 5)] [Conv2D(4, 3, Padding = 1), AdaptiveMaxPool(3, 2), ReLU, AdaptiveMaxPool(5, 3), Dense(3)]"),
        ("a pyramid of parts", "[Model(2, 7, 5)] [Conv2D(4, 3, Padding = 1), ReLU, SpatialPyramidPool(3, 2, 1), Dense(3), Softmax]"),
        ("a layer connected locally", "[Model(2, 7, 6)] [LocallyConnected2D(3, 3), Tanh, LocallyConnected2D(4, 2, Stride = 2, Rounding = Rounding.Ceiling, Bias = false), ReLU, Dense(3)]"),
        ("a layer connected locally with strides over what it leaves out", "[Model(3, 9, 10)] [Conv2D(2, 1), LocallyConnected2D(2, 2, 3, Stride = new[] { 3, 2 }, Rounding = Rounding.Floor), Dense(3)]"),
        ("elements drawn from windows", "[Model(2, 6, 7)] [Conv2D(3, 3, Padding = 1), ReLU, StochasticPool(3, Stride = 1, Padding = 1), Conv2D(4, 3), StochasticPool(2, Rounding = Rounding.Floor), Dropout(0.3f), Dense(3), Softmax]"),
        ("powers and mixtures of windows", "[Model(2, 6, 6)] [Conv2D(3, 3, Padding = 1), LpPool(3, 2), MixedPool(3, Stride = 1, Padding = 1), LpPool(2, 3, Stride = 1, Padding = 1, Sigma = 0.7), Dense(3)]"),
        ("weighted classes", "[Model(1, 4, 4, ClassWeights = new[] { 0.5, 1.0, 2.0, 1.0 })] [Conv2D(3, 3), ReLU, Dense(4), Softmax]"),
        ("weighted classes of a map, labels smoothed", "[Model(1, 5, 4, ClassWeights = new[] { 0.0, 1.5, 2.0 }, LabelSmoothing = 0.125)] [Conv2D(3, 3, Padding = 1), Softmax]"),
        ("classes and boxes at each pixel", "[Model(2, 6, 5, Loss = Loss.ClassesAndBoxes)] [Branch, Conv2D(3, 3, Padding = 1), Softmax] [Branch, Conv2D(12, 1)] [Concat]"),
        ("classes and a box", "[Model(2, 4, 4, Loss = Loss.ClassesAndBoxes)] [Conv2D(3, 3), ReLU] [Branch, Dense(4), Softmax] [Branch, Dense(16)] [Concat]"),
        ("the largest elements of regions", "[Model(2, 9, 11, Regions = 5)] [Conv2D(3, 3, Padding = 1), Tanh, RoIPool(2, 3), Dense(5), ReLU, Dense(3), Softmax]"),
        ("means of samples of regions", "[Model(3, 10, 8, Regions = 4, Loss = Loss.HalfSquaredError)] [Conv2D(4, 3, Padding = 1), Tanh, RoIAlign(2, 3), Dense(5), Tanh]"),
        ("regions of another scale, sampled by their size", "[Model(3, 12, 10, Regions = 3)] [MaxPool(2), Conv2D(4, 3, Padding = 1), Tanh, RoIAlign(2, SpatialScale = 0.5, SamplingRatio = 0, Aligned = false), LayerNorm, Dense(2), Softmax]"),
        ("a detector's classes and boxes", """
            [Model(3, 12, 10, Regions = 4, Loss = Loss.ClassesAndBoxes)]
            [Conv2D(8, 3, Padding = 1), ReLU, MaxPool(2), RoIPool(3, 2, SpatialScale = 0.5), Dense(7), Tanh, Dropout(0.25)]
            [Branch, Dense(3), Softmax]
            [Branch, Dense(12)]
            [Concat]
            """),
        ("regions of two maps, one of them for a head", "[Model(3, 8, 8, Regions = 4)] [Conv2D(6, 3, Padding = 1), ReLU, Branch, RoIPool(2), Dense(3), Softmax, Head(\"Aux\", 0.5), RoIAlign(3), Dense(8), ReLU, Dense(3), Softmax]"),
        ("regions of the image itself", "[Model(2, 8, 8, Regions = 1, Loss = Loss.Huber)] [RoIAlign(2, SamplingRatio = 5), Dense(3), ReLU, Flatten, Dense(2)]"),
        ("a frozen block", "[Model(2, 5, 5)] [Conv2D(4, 3, Frozen = true), BatchNorm(Frozen = true), ReLU, Dense(3), Softmax]"),
    ];

    public static string ClassOf(int index) => FormattableString.Invariant($"Gpu{index}");

    public static string DeclarationOf(int index) => GpuModel.ForGpu($"{All[index].Declaration}\npublic partial class {ClassOf(index)};");
}
