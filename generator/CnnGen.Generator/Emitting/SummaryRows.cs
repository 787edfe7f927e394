using System.Globalization;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Emitting;

/// <summary>One row of the table that a model's Summary prints.</summary>
internal sealed record SummaryRow(
    string Name, string Kind, string OutputShape, long Parameters, long MultiplyAdds, long ActivationBytes, string ReceptiveField)
{
    /// <summary>The nodes that it reads; empty where that is the one before it and no other, as in a chain.</summary>
    public EquatableArray<int> Inputs { get; init; } = [];

    /// <summary>What one element sees of the layer's input: rows, columns, both strides, rows and columns of padding before it; empty where there is no such window, or its parts are uneven.</summary>
    public EquatableArray<int> Window { get; init; } = [];
}

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
                node.Layer.Description,
                node.OutputShape.ToString(),
                node.ParameterCount,
                node.MultiplyAdds,
                node.OutputShape.Length * sizeof(float),
                node.OutputShape.IsVector ? "" : fields[node.Index].ToString())
            {
                Inputs = node.Inputs.Count == 1 && node.Inputs[0] == node.Index - 1 ? [] : node.Inputs,
                Window = WindowOf(node),
            });
        }

        return rows;
    }

    private static EquatableArray<int> WindowOf(Node node)
    {
        if (node.Layer.Enlarges is not null || node.Layer.FieldOver(node.InputShape) is not { } window)
            return [];
        var (input, output, extent, stride) = (node.InputShape, node.OutputShape, window.Extent, window.Stride);
        if (window.Output(input) == new Size2(output.Height, output.Width))
            return [extent.Height, extent.Width, stride.Height, stride.Width, window.Padding.Top, window.Padding.Left];

        // A filter that keeps the map's size by going on at its border lies with its centre on each pixel.
        return stride == Size2.One && (input.Height, input.Width) == (output.Height, output.Width)
            ? [extent.Height, extent.Width, 1, 1, extent.Height / 2, extent.Width / 2]
            : [];
    }
}
