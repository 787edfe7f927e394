using System.Globalization;
using System.Text;

namespace CnnGen;

/// <summary>How well an ensemble does, and each of its models alone.</summary>
/// <param name="Joint">The ensemble's: of the mean of all outputs, by the first model's loss.</param>
/// <param name="Members">Each model's, by its name.</param>
public sealed record EnsembleEvaluation(Evaluation Joint, IReadOnlyList<(string Name, Evaluation Evaluation)> Members)
{
    /// <summary>A table: each model's loss and accuracy, their mean, and the ensemble's.</summary>
    public override string ToString()
    {
        var rows = Members.Append(("mean of them", Joint with { Loss = Members.Average(one => one.Evaluation.Loss), Accuracy = Members.Average(one => one.Evaluation.Accuracy) }))
            .Append(("ensemble", Joint)).ToList();
        var width = rows.Max(row => row.Item1.Length);
        var text = new StringBuilder("model".PadRight(width)).Append("    loss  accuracy");
        foreach (var (name, evaluation) in rows)
            text.Append('\n').Append(name.PadRight(width)).Append(CultureInfo.InvariantCulture, $"  {evaluation.Loss:F4}  {evaluation.Accuracy,8:F4}");
        return text.ToString();
    }
}
