using CnnGen.Generator.Arguments;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>What a network trains for, and whether its outputs suit that.</summary>
internal static class LossRules
{
    /// <summary>The loss that is declared, or the one that suits the last layer.</summary>
    public static LossKind Resolve(LossKind? declared, IReadOnlyList<Node> nodes, IReadOnlyList<Output> outputs) =>
        declared ?? (nodes[outputs[0].Node].Layer.IsSoftmax ? LossKind.CrossEntropy : LossKind.HalfSquaredError);

    /// <summary>Losses that are computed along with the layer that makes probabilities need it at the end of the network and of each head.</summary>
    public static IEnumerable<Problem> Check(string model, LossKind loss, IReadOnlyList<Node> nodes, IReadOnlyList<Output> outputs)
    {
        var (name, last) = loss switch
        {
            LossKind.CrossEntropy => ("cross-entropy", "Softmax"),
            LossKind.BinaryCrossEntropy => ("binary cross-entropy", "Sigmoid"),
            _ => ("", ""),
        };
        if (last.Length > 0 && outputs.Select(output => nodes[output.Node]).FirstOrDefault(node => !IsComputedWith(loss, node.Layer)) is { } other)
            yield return new Problem("CNN3001", "Loss", [model, name, last, other.FullName, other.Layer.Kind, IsReplaced(loss, other.Layer) ? "in its place" : "at the end"]);
    }

    /// <summary>Cross-entropy is of one distribution an image.</summary>
    public static IEnumerable<Problem> CheckMap(LossKind loss, Node output)
    {
        if (loss == LossKind.CrossEntropy && output.Layer.IsSoftmax && (long)output.OutputShape.Height * output.OutputShape.Width > 1)
            yield return new Problem("CNN3002", "", [output.FullName, output.OutputShape.ToString()]);
    }

    /// <summary>A number of another loss would do nothing.</summary>
    public static IEnumerable<Problem> CheckSettings(string model, LossKind loss, ArgumentReader arguments)
    {
        foreach (var (argument, kind) in new[] { ("LabelSmoothing", LossKind.CrossEntropy), ("HuberDelta", LossKind.Huber) })
        {
            if (loss != kind && arguments.IsSet(argument))
                yield return new Problem("CNN3021", argument, [model, argument, kind.ToString(), loss.ToString()]);
        }
    }

    /// <summary>Whether a loss takes the scores before a layer, and computes the layer itself.</summary>
    public static bool IsComputedWith(LossKind loss, Layer layer) => loss switch
    {
        LossKind.CrossEntropy => layer.IsSoftmax,
        LossKind.BinaryCrossEntropy => layer is ActivationLayer { Function: ActivationKind.Sigmoid },
        _ => false,
    };

    private static bool IsReplaced(LossKind loss, Layer layer) =>
        HabitRules.BoundsScores(layer) || (loss == LossKind.BinaryCrossEntropy && layer.IsSoftmax);
}
