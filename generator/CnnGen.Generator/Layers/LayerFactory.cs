using CnnGen.Generator.Arguments;

namespace CnnGen.Generator.Layers;

/// <summary>What a model says of all its layers.</summary>
/// <param name="Rounding">That of layers that set none.</param>
/// <param name="Regions">The regions that come with an image, 0 for none; null where the model isn't known.</param>
internal readonly record struct ModelSettings(Rounding Rounding, int? Regions)
{
    /// <summary>Those of a model that isn't known, or not whole.</summary>
    public static ModelSettings Unknown => new(Rounding.Exact, null);
}

/// <summary>Makes a layer's record from its declaration, and checks each of its numbers.</summary>
internal static class LayerFactory
{
    private static readonly Dictionary<string, Func<ArgumentReader, string, ModelSettings, Layer>> s_makers = new()
    {
        ["Conv2D"] = Conv2D,
        ["Conv2DTranspose"] = (read, _, _) => new Conv2DTransposeLayer(
            read.Int("filters", least: 1),
            read.Kernel(),
            read.Size("Stride", least: 1, Size2.One),
            read.Size("Padding", least: 0, Size2.Zero),
            read.Size("OutputPadding", least: 0, Size2.Zero),
            read.Size("Dilation", least: 1, Size2.One),
            read.Int("Groups", least: 1),
            read.Bool("Bias", true)),
        ["LocallyConnected2D"] = (read, _, model) => new LocallyConnected2DLayer(
            read.Int("filters", least: 1),
            new Window(read.Kernel(), read.Size("Stride", least: 1, Size2.One), Size2.Zero, Size2.One, read.Enum("Rounding", model.Rounding)),
            read.Bool("Bias", true)),
        ["MaxPool"] = MaxPool,
        ["AveragePool"] = AveragePool,
        ["LpPool"] = (read, name, model) => new LpPoolLayer(
            read.Float("power", 2, new FloatRange(value => value is >= 1 and <= 10, "from 1 to 10", "2")),
            PoolWindow(read, name, model),
            read.Float("Sigma", 0, FloatRange.NotNegative("1"))),
        ["MixedPool"] = (read, name, model) => new MixedPoolLayer(
            PoolWindow(read, name, model), read.IsSet("mix") ? read.Float("mix", 0.5f, FloatRange.Fraction("0.5")) : null),
        ["StochasticPool"] = (read, name, model) => new StochasticPoolLayer(PoolWindow(read, name, model)),
        ["GlobalAveragePool"] = (_, _, _) => new GlobalAveragePoolLayer(),
        ["GlobalMaxPool"] = (_, _, _) => new GlobalMaxPoolLayer(),
        ["Dense"] = (read, _, _) => new DenseLayer(read.Int("units", least: 1), read.Bool("Bias", true)),
        ["Flatten"] = (_, _, _) => new FlattenLayer(),
        ["ReLU"] = (_, _, _) => new ActivationLayer(ActivationKind.ReLU),
        ["LeakyReLU"] = (read, _, _) =>
            new ActivationLayer(ActivationKind.LeakyReLU, read.Float("slope", 0.01f, FloatRange.NotNegative("0.01f"))),
        ["ELU"] = (read, _, _) => new ActivationLayer(ActivationKind.ELU, read.Float("alpha", 1f, FloatRange.Positive("1f"))),
        ["Sigmoid"] = (_, _, _) => new ActivationLayer(ActivationKind.Sigmoid),
        ["Tanh"] = (_, _, _) => new ActivationLayer(ActivationKind.Tanh),
        ["HardSwish"] = (_, _, _) => new ActivationLayer(ActivationKind.HardSwish),
        ["ReLU6"] = (_, _, _) => new ActivationLayer(ActivationKind.ReLU6),
        ["PReLU"] = (_, _, _) => new PReLULayer(),
        ["SELU"] = (_, _, _) => new ActivationLayer(ActivationKind.SELU),
        ["GELU"] = (read, _, _) => new ActivationLayer(read.Bool("Approximate", false) ? ActivationKind.GELUTanh : ActivationKind.GELU),
        ["SiLU"] = (_, _, _) => new ActivationLayer(ActivationKind.SiLU),
        ["Mish"] = (_, _, _) => new ActivationLayer(ActivationKind.Mish),
        ["Softplus"] = (read, _, _) =>
            new ActivationLayer(ActivationKind.Softplus, read.Float("beta", 1f, FloatRange.Positive("1f"))),
        ["Softsign"] = (_, _, _) => new ActivationLayer(ActivationKind.Softsign),
        ["HardSigmoid"] = (_, _, _) => new ActivationLayer(ActivationKind.HardSigmoid),
        ["LogSoftmax"] = (_, _, _) => new LogSoftmaxLayer(),
        ["Softmax"] = (_, _, _) => new SoftmaxLayer(),
        ["Dropout"] = (read, _, _) => new DropoutLayer(read.Float("rate", 0.5f, FloatRange.BelowOne("0.5f"))),
        ["BatchNorm"] = (read, _, _) => new BatchNormLayer(
            read.Float("Epsilon", 1e-5f, FloatRange.Positive("1e-5f")),
            read.Float("Momentum", 0.1f, FloatRange.Fraction("0.1f"))),
        ["LocalResponseNorm"] = LocalResponseNorm,
        ["Branch"] = Branch,
        ["Add"] = (_, _, _) => new JoinLayer(JoinKind.Add),
        ["Multiply"] = (_, _, _) => new JoinLayer(JoinKind.Multiply),
        ["Average"] = (_, _, _) => new JoinLayer(JoinKind.Average),
        ["Maximum"] = (_, _, _) => new JoinLayer(JoinKind.Maximum),
        ["Concat"] = (_, _, _) => new ConcatLayer(),
        ["Shortcut"] = (read, _, _) => new ShortcutLayer(
            read.Int("filters", least: 1),
            read.Size("Stride", least: 1, Size2.One),
            read.TensorName("ConvTensorName", "conv"),
            read.TensorName("NormTensorName", "bn")),
        ["AdaptiveMaxPool"] = (read, _, _) => new AdaptiveMaxPoolLayer(read.HeightAndWidth()),
        ["SpatialPyramidPool"] = (read, _, _) => new SpatialPyramidPoolLayer(read.Ints("sizes", least: 1)),
        ["ImageFilter"] = ImageFilter,
        ["Standardize"] = (read, _, _) => new StandardizeLayer(
            read.FloatsOrOne("mean", new FloatRange(_ => true, "finite", "0.5"), 0),
            read.FloatsOrOne("deviation", new FloatRange(value => value >= 1.17549435e-38f, "finite and 1.1754944E-38 or more", "0.5"), 1)),
        ["GroupNorm"] = (read, _, _) => new GroupNormLayer(read.Int("groups", least: 1), read.Float("Epsilon", 1e-5f, FloatRange.Positive("1e-5f"))),
        ["LayerNorm"] = (read, _, _) => new LayerNormLayer(read.Float("Epsilon", 1e-5f, FloatRange.Positive("1e-5f"))),
        ["ChannelShuffle"] = (read, _, _) => new ChannelShuffleLayer(read.Int("groups", least: 1)),
        ["ChannelSlice"] = (read, _, _) => new ChannelSliceLayer(read.Int("first", least: 0), read.Int("count", least: 1)),
        ["Maxout"] = (read, _, _) => new MaxoutLayer(read.Int("pieces", least: 1)),
        ["Upsample"] = Upsample,
        ["Pad"] = Pad,
        ["Crop"] = (read, _, _) => new CropLayer(
            read.Int("height", least: 1),
            read.Int("width", least: 1),
            new Size2(
                read.Int("Top", least: -1, whenUnset: CropLayer.Middle.Height),
                read.Int("Left", least: -1, whenUnset: CropLayer.Middle.Width))),
        ["AdaptiveAveragePool"] = (read, _, _) => new AdaptiveAveragePoolLayer(read.HeightAndWidth()),
        ["SpectralPool"] = (read, _, _) => new SpectralPoolLayer(read.HeightAndWidth()),
        ["RoIPool"] = (read, _, model) => new RoIPoolLayer(read.HeightAndWidth(), SpatialScale(read), model.Regions),
        ["RoIAlign"] = (read, _, model) => new RoIAlignLayer(
            read.HeightAndWidth(), SpatialScale(read), model.Regions, read.Int("SamplingRatio", least: 0, most: 64, whenUnset: 2), read.Bool("Aligned", true)),
        ["Head"] = (read, _, _) => new HeadLayer(read.String("name") ?? "", read.Float("weight", 1f, FloatRange.NotNegative("0.3f"))),
    };

