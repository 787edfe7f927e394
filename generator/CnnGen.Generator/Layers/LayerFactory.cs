using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Layers;

/// <summary>Makes a layer's record from its declaration, and checks each of its numbers.</summary>
internal static class LayerFactory
{
    private static readonly Dictionary<string, Func<ArgumentReader, string, Rounding, Layer>> s_makers = new()
    {
        ["Conv2D"] = Conv2D,
        ["MaxPool"] = MaxPool,
        ["AveragePool"] = AveragePool,
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
        ["Softmax"] = (_, _, _) => new SoftmaxLayer(),
        ["Dropout"] = (read, _, _) => new DropoutLayer(read.Float("rate", 0.5f, FloatRange.BelowOne("0.5f"))),
        ["BatchNorm"] = (read, _, _) => new BatchNormLayer(
            read.Float("Epsilon", 1e-5f, FloatRange.Positive("1e-5f")),
            read.Float("Momentum", 0.1f, FloatRange.Fraction("0.1f"))),
        ["LocalResponseNorm"] = LocalResponseNorm,
        ["Branch"] = (_, _, _) => new BranchLayer(),
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
        ["Upsample"] = (read, _, _) => new UpsampleLayer(read.Int("factor", least: 1)),
        ["Head"] = (read, _, _) => new HeadLayer(read.String("name") ?? "", read.Float("weight", 1f, FloatRange.NotNegative("0.3f"))),
    };

    /// <summary>Whether there is an attribute of that name that declares a layer or the start of a path.</summary>
    public static bool IsKnown(string kind) => s_makers.ContainsKey(kind);

    /// <summary>Every kind of layer that can be declared; where a path starts is said by an attribute that is no layer.</summary>
    public static IReadOnlyCollection<string> Kinds => [.. s_makers.Keys.Where(kind => kind != "Branch")];

    /// <param name="item">The declaration.</param>
    /// <param name="read">Reads its arguments and collects the problems.</param>
    /// <param name="name">The layer's name, for messages.</param>
    /// <param name="rounding">The model's rounding.</param>
    public static Layer Make(DeclaredItem item, ArgumentReader read, string name, Rounding rounding) =>
        s_makers.TryGetValue(item.Kind, out var make)
            ? make(read, name, rounding)
            : throw new InvalidOperationException($"No layer is called {item.Kind}.");

    private static Conv2DLayer Conv2D(ArgumentReader read, string name, Rounding rounding)
    {
        var layer = new Conv2DLayer(
            read.Int("filters", least: 1),
            new Window(
                read.Kernel(),
                read.Size("Stride", least: 1, Size2.One),
                read.Size("Padding", least: 0, Size2.Zero),
                read.Size("Dilation", least: 1, Size2.One),
                read.Enum("Rounding", rounding)),
            read.Int("Groups", least: 1),
            read.Bool("Bias", true),
            read.Enum("Algorithm", ConvAlgorithm.Auto));
        if (layer is { Algorithm: ConvAlgorithm.Im2Col, Groups: > 1 })
            read.Add(new Problem("CNN1016", "Algorithm", [name, Numbers.Print(layer.Groups)]));
        return layer;
    }

    private static MaxPoolLayer MaxPool(ArgumentReader read, string name, Rounding rounding) =>
        new(PoolWindow(read, name, rounding));

    private static AveragePoolLayer AveragePool(ArgumentReader read, string name, Rounding rounding) =>
        new(PoolWindow(read, name, rounding), read.Bool("CountPadding", true));

    private static Window PoolWindow(ArgumentReader read, string name, Rounding rounding)
    {
        var kernel = read.Kernel();
        var window = new Window(
            kernel,
            read.Size("Stride", least: 1, kernel),
            read.Size("Padding", least: 0, Size2.Zero),
            read.Size("Dilation", least: 1, Size2.One),
            read.Enum("Rounding", rounding));
        if (read.Problems.Count == 0 && !WindowRules.HasPoolPadding(window))
        {
            var most = WindowRules.MostPoolPadding(window);
            var mend = new Size2(Math.Min(window.Padding.Height, most.Height), Math.Min(window.Padding.Width, most.Width));
            read.Add(new Problem(
                "CNN1014",
                "Padding",
                [name, Numbers.PrintArgument(window.Padding), window.Kernel.ToString(), Numbers.PrintArgument(mend)]));
        }

        return window;
    }

    private static LocalResponseNormLayer LocalResponseNorm(ArgumentReader read, string name, Rounding rounding) => new(
        read.Int("size", least: 1),
        read.Float("Alpha", 1e-4f, FloatRange.NotNegative("1e-4f")),
        read.Float("Beta", 0.75f, FloatRange.NotNegative("0.75f")),
        read.Float("K", 2f, FloatRange.Positive("2f")));
}
