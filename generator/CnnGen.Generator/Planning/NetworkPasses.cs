using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Operations.Rewrites;

namespace CnnGen.Generator.Planning;

/// <summary>What each pass of a network computes: its layers lowered, differentiated, folded and joined, in an order that every operation follows its inputs in.</summary>
internal sealed class NetworkPasses
{
    private readonly Network _network;
    private readonly TensorTable _tensors = new();
    private readonly MeansFirst _meansFirst;

    public NetworkPasses(Network network)
    {
        _network = network;
        var operations = NetworkLowering.Of(network, _tensors, Statistics.Batch, [.. network.Outputs.Select(output => output.Node)]).Operations;
        _meansFirst = new MeansFirst(operations);
        All = _meansFirst.WithBoth(operations);
    }

    /// <summary>All operations of the network, before anything is made of them: what layouts are chosen by.</summary>
    public IReadOnlyList<Operation> All { get; }

    /// <summary>The outputs by running statistics.</summary>
    public IReadOnlyList<Operation> Prediction(IFusionRules rules) => Prediction(rules, _network.Outputs[0].Node);

    /// <summary>What a node computes by running statistics, and nothing that it doesn't need.</summary>
    public IReadOnlyList<Operation> Prediction(IFusionRules rules, int output)
    {
        var lowered = NetworkLowering.Of(_network, _tensors, Statistics.Running, [output]);
        IReadOnlyList<Operation> operations =
            [.. lowered.Operations, new StoreScores(_network.Nodes[output].Name, lowered.ValueOf(output), appliesSoftmax: false)];
        operations = ExpandNorms.ByRunningStatistics(_meansFirst.Apply(operations));
        return Pruning.Apply(Fusion.Apply(operations, rules, fusesPools: true));
    }

    /// <summary>The losses of all outputs by the batch's statistics, and the gradients by the parameters and by the image.</summary>
    public IReadOnlyList<Operation> Training(IFusionRules rules)
    {
        // Cross-entropy takes the logits: the softmax or the sigmoid at the end is part of the loss. The softmax of what is handed out goes to its place; a sigmoid is a layer as others.
        var parts = _network.Outputs.SelectMany(output => LossRules.SourcesOf(_network, _network.Nodes[output.Node]).Select(part => (Output: output, Part: part))).ToList();
        var first = _network.Outputs[0].Node;
        var scores = _network.Nodes[first].Layer.IsSoftmax ? parts[0].Part.Source : first;
        var lowered = NetworkLowering.Of(_network, _tensors, Statistics.Batch, [.. parts.Select(one => one.Part.Source), scores]);
        var operations = lowered.Operations.ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            var ((output, part), source) = (parts[i], lowered.ValueOf(parts[i].Part.Source));
            var node = _network.Nodes[output.Node];
            if (i == 0)
                operations.Add(new StoreScores(node.Name, lowered.ValueOf(scores), appliesSoftmax: scores != output.Node) { ForScores = true });
            operations.Add(new Loss(node.Name, part.Loss, _network.LossSettings, output.Weight, i == 0, source, new Tensor(source.Name + "Gradient", source.Shape, TensorRole.Image, source))
            {
                TargetLength = checked((int)node.OutputShape.Length),
                TargetShape = _network.Output.OutputShape,
            });
        }

        var both = Differentiation.Of(ExpandNorms.ByBatchStatistics(_meansFirst.Apply(operations)), new Gradients(Image: true));
        return Pruning.Apply(Fusion.Apply(ExpandNorms.AsPointwise(both), rules, fusesPools: false));
    }

    /// <summary>What every node computes by running statistics, and gradients by all of it, which begin where the caller says.</summary>
    public IReadOnlyList<Operation> Explanation(IFusionRules rules)
    {
        var lowered = NetworkLowering.Of(_network, _tensors, Statistics.Running, _network.Nodes.Select(node => node.Index), keeps: true);
        var forward = ExpandNorms.ByRunningStatistics(lowered.Operations, folds: false);
        var both = Differentiation.Of(forward, new Gradients(Image: true, Parameters: false) { IsKept = true });
        return Pruning.Apply(Fusion.Apply(both, rules, fusesPools: false));
    }
}
