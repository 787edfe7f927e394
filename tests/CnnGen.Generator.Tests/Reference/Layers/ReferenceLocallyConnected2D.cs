using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>y[f, r, c] = bias[r, c, f] + sum over u, v, i of weight[(r, c), (u, v, i), f] * x[i, r * stride + u, c * stride + v].</summary>
internal sealed class ReferenceLocallyConnected2D : PerImageReferenceLayer
{
    private readonly LocallyConnected2DLayer _layer;
    private readonly Node _node;
    private readonly double[] _weight;
    private readonly double[]? _bias;

    public ReferenceLocallyConnected2D(LocallyConnected2DLayer layer, Node node, ParametersOfNode parameters)
    {
        (_layer, _node, _weight) = (layer, node, parameters.Get("weight"));
        Gradients["weight"] = new double[_weight.Length];
        if (!layer.Bias)
            return;
        _bias = parameters.Get("bias");
        Gradients["bias"] = new double[_bias.Length];
    }

    protected override Tensor Forward(Tensor input)
    {
        var output = new Tensor(_node.OutputShape);
        ForEachOutput((filter, row, column) =>
        {
            var sum = _bias?[BiasOf(filter, row, column)] ?? 0;
            ForEachTap(input, filter, row, column, (weight, i, r, c) => sum += _weight[weight] * input[i, r, c]);
            output[filter, row, column] = sum;
        });
        return output;
    }

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var gradient = new Tensor(input.Shape);
        ForEachOutput((filter, row, column) =>
        {
            var by = outputGradient[filter, row, column];
            if (_bias is not null)
                Gradients["bias"][BiasOf(filter, row, column)] += by;
            ForEachTap(input, filter, row, column, (weight, i, r, c) =>
            {
                Gradients["weight"][weight] += by * input[i, r, c];
                gradient[i, r, c] += by * _weight[weight];
            });
        });
        return gradient;
    }

    private int BiasOf(int filter, int row, int column) => (((row * _node.OutputShape.Width) + column) * _layer.Filters) + filter;

    private void ForEachTap(Tensor input, int filter, int row, int column, Action<int, int, int, int> visit)
    {
        var (kernel, stride, channels) = (_layer.Window.Kernel, _layer.Window.Stride, input.Shape.Channels);
        for (var u = 0; u < Math.Min(kernel.Height, input.Shape.Height - (row * stride.Height)); u++)
            for (var v = 0; v < Math.Min(kernel.Width, input.Shape.Width - (column * stride.Width)); v++)
                for (var i = 0; i < channels; i++)
                {
                    var tap = (((u * kernel.Width) + v) * channels) + i;
                    var pixel = (row * _node.OutputShape.Width) + column;
                    visit((((pixel * kernel.Height * kernel.Width * channels) + tap) * _layer.Filters) + filter, i, (row * stride.Height) + u, (column * stride.Width) + v);
                }
    }

    private void ForEachOutput(Action<int, int, int> visit)
    {
        for (var filter = 0; filter < _node.OutputShape.Channels; filter++)
            for (var row = 0; row < _node.OutputShape.Height; row++)
                for (var column = 0; column < _node.OutputShape.Width; column++)
                    visit(filter, row, column);
    }
}
