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
        if (_bias is not null)
        {
            var area = _node.OutputShape.Height * _node.OutputShape.Width;
            for (var filter = 0; filter < _bias.Length; filter++)
                Array.Fill(output.Data, _bias[filter], filter * area, area);
        }

        ForEachTap(input.Shape, (weight, run) =>
        {
            for (var i = 0; i < run.Count; i++)
                output.Data[run.Output + i] += _weight[weight] * input.Data[run.Input + (i * run.InputStep)];
        });
        return output;
    }

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        if (_bias is not null)
        {
            for (var i = 0; i < outputGradient.Data.Length; i++)
                Gradients["bias"][i / (_node.OutputShape.Height * _node.OutputShape.Width)] += outputGradient.Data[i];
        }

        var inputGradient = new Tensor(input.Shape);
        var weightGradient = Gradients["weight"];
        ForEachTap(input.Shape, (weight, run) =>
        {
            for (var i = 0; i < run.Count; i++)
            {
                var gradient = outputGradient.Data[run.Output + i];
                weightGradient[weight] += gradient * input.Data[run.Input + (i * run.InputStep)];
                inputGradient.Data[run.Input + (i * run.InputStep)] += gradient * _weight[weight];
            }
        });
        return inputGradient;
    }

    /// <summary>Visits, for each weight, the rows of outputs that it counts in: all whose input is no padding.</summary>
    private void ForEachTap(TensorShape input, Action<int, Run> visit)
    {
        var (channelsPerGroup, filtersPerGroup) = (input.Channels / _layer.Groups, _layer.Filters / _layer.Groups);
        var (kernel, output, weight) = (_layer.Window.Kernel, _node.OutputShape, 0);
        for (var filter = 0; filter < _layer.Filters; filter++)
        {
            for (var channel = filter / filtersPerGroup * channelsPerGroup; channel < ((filter / filtersPerGroup) + 1) * channelsPerGroup; channel++)
            {
                for (var kernelRow = 0; kernelRow < kernel.Height; kernelRow++)
                {
                    for (var kernelColumn = 0; kernelColumn < kernel.Width; kernelColumn++, weight++)
                    {
                        for (var row = 0; row < output.Height; row++)
                        {
                            var inputRow = (row * _layer.Window.Stride.Height) - _layer.Window.Padding.Top + (kernelRow * _layer.Window.Dilation.Height);
                            if (inputRow >= 0 && inputRow < input.Height)
                                Visit(filter, channel, row, inputRow, (kernelColumn * _layer.Window.Dilation.Width) - _layer.Window.Padding.Left);
                        }
                    }
                }
            }
        }

        // A row of outputs whose first one's input lies in a column that may be padding.
        void Visit(int filter, int channel, int row, int inputRow, int column)
        {
            var stride = _layer.Window.Stride.Width;
            var first = 0;
            while (first < output.Width && column + (first * stride) < 0)
                first++;
            var end = output.Width;
            while (end > first && column + ((end - 1) * stride) >= input.Width)
                end--;
            var inputStart = (((channel * input.Height) + inputRow) * input.Width) + column + (first * stride);
            visit(weight, new Run((((filter * output.Height) + row) * output.Width) + first, inputStart, stride, end - first));
        }
    }

    /// <summary>Neighbouring outputs of a row, and the inputs at equal distances that a weight multiplies for them.</summary>
    private readonly record struct Run(int Output, int Input, int InputStep, int Count);
}
