using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>y[o, r, c] = bias[o] + sum over i, kr, kc of weight[o, i, kr, kc] * x[group(o) + i, r * stride - padding + kr * dilation, ...].</summary>
internal sealed class ReferenceConv2D : PerImageReferenceLayer
{
    private readonly Conv2DLayer _layer;
    private readonly Node _node;
    private readonly double[] _weight;
    private readonly double[]? _bias;

    public ReferenceConv2D(Conv2DLayer layer, Node node, ParametersOfNode parameters)
    {
        _layer = layer;
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
        ForEachOutput((filter, row, column) =>
        {
            var sum = _bias?[filter] ?? 0;
            ForEachTap(input, filter, row, column, (weight, channel, inputRow, inputColumn) =>
                sum += _weight[weight] * input[channel, inputRow, inputColumn]);
            output[filter, row, column] = sum;
        });
        return output;
    }

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var inputGradient = new Tensor(input.Shape);
        ForEachOutput((filter, row, column) =>
        {
            var gradient = outputGradient[filter, row, column];
            if (_bias is not null)
                Gradients["bias"][filter] += gradient;
            var weightGradient = Gradients["weight"];
            ForEachTap(input, filter, row, column, (weight, channel, inputRow, inputColumn) =>
            {
                weightGradient[weight] += gradient * input[channel, inputRow, inputColumn];
                inputGradient[channel, inputRow, inputColumn] += gradient * _weight[weight];
            });
        });
        return inputGradient;
    }

    private void ForEachOutput(Action<int, int, int> visit)
    {
        for (var filter = 0; filter < _node.OutputShape.Channels; filter++)
            for (var row = 0; row < _node.OutputShape.Height; row++)
                for (var column = 0; column < _node.OutputShape.Width; column++)
                    visit(filter, row, column);
    }

    /// <summary>Visits (index of the weight, channel, row, column of the input) of every tap that is no padding.</summary>
    private void ForEachTap(Tensor input, int filter, int row, int column, Action<int, int, int, int> visit)
    {
        var channelsPerGroup = input.Shape.Channels / _layer.Groups;
        var filtersPerGroup = _layer.Filters / _layer.Groups;
        var firstChannel = filter / filtersPerGroup * channelsPerGroup;
        var window = _layer.Window;
        for (var i = 0; i < channelsPerGroup; i++)
        {
            for (var kernelRow = 0; kernelRow < window.Kernel.Height; kernelRow++)
            {
                for (var kernelColumn = 0; kernelColumn < window.Kernel.Width; kernelColumn++)
                {
                    var inputRow = (row * window.Stride.Height) - window.Padding.Top + (kernelRow * window.Dilation.Height);
                    var inputColumn = (column * window.Stride.Width) - window.Padding.Left + (kernelColumn * window.Dilation.Width);
                    var weight = (((((filter * channelsPerGroup) + i) * window.Kernel.Height) + kernelRow) * window.Kernel.Width) + kernelColumn;
                    if (input.Contains(inputRow, inputColumn))
                        visit(weight, firstChannel + i, inputRow, inputColumn);
                }
            }
        }
    }
}
