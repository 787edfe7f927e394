namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Small networks, each at an edge of some kernel.</summary>
internal static class ShapeCases
{
    private const string Squared = ", Loss = Loss.HalfSquaredError)]";

    private const string Last = ", Loss = Loss.HalfSquaredError, Layout = Layout.ChannelsLast)]";

    /// <summary>Declarations without their class.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        // Vectors along the width: filters of every remainder, widths around a vector's.
        .. new[] { 1, 2, 3, 5, 7, 15 }.Select(filters => $"[Model(2, 5, 9{Squared} [Conv2D({filters}, 3), ReLU]"),
        .. new[] { 1, 7, 8, 9, 15, 16, 17, 31, 33, 49, 65 }.Select(width => $"[Model(1, 3, {width}{Squared} [Conv2D(4, 3, Padding = 1), Tanh]"),
        $"[Model(3, 6, 19{Squared} [Conv2D(6, 3, 2, Padding = new[] {{ 2, 1 }}, Dilation = new[] {{ 1, 3 }}), LeakyReLU(0.1f)]",
        $"[Model(4, 7, 7{Squared} [Conv2D(6, 3, Padding = 1, Groups = 2), Conv2D(12, 3, Groups = 6), Sigmoid]",
        $"[Model(20, 5, 5{Squared} [Conv2D(20, 3, Groups = 20, Padding = 1), ELU]",

        // Vectors over filters: from an image of planes, then from pixels; channels of every remainder.
        .. new[] { 16, 17, 31, 32, 33, 40 }.Select(filters => $"[Model(3, 6, 5{Squared} [Conv2D({filters}, 3), ReLU]"),
        .. new[] { 16, 17, 24, 32, 40 }.Select(filters => $"[Model(2, 6, 6{Squared} [Conv2D(17, 1), ReLU, Conv2D({filters}, 3, Padding = 1), Tanh]"),
        .. new[] { 1, 2, 8, 15 }.Select(filters => $"[Model(2, 6, 6{Squared} [Conv2D(18, 1), ReLU, Conv2D({filters}, 3, Padding = 1)]"),
        .. new[] { 1, 5, 13, 14, 15, 27, 29 }.Select(width => $"[Model(2, 3, {width}{Squared} [Conv2D(16, 1), Conv2D(32, 3, Padding = 1), ReLU]"),
        $"[Model(2, 11, 7{Squared} [Conv2D(16, 1), Conv2D(16, 3, Stride = 2, Padding = 1), Conv2D(16, 2, Stride = new[] {{ 2, 1 }}), ReLU]",
        $"[Model(2, 9, 9{Squared} [Conv2D(16, 1), Conv2D(19, 2, Stride = 3, Rounding = Rounding.Floor), ReLU]",
        $"[Model(3, 9, 9{Squared} [Conv2D(5, 2, Stride = 4, Rounding = Rounding.Floor), ReLU]",
        $"[Model(3, 10, 10{Squared} [Conv2D(18, 3, Stride = 2, Rounding = Rounding.Ceiling), ReLU, Conv2D(4, 3, Stride = 3, Rounding = Rounding.Ceiling)]",
        $"[Model(3, 8, 8{Squared} [Conv2D(16, 3, Dilation = 2, Padding = 2), Conv2D(16, 3, 1, Dilation = new[] {{ 3, 1 }}), Tanh]",
        $"[Model(2, 5, 5{Squared} [Conv2D(20, 5), ReLU, Conv2D(24, 1)]",
        $"[Model(2, 3, 3{Squared} [Conv2D(6, 3), Conv2D(3, 1)]",
        $"[Model(1, 1, 1{Squared} [Conv2D(1, 1)]",
        $"[Model(3, 1, 1{Squared} [Conv2D(17, 3, Padding = 1), ReLU, Conv2D(5, 1)]",
        $"[Model(2, 4, 4{Squared} [Conv2D(16, 3, Padding = 3), Conv2D(16, 1, Padding = 1), Conv2D(3, 1, Padding = 2)]",
        $"[Model(2, 4, 4{Squared} [Conv2D(16, 1, Stride = 2, Padding = 1, Bias = false), Conv2D(3, 1, Stride = 2, Rounding = Rounding.Floor, Bias = false)]",

