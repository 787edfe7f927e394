using System.Globalization;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// Graphs of few sizes and few kinds of layers: what differs is which reads what. Of a hundred in one compilation most kernels are the same, and a kernel that several models
/// call is compiled once.
/// </summary>
internal sealed partial class RandomGraphs
{
    private const int SmallSize = 4;

    /// <summary>A class of its own, with the name that is given.</summary>
    public static string SmallDeclaration(int seed, string name) => new RandomGraphs(seed).DrawSmall(name);

    private string DrawSmall(string name)
    {
        (_channels, _height, _width) = (3, SmallSize, SmallSize);
        var isClassifier = Chance(2);
        var end = isClassifier ? ", Softmax" : "";
        _text.Append(CultureInfo.InvariantCulture, $"[Model(3, {SmallSize}, {SmallSize}{(seed % 3 == 1 ? Last : "")})]\n");
        for (var i = Between(1, 3); i > 0; i--)
        {
            switch (Between(0, 6))
            {
                case 0: SmallJoin(); break;
                case 1: SmallConcatenation(); break;
                case 2: SmallGate(); break;
                case 3 when _height == SmallSize: SmallU(); break;
                case 4 when _height == SmallSize: SmallDown(); break;
                case 5 when isClassifier: Line($"Branch, GlobalAveragePool, Dense(3), Softmax, Head(\"Aux{++_heads}\", {Pick("0.3f", "1f")})"); break;
                default: SmallJoin(); break;
            }
        }

        Line("GlobalAveragePool, Dense(3)" + end);
        return _text.Append("public partial class ").Append(name).Append(";\n").ToString();
    }

    private void SmallJoin()
    {
        var channels = Few();
        for (var i = Between(2, 3); i > 0; i--)
            Line(SmallPath(channels));
        _channels = channels;
        Line(Pick("Add", "Add", "Average", "Maximum", "Multiply") + (Chance(2) ? ", ReLU" : ""));
    }

    private void SmallConcatenation()
    {
        var channels = 0;
        for (var i = Between(2, 3); i > 0; i--)
        {
            var own = Chance(2) ? _channels : Few();
            Line(SmallPath(own));
            channels += own;
        }

        _channels = channels;
        Line("Concat");
        SmallNarrow();
    }

    private void SmallGate()
    {
        var gate = $"Branch, GlobalAveragePool, Dense({_channels}), Sigmoid";
        var isFirst = Chance(3);
        Line(isFirst ? gate : Path(Chance(2) ? "" : Keeping()));
        Line(isFirst ? "Branch" : gate);
        Line("Multiply");
    }

    /// <summary>Half the size and back, beside what was there before.</summary>
    private void SmallU()
    {
        var name = "From" + (++_names).ToString(CultureInfo.InvariantCulture);
        var before = _channels;
        Line($"{Pick("ReLU", "Tanh")}(Name = \"{name}\"), {Pick("MaxPool", "AveragePool")}(2)");
        (_height, _width) = (SmallSize / 2, SmallSize / 2);
        Line(Keeping());
        (_height, _width) = (SmallSize, SmallSize);
        Line("Branch, Upsample(2)");
        Line($"Branch(From = \"{name}\")");
        Line("Concat");
        _channels += before;
        SmallNarrow();
    }

    /// <summary>To half the size: by a pool that a convolution takes in, by one that stands alone, or by strides.</summary>
    private void SmallDown()
    {
        switch (Between(0, 2))
        {
            case 0: Line($"Conv2D({_channels}, 3, Padding = 1), ReLU, MaxPool(2)"); break;
            case 1: Line(Pick("Tanh, MaxPool(2)", "AveragePool(2)", "MaxPool(2)")); break;
            default:
                Line(Path($"Conv2D({_channels}, 3, Stride = 2, Padding = 1), BatchNorm, ReLU"));
                Line($"Branch, Shortcut({_channels}, Stride = 2)");
                Line("Add, ReLU");
                break;
        }

        (_height, _width) = (SmallSize / 2, SmallSize / 2);
    }

    /// <summary>To few channels again, but for two numbers of them that stay as they are.</summary>
    private void SmallNarrow()
    {
        if (_channels is 8 or 20)
            return;
        _channels = Few();
        Line($"Conv2D({_channels}, 1)");
    }

    private string SmallPath(int channels) => Path(channels == _channels && Chance(2)
        ? Chance(2) ? "" : Keeping()
        : $"{(Chance(4) ? Keeping() + ", " : "")}Conv2D({channels}, 1{(Chance(8) ? ", Frozen = true" : "")}){(Chance(3) ? ", BatchNorm" : "")}");

    /// <summary>Layers that keep the shape.</summary>
    private string Keeping() => Pick(
        "ReLU",
        "Tanh",
        "BatchNorm",
        "BatchNorm(Frozen = true)",
        "BatchNorm, ReLU",
        "Dropout(0.25f)",
        "MaxPool(3, Stride = 1, Padding = 1)",
        "AveragePool(3, Stride = 1, Padding = 1)",
        $"Conv2D({_channels}, 1), ReLU",
        $"Conv2D({_channels}, 3, Padding = 1), ReLU");

    private int Few() => Pick(3, 5, 17);
}
