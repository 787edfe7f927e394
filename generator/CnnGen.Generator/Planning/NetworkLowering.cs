using CnnGen.Generator.Graph;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning;

/// <summary>A network as operations: those that some of its nodes need, in the nodes' order.</summary>
internal sealed class NetworkLowering
{
    private readonly Dictionary<int, Tensor> _values = [];

    private NetworkLowering(IReadOnlyList<Operation> operations) => Operations = operations;

    public IReadOnlyList<Operation> Operations { get; private set; }

    /// <param name="network">The network.</param>
    /// <param name="tensors">The tensors that its passes share.</param>
    /// <param name="statistics">By which statistics the pass normalises.</param>
    /// <param name="roots">The nodes that the pass wants: what they don't need isn't lowered.</param>
    /// <param name="keeps">Whether what each node computes is kept.</param>
    public static NetworkLowering Of(Network network, TensorTable tensors, Statistics statistics, IEnumerable<int> roots, bool keeps = false)
    {
        var lowering = new NetworkLowering([]);
        var wanted = Ancestors(network, roots);
        var operations = new List<Operation>();
        var streams = 0;
        foreach (var node in network.Nodes)
        {
            if (wanted[node.Index])
            {
                List<Tensor> inputs = [.. node.Inputs.Select(lowering.ValueOf)];
                var to = new Lowering(tensors, node.Index, node.Name, inputs, node.OutputShape, statistics, streams, node.IsFrozen);
                node.Layer.Lower(to);
                operations.AddRange(to.Operations);
                var output = to.Output;
                if (keeps)
                {
                    // What a layer that does nothing hands on has readers of its own, and so a gradient of its own.
                    if (inputs.Contains(output))
                    {
                        output = new Tensor(Tensor.NameOf(node.Name), output.Shape, TensorRole.Image, to.Output);
                        operations.Add(new Pointwise(node.Name, Expression.X, [to.Output], output));
                    }

                    operations.Add(new Keep(node.Name, node.Index, output));
                }

                lowering._values.Add(node.Index, output);
            }

            // Counted whether or not it is wanted: the masks of a pass don't depend on its roots.
            if (node.Layer.DrawsAtRandom)
                streams++;
        }

        lowering.Operations = operations;
        return lowering;
    }

    /// <summary>The tensor that a node computes in this pass.</summary>
    public Tensor ValueOf(int node) => _values[node];

    private static bool[] Ancestors(Network network, IEnumerable<int> roots)
    {
        var wanted = new bool[network.Nodes.Count];
        foreach (var root in roots)
            wanted[root] = true;
        for (var i = network.Nodes.Count - 1; i >= 0; i--)
        {
            if (!wanted[i])
                continue;
            foreach (var input in network.Nodes[i].Inputs)
                wanted[input] = true;
        }

        return wanted;
    }
}
