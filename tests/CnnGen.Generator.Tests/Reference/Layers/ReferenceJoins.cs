using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference.Layers;

/// <summary>Several inputs, element by element; a factor of one element a channel counts at every pixel.</summary>
internal sealed class ReferenceJoin(JoinLayer layer, Node node) : ReferenceLayer
{
    public override Tensor[] Forward(Tensor[][] inputs) =>
        [.. Enumerable.Range(0, inputs[0].Length).Select(image => Forward([.. inputs.Select(input => input[image])]))];

    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
    {
        var gradients = inputs.Select(input => Array.ConvertAll(input, x => new Tensor(x.Shape))).ToArray();
        for (var image = 0; image < outputs.Length; image++)
        {
            for (var i = 0; i < outputs[image].Data.Length; i++)
            {
                var values = inputs.Select(input => input[image].Data[Place(input[image], i)]).ToArray();
                for (var k = 0; k < inputs.Length; k++)
                    gradients[k][image].Data[Place(inputs[k][image], i)] += outputGradients[image].Data[i] * Derivative(values, k);
            }
        }

        return gradients;
    }

    private Tensor Forward(Tensor[] inputs)
    {
        var output = new Tensor(node.OutputShape);
        for (var i = 0; i < output.Data.Length; i++)
        {
            var values = inputs.Select(input => input.Data[Place(input, i)]);
            output.Data[i] = layer.Function switch
            {
                JoinKind.Add => values.Sum(),
                JoinKind.Average => values.Average(),
                JoinKind.Multiply => values.Aggregate(1.0, (a, b) => a * b),
                _ => values.Max(),
            };
        }

        return output;
    }

    /// <summary>Where an input has the element for the output's i-th.</summary>
    private int Place(Tensor input, int i) => input.Data.Length == node.OutputShape.Length ? i : i / (node.OutputShape.Height * node.OutputShape.Width);

    private double Derivative(double[] values, int k) => layer.Function switch
    {
        JoinKind.Add => 1,
        JoinKind.Average => 1.0 / values.Length,
        JoinKind.Multiply => values.Where((_, other) => other != k).Aggregate(1.0, (a, b) => a * b),
        _ => Array.IndexOf(values, values.Max()) == k ? 1 : 0,
    };
}

/// <summary>The inputs' channels one after the other.</summary>
internal sealed class ReferenceConcat(Node node) : ReferenceLayer
{
    public override Tensor[] Forward(Tensor[][] inputs) =>
        [.. Enumerable.Range(0, inputs[0].Length).Select(image => new Tensor(node.OutputShape, [.. inputs.SelectMany(input => input[image].Data)]))];

    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
    {
        var first = 0;
        return [.. inputs.Select(input =>
        {
            var (start, length) = (first, input[0].Data.Length);
            first += length;
            return Array.ConvertAll(outputGradients, gradient => new Tensor(input[0].Shape, gradient.Data[start..(start + length)]));
        })];
    }
}

/// <summary>What arrives.</summary>
internal sealed class ReferenceIdentity : PerImageReferenceLayer
{
    protected override Tensor Forward(Tensor input) => input;

    protected override Tensor Backward(Tensor input, Tensor output, Tensor outputGradient) => outputGradient;
}

/// <summary>A 1x1 convolution and a batch norm.</summary>
internal sealed class ReferenceShortcut : ReferenceLayer
{
    private readonly ReferenceConv2D _convolution;
    private readonly ReferenceBatchNorm _norm;
    private Tensor[] _convolved = [];

    public ReferenceShortcut(ShortcutLayer layer, Node node, IReadOnlyDictionary<string, double[]> parameters, PassMode mode)
    {
        var convolution = new Conv2DLayer(layer.Filters, new Window(Size2.One, layer.Stride, Size2.Zero, Size2.One, WindowRounding.Floor), Bias: false);
        var convolved = node with { Layer = convolution, TensorName = node.TensorName + ".conv" };
        var normalised = node with { Layer = new BatchNormLayer(), TensorName = node.TensorName + ".bn", InputShape = node.OutputShape };
        _convolution = new ReferenceConv2D(convolution, convolved, new ParametersOfNode(convolved, parameters));
        _norm = new ReferenceBatchNorm(new BatchNormLayer(), normalised, new ParametersOfNode(normalised, parameters), mode.IsTraining);
    }

    public override Tensor[] Forward(Tensor[][] inputs)
    {
        _convolved = _convolution.Forward(inputs);
        var outputs = _norm.Forward([_convolved]);
        foreach (var (name, numbers) in _norm.RunningStatistics)
            RunningStatistics["bn." + name] = numbers;
        return outputs;
    }

    public override Tensor[][] Backward(Tensor[][] inputs, Tensor[] outputs, Tensor[] outputGradients)
    {
        var convolved = _norm.Backward([_convolved], outputs, outputGradients)[0];
        var gradients = _convolution.Backward(inputs, _convolved, convolved);
        foreach (var (name, numbers) in _norm.Gradients)
            Gradients["bn." + name] = numbers;
        foreach (var (name, numbers) in _convolution.Gradients)
            Gradients["conv." + name] = numbers;
        return gradients;
    }
}
