using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>A network drawn at random: as a declaration, and as the graph that the declaration means.</summary>
/// <param name="Input">The shape of an image.</param>
/// <param name="Loss">Cross-entropy only where the last layer is a softmax.</param>
/// <param name="Layers">The declared layers (the Flatten that a dense layer implies is none of them).</param>
internal sealed record RandomNetwork(TensorShape Input, LossKind Loss, EquatableArray<Layer> Layers)
{
    /// <summary>The most channels, declared layers and multiply-adds that are drawn: enough for every remainder of a vector's width.</summary>
    public const int MostChannels = 40;

    public const int MostLayers = 8;

    public const long MostMultiplyAdds = 200_000;

    /// <summary>How callers have images and maps.</summary>
    public LayoutKind Layout { get; init; }

    /// <summary>The declaration as a source file has it, without usings: <c>[Model(...)] ... public partial class Drawn;</c>.</summary>
    public string Source => DeclarationPrinter.PrintClass("Drawn", Input, Loss, Layers, Layout);

    public Network CreateNetwork() => NetworkFactory.Sequence(Input, Loss, Layers) with { Layout = Layout };

    /// <summary>
    /// Whether the declaration obeys the language, by arithmetic of its own: what <see cref="Layer.InferShape"/> says is not asked.
    /// </summary>
    public bool IsValid()
    {
        if (Layers.Count is 0 or > MostLayers || !IsSmall(Input))
            return false;
        var shape = Input;
        long multiplyAdds = 0;
        foreach (var layer in Layers)
        {
            if (Infer(layer, shape) is not { } next || !IsSmall(next))
                return false;
            multiplyAdds += MultiplyAdds(layer, shape, next);
            shape = next;
        }

        return multiplyAdds <= MostMultiplyAdds && Suits(Loss);
    }

    /// <summary>Whether the last layer is the one that a loss needs.</summary>
    public bool Suits(LossKind loss) => loss switch
    {
        LossKind.CrossEntropy => Layers.LastOrDefault() is SoftmaxLayer,
        LossKind.BinaryCrossEntropy => Layers.LastOrDefault() is ActivationLayer { Function: ActivationKind.Sigmoid },
        _ => true,
    };

    /// <summary>What FsCheck prints of a counterexample.</summary>
    public override string ToString() => Source;

    /// <summary>The shape that a layer makes of its input, or null where the layer would be an error.</summary>
    public static TensorShape? Infer(Layer layer, TensorShape input) => layer switch
    {
        Conv2DLayer conv when !input.IsVector && input.Channels % conv.Groups == 0 && conv.Filters % conv.Groups == 0 =>
            Slide(conv.Window, input, conv.Filters),
        Conv2DTransposeLayer conv when !input.IsVector && input.Channels % conv.Groups == 0 && conv.Filters % conv.Groups == 0
            && conv.OutputPadding.Height < conv.Stride.Height && conv.OutputPadding.Width < conv.Stride.Width
            && Spread(input.Height, conv.Kernel.Height, conv.Stride.Height, conv.Padding.Height, conv.OutputPadding.Height, conv.Dilation.Height) is > 0 and var height
            && Spread(input.Width, conv.Kernel.Width, conv.Stride.Width, conv.Padding.Width, conv.OutputPadding.Width, conv.Dilation.Width) is > 0 and var width =>
            TensorShape.Map(conv.Filters, height, width),
        MaxPoolLayer pool when !input.IsVector => SlidePool(pool.Window, input),
        AveragePoolLayer pool when !input.IsVector && pool.Window.Dilation == Size2.One => SlidePool(pool.Window, input),
        LocallyConnected2DLayer local when !input.IsVector => Slide(local.Window, input, local.Filters),
        LpPoolLayer or MixedPoolLayer or StochasticPoolLayer when !input.IsVector && layer.SlidingWindow is { } window && window.Dilation == Size2.One => SlidePool(window, input),
        GlobalMaxPoolLayer or GlobalAveragePoolLayer when !input.IsVector => TensorShape.Map(input.Channels, 1, 1),
        LocalResponseNormLayer or ImageFilterLayer when !input.IsVector => input,

        StandardizeLayer standardize when standardize.Mean.Count is 1 || standardize.Mean.Count == input.Channels => input,

        // Two values normalised by themselves are their difference's sign and little else: their gradients are differences of equal numbers times up to
        // 1 / sqrt(epsilon), of which single precision keeps too few digits to compare.
        GroupNormLayer norm when input.Channels % norm.Groups == 0 && input.Length >= 4 * norm.Groups => input,
        LayerNormLayer when input.Channels >= 4 => input,
        ChannelShuffleLayer shuffle when input.Channels % shuffle.Groups == 0 => input,
        ChannelSliceLayer slice when slice.First + slice.Count <= input.Channels =>
            input.IsVector ? TensorShape.Vector(slice.Count) : TensorShape.Map(slice.Count, input.Height, input.Width),
        MaxoutLayer maxout when input.Channels % maxout.Pieces == 0 =>
            input.IsVector ? TensorShape.Vector(input.Channels / maxout.Pieces) : TensorShape.Map(input.Channels / maxout.Pieces, input.Height, input.Width),
        PadLayer pad when !input.IsVector && (pad.Mode != PaddingKind.Reflect
            || (Math.Max(pad.Top, pad.Bottom) < input.Height && Math.Max(pad.Left, pad.Right) < input.Width)) =>
            TensorShape.Map(input.Channels, pad.Top + input.Height + pad.Bottom, pad.Left + input.Width + pad.Right),
        CropLayer crop when !input.IsVector && Math.Max(0, crop.Corner.Height) + crop.Height <= input.Height && Math.Max(0, crop.Corner.Width) + crop.Width <= input.Width =>
            TensorShape.Map(input.Channels, crop.Height, crop.Width),
        AdaptiveAveragePoolLayer pool when !input.IsVector => TensorShape.Map(input.Channels, pool.Size.Height, pool.Size.Width),
        AdaptiveMaxPoolLayer pool when !input.IsVector => TensorShape.Map(input.Channels, pool.Size.Height, pool.Size.Width),
        SpatialPyramidPoolLayer pool when !input.IsVector => TensorShape.Vector(input.Channels * pool.Sizes.Sum(size => size * size)),
        SpectralPoolLayer pool when !input.IsVector && pool.Size.Height <= input.Height && pool.Size.Width <= input.Width =>
            TensorShape.Map(input.Channels, pool.Size.Height, pool.Size.Width),
        UpsampleLayer upsample when !input.IsVector => TensorShape.Map(input.Channels, upsample.Factor * input.Height, upsample.Factor * input.Width),
        DenseLayer dense => TensorShape.Vector(dense.Units),
        FlattenLayer => TensorShape.Vector((int)input.Length),
        ActivationLayer or PReLULayer or SoftmaxLayer or LogSoftmaxLayer or DropoutLayer or BatchNormLayer => input,
        _ => null,
    };

