using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>y[u] = bias[u] + sum over i of weight[u, i] * x[i]; of several regions, for each of them.</summary>
internal sealed class ReferenceDense : PerImageReferenceLayer
{
    private readonly Node _node;
    private readonly double[] _weight;
    private readonly double[]? _bias;

    public ReferenceDense(DenseLayer layer, Node node, ParametersOfNode parameters)
    {
        _node = node;
        _weight = parameters.Get("weight");
        Gradients["weight"] = new double[_weight.Length];
        if (layer.Bias)
        {
            _bias = parameters.Get("bias");
            Gradients["bias"] = new double[_bias.Length];
        }
    }

    protected override Tensor Forward(Tensor input)
    {
        var output = new Tensor(_node.OutputShape);
        var (features, places) = (input.Shape.Channels, input.Shape.Height);
        for (var at = 0; at < output.Data.Length; at++)
        {
            var (unit, place) = (at / places, at % places);
            var sum = _bias?[unit] ?? 0;
            for (var i = 0; i < features; i++)
                sum += _weight[(unit * features) + i] * input.Data[(i * places) + place];
            output.Data[at] = sum;
        }

        return output;
    }

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var inputGradient = new Tensor(input.Shape);
        var (features, places) = (input.Shape.Channels, input.Shape.Height);
        for (var at = 0; at < output.Data.Length; at++)
        {
            var (unit, place) = (at / places, at % places);
            var gradient = outputGradient.Data[at];
            if (_bias is not null)
                Gradients["bias"][unit] += gradient;
            for (var i = 0; i < features; i++)
            {
                Gradients["weight"][(unit * features) + i] += gradient * input.Data[(i * places) + place];
                inputGradient.Data[(i * places) + place] += gradient * _weight[(unit * features) + i];
            }
        }

        return inputGradient;
    }
}

/// <summary>The same numbers as a vector.</summary>
internal sealed class ReferenceFlatten(Node node) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input) => new(node.OutputShape, [.. input.Data]);

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient) =>
        new(input.Shape, [.. outputGradient.Data]);
}
