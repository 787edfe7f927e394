using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>Each element of the input, times the kernel, added where a convolution's window would have read: y[o, r * stride - padding + kr * dilation, ...] += weight[i, o, kr, kc] * x[i, r, c].</summary>
internal sealed class ReferenceConv2DTranspose : PerImageReferenceLayer
{
    private readonly Conv2DTransposeLayer _layer;
    private readonly Node _node;
    private readonly double[] _weight;
    private readonly double[]? _bias;

    public ReferenceConv2DTranspose(Conv2DTransposeLayer layer, Node node, ParametersOfNode parameters)
    {
        (_layer, _node, _weight) = (layer, node, parameters.Get("weight"));
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
        for (var i = 0; _bias is not null && i < output.Data.Length; i++)
            output.Data[i] = _bias[i / (output.Shape.Height * output.Shape.Width)];
        ForEachProduct(input, output, (weight, channel, row, column, filter, i, j) => output[filter, i, j] += _weight[weight] * input[channel, row, column]);
        return output;
    }

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var inputGradient = new Tensor(input.Shape);
        for (var i = 0; _bias is not null && i < output.Data.Length; i++)
            Gradients["bias"][i / (output.Shape.Height * output.Shape.Width)] += outputGradient.Data[i];
        ForEachProduct(input, output, (weight, channel, row, column, filter, i, j) =>
        {
            inputGradient[channel, row, column] += _weight[weight] * outputGradient[filter, i, j];
            Gradients["weight"][weight] += input[channel, row, column] * outputGradient[filter, i, j];
        });
        return inputGradient;
    }

    private void ForEachProduct(Tensor input, Tensor output, Action<int, int, int, int, int, int, int> visit)
    {
        var (perGroup, channelsPerGroup) = (_layer.Filters / _layer.Groups, input.Shape.Channels / _layer.Groups);
        for (var channel = 0; channel < input.Shape.Channels; channel++)
        {
            for (var place = 0; place < perGroup * _layer.Kernel.Height * _layer.Kernel.Width; place++)
            {
                var kernelColumn = place % _layer.Kernel.Width;
                var kernelRow = place / _layer.Kernel.Width % _layer.Kernel.Height;
                var filter = (channel / channelsPerGroup * perGroup) + (place / (_layer.Kernel.Width * _layer.Kernel.Height));
                var weight = (channel * perGroup * _layer.Kernel.Height * _layer.Kernel.Width) + place;
                for (var row = 0; row < input.Shape.Height; row++)
                {
                    for (var column = 0; column < input.Shape.Width; column++)
                    {
                        var i = (row * _layer.Stride.Height) - _layer.Padding.Height + (kernelRow * _layer.Dilation.Height);
                        var j = (column * _layer.Stride.Width) - _layer.Padding.Width + (kernelColumn * _layer.Dilation.Width);
                        if (output.Contains(i, j))
                            visit(weight, channel, row, column, filter, i, j);
                    }
                }
            }
        }
    }
}
