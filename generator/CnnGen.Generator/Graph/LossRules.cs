using CnnGen.Generator.Arguments;
using CnnGen.Generator.Infrastructure;
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
        if (loss == LossKind.ClassesAndBoxes && outputs.Select(output => nodes[output.Node]).FirstOrDefault(node => PartsOf(nodes, node) is null) is { } end)
            yield return new Problem("CNN3022", "Loss", [model, end.FullName, end.Layer.Kind]);
    }

    /// <summary>The pixels of an output at each of which a loss compares the classes: 1 unless it is of classes and the output a map.</summary>
    public static int PixelsOf(LossKind loss, TensorShape output) =>
        loss is LossKind.CrossEntropy or LossKind.Hinge or LossKind.ClassesAndBoxes && !output.IsVector ? output.Height * output.Width : 1;

    /// <summary>A weight for each class: finite, 0 or more, and not 0 for all.</summary>
    public static EquatableArray<float> ReadClassWeights(ArgumentReader model)
    {
        const string Argument = "ClassWeights";
        if (!model.IsSet(Argument))
            return [];
        var weights = model.Floats(Argument, FloatRange.NotNegative("1d"));
        if (weights.Count == 0 || weights.All(weight => weight == 0))
            model.OutOfRange(Argument, weights.Count == 0 ? "empty" : "0 for each class", "one number a class, not all of them 0", "new[] { 1d, 2d }");
        return weights;
    }

    /// <summary>As many weights as there are classes.</summary>
    public static IEnumerable<Problem> CheckClassWeights(string model, LossSettings settings, LossKind loss, Node output)
    {
        if (loss == LossKind.CrossEntropy && settings.ClassWeights.Count > 0 && settings.ClassWeights.Count != output.OutputShape.Channels)
        {
            yield return new Problem(
                "CNN3002", "ClassWeights", [model, Numbers.Print(settings.ClassWeights.Count), output.FullName, Numbers.Print(output.OutputShape.Channels)]);
        }
    }

    /// <summary>A number of another loss would do nothing.</summary>
    public static IEnumerable<Problem> CheckSettings(string model, LossKind loss, ArgumentReader arguments)
    {
        foreach (var (argument, kind) in new[] { ("LabelSmoothing", LossKind.CrossEntropy), ("ClassWeights", LossKind.CrossEntropy), ("HuberDelta", LossKind.Huber) })
        {
            if (loss != kind && arguments.IsSet(argument))
                yield return new Problem("CNN3021", argument, [model, argument, kind.ToString(), loss.ToString()]);
        }
    }

    /// <summary>What the loss of an output compares with targets: the nodes whose values it takes, each by a loss of its own.</summary>
    public static IReadOnlyList<LossPart> SourcesOf(Network network, Node output) => network.Loss == LossKind.ClassesAndBoxes
        ? PartsOf(network.Nodes, output)!
        : [new LossPart(network.Loss, IsComputedWith(network.Loss, output.Layer) ? output.Inputs[0] : output.Index)];

    /// <summary>The scores of classes and the boxes that an output puts side by side, four numbers a class; null where it does something else.</summary>
    private static IReadOnlyList<LossPart>? PartsOf(IReadOnlyList<Node> nodes, Node output) =>
        output is { Layer: ConcatLayer, Inputs: { Count: 2 } inputs }
        && nodes[inputs[0]] is { Layer.IsSoftmax: true } classes
        && nodes[inputs[1]].OutputShape.Channels == 4L * classes.OutputShape.Channels
            ? [new LossPart(LossKind.CrossEntropy, classes.Inputs[0]), new LossPart(LossKind.ClassesAndBoxes, inputs[1])]
            : null;

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

/// <summary>One of the parts of a loss.</summary>
/// <param name="Loss">What is computed.</param>
/// <param name="Source">The node whose values it takes.</param>
internal sealed record LossPart(LossKind Loss, int Source);