        // Sides padded by themselves: planes, pixels, strides, groups, depthwise, unrolled windows, Winograd's tiles, and more zeros than the kernel is long.
        $"[Model(2, 5, 9{Squared} [Conv2D(5, 3, Padding = new[] {{ 0, 2, 1, 0 }}), ReLU, Conv2D(3, 2, Padding = new[] {{ 1, 0, 0, 1 }})]",
        $"[Model(2, 6, 6{Squared} [Conv2D(17, 2, Padding = new[] {{ 0, 0, 1, 1 }}), Conv2D(18, 3, Padding = new[] {{ 2, 0, 0, 3 }}), ReLU, Conv2D(3, 3, Padding = new[] {{ 1, 3, 4, 0 }})]",
        $"[Model(3, 7, 8{Squared} [Conv2D(18, 3, Stride = 2, Padding = new[] {{ 0, 0, 1, 1 }}, Rounding = Rounding.Floor), Conv2D(16, 3, Stride = 2, Padding = new[] {{ 1, 0, 1, 1 }}, Groups = 2, Rounding = Rounding.Floor)]",
        $"[Model(2, 6, 7{Squared} [Conv2D(16, 1), Conv2D(16, 3, Padding = new[] {{ 0, 1, 2, 0 }}, Groups = 16), Conv2D(20, 3, Padding = new[] {{ 2, 0, 1, 1 }}, Algorithm = ConvAlgorithm.Im2Col), Conv2D(17, 3, Stride = 2, Padding = new[] {{ 0, 1, 1, 0 }}, Algorithm = ConvAlgorithm.Im2Col, Rounding = Rounding.Floor)]",
        $"[Model(2, 6, 9{Squared} [Conv2D(17, 1), Conv2D(20, 3, Padding = new[] {{ 0, 2, 1, 0 }}, Algorithm = ConvAlgorithm.Winograd2x2), ReLU, Conv2D(33, 3, Padding = new[] {{ 1, 0, 2, 3 }}, Algorithm = ConvAlgorithm.Winograd4x4)]",
        $"[Model(3, 7, 8{Squared} [MaxPool(3, Stride = 2, Padding = new[] {{ 0, 1, 1, 0 }}, Rounding = Rounding.Floor), AveragePool(3, Stride = 1, Padding = new[] {{ 1, 0, 0, 1 }}), Conv2D(17, 1), AveragePool(2, Stride = 1, Padding = new[] {{ 0, 1, 1, 0 }}, CountPadding = false), MaxPool(2, Stride = 1, Padding = new[] {{ 0, 0, 1, 1 }})]",

        // Winograd's tiles, whole and in part; and large enough that threads share an image's layers.
        .. new[] { "Winograd2x2", "Winograd4x4" }.SelectMany(algorithm => new[]
        {
            $"[Model(2, 5, 7{Squared} [Conv2D(17, 1), Conv2D(20, 3, Padding = 1, Algorithm = ConvAlgorithm.{algorithm}), ReLU, Conv2D(33, 3, Algorithm = ConvAlgorithm.{algorithm})]",
            $"[Model(16, 20, 20{Squared} [Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.{algorithm}), ReLU, Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.Direct), MaxPool(2), Dense(5)]",
        }),

        // Groups: a block a group, several groups a block, groups across blocks; from planes and from pixels, with strides.
        $"[Model(2, 4, 4{Squared} [Conv2D(32, 1), Conv2D(32, 3, Padding = 1, Groups = 2), ReLU]",
        $"[Model(2, 4, 4{Squared} [Conv2D(32, 1), Conv2D(64, 3, Padding = 1, Groups = 2), ReLU]",
        $"[Model(2, 4, 4{Squared} [Conv2D(32, 1), Conv2D(32, 3, Padding = 1, Groups = 4), ReLU]",
        $"[Model(2, 4, 4{Squared} [Conv2D(32, 1), Conv2D(64, 3, Padding = 1, Groups = 32), ReLU]",
        $"[Model(2, 4, 4{Squared} [Conv2D(18, 1), Conv2D(30, 3, Padding = 1, Groups = 6), ReLU]",
        $"[Model(2, 4, 4{Squared} [Conv2D(18, 1), Conv2D(9, 3, Padding = 1, Groups = 3), ReLU]",
        $"[Model(2, 4, 4{Squared} [Conv2D(36, 1), Conv2D(12, 3, Padding = 1, Groups = 12), ReLU]",
        $"[Model(4, 5, 5{Squared} [Conv2D(32, 3, Stride = 2, Padding = 1, Groups = 2), ReLU, Conv2D(32, 3, Stride = 2, Padding = 1, Groups = 8)]",
        $"[Model(4, 5, 5{Squared} [Conv2D(12, 3, Stride = 2, Padding = 1, Groups = 4), ReLU, Conv2D(6, 3, Stride = 2, Padding = 1, Groups = 3)]",
        $"[Model(6, 5, 5{Squared} [Conv2D(6, 3, Stride = 2, Padding = 1, Groups = 6)]",

