using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>A layer, and the same again over what it computes: the parameters' gradients are the sums of both.</summary>
internal sealed class ReferenceTwice(TwiceLayer layer, Node node, ParametersOfNode parameters, PassMode mode) : ReferenceLayer
{
    private readonly ReferenceLayer[] _layers = [.. Enumerable.Range(0, 2).Select(_ => Create(node with { Layer = layer.Layer }, parameters, mode))];
    private Tensor[] _middle = [];

    public override Tensor[] Forward(Tensor[][] inputs)
    {
        _middle = _layers[0].Forward(inputs);
        return _layers[1].Forward([_middle]);
    }

    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
    {
        var middle = _layers[1].Backward([_middle], outputs, outputGradients)[0];
        var gradients = _layers[0].Backward(inputs, _middle, middle);
        foreach (var (name, numbers) in _layers[0].Gradients)
            Gradients[name] = [.. numbers.Zip(_layers[1].Gradients[name], (a, b) => a + b)];
        return gradients;
    }
}
