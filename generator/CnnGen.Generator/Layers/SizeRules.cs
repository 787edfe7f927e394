using System.Globalization;

namespace CnnGen.Generator.Layers;

/// <summary>Sizes that no .NET array, span or int index can hold.</summary>
internal static class SizeRules
{
    /// <summary>The most elements of a tensor, and the most parameters of a network.</summary>
    public const int Most = int.MaxValue;

    /// <summary>What a mend proposes at most: with whole vectors and gradients, a plan's memory is a few times the tensor.</summary>
    private const int Proposed = Most / 8;

    /// <summary>The image itself.</summary>
    public static Problem? CheckInput(string model, TensorShape shape) => Volume(shape.Channels, shape.Height, shape.Width) > Most
        ? Overflow("", model, "its input of " + shape, Volume(shape.Channels, shape.Height, shape.Width), "a smaller image")
        : null;

    /// <summary>The input with its padding, which kernels keep in memory.</summary>
    public static Problem? CheckPadded(string name, Window window, TensorShape input)
    {
        var height = input.Height + window.Padding.Rows.Sum;
        var width = input.Width + window.Padding.Columns.Sum;
        var volume = Volume(input.Channels, height, width);
        return volume > Most
            ? Overflow(
                "Padding",
                name,
                string.Format(CultureInfo.InvariantCulture, "its padded input of {0}x{1}x{2}", input.Channels, height, width),
                volume,
                "a smaller Padding")
            : null;
    }

    /// <summary>A layer's output and its parameters.</summary>
    public static Problem? CheckNode(string name, Layer layer, TensorShape input, TensorShape output)
    {
        var volume = Volume(output.Channels, output.Height, output.Width);
        if (volume > Most)
            return Overflow(layer.Measure ?? "", name, "its output of " + output, volume, Mend(layer, input, output));
        var parameters = layer.Parameters(input);
        var largest = parameters.Sum(parameter => (decimal)parameter.Length);
        if (largest <= Most)
            return null;
        var weight = parameters[0];
        return Overflow(
            layer.Measure ?? "",
            name,
            "its parameters (" + weight.Name + " " + string.Join("x", weight.Dimensions.Select(Numbers.Print)) + ")",
            largest,
            Mend(layer, input, output));
    }

    /// <summary>All parameters up to a layer: they lie in one block of memory.</summary>
    public static Problem CheckTotal(string name, Layer layer, long total) => Overflow(
        layer.Measure ?? "", name, "the network's parameters, up to and with this layer,", total, "a smaller layer");

    /// <summary>Rows and columns that no index can count.</summary>
    public static Problem? CheckResized(string name, string argument, string mend, TensorShape input, long height, long width) => height > Most || width > Most
        ? Overflow(argument, name, string.Format(CultureInfo.InvariantCulture, "its output of {0}x{1}x{2}", input.Channels, height, width), Volume(input.Channels, height, width), mend)
        : null;

    /// <summary>Features that no index can count.</summary>
    public static Problem TooManyFeatures(string name, decimal features) => Overflow("sizes", name, "its output's features", features, "smaller sizes");

    /// <summary>Channels of paths that no index can count.</summary>
    public static Problem TooManyChannels(string name, long channels) => Overflow("", name, "its output's channels", channels, "fewer channels in its branches");

    private static decimal Volume(long channels, long height, long width) => (decimal)channels * height * width;

    private static Problem Overflow(string argument, string name, string what, decimal count, string mend) =>
        new("CNN2005", argument, [name, what, Numbers.Print(count), Numbers.Print(Most), mend]);

    private static string Mend(Layer layer, TensorShape input, TensorShape output)
    {
        switch (layer)
        {
            case Conv2DLayer conv:
                var taps = (long)(input.Channels / conv.Groups) * conv.Window.Kernel.Height * conv.Window.Kernel.Width;
                var perFilter = Math.Max((long)output.Height * output.Width, taps + (conv.Bias ? 1 : 0));
                var filters = Proposed / perFilter / conv.Groups * conv.Groups;
                return filters > 0 ? "fewer filters, for example " + Numbers.Print(filters) : "a smaller input";
            case DenseLayer dense:
                var units = Proposed / ((long)input.Channels + (dense.Bias ? 1 : 0));
                return units > 0 ? "fewer units, for example " + Numbers.Print(units) : "a smaller input";
            default:
                return "a smaller input";
        }
    }
}
