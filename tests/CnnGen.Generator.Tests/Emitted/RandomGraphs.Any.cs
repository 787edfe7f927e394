using System.Globalization;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// Small graphs of every layer, with every window, loss and end: too many to compile each, so that they are for the executor of plans. The groups of branches
/// are those of the others.
/// </summary>
internal sealed partial class RandomGraphs
{
    private const int MostElements = 1200;
    private const long MostMultiplyAdds = 40_000;

    private bool _isAny;
    private LossKind _loss;
    private int _outputs;

    /// <summary>A class of its own, with the name that is given.</summary>
    public static string AnyDeclaration(int seed, string name) => new RandomGraphs(seed) { _isAny = true }.DrawAny(name);

    private TensorShape Shape
    {
        get => _height == 0 ? TensorShape.Vector(_channels) : TensorShape.Map(_channels, _height, _width);
        set => (_channels, _height, _width) = value.IsVector ? (value.Channels, 0, 0) : (value.Channels, value.Height, value.Width);
    }

    private string DrawAny(string name)
    {
        Shape = TensorShape.Map(Pick(1, 2, 3, 4, 5, 8, 12, 16, 17, 20), Between(1, 8), Between(1, 8));
        var input = Shape;
        // That of classes and boxes needs two branches.
        _loss = Chance(3) ? LossKind.CrossEntropy : Pick(Enum.GetValues<LossKind>().Where(loss => loss != LossKind.ClassesAndBoxes).ToArray());
        _outputs = Between(2, 6);
        var endsInMap = Chance(5);
        if (Chance(2))
            Line(Any(Between(1, 2)));
        for (var i = Between(1, 4); i > 0; i--)
            Part(endsInMap);
        if (endsInMap)
            Line($"Conv2D({_outputs}, {Kernel()}){End}");
        else
            Vectors();
        return $"[Model({input.Channels}, {input.Height}, {input.Width}{Settings()})]\n{_text}public partial class {name};\n";
    }

    private void Part(bool endsInMap)
    {
        switch (Between(0, 13))
        {
            case 0: Elementwise(); break;
            case 1: Concatenated(); break;
            case 2: Gated(); break;
            case 3: Strided(); break;
            case 4: UShaped(); break;
            case 5: Split(); break;
            case 6 when !endsInMap: Ended(); break;
            case 7 or 8 or 9: Joined(); break;
            case 10: Line(Same(Between(1, 2))); break;
            default: Line(Any(Between(1, 3))); break;
        }
    }

    /// <summary>A branch that ends in a head.</summary>
    private void Ended() => Line(
        $"Branch, {(Chance(2) ? "GlobalAveragePool, " : "")}Dense({_outputs}){End}, Head(\"Aux{++_heads}\", {Pick("0.25f", "1f", "0.5f")})");

    /// <summary>What the last layer is for the loss.</summary>
    private string End => _loss switch
    {
        LossKind.CrossEntropy => ", Softmax",
        LossKind.BinaryCrossEntropy => ", Sigmoid",
        _ => "",
    };

    private string Settings()
    {
        var settings = _loss == LossKind.CrossEntropy ? "" : ", Loss = Loss." + _loss;
        if (_loss == LossKind.CrossEntropy && Chance(3))
            settings += ", LabelSmoothing = 0.125";
        if (_loss == LossKind.CrossEntropy && Chance(4))
            settings += $", ClassWeights = new[] {{ {string.Join(", ", Enumerable.Range(0, _outputs).Select(_ => Pick("0.5", "1.0", "2.0")))} }}";
        if (Chance(4))
            settings += ", Precision = Precision.Full";
        return Chance(3) ? settings + Last : settings;
    }

    /// <summary>Some layers of whatever kind, which leave a map a map.</summary>
    private string Any(int count) => string.Join(", ", Enumerable.Range(0, count).Select(_ => AnyLayer()));

