using System.Globalization;
using CnnGen.Generator.Graph;

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
                node.Layer.Description,
                node.OutputShape.ToString(),
                node.ParameterCount,
                node.MultiplyAdds,
                node.OutputShape.Length * sizeof(float),
                node.OutputShape.IsVector ? "" : fields[node.Index].ToString()));
        }

        return rows;
    }
}