        // Depthwise.
        .. new[] { 16, 17, 24, 33 }.Select(channels => $"[Model(2, 6, 6{Squared} [Conv2D({channels}, 1), Conv2D({channels}, 3, Padding = 1, Groups = {channels}), ReLU]"),
        $"[Model(2, 7, 7{Squared} [Conv2D(16, 1), Conv2D(16, 3, Stride = 2, Padding = 1, Groups = 16, Bias = false), Conv2D(16, 2, 3, Dilation = 2, Padding = 2, Groups = 16), Tanh]",

        // Tiles of a row and a rest; a large map, read in the order of its memory, with a rest too; a kernel too wide for a tile of eight.
        $"[Model(2, 5, 19{Squared} [Conv2D(17, 1), Conv2D(17, 3, Stride = new[] {{ 1, 2 }}, Padding = 1, Groups = 17), ReLU, Conv2D(17, 1, 9, Padding = new[] {{ 0, 4 }}, Groups = 17)]",
        $"[Model(1, 41, 53{Squared} [Conv2D(64, 1), Conv2D(64, 3, Padding = 1, Groups = 64), ReLU, GlobalAveragePool]",

        // Three vectors of filters: strips of every kind, poolings, strides, Winograd's tiles.
        $"[Model(3, 7, 9{Squared} [Conv2D(48, 3, Padding = 1), ReLU, MaxPool(2, Rounding = Rounding.Floor), Conv2D(144, 1), Conv2D(48, 3, Stride = 2, Padding = 1, Rounding = Rounding.Floor), Tanh]",
        .. new[] { "Winograd2x2", "Winograd4x4" }.Select(algorithm => $"[Model(16, 9, 14{Squared} [Conv2D(48, 3, Padding = 1, Algorithm = ConvAlgorithm.{algorithm}), ReLU, Conv2D(35, 3, Algorithm = ConvAlgorithm.{algorithm}), MaxPool(2, Rounding = Rounding.Floor)]"),

        // Filters of each pixel's own: fewer than a vector, several vectors, four at once.
        .. new[] { 1, 17, 32, 70 }.Select(filters => $"[Model(3, 6, 5{Squared} [LocallyConnected2D({filters}, 3), Tanh, LocallyConnected2D(5, 2, Stride = new[] {{ 2, 1 }}, Bias = false)]"),
        .. new[] { 2, 32 }.Select(filters => $"[Model(3, 6, 6{Squared} [LocallyConnected2D({filters}, 3, Stride = 2, Rounding = Rounding.Ceiling)]"),

        // Unrolled windows.
        $"[Model(3, 6, 7{Squared} [Conv2D(5, 3, Padding = 1, Algorithm = ConvAlgorithm.Im2Col), ReLU, Conv2D(20, 2, 3, Stride = 2, Padding = 1, Algorithm = ConvAlgorithm.Im2Col), Tanh]",
        $"[Model(3, 8, 8{Squared} [Conv2D(17, 3, Dilation = 2, Bias = false, Algorithm = ConvAlgorithm.Im2Col), Conv2D(4, 1, Algorithm = ConvAlgorithm.Im2Col)]",

