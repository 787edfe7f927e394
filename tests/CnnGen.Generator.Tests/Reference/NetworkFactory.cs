using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>
/// Builds networks by hand, without a declaration: names count as the generator's default names do (Conv1, conv1), a Flatten stands before each
/// dense layer that follows a map, and shapes come from <see cref="Layer.InferShape"/>.
/// </summary>
internal sealed class NetworkFactory
{
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, int> _counts = [];

    private NetworkFactory(TensorShape input) =>
        _nodes.Add(new Node(0, "Input", "input", new InputLayer(input), [], input, input));

    /// <summary>Starts a network whose graph is built node by node.</summary>
    public static NetworkFactory From(TensorShape input) => new(input);

    /// <summary>A network of layers one after the other.</summary>
    public static Network Sequence(TensorShape input, LossKind loss, params IEnumerable<Layer> layers)
    {
        var factory = From(input);
        foreach (var layer in layers)
            factory.Add(layer);
        return factory.Build(loss);
    }

    /// <summary>Adds a layer that reads these nodes (the latest one where none is named), and gives its node's index.</summary>
    public int Add(Layer layer, params int[] inputs)
    {
        if (inputs.Length == 0)
            inputs = [_nodes.Count - 1];
        if (layer is DenseLayer && !_nodes[inputs[0]].OutputShape.IsVector)
            inputs = [Add(new FlattenLayer(), inputs)];

        var count = _counts[layer.BaseName] = _counts.GetValueOrDefault(layer.BaseName) + 1;
        var name = FormattableString.Invariant($"{layer.BaseName}{count}");
        var inputShape = _nodes[inputs[0]].OutputShape;
        var result = layer.InferShape(name, [.. inputs.Select(input => new LayerInput(_nodes[input].Name, _nodes[input].OutputShape))]);
        if (result.Problem is { } problem)
            throw new ArgumentException($"{name} doesn't fit {inputShape}: {problem.Id} ({string.Join(", ", problem.MessageArguments)}).");
        _nodes.Add(new Node(
            _nodes.Count,
            name,
            FormattableString.Invariant($"{layer.TensorBaseName}{count}"),
            layer,
            inputs.ToEquatableArray(),
            inputShape,
            result.Shape));
        return _nodes.Count - 1;
    }

    public Network Build(LossKind loss) => new("Tested", loss, _nodes.ToEquatableArray());

    /// <summary>A window; stride 1 where none is given.</summary>
    public static Window Window(
        Size2 kernel, Size2? stride = null, Size2? padding = null, Size2? dilation = null, WindowRounding rounding = WindowRounding.Exact) =>
        new(kernel, stride ?? Size2.One, padding ?? Size2.Zero, dilation ?? Size2.One, rounding);

    /// <summary>Parameters drawn at random: weights of a sensible size, and running variances that are positive.</summary>
    public static Dictionary<string, double[]> RandomParameters(Network network, Random random)
    {
        var parameters = new Dictionary<string, double[]>();
        foreach (var node in network.Nodes)
        {
            foreach (var spec in node.Parameters)
            {
                var scale = spec.FanIn > 0 ? 1 / Math.Sqrt(spec.FanIn) : 0.5;
                var offset = spec.Initializer == Initializer.Ones ? 1.5 : 0;
                parameters.Add($"{node.TensorName}.{spec.Name}", RandomNumbers(spec.Length, random, scale, offset));
            }
        }

        return parameters;
    }

    /// <summary>Numbers spread evenly over offset +- scale, all exact as floats, so that emitted code can be given the same.</summary>
    public static double[] RandomNumbers(long count, Random random, double scale = 1, double offset = 0)
    {
        var numbers = new double[count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (float)(offset + (scale * ((2 * random.NextDouble()) - 1)));
        return numbers;
    }
}
