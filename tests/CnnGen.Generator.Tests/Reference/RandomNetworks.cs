using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;
using FsCheck;
using FsCheck.Fluent;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>Small valid networks for properties: emitted code against the interpreter, declaration against graph.</summary>
internal static class RandomNetworks
{
    /// <summary>Valid networks of every layer; a failing one shrinks to fewer layers and smaller numbers, and stays valid.</summary>
    public static Arbitrary<RandomNetwork> Valid { get; } = Arb.From(Networks(), Shrink);

    // A network is decoded from a row of numbers, each taken modulo the choices at hand.
    private static Gen<RandomNetwork> Networks() =>
        Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1), 400).Select(numbers => new Drawing(numbers).Network());

    /// <summary>A layer for what arrives, which may not fit it.</summary>
    public static Layer AnyLayer(Random random, TensorShape input) => new Drawing([.. Enumerable.Range(0, 32).Select(_ => random.Next())]).Layer(input);

    /// <summary>Smaller networks, simplest first: without one of the layers, with a smaller image, with one layer simpler.</summary>
    public static IEnumerable<RandomNetwork> Shrink(RandomNetwork network) => Candidates(network).Where(candidate => candidate.IsValid());

    private static IEnumerable<RandomNetwork> Candidates(RandomNetwork network)
    {
        if (network.Layout == LayoutKind.ChannelsLast)
            yield return network with { Layout = LayoutKind.ChannelsFirst };

        // What follows the first layer may fit nothing but what that made, so it is given an image of that shape too.
        if (RandomNetwork.Infer(network.Layers[0], network.Input) is { IsVector: false } second)
            yield return WithLoss(network with { Input = second, Layers = network.Layers.Skip(1).ToEquatableArray() });
        for (var i = 0; i < network.Layers.Count; i++)
            yield return WithLoss(network with { Layers = network.Layers.Where((_, index) => index != i).ToEquatableArray() });
        foreach (var (channels, height, width) in SmallerSizes(network.Input))
            yield return network with { Input = TensorShape.Map(channels, height, width) };
        for (var i = 0; i < network.Layers.Count; i++)
        {
            foreach (var simpler in Simpler(network.Layers[i]))
                yield return network with { Layers = network.Layers.Select((layer, index) => index == i ? simpler : layer).ToEquatableArray() };
        }
    }

    /// <summary>What lost its softmax can't keep its cross-entropy.</summary>
    private static RandomNetwork WithLoss(RandomNetwork network) =>
        network.Suits(network.Loss) ? network : network with { Loss = LossKind.HalfSquaredError };

    private static IEnumerable<(int Channels, int Height, int Width)> SmallerSizes(TensorShape input)
    {
        // All of them, since groups may ask for a multiple.
        foreach (var channels in Enumerable.Range(1, input.Channels - 1))
            yield return (channels, input.Height, input.Width);
        foreach (var height in Smaller(input.Height, 1))
            yield return (input.Channels, height, input.Width);
        foreach (var width in Smaller(input.Width, 1))
            yield return (input.Channels, input.Height, width);
    }

    private static IEnumerable<Layer> Simpler(Layer layer)
    {
        switch (layer)
        {
            case Conv2DLayer conv:
                if (conv.Groups > 1)
                    yield return conv with { Groups = 1 };
                if (conv.Bias)
                    yield return conv with { Bias = false };
                foreach (var filtersPerGroup in Smaller(conv.Filters / conv.Groups, 1))
                    yield return conv with { Filters = conv.Groups * filtersPerGroup };
                foreach (var window in SimplerWindows(conv.Window))
                    yield return conv with { Window = window };
                break;
            case MaxPoolLayer pool:
                foreach (var window in SimplerWindows(pool.Window))
                    yield return pool with { Window = window };
                break;
            case AveragePoolLayer pool:
                foreach (var window in SimplerWindows(pool.Window))
                    yield return pool with { Window = window };
                break;
            case LocallyConnected2DLayer local:
                foreach (var filters in Smaller(local.Filters, 1))
                    yield return local with { Filters = filters };
                foreach (var window in SimplerWindows(local.Window))
                    yield return local with { Window = window };
                break;
            case LpPoolLayer pool:
                foreach (var window in SimplerWindows(pool.Window))
                    yield return pool with { Window = window };
                break;
            case MixedPoolLayer pool:
                foreach (var window in SimplerWindows(pool.Window))
                    yield return pool with { Window = window };
                break;
            case StochasticPoolLayer pool:
                foreach (var window in SimplerWindows(pool.Window))
                    yield return pool with { Window = window };
                break;
            case DenseLayer dense:
                if (dense.Bias)
                    yield return dense with { Bias = false };
                foreach (var units in Smaller(dense.Units, 1))
                    yield return dense with { Units = units };
                break;
            case LocalResponseNormLayer { Size: > 1 } norm:
                yield return norm with { Size = norm.Size - 1 };
                break;
        }
    }

    private static IEnumerable<Window> SimplerWindows(Window window)
    {
        // Padding wants a kernel of twice its size, and a kernel padding where the map is small: both go at once.
        if (window.Padding != Padding.None && window.Kernel != Size2.One)
            yield return window with { Kernel = Size2.One, Padding = Size2.Zero };
        if (window.Rounding != WindowRounding.Exact)
            yield return window with { Rounding = WindowRounding.Exact };
        foreach (var dilation in SmallerPairs(window.Dilation, 1))
            yield return window with { Dilation = dilation };
        if (!window.Padding.IsSymmetric)
            yield return window with { Padding = window.Padding.Start };
        foreach (var padding in SmallerPairs(window.Padding.Start, 0).Where(_ => window.Padding.IsSymmetric))
            yield return window with { Padding = padding };
        foreach (var stride in SmallerPairs(window.Stride, 1))
            yield return window with { Stride = stride };
        foreach (var kernel in SmallerPairs(window.Kernel, 1))
            yield return window with { Kernel = kernel };
    }

    private static IEnumerable<Size2> SmallerPairs(Size2 size, int least)
    {
        foreach (var height in Smaller(size.Height, least))
            yield return size with { Height = height };
        foreach (var width in Smaller(size.Width, least))
            yield return size with { Width = width };
    }

    /// <summary>The least, half way to it, and one less.</summary>
    private static IEnumerable<int> Smaller(int number, int least) =>
        new[] { least, (number + least) / 2, number - 1 }.Where(n => n >= least && n < number).Distinct();

    /// <summary>Draws one network: layer after layer, each tried until one fits what is there.</summary>
    private sealed class Drawing(int[] numbers)
    {
        private int _next;

        public RandomNetwork Network() => Drawn() with { Layout = Chance(3) ? LayoutKind.ChannelsLast : LayoutKind.ChannelsFirst };

        private RandomNetwork Drawn()
        {
            var input = TensorShape.Map(Pick(1, 2, 3, 4, 5, 8, 16, 17), Between(1, 13), Between(1, 13));
            var endsInSoftmax = Chance(2);
            var drawn = new RandomNetwork(input, LossKind.HalfSquaredError, []);
            var count = Between(1, RandomNetwork.MostLayers - (endsInSoftmax ? 2 : 0));
            for (var i = 0; i < count; i++)
                drawn = Extended(drawn);
            if (!endsInSoftmax)
            {
                var other = drawn with { Loss = Pick(LossKind.HalfSquaredError, LossKind.HalfSquaredError, LossKind.BinaryCrossEntropy, LossKind.Hinge, LossKind.AbsoluteError, LossKind.Huber) };
                if (other.Loss == LossKind.BinaryCrossEntropy)
                    other = other with { Layers = [.. other.Layers, new ActivationLayer(ActivationKind.Sigmoid)] };
                return other.IsValid() ? other : drawn;
            }

            var classified = drawn with
            {
                Loss = LossKind.CrossEntropy,
                Layers = Chance(4) ? [.. drawn.Layers, new SoftmaxLayer()] : [.. drawn.Layers, new DenseLayer(Between(2, 12), Bias: Chance(2)), new SoftmaxLayer()],
            };
            return classified.IsValid() ? classified : drawn;
        }

        /// <summary>One more layer that fits; after ten that didn't a tanh, unless even that is past the most multiply-adds.</summary>
        private RandomNetwork Extended(RandomNetwork network)
        {
            var shape = network.Layers.Aggregate(network.Input, (s, layer) => RandomNetwork.Infer(layer, s)!.Value);
            for (var attempt = 0; attempt < 10; attempt++)
            {
                var candidate = network with { Layers = [.. network.Layers, Layer(shape)] };
                if (candidate.IsValid())
                    return candidate;
            }

            var last = network with { Layers = [.. network.Layers, new ActivationLayer(ActivationKind.Tanh)] };
            return last.IsValid() ? last : network;
        }

        private int Divisor(TensorShape input) => Pick(Enumerable.Range(1, input.Channels).Where(divisor => input.Channels % divisor == 0).ToArray());

        public Layer Layer(TensorShape input)
        {
            switch (Between(0, input.IsVector ? 11 : 26))
            {
                case 0:
                    return new DenseLayer(Between(1, 40), Bias: Chance(2));
                case 1:
                    return new BatchNormLayer(Pick(1e-5f, 1e-3f), Pick(0.1f, 0.25f));
                case 2:
                    return new DropoutLayer(Pick(0f, 0.25f, 0.5f));
                case 3:
                    return Chance(3) ? new LogSoftmaxLayer() : new SoftmaxLayer();
                case 4:
                case 5:
                case 6:
                case 7:
                    return Activation();
                case 8 when Chance(3):
                    var constants = Chance(3) ? 1 : input.Channels;
                    return new StandardizeLayer([.. Enumerable.Range(0, constants).Select(_ => Pick(0f, 0.5f, -0.25f))], [.. Enumerable.Range(0, constants).Select(_ => Pick(1f, 0.5f, 2f))]);
                case 8:
                    return new PReLULayer();
                case 9:
                    return new FlattenLayer();
                case 10 when !input.IsVector && Chance(3):
                    return new ImageFilterLayer(ImageFilterLayer.KernelOf(Pick(Enum.GetValues<FilterNames>())));
                case 10:
                    return Chance(3) ? new LayerNormLayer(Pick(1e-5f, 1e-3f)) : new GroupNormLayer(Divisor(input), Pick(1e-5f, 1e-3f));
                case 11 when Chance(3):
                    var first = Between(0, input.Channels - 1);
                    return new ChannelSliceLayer(first, Between(1, input.Channels - first));
                case 11:
                    return Chance(2) ? new ChannelShuffleLayer(Divisor(input)) : new MaxoutLayer(Divisor(input));
                case 12:
                    return new LocalResponseNormLayer(Pick(1, 2, 3, 4, 5, 7), Pick(1e-4f, 0.5f), Pick(0.75f, 0.5f), Pick(2f, 1f));
                case 13:
                    return new GlobalAveragePoolLayer();
                case 14:
                    return new GlobalMaxPoolLayer();
                case 15:
                case 16:
                    return new MaxPoolLayer(PoolWindow() with { Dilation = Chance(5) ? Pair(1, 3) : Size2.One });
                case 18:
                    return new PadLayer(Between(0, 3), Between(0, 3), Between(0, 3), Between(0, 3), Pick(PaddingKind.Zero, PaddingKind.Reflect, PaddingKind.Edge));
                case 19:
                    return new CropLayer(Between(1, input.Height), Between(1, input.Width), new Size2(Between(-1, 2), Between(-1, 2)));
                case 20:
                    return Chance(2) ? new AdaptiveAveragePoolLayer(Pair(1, 5)) : Chance(2) ? new AdaptiveMaxPoolLayer(Pair(1, 5)) : new SpatialPyramidPoolLayer([Between(1, 4), 1]);
                case 21:
                    return Chance(2)
                        ? new SpectralPoolLayer(new Size2(Between(1, input.Height), Between(1, input.Width)))
                        : new UpsampleLayer(Between(1, 3), Chance(3) ? ResizeKind.Nearest : ResizeKind.Bilinear) is { Mode: ResizeKind.Bilinear } bilinear
                            ? bilinear with { AlignCorners = Chance(2) }
                            : new UpsampleLayer(2);
                case 23:
                    return Between(0, 2) switch
                    {
                        0 => new LpPoolLayer(Pick(1f, 2f, 3f, 1.5f), PoolWindow(), Chance(2) ? 0 : Pick(0.5f, 1f)),
                        1 => new MixedPoolLayer(PoolWindow(), Chance(2) ? null : Pick(0f, 0.25f, 1f)),
                        _ => new StochasticPoolLayer(PoolWindow()),
                    };
                case 17:
                    return new AveragePoolLayer(PoolWindow(), CountPadding: Chance(2));
                case 22 when Chance(2):
                    return new LocallyConnected2DLayer(
                        Between(1, RandomNetwork.MostChannels), new Window(Pair(1, 3), Chance(2) ? Size2.One : Pair(1, 3), Size2.Zero, Size2.One, AnyRounding()), Bias: !Chance(4));
                case 22:
                    return Transposed(input);
                default:
                    return Convolution(input);
            }
        }

        private ActivationLayer Activation()
        {
            var function = Pick(Enum.GetValues<ActivationKind>());
            return new ActivationLayer(function, function switch
            {
                ActivationKind.LeakyReLU => Pick(0.01f, 0.2f),
                ActivationKind.ELU => Pick(1f, 0.5f),
                ActivationKind.Softplus => Pick(1f, 2f),
                _ => 0,
            });
        }

        private Conv2DTransposeLayer Transposed(TensorShape input)
        {
            var (stride, groups) = (Chance(2) ? Size2.One : Pair(1, 3), Chance(3) ? Divisor(input) : 1);
            return new Conv2DTransposeLayer(
                groups * Between(1, Math.Max(1, RandomNetwork.MostChannels / groups)),
                Pair(1, 4),
                stride,
                Chance(2) ? Size2.Zero : Pair(0, 2),
                Chance(2) ? Size2.Zero : new Size2(Between(0, stride.Height - 1), Between(0, stride.Width - 1)),
                Chance(4) ? Pair(1, 3) : Size2.One,
                groups,
                Bias: !Chance(4));
        }

        private Conv2DLayer Convolution(TensorShape input)
        {
            var window = new Window(
                Pair(1, 5),
                Chance(2) ? Size2.One : Pair(1, 3),
                Chance(3) ? Size2.Zero : Chance(4) ? Sides(3, 3) : Pair(0, 3),
                Chance(4) ? Pair(1, 3) : Size2.One,
                AnyRounding());
            var divisors = Enumerable.Range(1, input.Channels).Where(divisor => input.Channels % divisor == 0).ToArray();
            var groups = Chance(3) ? Pick(divisors) : 1;
            var filtersPerGroup = Between(1, Math.Max(1, RandomNetwork.MostChannels / groups));
            return new Conv2DLayer(groups * filtersPerGroup, window, groups, Bias: !Chance(4));
        }

        private Window PoolWindow()
        {
            var kernel = Pair(1, 4);
            var stride = Chance(2) ? kernel : Pair(1, 4);
            Padding padding = Chance(2) ? Size2.Zero
                : Chance(4) ? Sides(kernel.Height / 2, kernel.Width / 2)
                : new Size2(Between(0, kernel.Height / 2), Between(0, kernel.Width / 2));
            return new Window(kernel, stride, padding, Size2.One, AnyRounding());
        }

        private Padding Sides(int mostRows, int mostColumns) =>
            new(Between(0, mostRows), Between(0, mostColumns), Between(0, mostRows), Between(0, mostColumns));

        private WindowRounding AnyRounding() => Pick(WindowRounding.Exact, WindowRounding.Exact, WindowRounding.Floor, WindowRounding.Ceiling);

        /// <summary>A square two times out of three, as declarations have them.</summary>
        private Size2 Pair(int least, int most)
        {
            var height = Between(least, most);
            return Chance(3) ? new Size2(height, Between(least, most)) : Size2.Square(height);
        }

        private T Pick<T>(params T[] choices) => choices[Between(0, choices.Length - 1)];

        private bool Chance(int oneIn) => Between(1, oneIn) == 1;

        private int Between(int least, int most) => least + (numbers[_next++ % numbers.Length] % (most - least + 1));
    }
}
