using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>A convolution or dense layer that keeps the shape, and again what it computes through it, with the same parameters: a layer of the tests, which no declaration makes.</summary>
internal sealed record TwiceLayer(Layer Layer) : Layer
{
    public override string Kind => "Twice";

    public override ShapeResult InferShape(string name, TensorShape input) => input;

    public override IReadOnlyList<ParameterSpec> Parameters(TensorShape input) => Layer.Parameters(input);

    public override void Lower(Lowering to)
    {
        var parameters = Parameters(to.Input.Shape).Select(to.Parameter).ToList();
        var bias = parameters.ElementAtOrDefault(1);
        var middle = to.Intermediate("Middle", to.Input.Shape);
        foreach (var (input, result) in new[] { (to.Input, middle), (middle, to.Output) })
        {
            to.Add(Layer is Conv2DLayer convolution
                ? new Convolution(to.Label, convolution.Spec, input, parameters[0], bias, result)
                : new Product(to.Label, input, parameters[0], bias, result));
        }
    }

    /// <summary>The network, in which chance makes every third of the layers that can be one of this kind.</summary>
    public static Network Drawn(Network network, int seed)
    {
        var random = new Random(seed);
        return network with { Nodes = network.Nodes.Select(node => CanBeTwice(node) && random.Next(3) == 0 ? node with { Layer = new TwiceLayer(node.Layer) } : node).ToEquatableArray() };
    }

    /// <summary>A comment that names those of a network, for a declaration that can't say it.</summary>
    public static string CommentOf(Network network) => string.Concat(network.Nodes.Where(node => node.Layer is TwiceLayer).Select(node => $"// {node.Name} twice\n"));

    private static bool CanBeTwice(Node node) => node.Layer is Conv2DLayer or DenseLayer && node.InputShape == node.OutputShape;
}
