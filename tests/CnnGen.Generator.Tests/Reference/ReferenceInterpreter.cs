using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference.Layers;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>
/// The oracle: a network evaluated node by node in double precision, forward and backward, with no plan and no emitted code.
/// Parameters have PyTorch's names and logical layouts; images are C x H x W.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="parameters">All parameters, running statistics among them, by full name (<c>conv1.weight</c>).</param>
/// <param name="createLayer">Makes a node's layer, or gives null for those of the generator; for layers that only a test knows.</param>
internal sealed class ReferenceInterpreter(
    Network network,
    IReadOnlyDictionary<string, double[]> parameters,
    Func<Node, PassMode, ReferenceLayer?>? createLayer = null)
{
    /// <summary>The regions of each image, four numbers each: by the image's array itself, whatever it holds.</summary>
    public IReadOnlyDictionary<double[], double[]> Regions { get; init; } = new Dictionary<double[], double[]>();

    /// <summary>The network's output for one image, as predicting computes it: running statistics, no dropout.</summary>
    public double[] Predict(double[] imageCHW) => PredictAll(imageCHW)[network.Output.Index];

    /// <summary>The output of every node for one image, in the order of <see cref="Network.Nodes"/>: for finding where two computations part.</summary>
    public double[][] PredictAll(double[] imageCHW)
    {
        var outputs = Forward(CreateLayers(new PassMode(IsTraining: false, Mask: null), [imageCHW]), [imageCHW]);
        return Array.ConvertAll(outputs, batch => batch[0].Data);
    }

    /// <summary>The loss and its gradients over a batch, as training computes them: batch statistics, dropout by the mask.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="targets">For each image what the output should be: for cross-entropy a distribution (one-hot for a label).</param>
    /// <param name="mask">Dropout's multipliers; needed only where the network has dropout.</param>
    public TrainingResult Train(double[][] images, double[][] targets, DropoutMask? mask = null)
    {
        if (images.Length == 0 || images.Length != targets.Length)
            throw new ArgumentException($"{images.Length} images and {targets.Length} targets; as many of both are needed, and at least one.");
        var layers = CreateLayers(new PassMode(IsTraining: true, mask), images);
        var outputs = Forward(layers, images);

        var gradients = new Tensor[network.Nodes.Count][];
        foreach (var node in network.Nodes)
            gradients[node.Index] = Array.ConvertAll(outputs[node.Index], output => new Tensor(output.Shape));

        double loss = 0;
        foreach (var output in network.Outputs)
        {
            var node = network.Nodes[output.Node];
            var target = Array.ConvertAll(targets, t => new Tensor(node.OutputShape, t));
            loss += output.Weight * ReferenceLoss.Compute(network, node, output.Weight, outputs, target, gradients);
        }

        foreach (var node in network.Nodes.Reverse().Where(node => node.Index != network.Input.Index))
        {
            var inputGradients = layers[node.Index].Backward(InputsOf(node, outputs), outputs[node.Index], gradients[node.Index]);
            for (var input = 0; input < node.Inputs.Count; input++)
                Accumulate(gradients[node.Inputs[input]], inputGradients[input]);
        }

        return new TrainingResult(
            loss,
            Numbers(outputs[network.Output.Index]),
            WithFullNames(layers, layer => layer.Gradients, node => !node.IsFrozen),
            Numbers(gradients[network.Input.Index]),
            WithFullNames(layers, layer => layer.RunningStatistics));
    }

    /// <summary>What every node computes as predicting does, and the gradients by it that begin with a seed at one of them: [node][image].</summary>
    /// <param name="images">The batch.</param>
    /// <param name="seeded">The node that the gradient begins at.</param>
    /// <param name="seed">The gradient by what it computes of each image.</param>
    public (double[][][] Outputs, double[][][] Gradients) Explain(double[][] images, int seeded, double[][] seed)
    {
        var layers = CreateLayers(new PassMode(IsTraining: false, Mask: null), images);
        var outputs = Forward(layers, images);
        var gradients = Array.ConvertAll(outputs, batch => Array.ConvertAll(batch, output => new Tensor(output.Shape)));
        Accumulate(gradients[seeded], Array.ConvertAll(seed, numbers => new Tensor(network.Nodes[seeded].OutputShape, numbers)));
        foreach (var node in network.Nodes.Reverse().Where(node => node.Index != network.Input.Index))
        {
            var inputGradients = layers[node.Index].Backward(InputsOf(node, outputs), outputs[node.Index], gradients[node.Index]);
            for (var input = 0; input < node.Inputs.Count; input++)
                Accumulate(gradients[node.Inputs[input]], inputGradients[input]);
        }

        return (Array.ConvertAll(outputs, Numbers), Array.ConvertAll(gradients, Numbers));
    }

    private ReferenceLayer[] CreateLayers(PassMode mode, double[][] images)
    {
        if (network.Regions > 0)
            mode = mode with { Regions = [.. images.Select(image => Regions[image])] };
        var layers = new ReferenceLayer[network.Nodes.Count];
        foreach (var node in network.Nodes.Where(node => node.Index != network.Input.Index))
        {
            // What training leaves as it is computes as in a prediction.
            var own = mode with { IsTraining = mode.IsTraining && !node.IsFrozen };
            layers[node.Index] = createLayer?.Invoke(node, own) ?? ReferenceLayer.Create(node, new ParametersOfNode(node, parameters), own);
        }

        return layers;
    }

    /// <summary>The outputs of every node: [node][image].</summary>
    private Tensor[][] Forward(ReferenceLayer[] layers, double[][] images)
    {
        var outputs = new Tensor[network.Nodes.Count][];
        outputs[network.Input.Index] = Array.ConvertAll(images, image => new Tensor(network.Input.OutputShape, image));
        foreach (var node in network.Nodes.Where(node => node.Index != network.Input.Index))
        {
            outputs[node.Index] = layers[node.Index].Forward(InputsOf(node, outputs));
            if (outputs[node.Index].Any(output => output.Shape != node.OutputShape))
                throw new InvalidOperationException($"{node.Name} gave {outputs[node.Index][0].Shape}, but the graph says {node.OutputShape}.");
        }

        return outputs;
    }

    private static Tensor[][] InputsOf(Node node, Tensor[][] outputs) => node.Inputs.Select(input => outputs[input]).ToArray();

    private static void Accumulate(Tensor[] sums, Tensor[] addends)
    {
        for (var image = 0; image < sums.Length; image++)
            sums[image].Add(addends[image]);
    }

    private Dictionary<string, double[]> WithFullNames(
        ReferenceLayer[] layers, Func<ReferenceLayer, Dictionary<string, double[]>> select, Func<Node, bool>? counts = null)
    {
        var all = new Dictionary<string, double[]>();
        foreach (var node in network.Nodes.Where(node => node.Index != network.Input.Index && counts?.Invoke(node) != false))
        {
            foreach (var (name, numbers) in select(layers[node.Index]))
                all.Add($"{node.TensorName}.{name}", numbers);
        }

        return all;
    }

    private static double[][] Numbers(Tensor[] batch) => Array.ConvertAll(batch, tensor => tensor.Data);
}
