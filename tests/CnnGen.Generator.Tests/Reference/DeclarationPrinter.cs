using System.Globalization;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>Layers as the attributes that declare them; what equals a default is left out.</summary>
internal static class DeclarationPrinter
{
    /// <summary>A whole class, one attribute a line, as a source file has it.</summary>
    public static string PrintClass(string name, TensorShape input, LossKind loss, IEnumerable<Layer> layers, LayoutKind layout = LayoutKind.ChannelsFirst)
    {
        var setting = (loss == LossKind.CrossEntropy ? "" : ", Loss = Loss." + loss) + (layout == LayoutKind.ChannelsFirst ? "" : ", Layout = Layout." + layout);
        var lines = layers.Select(layer => $"[{Print(layer)}]\n");
        return FormattableString.Invariant($"[Model({input.Channels}, {input.Height}, {input.Width}{setting})]\n")
            + string.Concat(lines)
            + $"public partial class {name};\n";
    }

    /// <summary>One attribute, without brackets: <c>Conv2D(6, 5, Padding = 2)</c>.</summary>
    public static string Print(Layer layer) => layer switch
    {
        Conv2DLayer conv => Attribute(
            "Conv2D",
            [
                Number(conv.Filters),
                .. Kernel(conv.Window),
                .. Slide(conv.Window, Size2.One),
                .. Setting("Groups", Number(conv.Groups), conv.Groups != 1),
                .. Setting("Bias", "false", !conv.Bias),
                .. RoundingOf(conv.Window),
                .. Setting("Algorithm", "ConvAlgorithm." + conv.Algorithm, conv.Algorithm != ConvolutionAlgorithm.Auto),
            ]),
        Conv2DTransposeLayer conv => Attribute(
            "Conv2DTranspose",
            [
                Number(conv.Filters),
                .. Both(conv.Kernel),
                .. Setting("Stride", Pair(conv.Stride), conv.Stride != Size2.One),
                .. Setting("Padding", Pair(conv.Padding), conv.Padding != Size2.Zero),
                .. Setting("OutputPadding", Pair(conv.OutputPadding), conv.OutputPadding != Size2.Zero),
                .. Setting("Dilation", Pair(conv.Dilation), conv.Dilation != Size2.One),
                .. Setting("Groups", Number(conv.Groups), conv.Groups != 1),
                .. Setting("Bias", "false", !conv.Bias),
            ]),
        MaxPoolLayer pool => Attribute("MaxPool", [.. Kernel(pool.Window), .. Slide(pool.Window, pool.Window.Kernel), .. RoundingOf(pool.Window)]),
        AveragePoolLayer pool => Attribute(
            "AveragePool",
            [
                .. Kernel(pool.Window),
                .. Slide(pool.Window, pool.Window.Kernel),
                .. Setting("CountPadding", "false", !pool.CountPadding),
                .. RoundingOf(pool.Window),
            ]),
        LocallyConnected2DLayer local => Attribute(
            "LocallyConnected2D",
            [
                Number(local.Filters), .. Kernel(local.Window), .. Slide(local.Window, Size2.One), .. Setting("Bias", "false", !local.Bias), .. RoundingOf(local.Window),
            ]),
        LpPoolLayer pool => Attribute(
            "LpPool",
            [
                Real(pool.Power), .. Kernel(pool.Window), .. Slide(pool.Window, pool.Window.Kernel), .. Setting("Sigma", Real(pool.Sigma), pool.Sigma != 0),
                .. RoundingOf(pool.Window),
            ]),
        MixedPoolLayer pool => Attribute(
            "MixedPool",
            [.. Kernel(pool.Window), .. pool.Mix is { } mix ? [Real(mix)] : Array.Empty<string>(), .. Slide(pool.Window, pool.Window.Kernel), .. RoundingOf(pool.Window)]),
        StochasticPoolLayer pool => Attribute("StochasticPool", [.. Kernel(pool.Window), .. Slide(pool.Window, pool.Window.Kernel), .. RoundingOf(pool.Window)]),
        DenseLayer dense => Attribute("Dense", [Number(dense.Units), .. Setting("Bias", "false", !dense.Bias)]),
        ActivationLayer { Function: ActivationKind.GELUTanh } => "GELU(Approximate = true)",
        ActivationLayer { Function: ActivationKind.LeakyReLU or ActivationKind.ELU or ActivationKind.Softplus } activation =>
            Attribute(activation.Kind, [Real(activation.Parameter)]),
        GroupNormLayer norm => Attribute("GroupNorm", [Number(norm.Groups), .. Setting("Epsilon", Real(norm.Epsilon), norm.Epsilon != 1e-5f)]),
        LayerNormLayer norm => Attribute("LayerNorm", [.. Setting("Epsilon", Real(norm.Epsilon), norm.Epsilon != 1e-5f)]),
        ChannelShuffleLayer shuffle => Attribute("ChannelShuffle", [Number(shuffle.Groups)]),
        ChannelSliceLayer slice => Attribute("ChannelSlice", [Number(slice.First), Number(slice.Count)]),
        MaxoutLayer maxout => Attribute("Maxout", [Number(maxout.Pieces)]),
        PadLayer { Top: var top, Left: var left, Bottom: var bottom, Right: var right } pad => Attribute(
            "Pad",
            [
                .. top == left && top == bottom && top == right ? [Number(top)] : new[] { Number(top), Number(left), Number(bottom), Number(right) },
                .. Setting("Mode", "PadMode." + pad.Mode, pad.Mode != PaddingKind.Zero),
            ]),
        CropLayer crop => Attribute(
            "Crop",
            [
                Number(crop.Height), Number(crop.Width),
                .. Setting("Top", Number(crop.Corner.Height), crop.Corner.Height >= 0), .. Setting("Left", Number(crop.Corner.Width), crop.Corner.Width >= 0),
            ]),
        AdaptiveAveragePoolLayer pool => Attribute("AdaptiveAveragePool", Both(pool.Size)),
        AdaptiveMaxPoolLayer pool => Attribute("AdaptiveMaxPool", Both(pool.Size)),
        SpatialPyramidPoolLayer pool => Attribute("SpatialPyramidPool", [.. pool.Sizes.Select(Number)]),
        ImageFilterLayer filter => Enum.GetValues<FilterNames>().Where(kind => ImageFilterLayer.KernelOf(kind) == filter.Kernel).Select(kind => $"ImageFilter(FilterKind.{kind})").FirstOrDefault()
            ?? $"ImageFilter(new[] {{ {string.Join(", ", filter.Kernel.Select(tap => tap.ToString("R", CultureInfo.InvariantCulture) + "d"))} }})",
        StandardizeLayer standardize => Attribute("Standardize", [Reals(standardize.Mean), Reals(standardize.Deviation)]),
        SpectralPoolLayer pool => Attribute("SpectralPool", Both(pool.Size)),
        UpsampleLayer upsample => Attribute(
            "Upsample",
            [
                Number(upsample.Factor),
                .. Setting("Mode", "UpsampleMode." + upsample.Mode, upsample.Mode != ResizeKind.Nearest),
                .. Setting("AlignCorners", "true", upsample.AlignCorners),
            ]),
        DropoutLayer dropout => Attribute("Dropout", [Real(dropout.Rate)]),
        BatchNormLayer norm => Attribute(
            "BatchNorm",
            [.. Setting("Epsilon", Real(norm.Epsilon), norm.Epsilon != 1e-5f), .. Setting("Momentum", Real(norm.Momentum), norm.Momentum != 0.1f)]),
        LocalResponseNormLayer norm => Attribute(
            "LocalResponseNorm",
            [
                Number(norm.Size),
                .. Setting("Alpha", Real(norm.Alpha), norm.Alpha != 1e-4f),
                .. Setting("Beta", Real(norm.Beta), norm.Beta != 0.75f),
                .. Setting("K", Real(norm.K), norm.K != 2f),
            ]),
        ActivationLayer or PReLULayer or SoftmaxLayer or LogSoftmaxLayer or FlattenLayer or GlobalMaxPoolLayer or GlobalAveragePoolLayer => layer.Kind,
        _ => throw new NotSupportedException($"No attribute declares the layer {layer.Kind}."),
    };

