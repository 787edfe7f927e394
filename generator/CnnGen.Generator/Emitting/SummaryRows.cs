using System.Globalization;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Emitting;

/// <summary>One row of the table that a model's Summary prints.</summary>
internal sealed record SummaryRow(
    string Name, string Kind, string OutputShape, long Parameters, long MultiplyAdds, long ActivationBytes, string ReceptiveField);

/// <summary>Describes a network's layers, a row each.</summary>
internal static class SummaryRows
{
    public static IReadOnlyList<SummaryRow> Of(Network network)
    {
        var rows = new List<SummaryRow>();
        var fields = new ReceptiveField[network.Nodes.Count];
        foreach (var node in network.Nodes)
        {
            fields[node.Index] = ReceptiveField.Of(node, fields);
            rows.Add(new SummaryRow(
                node.FullName,
                KindOf(node),
                node.OutputShape.ToString(),
                node.Parameters.Where(parameter => parameter.IsTrained).Sum(parameter => parameter.Length),
                node.MultiplyAdds,
                node.OutputShape.Length * sizeof(float),
                node.OutputShape.IsVector ? "" : fields[node.Index].ToString()));
        }

        return rows;
    }

    /// <summary>The layer with its numbers: <c>Conv2D 6, 5x5, padding 2x2</c>.</summary>
    public static string KindOf(Node node)
    {
        var text = node.Layer switch
        {
            Conv2DLayer conv => $"Conv2D {Number(conv.Filters)}, {conv.Window.Kernel}",
            LocallyConnected2DLayer local => $"LocallyConnected2D {Number(local.Filters)}, {local.Window.Kernel}",
            DenseLayer dense => $"Dense {Number(dense.Units)}",
            DropoutLayer dropout => $"Dropout {Number(dropout.Rate)}",
            LocalResponseNormLayer norm => $"LocalResponseNorm {Number(norm.Size)}",
            { SlidingWindow: { } window } => $"{node.Layer.Kind} {window.Kernel}",
            _ => node.Layer.Kind,
        };
        if (node.Layer.SlidingWindow is not { } w)
            return text;
        if (w.Stride != Size2.One)
            text += $", stride {w.Stride}";
        if (w.Padding != Padding.None)
            text += $", padding {w.Padding}";
        if (w.Dilation != Size2.One)
            text += $", dilation {w.Dilation}";
        if (node.Layer is Conv2DLayer { Groups: > 1 } grouped)
            text += $", groups {Number(grouped.Groups)}";
        return text;
    }

    private static string Number(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
