using CnnGen.Generator.Arguments;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>
/// What is a network, but most often not the one that was meant: numbers in the order that another library has, and Softmax where its place is not. Each is a
/// warning with the right spelling, and constructor arguments written with their names say that their order is meant.
/// </summary>
internal static class HabitRules
{
    /// <summary>An image given as height, width, channels: two large numbers, and last one that is often the number of channels.</summary>
    public static Problem? CheckOrder(DeclaredNetwork declared, TensorShape shape)
    {
        var (first, second, last) = (shape.Channels, shape.Height, shape.Width);
        var isImage = last is 1 or 3 && first >= 8 && second >= 8 && first <= 2L * second && second <= 2L * first;
        return isImage && !declared.Model.NamesArguments
            ? new Problem("CNN5001", "", [declared.Name, Numbers.Print(first), Numbers.Print(second), Numbers.Print(last)])
            : null;
    }

    /// <summary>A layer's numbers, over the input that it gets; said even where the layer doesn't fit, since then it is the reason.</summary>
    public static Problem? CheckLayer(string name, Layer layer, DeclaredItem item, TensorShape input)
    {
        if (item.NamesArguments || layer.SlidingWindow is not { } window || window.Kernel.Height == window.Kernel.Width)
            return null;
        var (height, width) = (Numbers.Print(window.Kernel.Height), Numbers.Print(window.Kernel.Width));
        if (layer is LocallyConnected2DLayer or LpPoolLayer)
            return null;
        if (layer is not Conv2DLayer conv)
            return item.Find("Stride") is null ? new Problem("CNN5002", "kernelWidth", [name, layer.Kind, height, width]) : null;

        // As many filters as there are channels, and a kernel that nobody would choose: no 1xN and Nx1, of which larger kernels are made, unless it's too tall.
        var isOdd = (window.Kernel.Height > 1 && window.Kernel.Width > 1) || window.Kernel.Height > input.Height + window.Padding.Rows.Sum;
        return conv.Filters == input.Channels && isOdd
            ? new Problem("CNN5003", "filters", [name, Numbers.Print(conv.Filters), height, width])
            : null;
    }

    /// <summary>Regions that are multiplied with another scale than the map has: from half to twice as much is let pass, since maps are cut at their borders.</summary>
    public static Problem? CheckScale(string name, Layer layer, TensorShape image, TensorShape input)
    {
        if (layer is not RegionLayer regions || input.IsVector)
            return null;
        var strides = (double)image.Height / input.Height;
        if (regions.Scale * strides is >= 0.5 and <= 2 && (double)image.Width / input.Width * regions.Scale is >= 0.5 and <= 2)
            return null;
        var (smaller, larger) = ((int)Math.Round(strides), (int)Math.Round(1 / strides));
        var mend = smaller > 1 ? "1.0 / " + Numbers.Print(smaller) : Numbers.Print(Math.Max(1, larger));
        return new Problem(
            "CNN5007",
            "SpatialScale",
            [name, Numbers.Print(regions.Scale), Numbers.Print(input.Height), Numbers.Print(input.Width), Numbers.Print(image.Height), Numbers.Print(image.Width), mend]);
    }

    /// <summary>Where Softmax stands.</summary>
    public static IEnumerable<(Node Node, Problem Problem)> CheckSoftmax(IReadOnlyList<Node> nodes)
    {
        var output = nodes[nodes.Count - 1];
        for (var i = 1; i < nodes.Count; i++)
        {
            var node = nodes[i];
            if (!node.Layer.IsSoftmax)
                continue;
            var mend = output.Layer.IsSoftmax ? "Remove it" : "Move it to the end, or remove it";
            if (ReaderOf(nodes, i) is { } later)
                yield return (node, new Problem("CNN5004", "", [node.FullName, later.FullName, mend]));
            else if (node.InputShape.Channels == 1)
                yield return (node, new Problem("CNN5006", "", [node.FullName]));
            else if (Before(nodes, i) is { Layer: ActivationLayer activation } before && Bound(activation.Function) is { } bound)
                yield return (before, new Problem("CNN5005", "", [before.FullName, bound, node.FullName]));
        }
    }

    /// <summary>Whether a layer is an activation that has no place right before a Softmax.</summary>
    public static bool BoundsScores(Layer layer) => layer is ActivationLayer activation && Bound(activation.Function) is not null;

    /// <summary>The layer whose values a Softmax sees: those between only pass them on.</summary>
    private static Node Before(IReadOnlyList<Node> nodes, int index)
    {
        var before = nodes[index].Inputs[0];
        while (nodes[before].Layer is FlattenLayer or DropoutLayer)
            before = nodes[before].Inputs[0];
        return nodes[before];
    }

    /// <summary>The layer that goes on from a Softmax; null at the end of the network or of a head, or where paths are joined: there it may be a gate.</summary>
    private static Node? ReaderOf(IReadOnlyList<Node> nodes, int index)
    {
        while (true)
        {
            var reader = nodes.Skip(index + 1).FirstOrDefault(node => node.Inputs.Contains(index));
            if (reader is null || reader.Layer is HeadLayer || reader.Layer.IsJoin)
                return null;
            if (reader.Layer is not FlattenLayer)
                return reader;
            index = reader.Index;
        }
    }

    private static string? Bound(ActivationKind kind) => kind switch
    {
        ActivationKind.ReLU => "sets every score below 0 to 0",
        ActivationKind.ReLU6 => "keeps every score between 0 and 6",
        ActivationKind.Softplus => "keeps every score above 0",
        ActivationKind.Sigmoid or ActivationKind.HardSigmoid => "keeps every score between 0 and 1",
        ActivationKind.Tanh or ActivationKind.Softsign => "keeps every score between -1 and 1",
        _ => null,
    };
}