        // Pools, on planes and on pixels.
        .. new[] { "", "Conv2D(4, 1), ", "Conv2D(17, 1), ", "Conv2D(32, 1), " }.SelectMany(first => new[]
        {
            $"[Model(3, 9, 9{Squared} [{first}MaxPool(3, Stride = 2, Padding = 1)]",
            $"[Model(3, 9, 9{Squared} [{first}AveragePool(3, Stride = 2, Padding = 1), AveragePool(3, Stride = 1, Padding = 1, CountPadding = false)]",
            $"[Model(3, 10, 7{Squared} [{first}MaxPool(3, 2, Stride = 2, Rounding = Rounding.Ceiling), AveragePool(2, Stride = 1)]",
            $"[Model(3, 8, 20{Squared} [{first}MaxPool(2), AveragePool(2), MaxPool(2, Stride = 3, Rounding = Rounding.Floor)]",
            $"[Model(3, 7, 7{Squared} [{first}MaxPool(2, Stride = 1, Dilation = 3), MaxPool(1, Stride = 3)]",
            $"[Model(3, 5, 6{Squared} [{first}GlobalAveragePool, Conv2D(3, 1), ReLU]",
            $"[Model(3, 5, 6{Squared} [{first}GlobalMaxPool, Conv2D(18, 3, Padding = 1), Tanh]",
            $"[Model(3, 5, 6{Squared} [{first}GlobalMaxPool]",
            $"[Model(3, 4, 4{Squared} [{first}BatchNorm, ReLU, Conv2D(4, 3, Padding = 1), BatchNorm, Tanh]",
            $"[Model(3, 4, 4{Squared} [{first}BatchNorm(Momentum = 0.3f, Epsilon = 0.001f)]",
            $"[Model(3, 4, 4{Squared} [{first}LocalResponseNorm(3, Alpha = 0.5f, K = 1f), Conv2D(4, 3, Padding = 1), LocalResponseNorm(5)]",
            $"[Model(3, 4, 4{Squared} [{first}Softmax, Conv2D(4, 3, Padding = 1), Softmax]",
            $"[Model(3, 4, 4{Squared} [{first}Dropout(0.4f), Conv2D(18, 3, Padding = 2), Dropout(0.2f), Conv2D(2, 3)]",
            $"[Model(3, 4, 5{Squared} [{first}Sigmoid, Conv2D(4, 3, Padding = 1), Sigmoid, Tanh, ELU(0.5f), LeakyReLU(0.3f), Sigmoid]",
            $"[Model(3, 4, 5{Squared} [{first}Flatten]",
            $"[Model(3, 4, 5)] [{first}Flatten, Tanh, Dropout(0.3f), Dense(5), Softmax]",
            $"[Model(3, 4, 5)] [{first}MaxPool(2, Rounding = Rounding.Floor), Flatten, Softmax, Dense(3), Softmax]",
            $"[Model(3, 4, 5)] [{first}Tanh, Dense(4), BatchNorm, ReLU, Dense(3), Softmax]",
        }),

