using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>Whether a network that is to run on GPUs has a kernel there for everything that it computes.</summary>
internal static class GpuRules
{
    /// <summary>The first node with something that no kernel computes yet, and what to say of it; null where there is none, or the network is not for GPUs.</summary>
    public static (int Node, Problem Problem)? Check(Network network)
    {
        if (!network.IsForGpu)
            return null;
        try
        {
            GpuPlan.Create(network);
            return null;
        }
        catch (NoGpuFormException missing)
        {
            var node = network.Nodes.First(one => one.Name == missing.Operation.Label);
            return (node.Index, new Problem("CNN6003", "", [node.FullName, missing.What ?? node.Layer.Kind]));
        }
    }
}
