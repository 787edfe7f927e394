using System.Globalization;
using System.Text;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Declarations of graphs drawn at random: residual, dense, gated and U-shaped ones, with heads and with several readers of the image.</summary>
internal sealed partial class RandomGraphs(int seed)
{
    /// <summary>What a third of them say.</summary>
    public const string Last = ", Layout = Layout.ChannelsLast";

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private int _channels;
    private int _height;
    private int _width;
    private int _names;
    private int _heads;

    /// <summary>A class of its own, with the name that is given.</summary>
    public static string Declaration(int seed, string name) => new RandomGraphs(seed).Draw(name);

    private string Draw(string name)
    {
        (_channels, _height, _width) = (Pick(1, 2, 3, 5, 8, 16, 17, 24), Between(2, 11), Between(2, 11));
        var outputs = Between(2, 6);
        var isClassifier = Chance(2);
        _text.Append(CultureInfo.InvariantCulture, $"[Model({_channels}, {_height}, {_width}{(seed % 3 == 1 ? Last : "")})]\n");
        if (Chance(2))
            Line(Same(Between(1, 3)));
        for (var i = Between(1, 4); i > 0; i--)
        {
            switch (Between(0, 8))
            {
                case 0:
                case 1:
                    Elementwise();
                    break;
                case 2:
                    Concatenated();
                    break;
                case 3:
                    Gated();
                    break;
                case 4:
                    Strided();
                    break;
                case 5:
                    UShaped();
                    break;
                case 7:
                    Split();
                    break;
                case 6 when isClassifier:
                    Line($"Branch, {(Chance(2) ? "GlobalAveragePool, " : "")}Dense({outputs}), Softmax, Head(\"Aux{++_heads}\", {Pick("0.3f", "1f", "0.5f")})");
                    break;
                default:
                    Line(Same(Between(1, 3)));
                    break;
            }
        }

        Line($"{(Chance(2) ? "GlobalAveragePool, " : "")}Dense({outputs}){(isClassifier ? ", Softmax" : "")}");
        return _text.Append("public partial class ").Append(name).Append(";\n").ToString();
    }

    /// <summary>Two or three paths of one shape.</summary>
    private void Elementwise()
    {
        var channels = Chance(2) ? _channels : Channels();
        var paths = Between(2, 3);
        for (var i = 0; i < paths; i++)
        {
            Line(channels == _channels && Chance(3)
                ? Path(Between(0, 1) == 0 ? "" : Preserving())
                : Path($"{(Chance(2) ? Preserving() + ", " : "")}Conv2D({channels}, {Kernel()}){(Chance(2) ? ", BatchNorm" : "")}"));
        }

        _channels = channels;
        Line(Pick("Add", "Add", "Add", "Average", "Maximum", "Multiply") + (Chance(2) ? ", " + Pick("ReLU", "Tanh", "LeakyReLU(0.2f)") : ""));
    }

    private void Concatenated()
    {
        var channels = 0;
        for (var i = Between(2, 4); i > 0; i--)
        {
            var own = Chance(3) ? _channels : Channels();
            Line(Path(own == _channels && Chance(2) ? (Chance(2) ? "" : Preserving()) : $"{(Chance(3) ? Preserving() + ", " : "")}Conv2D({own}, {Kernel()}), {Pick("ReLU", "BatchNorm", "Sigmoid")}"));
            channels += own;
        }

        _channels = channels;
        Line("Concat");
        Narrow();
    }

    private void Narrow()
    {
        if (_channels > 40)
        {
            _channels = Channels();
            Line($"Conv2D({_channels}, 1)");
        }
    }

    /// <summary>Channels that go different ways, in parts that needn't be whole vectors.</summary>
    private void Split()
    {
        var first = Between(1, Math.Max(1, _channels - 1));
        Line($"Branch, ChannelSlice(0, {first})");
        Line($"Branch, ChannelSlice({_channels - first}, {first}), Conv2D({first}, {Kernel()}), ReLU");
        Line("Concat");
        _channels = 2 * first;
        if (_channels % 2 == 0 && Chance(2))
            Line("ChannelShuffle(2)");
        Narrow();
    }

