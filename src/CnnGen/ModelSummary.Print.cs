using System.Globalization;
using System.Text;

namespace CnnGen;

public sealed partial record ModelSummary
{
    /// <summary>The learned numbers of all layers, those of frozen ones among them.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>The multiply-adds of one image's forward pass.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>The outputs of all layers for one image, as floats: what training keeps.</summary>
    public long ActivationBytes => Layers.Sum(layer => layer.ActivationBytes);

    /// <summary>The table as text, a line a layer, with the totals below it; the same in every culture.</summary>
    public override string ToString()
    {
        string[] header = ["Layer", "Kind", "Output", "Parameters", "Multiply-adds", "Activations", "Receptive field"];
        var rows = new List<string[]> { header };
        rows.AddRange(Layers.Select(layer => new[]
        {
            layer.Name,
            layer.Kind,
            layer.OutputShape,
            Number(layer.Parameters),
            Number(layer.MultiplyAdds),
            Bytes(layer.ActivationBytes),
            layer.ReceptiveField,
        }));
        rows.Add(["Total", "", "", Number(Parameters), Number(MultiplyAdds), Bytes(ActivationBytes), ""]);

        var widths = Enumerable.Range(0, header.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var rule = new string('-', widths.Sum() + (2 * (widths.Length - 1)));
        var text = new StringBuilder();
        text.Append(ModelName).Append(": ").Append(InputShape).Append(" -> ").AppendLine(Layers[OutputLayer - 1].OutputShape);
        for (var i = 0; i < rows.Count; i++)
        {
            if (i == 1 || i == rows.Count - 1)
                text.AppendLine(rule);
            var cells = rows[i].Select((cell, column) => column is >= 3 and <= 5 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.AppendLine(string.Join("  ", cells).TrimEnd());
        }

        text.AppendLine(rule);
        text.Append("Parameters take ").Append(Bytes(Parameters * sizeof(float)));
        text.Append(", the working memory of a prediction ").Append(Bytes(ArenaBytes)).AppendLine(".");
        return text.ToString();
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):F1} MiB"),
    };
}