        // Channels last: read where they lie (as pixels, and in the order of planes), moved into pixels with a halo or without, and into planes; outputs, targets and gradients by images.
        .. new[] { 16, 17, 20, 32 }.Select(channels => $"[Model({channels}, 5, 6{Last} [Conv2D(18, 1), ReLU, Conv2D(3, 2)]"),
        .. new[] { 16, 20, 48 }.Select(channels => $"[Model({channels}, 6, 5{Last} [Conv2D(16, 3, Stride = 2, Rounding = Rounding.Floor), Tanh, Dense(3)]"),
        .. new[] { 16, 20, 32 }.Select(channels => $"[Model({channels}, 6, 5{Last} [Conv2D(17, 3, Padding = 1), ReLU, MaxPool(2, Rounding = Rounding.Floor), Dense(3)]"),
        .. new[] { 2, 3, 5, 15 }.Select(channels => $"[Model({channels}, 6, 7{Last} [Conv2D(18, 3, Stride = 2, Rounding = Rounding.Floor), ReLU, Conv2D(4, 1)]"),
        .. new[] { 2, 3, 15 }.Select(channels => $"[Model({channels}, 6, 7{Last} [Conv2D(20, 3, Padding = 1), ReLU, Conv2D(3, 3)]"),
        .. new[] { 2, 3, 8, 17 }.Select(channels => $"[Model({channels}, 5, 9{Last} [Conv2D(4, 3, Padding = 1), Tanh, AveragePool(2, Rounding = Rounding.Floor)]"),
        .. new[] { 3, 16, 24 }.SelectMany(channels => new[]
        {
            $"[Model({channels}, 6, 5{Last} [Conv2D({channels}, 3, Padding = 1, Groups = {channels}), ReLU, Conv2D(3, 1)]",
            $"[Model({channels}, 6, 5{Last} [Conv2D(17, 2, Algorithm = ConvAlgorithm.Im2Col), ReLU]",
            $"[Model({channels}, 6, 8{Last} [Conv2D(16, 3, Algorithm = ConvAlgorithm.Winograd2x2), ReLU, Conv2D(2, 1)]",
            $"[Model({channels}, 4, 4{Last} [BatchNorm, ReLU, MaxPool(2)]",
            $"[Model({channels}, 4, 4{Last} [Dense(5), Tanh, Dense(2)]",
            $"[Model({channels}, 4, 5{Last} [Tanh]",
            $"[Model({channels}, 1, 1{Last} [Conv2D(17, 1), Tanh]",
            $"[Model({channels}, 4, 5, Layout = Layout.ChannelsLast)] [Conv2D(17, 3, Padding = 1), ReLU, Conv2D(3, 1), Softmax]",
            $"[Model({channels}, 4, 5, Loss = Loss.Hinge, Layout = Layout.ChannelsLast)] [Conv2D(3, 1)]",
            $"[Model({channels}, 4, 5, Layout = Layout.ChannelsLast)] [Branch, Conv2D(16, 1)] [Branch, Conv2D(5, 1)] [Concat] [Branch, Conv2D(4, 1), Softmax, Head(\"Aux\", 0.5f)] [Conv2D(4, 1), Softmax]",
        }),
        .. new[] { "Direct", "Winograd2x2", "Winograd4x4", "Im2Col" }.SelectMany(algorithm => new[]
        {
            $"[Model(16, 7, 6{Last} [Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.{algorithm})]",
            $"[Model(16, 7, 6{Last} [Branch, Conv2D(16, 3, Padding = 1, Algorithm = ConvAlgorithm.{algorithm})] [Branch] [Add] [ReLU]",
        }),
        $"[Model(16, 7, 6{Last} [Conv2D(48, 3, Padding = 1), ReLU, MaxPool(2, Rounding = Rounding.Floor)]",
        $"[Model(16, 7, 6{Last} [Conv2D(16, 3, Padding = 1, Groups = 16), ReLU]",
        $"[Model(1, 4, 5{Last} [Conv2D(3, 3, Padding = 1), Sigmoid]",
        $"[Model(32, 20, 20{Last} [Conv2D(32, 3, Padding = 1), ReLU, Conv2D(32, 1), MaxPool(2), Dense(5)]",

        // Activations fused into each producer, and by themselves.
        .. new[] { "ReLU", "LeakyReLU(0.2f)", "ELU(0.7f)", "Sigmoid", "Tanh" }.SelectMany(activation => new[]
        {
            $"[Model(2, 4, 4)] [{activation}, Conv2D(3, 3, Padding = 1), {activation}, Conv2D(17, 3, Padding = 1), {activation}, MaxPool(2), {activation}, Dense(19), {activation}, {activation}, Dense(3), Softmax]",
            $"[Model(2, 4, 4{Squared} [Conv2D(16, 3, Padding = 1), BatchNorm, {activation}, Conv2D(16, 3, Padding = 1, Groups = 16), {activation}, Dense(3), BatchNorm, {activation}]",
        }),

        // Dense layers of every remainder; of one pixel, of a map that lies elsewhere; without bias.
        .. new[] { 1, 2, 15, 16, 17, 31, 33, 49 }.Select(units => $"[Model({units}, 1, 1{Squared} [Dense({units}), Tanh, Dense(3, Bias = false)]"),
        $"[Model(2, 5, 5{Squared} [Conv2D(16, 1), ReLU, Dense(5)]",
        $"[Model(2, 5, 5{Squared} [Conv2D(17, 1), ReLU, Dense(5)]",
        $"[Model(2, 4, 4{Squared} [Conv2D(16, 1), ReLU, GlobalAveragePool, Dense(5), Softmax, Dense(4), ReLU, Softmax]",
        "[Model(5, 1, 1)] [Flatten, Softmax]",
        "[Model(3, 4, 4)] [Dropout(0.1f), Conv2D(4, 3), Dropout(0.2f), Dense(9), Dropout(0.3f), Dense(8), Dropout(0.4f), Dense(3), Softmax]",
        "[Model(3, 4, 4)] [Dense(7), Dropout(0.5f), Softmax]",
        "[Model(3, 8, 8)] [Conv2D(10, 1), GlobalAveragePool, Flatten, Softmax]",
    ];
}