    /// <summary>Whether there is an attribute of that name that declares a layer or the start of a path.</summary>
    public static bool IsKnown(string kind) => s_makers.ContainsKey(kind);

    /// <summary>Every kind of layer that can be declared; where a path starts is said by an attribute that is no layer.</summary>
    public static IReadOnlyCollection<string> Kinds => [.. s_makers.Keys.Where(kind => kind != "Branch")];

    /// <param name="item">The declaration.</param>
    /// <param name="read">Reads its arguments and collects the problems.</param>
    /// <param name="name">The layer's name, for messages.</param>
    /// <param name="model">What the model says of its layers.</param>
    public static Layer Make(DeclaredItem item, ArgumentReader read, string name, ModelSettings model) =>
        s_makers.TryGetValue(item.Kind, out var make)
            ? make(read, name, model)
            : throw new InvalidOperationException($"No layer is called {item.Kind}.");

    private static float SpatialScale(ArgumentReader read) => read.Float("SpatialScale", 1, FloatRange.Positive("1"));

    private static BranchLayer Branch(ArgumentReader read, string name, ModelSettings model)
    {
        if (read.Bool("Frozen", false))
            read.OutOfRange("Frozen", "true", "left out of a Branch, whose layers are frozen one by one", "Conv2D(8, 3, Frozen = true)");
        return new BranchLayer();
    }

