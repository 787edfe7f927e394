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
            fields[node.Index] = FieldOf(node, fields);
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

    /// <summary>
    /// Rows and columns of the image that one element sees, and the image pixels between neighbours (Araujo, Norris, Sim 2019,
    /// "Computing Receptive Fields of Convolutional Neural Networks", section 2).
    /// </summary>
    private readonly record struct ReceptiveField(long Height, long Width, long StepHeight, long StepWidth)
    {
        public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}x{1}", Height, Width);
    }

    private static ReceptiveField FieldOf(Node node, ReceptiveField[] fields)
    {
        if (node.Inputs.Count == 0)
            return new ReceptiveField(1, 1, 1, 1);

        // Where several paths meet, the widest counts.
        var field = node.Inputs.Select(input => fields[input]).Aggregate((a, b) => new ReceptiveField(
            Math.Max(a.Height, b.Height), Math.Max(a.Width, b.Width), Math.Max(a.StepHeight, b.StepHeight), Math.Max(a.StepWidth, b.StepWidth)));
        var window = node.Layer.FieldOver(node.InputShape);
        return window is null
            ? field
            : new ReceptiveField(
                field.Height + ((window.Extent.Height - 1) * field.StepHeight),
                field.Width + ((window.Extent.Width - 1) * field.StepWidth),
                field.StepHeight * window.Stride.Height,
                field.StepWidth * window.Stride.Width);
    }

    private static string Number(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