    private string AnyLayer()
    {
        for (var attempt = 0; attempt < 12; attempt++)
        {
            var layer = RandomNetworks.AnyLayer(_random, Shape);
            if (layer is Conv2DLayer { Groups: 1, Window: { Stride: var stride, Dilation: var dilation, Kernel: var kernel } } conv && Chance(3))
            {
                layer = conv with
                {
                    Algorithm = stride == Size2.One && dilation == Size2.One && kernel == Size2.Square(3)
                        ? Pick(ConvolutionAlgorithm.Winograd2x2, ConvolutionAlgorithm.Winograd4x4, ConvolutionAlgorithm.Im2Col, ConvolutionAlgorithm.Direct)
                        : Pick(ConvolutionAlgorithm.Im2Col, ConvolutionAlgorithm.Direct),
                };
            }

            if (RandomNetwork.Infer(layer, Shape) is not { } next
                || next.IsVector != Shape.IsVector
                || next.Length > MostElements
                || (!next.IsVector && next.Channels > RandomNetwork.MostChannels)
                || RandomNetwork.MultiplyAdds(layer, Shape, next) > MostMultiplyAdds)
            {
                continue;
            }

            Shape = next;
            var text = DeclarationPrinter.Print(layer);
            return !Chance(10) ? text : text[^1] == ')' ? text[..^1] + ", Frozen = true)" : text + "(Frozen = true)";
        }

        return "Tanh";
    }

    /// <summary>Paths of any layers, made to fit one another.</summary>
    private void Joined()
    {
        var start = Shape;
        var paths = Between(2, 3);
        var isConcatenation = Chance(2);
        var channels = 0;
        TensorShape? first = null;
        for (var i = 0; i < paths; i++)
        {
            Shape = start;
            var layers = Chance(4) && i > 0 ? "" : Any(Between(1, 2));
            if (first is { } wanted && (_height, _width) != (wanted.Height, wanted.Width))
            {
                layers += (layers.Length == 0 ? "" : ", ") + $"{Pick("AdaptiveAveragePool", "AdaptiveMaxPool")}({wanted.Height}, {wanted.Width})";
                (_height, _width) = (wanted.Height, wanted.Width);
            }

            first ??= Shape;
            if (!isConcatenation && _channels != first.Value.Channels)
                layers += (layers.Length == 0 ? "" : ", ") + $"Conv2D({first.Value.Channels}, 1)";
            channels += _channels;
            Line(Path(layers));
        }

        Shape = TensorShape.Map(isConcatenation ? channels : first!.Value.Channels, first!.Value.Height, first.Value.Width);
        Line(isConcatenation ? "Concat" : Pick("Add", "Average", "Maximum", "Multiply"));
        Narrow();
    }

    /// <summary>A few layers and groups over features, and the output.</summary>
    private void Vectors()
    {
        switch (Between(0, 4))
        {
            case 0:
                Line("GlobalAveragePool");
                (_height, _width) = (1, 1);
                break;
            case 1:
                Line("SpatialPyramidPool(2, 1)");
                Shape = TensorShape.Vector(5 * _channels);
                break;
            case 2:
                Line("Flatten");
                Shape = TensorShape.Vector((int)Shape.Length);
                break;
        }

        if (Chance(2))
            Dense(Shape.Length is > 500 and var length && Chance(4) ? (int)((1 << 18) / length) + Between(1, 20) : Between(1, 40));
        for (var i = Shape.IsVector ? Between(0, 2) : 0; i > 0; i--)
        {
            if (!Chance(3))
            {
                Line(Any(Between(1, 2)));
                continue;
            }

            var units = Chance(2) ? _channels : Between(1, 30);
            Line($"Branch, Dense({units}){(Chance(2) ? ", Tanh" : "")}");
            Line(units == _channels && Chance(2) ? "Branch" : $"Branch, Dense({units}), {Pick("ReLU", "Sigmoid", "BatchNorm")}");
            var isConcatenation = Chance(3);
            Line(isConcatenation ? "Concat" : Pick("Add", "Multiply", "Maximum", "Average"));
            Shape = TensorShape.Vector(isConcatenation ? 2 * units : units);
        }

        Line($"Dense({_outputs}){End}");

        void Dense(int units)
        {
            Line($"Dense({units})");
            Shape = TensorShape.Vector(units);
        }
    }
}