    private static Conv2DLayer Conv2D(ArgumentReader read, string name, ModelSettings model)
    {
        var layer = new Conv2DLayer(
            read.Int("filters", least: 1),
            new Window(
                read.Kernel(),
                read.Size("Stride", least: 1, Size2.One),
                read.Padding(),
                read.Size("Dilation", least: 1, Size2.One),
                read.Enum("Rounding", model.Rounding)),
            read.Int("Groups", least: 1),
            read.Bool("Bias", true),
            read.Enum("Algorithm", ConvAlgorithm.Auto));
        if (layer is { Algorithm: ConvAlgorithm.Im2Col, Groups: > 1 })
            read.Add(new Problem("CNN1016", "Algorithm", [name, Numbers.Print(layer.Groups)]));
        return layer;
    }

    private static MaxPoolLayer MaxPool(ArgumentReader read, string name, ModelSettings model) =>
        new(PoolWindow(read, name, model));

    private static AveragePoolLayer AveragePool(ArgumentReader read, string name, ModelSettings model) =>
        new(PoolWindow(read, name, model), read.Bool("CountPadding", true));

    private static Window PoolWindow(ArgumentReader read, string name, ModelSettings model)
    {
        var kernel = read.Kernel();
        var window = new Window(
            kernel,
            read.Size("Stride", least: 1, kernel),
            read.Padding(),
            read.Size("Dilation", least: 1, Size2.One),
            read.Enum("Rounding", model.Rounding));
        if (read.Problems.Count == 0 && !WindowRules.HasPoolPadding(window))
        {
            var mend = window.Padding.AtMost(WindowRules.MostPoolPadding(window));
            read.Add(new Problem(
                "CNN1014",
                "Padding",
                [name, Numbers.PrintArgument(window.Padding), window.Kernel.ToString(), Numbers.PrintArgument(mend)]));
        }

        return window;
    }

    private static UpsampleLayer Upsample(ArgumentReader read, string name, ModelSettings model)
    {
        var layer = new UpsampleLayer(read.Int("factor", least: 1), read.Enum("Mode", UpsampleMode.Nearest), read.Bool("AlignCorners", false));
        if (layer is { Mode: UpsampleMode.Nearest, AlignCorners: true })
            read.Add(new Problem("CNN2023", "AlignCorners", [name]));
        return layer;
    }

    private static ImageFilterLayer ImageFilter(ArgumentReader read, string name, ModelSettings model)
    {
        if (!read.IsSet("kernel"))
            return new ImageFilterLayer(ImageFilterLayer.KernelOf(read.Enum("kind", FilterKind.Identity)));
        var kernel = read.Floats("kernel");
        if (!ImageFilterLayer.IsKernel(kernel.Count))
            read.Add(new Problem("CNN1019", "kernel", [name, Numbers.Print(kernel.Count)]));
        return read.Problems.Count > 0 ? new ImageFilterLayer([1]) : new ImageFilterLayer(kernel);
    }

    private static PadLayer Pad(ArgumentReader read, string name, ModelSettings model)
    {
        var mode = read.Enum("Mode", PadMode.Zero);
        if (read.IsSet("padding"))
        {
            var all = read.Int("padding", least: 0);
            return new PadLayer(all, all, all, all, mode);
        }

        return new PadLayer(read.Int("top", least: 0), read.Int("left", least: 0), read.Int("bottom", least: 0), read.Int("right", least: 0), mode);
    }

    private static LocalResponseNormLayer LocalResponseNorm(ArgumentReader read, string name, ModelSettings model) => new(
        read.Int("size", least: 1),
        read.Float("Alpha", 1e-4f, FloatRange.NotNegative("1e-4f")),
        read.Float("Beta", 0.75f, FloatRange.NotNegative("0.75f")),
        read.Float("K", 2f, FloatRange.Positive("2f")));
}