    private void Gated()
    {
        // A vector is a gate of several pixels; one pixel is gated by a map.
        var isVector = Chance(2) && (_height > 1 || _width > 1);
        var gate = $"Branch, GlobalAveragePool, {(isVector ? $"Dense({_channels})" : $"Conv2D({_channels}, 1)")}, Sigmoid";
        var isFirst = Chance(3);
        Line(isFirst ? gate : Path(Chance(2) ? "" : Preserving()));
        Line(isFirst ? "Branch" : gate);
        Line("Multiply");
    }

    private void Strided()
    {
        var channels = Channels();
        Line(Path($"Conv2D({channels}, 3, Stride = 2, Padding = 1), {Pick("ReLU", "BatchNorm, ReLU", "ELU")}, Conv2D({channels}, 3, Padding = 1){(Chance(2) ? ", BatchNorm" : "")}"));
        Line($"Branch, Shortcut({channels}, Stride = 2)");
        Line("Add, ReLU");
        (_channels, _height, _width) = (channels, (_height + 1) / 2, (_width + 1) / 2);
    }

    /// <summary>Half the size and back, beside what was there before.</summary>
    private void UShaped()
    {
        if (_height % 2 != 0 || _width % 2 != 0)
        {
            Line(Same(1));
            return;
        }

        var name = "From" + (++_names).ToString(CultureInfo.InvariantCulture);
        var before = _channels;
        Line($"{Pick("ReLU", "Tanh", "Sigmoid")}(Name = \"{name}\"), {Pick("MaxPool", "AveragePool")}(2)");
        (_height, _width) = (_height / 2, _width / 2);
        Line(Same(Between(1, 2)));
        (_height, _width) = (2 * _height, 2 * _width);
        Line("Branch, Upsample(2)");
        Line($"Branch(From = \"{name}\"){(Chance(2) ? ", " + Pick("ReLU", "Dropout(0.3f)") : "")}");
        Line("Concat");
        _channels += before;
    }

    /// <summary>Layers that keep height and width.</summary>
    private string Same(int count) => string.Join(", ", Enumerable.Range(0, count).Select(_ =>
    {
        if (Chance(2))
            return Preserving();
        _channels = Channels();
        return $"Conv2D({_channels}, {Kernel()}{(Chance(6) ? ", Frozen = true" : "")})";
    }));

    /// <summary>A layer that keeps the whole shape.</summary>
    private string Preserving() => Pick(
        "ReLU",
        "Tanh",
        "ELU(0.5f)",
        "HardSwish",
        "ReLU6",
        "PReLU",
        "SELU",
        "GELU",
        "SiLU",
        "Mish",
        "LogSoftmax",
        // One value alone has nothing to be compared with (CNN2025).
        _channels * _height * _width > 1 ? "GroupNorm(1)" : "SELU",
        $"Standardize(new[] {{ {string.Join(", ", Enumerable.Range(0, _channels).Select(i => i % 3 == 0 ? "0.5" : "-0.25"))} }}, new[] {{ 2.0 }})",
        $"Conv2DTranspose({_channels}, 3, Padding = 1)",
        $"ChannelShuffle({_channels}), Pad(1, Mode = PadMode.Edge), Crop({_height}, {_width})",
        "BatchNorm",
        "BatchNorm(Frozen = true)",
        "Dropout(0.25f)",
        "LocalResponseNorm(3)",
        "MaxPool(3, Stride = 1, Padding = 1)",
        "LpPool(2, 3, Stride = 1, Padding = 1, Sigma = 0.7)",
        "MixedPool(3, Stride = 1, Padding = 1)",
        "ReLU, StochasticPool(3, Stride = 1, Padding = 1)",
        "AveragePool(3, Stride = 1, Padding = 1)",
        $"Conv2D({_channels}, 3, Padding = 1, Groups = {_channels})",
        $"Conv2D({_channels}, {Kernel()}), ReLU");

    private string Kernel() => Pick("1", "3, Padding = 1", "3, Padding = 1", "5, Padding = 2", "1, 3, Padding = new[] { 0, 1 }");

    private int Channels() => _isAny ? Pick(1, 2, 3, 5, 8, 12, 16, 16, 17, 20) : Pick(1, 3, 4, 8, 12, 16, 16, 17, 32);

    private static string Path(string layers) => layers.Length == 0 ? "Branch" : "Branch, " + layers;

    private void Line(string layers) => _text.Append('[').Append(layers).Append("]\n");

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private int Between(int least, int most) => _random.Next(least, most + 1);
}