    /// <summary>From the first tap of the first element to the last of the last, less the padding.</summary>
    private static int Spread(int input, int kernel, int stride, int padding, int outputPadding, int dilation) =>
        ((input - 1) * stride) + ((kernel - 1) * dilation) + 1 - (2 * padding) + outputPadding;

    /// <summary>A pool's padding is at most half its kernel, and no window lies in the padding alone.</summary>
    private static TensorShape? SlidePool(Window window, TensorShape input)
    {
        if (Slide(window, input, input.Channels) is not { } output)
            return null;
        var isHalf = 2 * Math.Max(window.Padding.Top, window.Padding.Bottom) <= window.Kernel.Height
            && 2 * Math.Max(window.Padding.Left, window.Padding.Right) <= window.Kernel.Width;
        return isHalf
            && AllSee(output.Height, input.Height, window.Kernel.Height, window.Stride.Height, window.Padding.Top, window.Dilation.Height)
            && AllSee(output.Width, input.Width, window.Kernel.Width, window.Stride.Width, window.Padding.Left, window.Dilation.Width)
            ? output
            : null;
    }

    private static bool AllSee(int windows, int input, int kernel, int stride, int padding, int dilation) =>
        Enumerable.Range(0, windows).All(window => Enumerable.Range(0, kernel).Any(tap =>
            (window * stride) - padding + (tap * dilation) is var place && place >= 0 && place < input));

    private static TensorShape? Slide(Window window, TensorShape input, int channels)
    {
        var height = SlideAlong(input.Height, window.Kernel.Height, window.Stride.Height, window.Padding.Top, window.Padding.Bottom, window.Dilation.Height, window.Rounding);
        var width = SlideAlong(input.Width, window.Kernel.Width, window.Stride.Width, window.Padding.Left, window.Padding.Right, window.Dilation.Width, window.Rounding);
        return height is { } h && width is { } w ? TensorShape.Map(channels, h, w) : null;
    }

    private static int? SlideAlong(int input, int kernel, int stride, int before, int after, int dilation, WindowRounding rounding)
    {
        var room = input + before + after - (((kernel - 1) * dilation) + 1);
        if (room < 0 || (rounding == WindowRounding.Exact && room % stride > after))
            return null;

        // Count the windows one by one: those that fit, and for ceiling one more if it starts before the padding on the far side.
        var windows = 0;
        for (var start = 0; start <= room; start += stride)
            windows++;
        var isCovered = ((windows - 1) * stride) == room;
        return rounding == WindowRounding.Ceiling && !isCovered && windows * stride < input + before ? windows + 1 : windows;
    }

    /// <summary>Products, and for the other layers about as much work.</summary>
    public static long MultiplyAdds(Layer layer, TensorShape input, TensorShape output) => layer switch
    {
        Conv2DLayer conv => output.Length * (input.Channels / conv.Groups) * conv.Window.Kernel.Height * conv.Window.Kernel.Width,
        Conv2DTransposeLayer conv => input.Length * (conv.Filters / conv.Groups) * conv.Kernel.Height * conv.Kernel.Width,
        LocallyConnected2DLayer local => output.Length * input.Channels * local.Window.Kernel.Height * local.Window.Kernel.Width,
        ImageFilterLayer filter => output.Length * filter.Kernel.Count,
        DenseLayer => input.Length * output.Length,
        _ => input.Length,
    };

    private static bool IsSmall(TensorShape shape) =>
        shape.Channels >= 1 && shape.Height >= 1 && shape.Width >= 1 && (shape.IsVector || shape.Channels <= MostChannels);
}
