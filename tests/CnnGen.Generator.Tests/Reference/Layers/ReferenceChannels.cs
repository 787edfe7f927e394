using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>
/// weight * (x - mean) / sqrt(variance + epsilon) + bias, with the moments of sets of elements within an image: groups of channels over all pixels, or the channels at each pixel.
/// </summary>
internal sealed class ReferenceStandard(Layer layer, double epsilon, ParametersOfNode parameters) : ReferenceLayer
{
    private readonly double[] _weight = parameters.Get("weight");
    private readonly double[] _bias = parameters.Get("bias");

    public override Tensor[] Forward(Tensor[][] inputs) => Array.ConvertAll(inputs[0], x =>
    {
        var y = Standard(x);
        for (var i = 0; i < y.Data.Length; i++)
            y.Data[i] = (y.Data[i] * _weight[ChannelOf(x, i)]) + _bias[ChannelOf(x, i)];
        return y;
    });

    /// <summary>With y standardised, n elements in a set and h the gradient by y: dx = (h - mean of h - y * mean of (h y)) / deviation.</summary>
    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
    {
        var (ofWeight, ofBias) = (Gradients["weight"] = new double[_weight.Length], Gradients["bias"] = new double[_bias.Length]);
        return
        [
            [.. inputs[0].Select((x, image) =>
            {
                var (y, by, dx) = (Standard(x), outputGradients[image].Data, new Tensor(x.Shape));
                for (var i = 0; i < by.Length; i++)
                {
                    ofBias[ChannelOf(x, i)] += by[i];
                    ofWeight[ChannelOf(x, i)] += by[i] * y.Data[i];
                }

                foreach (var set in Sets(x))
                {
                    var mean = set.Average(i => by[i] * _weight[ChannelOf(x, i)]);
                    var product = set.Average(i => by[i] * _weight[ChannelOf(x, i)] * y.Data[i]);
                    foreach (var i in set)
                        dx.Data[i] = ((by[i] * _weight[ChannelOf(x, i)]) - mean - (y.Data[i] * product)) / Deviation(x, set);
                }

                return dx;
            })],
        ];
    }

    private Tensor Standard(Tensor x)
    {
        var y = new Tensor(x.Shape);
        foreach (var set in Sets(x))
        {
            var (mean, deviation) = (set.Average(i => x.Data[i]), Deviation(x, set));
            foreach (var i in set)
                y.Data[i] = (x.Data[i] - mean) / deviation;
        }

        return y;
    }

    private double Deviation(Tensor x, List<int> set)
    {
        var mean = set.Average(i => x.Data[i]);
        return Math.Sqrt(set.Average(i => (x.Data[i] - mean) * (x.Data[i] - mean)) + epsilon);
    }

    private IEnumerable<List<int>> Sets(Tensor x)
    {
        var pixels = x.Shape.Height * x.Shape.Width;
        return Enumerable.Range(0, x.Data.Length)
            .GroupBy(i => layer is GroupNormLayer norm ? i / (x.Data.Length / norm.Groups) : i % pixels)
            .Select(group => group.ToList());
    }

    private static int ChannelOf(Tensor x, int index) => index / (x.Shape.Height * x.Shape.Width);
}

/// <summary>The first channel of each group, then the second of each.</summary>
internal sealed class ReferenceChannelShuffle(ChannelShuffleLayer layer) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input)
    {
        var output = new Tensor(input.Shape);
        ForEach(input.Shape, (from, to) => output.Data[to] = input.Data[from]);
        return output;
    }

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var gradient = new Tensor(input.Shape);
        ForEach(input.Shape, (from, to) => gradient.Data[from] = outputGradient.Data[to]);
        return gradient;
    }

    private void ForEach(TensorShape shape, Action<int, int> move)
    {
        var (pixels, to) = (shape.Height * shape.Width, 0);
        for (var place = 0; place < shape.Channels / layer.Groups; place++)
        {
            for (var group = 0; group < layer.Groups; group++)
            {
                for (var pixel = 0; pixel < pixels; pixel++)
                    move((((group * shape.Channels / layer.Groups) + place) * pixels) + pixel, to++);
            }
        }
    }
}

/// <summary>Some of the channels: elements side by side in C x H x W order.</summary>
internal sealed class ReferenceChannelSlice(ChannelSliceLayer layer, Node node) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input) => new(node.OutputShape, input.Data.AsSpan(First(input), (int)node.OutputShape.Length).ToArray());

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var gradient = new Tensor(input.Shape);
        outputGradient.Data.CopyTo(gradient.Data, First(input));
        return gradient;
    }

    private int First(Tensor input) => layer.First * input.Shape.Height * input.Shape.Width;
}

/// <summary>The largest of neighbouring channels, the first of equal ones.</summary>
internal sealed class ReferenceMaxout(MaxoutLayer layer, Node node) : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input)
    {
        var output = new Tensor(node.OutputShape);
        for (var i = 0; i < output.Data.Length; i++)
            output.Data[i] = input.Data[Largest(input, i)];
        return output;
    }

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient)
    {
        var gradient = new Tensor(input.Shape);
        for (var i = 0; i < output.Data.Length; i++)
            gradient.Data[Largest(input, i)] += outputGradient.Data[i];
        return gradient;
    }

    private int Largest(Tensor input, int index)
    {
        var pixels = input.Shape.Height * input.Shape.Width;
        return Enumerable.Range(0, layer.Pieces)
            .Select(piece => (((index / pixels * layer.Pieces) + piece) * pixels) + (index % pixels))
            .MaxBy(i => input.Data[i]);
    }
}