    private static string Attribute(string name, string[] arguments) =>
        arguments.Length == 0 ? name : $"{name}({string.Join(", ", arguments)})";

    private static string[] Setting(string name, string value, bool isSet) => isSet ? [$"{name} = {value}"] : [];

    private static string[] Kernel(Window window) => Both(window.Kernel);

    private static string[] Both(Size2 size) => size.Height == size.Width ? [Number(size.Height)] : [Number(size.Height), Number(size.Width)];

    private static string[] Slide(Window window, Size2 defaultStride) =>
    [
        .. Setting("Stride", Pair(window.Stride), window.Stride != defaultStride),
        .. Setting("Padding", Sides(window.Padding), window.Padding != Padding.None),
        .. Setting("Dilation", Pair(window.Dilation), window.Dilation != Size2.One),
    ];

    private static string[] RoundingOf(Window window) =>
        Setting("Rounding", "Rounding." + window.Rounding, window.Rounding != WindowRounding.Exact);

    private static string Pair(Size2 size) => size.Height == size.Width
        ? Number(size.Height)
        : $"new[] {{ {Number(size.Height)}, {Number(size.Width)} }}";

    private static string Sides(Padding padding) => padding.IsSymmetric
        ? Pair(padding.Start)
        : $"new[] {{ {Number(padding.Top)}, {Number(padding.Left)}, {Number(padding.Bottom)}, {Number(padding.Right)} }}";

    private static string Reals(IReadOnlyList<float> numbers) => $"new[] {{ {string.Join(", ", numbers.Select(Real))} }}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Real(float number) => number.ToString("R", CultureInfo.InvariantCulture) + "f";
}
